"""What every source promises, held against Kafka and its twin in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Protocol

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.memory import MemorySource, MemoryTopics
from monitor.adapters.kafka.source import KafkaSource
from monitor.domain.outcomes import Record
from monitor.pipeline.ports import LogTruncated, Partition, Source
from tests.harness.topics import Record as Produced
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

MEGABYTE = 1024 * 1024


class World(Protocol):
    """A topic of two partitions and sources of it."""

    name: str

    def append(self, partition: int, values: Sequence[bytes | None]) -> None: ...

    def delete_before(self, partition: int, offset: int) -> None: ...

    def grow(self, partitions: int) -> None: ...

    def source(self) -> Source: ...


class KafkaWorld:
    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        self._open: list[KafkaSource] = []
        self.name = topic.name

    def append(self, partition: int, values: Sequence[bytes | None]) -> None:
        self._topic.produce(
            Produced(each, key=b"key", partition=partition) for each in values
        )

    def delete_before(self, partition: int, offset: int) -> None:
        self._topic.delete_records(offset, partition)

    def grow(self, partitions: int) -> None:
        self._topic.grow(partitions)

    def source(self) -> Source:
        new = KafkaSource(
            Connection(self._topic.bootstrap),
            [self.name],
            None,
            monotonic=time.monotonic,
            wait=lambda _: True,
        )
        self._open.append(new)
        return new

    def close(self) -> None:
        for each in self._open:
            each.close()


class MemoryWorld:
    def __init__(self) -> None:
        self.name = "friction.ci"
        self._topics = MemoryTopics({self.name: 2})

    def append(self, partition: int, values: Sequence[bytes | None]) -> None:
        self._topics.append(self.name, partition, values)

    def delete_before(self, partition: int, offset: int) -> None:
        self._topics.delete_before(self.name, partition, offset)

    def grow(self, partitions: int) -> None:
        self._topics.grow(self.name, partitions)

    def source(self) -> Source:
        return MemorySource(self._topics)


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.kafka)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
        return
    topic: Callable[..., Topic] = request.getfixturevalue("topic")
    made = KafkaWorld(topic(partitions=2))
    yield made
    made.close()


def read(source: Source, count: int) -> list[Record]:
    """Exactly so many records, or a failed test."""
    records: list[Record] = []

    def enough() -> bool:
        records.extend(source.poll(1000, MEGABYTE, 200))
        return len(records) >= count

    eventually(enough, 20, f"{count} records")
    assert len(records) == count
    return records


def values(records: Sequence[Record], partition: int) -> list[bytes | None]:
    return [each.value for each in records if each.partition == partition]


def test_without_stored_offsets_everything_is_read_in_each_logs_order(
    world: World,
) -> None:
    world.append(0, [b"a", b"b", None])
    world.append(1, [b"c"])
    source = world.source()
    source.start({})
    records = read(source, 4)
    assert values(records, 0) == [b"a", b"b", None]
    assert values(records, 1) == [b"c"]
    assert [each.offset for each in records if each.partition == 0] == [0, 1, 2]


def test_stored_offsets_decide_where_reading_goes_on(world: World) -> None:
    world.append(0, [b"a", b"b", b"c"])
    world.append(1, [b"d"])
    source = world.source()
    source.start({(world.name, 0): 2, (world.name, 1): 1, ("another", 0): 77})
    assert values(read(source, 1), 0) == [b"c"]
    assert source.poll(1000, MEGABYTE, 100) == []


def test_positions_follow_what_was_returned_and_meet_the_ends(world: World) -> None:
    world.append(0, [b"a", b"b", b"c"])
    source = world.source()
    source.start({(world.name, 0): 1})
    assert dict(source.positions()) == {(world.name, 0): 1, (world.name, 1): 0}
    assert dict(source.end_offsets()) == {(world.name, 0): 3, (world.name, 1): 0}
    read(source, 2)
    assert source.positions() == source.end_offsets()
    assert source.positions()[world.name, 0] == 3


def test_ends_grow_with_the_log(world: World) -> None:
    source = world.source()
    source.start({})
    world.append(1, [b"a", b"b"])
    read(source, 2)
    assert dict(source.end_offsets()) == {(world.name, 0): 0, (world.name, 1): 2}


def test_a_poll_returns_no_more_records_than_asked(world: World) -> None:
    world.append(0, [b"x"] * 25)
    source = world.source()
    source.start({})
    first = eventually(lambda: source.poll(10, MEGABYTE, 1000))
    assert len(first) <= 10
    at = {(world.name, 0): len(first), (world.name, 1): 0}
    assert dict(source.positions()) == at
    assert len(read(source, 25 - len(first))) == 25 - len(first)


def test_a_poll_stops_after_so_many_bytes_but_returns_a_large_record(
    world: World,
) -> None:
    world.append(0, [b"x" * 600_000] * 5)
    source = world.source()
    source.start({})
    got = eventually(lambda: source.poll(1, 1000, 1000))
    assert len(got) == 1
    assert len(read(source, 4)) == 4


def test_what_the_log_lost_below_the_stored_offset_stops_with_the_numbers(
    world: World,
) -> None:
    world.append(0, [b"x"] * 9)
    world.delete_before(0, 6)
    source = world.source()
    with pytest.raises(LogTruncated) as lost:
        source.start({(world.name, 0): 2})
    assert lost.value.partition == (world.name, 0)
    assert (lost.value.stored, lost.value.oldest) == (2, 6)
    assert "4 records are lost" in str(lost.value)
    assert "To go on" in str(lost.value)


def test_a_log_shorter_than_the_stored_offset_stops(world: World) -> None:
    world.append(0, [b"x"] * 3)
    with pytest.raises(LogTruncated, match="the log ends at 3"):
        world.source().start({(world.name, 0): 4})


def test_a_stored_partition_that_is_gone_stops(world: World) -> None:
    with pytest.raises(LogTruncated, match="partition 9"):
        world.source().start({(world.name, 9): 4})


def test_without_a_stored_offset_a_shortened_log_is_read_from_its_oldest(
    world: World,
) -> None:
    world.append(0, [b"a", b"b", b"c"])
    world.delete_before(0, 2)
    source = world.source()
    source.start({})
    assert values(read(source, 1), 0) == [b"c"]


def test_a_log_shortened_ahead_of_the_reader_stops_it(world: World) -> None:
    world.append(0, [b"x"])
    source = world.source()
    source.start({})
    read(source, 1)
    world.append(0, [b"y"] * 4)
    place: Partition = (world.name, 0)
    world.delete_before(0, 4)

    def stopped() -> bool:
        try:
            source.poll(1000, MEGABYTE, 200)
        except LogTruncated as lost:
            return lost.partition == place
        return source.positions()[place] == 5  # it was quicker, and lost nothing

    eventually(stopped, 20)


def test_new_partitions_are_found_and_read_from_their_beginning(world: World) -> None:
    source = world.source()
    source.start({})
    assert not source.refresh_partitions(0)
    world.grow(3)
    world.append(2, [b"new"])
    now = 0
    found: list[Partition] = []

    def seen() -> list[Partition]:
        nonlocal now
        now += 20_000
        source.poll(10, MEGABYTE, 50)
        found.extend(source.refresh_partitions(now))
        return found

    eventually(seen, 30)
    assert found == [(world.name, 2)]
    assert values(read(source, 1), 2) == [b"new"]
    assert set(source.positions()) == {(world.name, number) for number in range(3)}


def test_partitions_are_looked_for_only_now_and_then(world: World) -> None:
    source = world.source()
    source.start({})
    source.refresh_partitions(1_000_000)
    world.grow(3)
    assert not source.refresh_partitions(1_019_999)


def test_partitions_are_looked_for_although_the_clock_was_set_back(
    world: World,
) -> None:
    source = world.source()
    source.start({})
    source.refresh_partitions(1_000_000_000)
    world.grow(3)
    found: list[Partition] = []

    now = count(500_000, 30_000)

    def seen() -> list[Partition]:
        source.poll(10, MEGABYTE, 50)
        found.extend(source.refresh_partitions(next(now)))
        return found

    eventually(seen, 30)
    assert found == [(world.name, 2)]


def test_a_well_source_has_no_problem_and_closes_twice(world: World) -> None:
    source = world.source()
    source.start({})
    source.publish(source.positions())
    assert source.problem() is None
    source.close()
    source.close()


def test_reading_goes_on_after_what_was_read_elsewhere(world: World) -> None:
    world.append(0, [b"a", b"b", b"c", b"d"])
    world.append(1, [b"e"])
    source = world.source()
    source.start({})
    read(source, 5)
    world.append(0, [b"f", b"g"])
    source.skip_to({(world.name, 0): 5, ("elsewhere", 0): 9})
    assert source.positions() == {(world.name, 0): 5, (world.name, 1): 1}
    assert [record.value for record in read(source, 1)] == [b"g"]
    source.skip_to({(world.name, 0): 3})
    assert [record.value for record in read(source, 3)] == [b"d", b"f", b"g"]
