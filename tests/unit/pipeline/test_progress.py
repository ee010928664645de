"""What counts as progress: MeasurementStalled asks when there was any last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from monitor.adapters.kafka.memory import MemorySource, MemoryTopics
from monitor.pipeline.ports import Changes, Partition
from tests.unit.pipeline.running import CountingState, HandClock, Process, event

MINUTE = 60_000
STARTED = event("ticket.started", 0, team="checkout", work_class="feature")
BLOCKED = event("ticket.blocked", 1, on_team="platform")


@dataclass
class SlowState(CountingState):
    """A store of which each commit takes a minute."""

    clock: HandClock = field(default_factory=HandClock)

    def commit(self, changes: Changes) -> None:
        super().commit(changes)
        self.clock.ms += MINUTE


def test_what_the_books_store_without_a_record_is_none() -> None:
    process = Process()
    process.send(STARTED)
    process.caught_up()
    began, commits = process.runner.watch.commit_ms, process.state.commits
    for _ in range(20):
        process.clock.ms += MINUTE
        process.runner.turn()
    assert process.state.commits > commits
    assert process.runner.watch.commit_ms == began
    process.send(BLOCKED)
    process.runner.turn()
    assert process.runner.watch.commit_ms == process.clock.ms


class LeavingOut(MemorySource):
    """A source that cannot read its second partition."""

    def left_out(self) -> Collection[Partition]:
        return [("t", 1)]

    def end_offsets(self) -> Mapping[Partition, int]:
        return {**super().end_offsets(), ("t", 1): 5}


class Refused(MemorySource):
    """A source that may not read some partitions any more, once caught up."""

    beyond: Collection[Partition] = ()

    def out_of_reach(self) -> Collection[Partition]:
        return self.beyond

    def end_offsets(self) -> Mapping[Partition, int]:
        grown = dict.fromkeys(self.beyond, 5)
        return {**super().end_offsets(), **grown}


def progress_later(source: MemorySource, *beyond: Partition) -> bool:
    """Whether there is progress 20 minutes later, where records wait in some."""
    process = Process(source._topics)
    process.start(source=source)
    process.send(STARTED)
    process.caught_up()
    if isinstance(source, Refused):
        source.beyond = beyond
    process.clock.ms += 20 * MINUTE
    process.runner.turn()
    assert sum(process.runner.reading.ends.values()) > 1
    return process.runner.watch.commit_ms == process.clock.ms


def test_what_is_left_out_does_not_wait_for_progress() -> None:
    """It is told of elsewhere, and all else goes on without it."""
    assert progress_later(LeavingOut(MemoryTopics({"t": 2})))


def test_what_may_not_be_read_does_not_wait_for_progress() -> None:
    """As what is left out: on a quiet night nobody is to be woken for it."""
    assert progress_later(Refused(MemoryTopics({"t": 2})), ("t", 1))


def test_where_nothing_can_be_read_nothing_makes_progress() -> None:
    """There is nothing else that would go on."""
    both = ("t", 0), ("t", 1)
    assert not progress_later(Refused(MemoryTopics({"t": 2})), *both)
    # What may not be read is not in it, and waits.
    assert not progress_later(Refused(MemoryTopics({"t": 1})), ("t", 0))


def test_evaluating_what_was_caught_up_with_is_some() -> None:
    clock = HandClock()
    process = Process(state=SlowState(clock=clock), clock=clock)
    process.send(STARTED)
    began = clock.ms
    process.caught_up()
    # The first for what was read, and the second for what it came to.
    assert process.runner.watch.commit_ms == began + 2 * MINUTE


def test_where_reading_began_stays_when_a_partition_is_new() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    process.topics.grow("t", 2)
    process.clock.ms += 20 * MINUTE
    for _ in range(2):
        process.runner.turn()
    assert process.runner.source.positions() == {("t", 0): 2, ("t", 1): 0}
    assert process.runner.reading.begun == {("t", 0): 0, ("t", 1): 0}
