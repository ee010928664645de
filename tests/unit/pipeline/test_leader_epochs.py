"""The epochs of what was read last, stored with the offsets they belong to."""

from __future__ import annotations

import pytest

from monitor.adapters.kafka.memory import MemorySource
from monitor.adapters.state.memory import MemoryState
from monitor.errors import StateCorrupt
from monitor.pipeline.leader_epochs import keep_epochs, stored_epochs
from monitor.pipeline.ports import NO_EPOCHS, Changes, Epochs, Offsets, Partition
from tests.unit.pipeline.running import Process, event

FIRST, SECOND = ("a/topic", 0), ("a/topic", 1)


def move(
    state: MemoryState, epochs: dict[Partition, int], to: dict[Partition, int]
) -> None:
    before = state.offsets()
    changes = Changes(offsets={at: (before.get(at), new) for at, new in to.items()})
    keep_epochs(changes, epochs)
    state.commit(changes)


def test_an_epoch_is_found_again_with_its_offset() -> None:
    state = MemoryState()
    move(state, {FIRST: 3, SECOND: 0}, {FIRST: 10, SECOND: 20})
    assert stored_epochs(state, state.offsets()) == {FIRST: 3, SECOND: 0}


def test_nothing_is_stored_of_a_partition_that_was_not_read() -> None:
    state = MemoryState()
    move(state, {FIRST: 3, SECOND: 0}, {FIRST: 10})
    assert [key for key, _ in state.scan("meta")] == ["leader_epoch/a/topic/0"]


def test_an_offset_that_was_moved_without_an_epoch_has_none() -> None:
    """By an older program, or where the client does not know it: it may be another."""
    state = MemoryState()
    move(state, {FIRST: 3, SECOND: 0}, {FIRST: 10, SECOND: 20})
    move(state, {}, {FIRST: 11})
    assert stored_epochs(state, state.offsets()) == {SECOND: 0}


@pytest.mark.parametrize("damaged", [b"", b"7", b"[10]", b"[10, 1.5]", b'[10, "1"]'])
def test_what_cannot_be_read_is_told(damaged: bytes) -> None:
    state = MemoryState()
    move(state, {FIRST: 3}, {FIRST: 10})
    state.commit(Changes(puts={"meta": {"leader_epoch/a/topic/0": damaged}}))
    with pytest.raises(StateCorrupt):
        stored_epochs(state, state.offsets())


class LedSource(MemorySource):
    """Knows under which leader its records were written; keeps what it was told."""

    told: Epochs = NO_EPOCHS

    def start(self, stored: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        self.told = epochs
        super().start(stored)

    def epochs(self) -> Epochs:
        return {("t", 0): 7}


def test_a_start_is_told_the_epochs_of_what_was_read_before() -> None:
    process = Process()
    process.start(source=LedSource(process.topics))
    process.send(event("ticket.started", 0, team="checkout"))
    process.caught_up()
    again = LedSource(process.topics)
    process.start(source=again)
    process.caught_up()
    assert again.told == {("t", 0): 7}
