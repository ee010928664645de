"""What a consumer knows of its place after an answer, with and without records."""

from __future__ import annotations

import struct
from collections import defaultdict
from typing import Any

from kafka import OffsetAndMetadata, TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.consumer.subscription_state import SubscriptionState
from kafka.record import MemoryRecords
from kafka.record.default_records import DefaultRecordBatchBuilder

from monitor.adapters.kafka.room import Bounds, Room

PLACE = TopicPartition("friction.ci", 0)
READ_TO = OffsetAndMetadata(10, "", 3)


def fetcher_of(*places: TopicPartition) -> Any:
    """The library's own, as the monitor holds it, without a broker."""
    fetcher: Any = Fetcher.__new__(Fetcher)
    fetcher._sensors = None
    fetcher._subscriptions = SubscriptionState()
    fetcher._subscriptions.assign_from_user(places)
    Bounds(Room(1_000)).hold(fetcher)
    return fetcher


def taken(fetcher: Any, answer: bytes) -> int:
    part = fetcher.PartitionRecords(READ_TO.offset, PLACE, MemoryRecords(answer))
    number: int = fetcher._append(defaultdict(list), part, 100, True)
    return number


def after(answer: bytes) -> Any:
    """The position of one who had read up to offset 10, under leader 3."""
    fetcher = fetcher_of(PLACE)
    state = fetcher._subscriptions.assignment[PLACE]
    state.seek(READ_TO)
    taken(fetcher, answer)
    return state.position


def batch(offset: int, epoch: int) -> bytes:
    """One record that the broker stored at an offset, under a leader."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1_000)
    builder.append(0, 0, None, b"x", [])
    built = bytearray(builder.build())
    # The checksum covers neither.
    struct.pack_into(">q", built, 0, offset)
    struct.pack_into(">i", built, 12, epoch)
    return bytes(built)


def test_an_answer_without_records_leaves_the_epoch_of_what_was_read() -> None:
    assert after(b"") == READ_TO


def test_a_record_brings_the_epoch_under_which_it_was_written() -> None:
    assert after(batch(10, epoch=7)) == OffsetAndMetadata(11, "", 7)


def test_a_partition_that_is_read_no_more_has_no_place_to_keep() -> None:
    assert taken(fetcher_of(), batch(10, epoch=7)) == 0
