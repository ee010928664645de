"""What an assistant reads goes to the service as facts, or in part as records."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterator, Sequence

import pytest

from monitor.adapters.assistant import program
from monitor.adapters.assistant.line import Line
from monitor.adapters.assistant.program import _chunks, sending
from monitor.adapters.assistant.wire import ALL_READ, Errand, Stretch, unpacked
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.memory import MemorySource, MemoryTopics
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.pipeline.catching_up.assistant import Chunk
from monitor.pipeline.collecting import Collecting
from monitor.pipeline.ports import DeadLetter, Partition
from tests.unit.adapters.assistant.test_wire import taking

FIRST, SECOND, THIRD = ("t", 0), ("t", 1), ("t", 2)


def two_partitions() -> MemoryTopics:
    topics = MemoryTopics({"t": 2})
    topics.append("t", 0, [b"{}"] * 6)
    topics.append("t", 1, [b"{}"] * 4)
    return topics


def add_third(topics: MemoryTopics) -> None:
    topics.grow("t", 3)
    topics.append("t", 2, [b"{}"] * 5)


def chunks(
    *,
    awaited: Sequence[bool] = (False,),
    read: int = 0,
    kind: type[MemorySource] = MemorySource,
    topics: MemoryTopics | None = None,
    third: int | None = None,
) -> Iterator[Chunk]:
    """All chunks of ten records in two partitions; the last message says the end.

    ``awaited`` tells of each chunk whether the service waits for it; ``third`` is up to
    where the service has read a third partition, to be read to offset 5.
    """
    source = kind(topics or two_partitions())
    source.start({})
    errand = Errand(Connection("nobody"), ("t",), taking(), DEFAULT_MODEL, 10**6, 0)
    stretch = Stretch({FIRST: read, SECOND: 0}, {FIRST: 6, SECOND: 4})
    if third is not None:
        stretch = Stretch(
            {**stretch.positions, THIRD: third}, {**stretch.ends, THIRD: 5}
        )
    with Collecting(lambda: 0.0) as collecting:
        made = list(
            _chunks(source, errand, stretch, collecting, iter(awaited).__next__)
        )
    assert made.pop() == ALL_READ
    return map(unpacked, made)


def test_nobody_waits_so_all_is_decoded() -> None:
    (chunk,) = chunks()
    assert not chunk.records
    assert chunk.taken.records == 10
    assert chunk.positions == {FIRST: 6, SECOND: 4}


def test_who_waits_gets_records_until_some_wait_for_him(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(program, "_AT_ONCE", 6)
    given, decoded = chunks(awaited=[True, False])
    assert [(r.partition, r.offset) for r in given.records] == [
        (0, offset) for offset in range(6)
    ]
    assert given.taken.records == 0
    # Only what was given is passed: the rest would be lost with the process.
    assert given.positions == {FIRST: 6, SECOND: 0}
    assert not decoded.records
    assert decoded.taken.records == 4
    assert decoded.positions == {FIRST: 6, SECOND: 4}


@pytest.mark.parametrize("read", [1, 6])
def test_it_begins_where_it_is_told(read: int) -> None:
    (chunk,) = chunks(read=read)
    assert chunk.taken.records == 10 - read


class Leaving(MemorySource):
    """Leaves its second partition out."""

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        read = super().poll(max_records, max_bytes, timeout_ms)
        self.skip_to({SECOND: 0})
        return [record for record in read if record.partition == 0]

    def left_out(self) -> Collection[Partition]:
        return {SECOND}


def test_what_cannot_be_read_is_left_to_the_service() -> None:
    (chunk,) = chunks(kind=Leaving)
    assert chunk.positions == {FIRST: 6, SECOND: 0}


class Silent(MemorySource):
    """Its broker went away."""

    def is_silent(self) -> bool:
        return True


@pytest.mark.parametrize(("kind", "silent"), [(Silent, True), (MemorySource, False)])
def test_the_service_is_told_whether_anybody_answers(
    kind: type[MemorySource], silent: bool
) -> None:
    (chunk,) = chunks(kind=kind)
    assert chunk.is_silent is silent


class Growing(MemorySource):
    """Has a third partition from its first poll on, as another client of Kafka may."""

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        if THIRD not in self._topics.logs:
            add_third(self._topics)
            self.refresh_partitions(0)
        return super().poll(max_records, max_bytes, timeout_ms)


def handed_over(chunk: Chunk) -> set[tuple[int, int]]:
    """Of each record the partition and the offset, given or decoded: all are wrong."""
    found: list[Record | DeadLetter] = [*chunk.records, *chunk.taken.letters]
    assert len(found) == len(chunk.records) + chunk.taken.records
    return {(each.partition, each.offset) for each in found}


TEN = {(0, offset) for offset in range(6)} | {(1, offset) for offset in range(4)}


@pytest.mark.parametrize("awaited", [False, True])
@pytest.mark.parametrize("kind", [MemorySource, Growing])
def test_a_partition_that_the_service_has_not_found_is_left_to_it(
    kind: type[MemorySource], *, awaited: bool
) -> None:
    """It will read it from the oldest record: what is handed over would count twice."""
    topics = two_partitions()
    if kind is MemorySource:
        add_third(topics)
    (chunk,) = chunks(awaited=[awaited], kind=kind, topics=topics)
    assert handed_over(chunk) == TEN
    assert chunk.positions == {FIRST: 6, SECOND: 4}


@pytest.mark.parametrize("kind", [MemorySource, Growing])
def test_a_partition_that_only_the_service_has_found_is_left_to_it(
    kind: type[MemorySource],
) -> None:
    """Found later it would be read from its oldest record, not from offset 2 on."""
    (chunk,) = chunks(kind=kind, third=2)
    assert handed_over(chunk) == TEN
    assert chunk.positions == {FIRST: 6, SECOND: 4}


def test_who_makes_messages_does_not_wait_for_who_takes_them() -> None:
    ours, theirs = map(Line, socket.socketpair())
    with sending(theirs) as waiting:
        for number in range(3):
            waiting.put(bytes([number]) * 2_000_000)  # more than a line holds
        assert [ours.receive()[0] for _ in range(3)] == [0, 1, 2]
