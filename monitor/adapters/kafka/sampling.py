"""The newest records of topics, read once: no group, no commit, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kafka.errors import KafkaError, TopicAuthorizationFailedError

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.diagnose import explain
from monitor.adapters.kafka.reader import Fetching, Reader
from monitor.adapters.kafka.room import Room
from monitor.adapters.kafka.trouble import unreachable, without_leader
from monitor.adapters.kafka.unreadable import UNPACKING_ERRORS, why_unreadable
from monitor.domain.outcomes import Record
from monitor.errors import FrictionError, SourceUnavailable
from monitor.pipeline.ports import Partition

_AT_ONCE: Final = 1_000
_AT_ONCE_BYTES: Final = 8_000_000
_FETCH_MS: Final = 3_000
# So many fetches in a row without a record, before the end: nobody answers.
_MOST_EMPTY: Final = 5


class TopicUnreadable(FrictionError):  # noqa: N818 - a condition, as in errors.py
    """A topic is missing, or may not or cannot be read; the message says which."""


def reach(connection: Connection) -> None:
    """Nothing, when a broker lets us in. Raises SourceUnavailable saying why not."""
    found = explain(connection)
    if found is not None:
        raise SourceUnavailable(found)


def newest_records(connection: Connection, topic: str, most: int) -> Iterator[Record]:
    """Up to so many of the topic's records, of every partition the newest.

    Ends at what was the end when it began. Raises TopicUnreadable, also after some
    records, and SourceUnavailable.
    """
    reader = Reader(connection, Fetching())
    try:
        places = _places(reader, topic)
        leaderless = reader.leaderless(places)
        bounds = reader.bounds(places - leaderless)
        reader.take(starts_of(bounds, most))
        yield from _until_ends(reader, {at: end for at, (_, end) in bounds.items()})
        if leaderless:
            raise TopicUnreadable(without_leader(leaderless))
    except TopicAuthorizationFailedError as problem:
        raise TopicUnreadable(_DENIED) from problem
    except UNPACKING_ERRORS as problem:
        raise TopicUnreadable(why_unreadable(problem)) from problem
    except KafkaError as problem:
        text = unreachable(connection) or f"Kafka: {problem!r}"
        raise SourceUnavailable(text) from problem
    finally:
        reader.close()


_DENIED: Final = (
    "not allowed to read it: grant the user READ on it "
    "(kafka-acls --add --allow-principal ... --operation Read)"
)


def _places(reader: Reader, topic: str) -> set[Partition]:
    reader.await_metadata([topic])
    if topic in reader.forbidden():
        raise TopicUnreadable(_DENIED)
    places = reader.partitions([topic])
    if not places:
        raise TopicUnreadable("does not exist: create it, or correct its name")
    return places


def starts_of(
    bounds: Mapping[Partition, tuple[int, int]], most: int
) -> dict[Partition, int]:
    """Where to begin in each partition, so that at most so many records are read.

    Each partition gives equally many, and what a short one has not, the longer give.
    """
    starts: dict[Partition, int] = {}
    left = most
    ordered = sorted(bounds, key=lambda at: (bounds[at][1] - bounds[at][0], at))
    for index, at in enumerate(ordered):
        oldest, end = bounds[at]
        share = min(end - oldest, left // (len(ordered) - index))
        starts[at] = end - share
        left -= share
    return starts


def _until_ends(reader: Reader, ends: Mapping[Partition, int]) -> Iterator[Record]:
    waiting = set(ends)
    empty = 0
    while True:
        positions = reader.positions()
        for at in {at for at in waiting if positions[at] >= ends[at]}:
            waiting.discard(at)
            reader.leave_out(at)
        if not waiting:
            return
        records = reader.fetch(_AT_ONCE, Room(_AT_ONCE_BYTES), _FETCH_MS)
        empty = 0 if records else empty + 1
        if empty > _MOST_EMPTY:
            raise SourceUnavailable("the broker stopped answering: try again")
        for record in records:
            if record.offset < ends[record.topic, record.partition]:
                yield record
