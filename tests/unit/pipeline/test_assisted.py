"""With an assistant or without, and whatever becomes of it: the same is stored."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from monitor.adapters.kafka.memory import MemorySource
from monitor.domain.model import DEFAULT_MODEL
from monitor.pipeline import reading
from monitor.pipeline.catching_up import sharing
from monitor.pipeline.catching_up.assistant import Chunk, Nobody
from monitor.pipeline.catching_up.sharing import Sharing, Step
from monitor.pipeline.catching_up.tasks import Outcome, Task, evaluate_stored
from monitor.pipeline.intake import Taken, Taking, TopicInvalid
from monitor.pipeline.policies import Batching
from monitor.pipeline.ports import LOOKED_UP, NAMED, Partition
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import TEAMS, Process, event

DIRECTORY = directory_of(TEAMS)
STEPS = (("ticket.created", 0), ("ticket.started", 1), ("ticket.blocked", 2))
TICKETS = 200


@dataclass
class Helping:
    """An assistant in this process: reads a little at a time, then evaluates.

    ``chunks``, ``outcomes``: how many it makes before it is gone. ``raw``: every
    second chunk is left to whoever asked.
    """

    process: Process
    late: int = 0
    chunks: int = 1_000
    outcomes: int = 1_000
    raw: bool = False
    given: list[Task] = field(default_factory=list)
    read: int = 0
    taken: int = 0
    dismissed: int = 0
    _here: bool = False
    _source: MemorySource | None = None
    _ends: Mapping[Partition, int] = field(default_factory=dict)

    def call(self, stored: Mapping[Partition, int]) -> None:
        del stored
        self._here = True

    def reads(
        self, positions: Mapping[Partition, int], ends: Mapping[Partition, int]
    ) -> bool:
        if self._here and self._source is None:
            self.late -= 1
            if self.late < 0:
                self._source = MemorySource(self.process.topics)
                self._source.start(positions)
                self._ends = ends
        return self._here and self._source is not None and not self._is_done()

    def next(self, timeout_ms: int) -> Chunk | None:
        del timeout_ms
        if self.read == self.chunks:
            self._here = False
            return None
        assert self._source is not None
        records = self._source.poll(30, 10**6, 0)
        self.read += 1
        positions = self._source.positions()
        if self.raw and self.read % 2:
            return Chunk(Taken(), records, positions, None)
        taking = self.process.runner.reading.intake.taking
        own = Taking(taking.decoding, taking.stop_after)
        return Chunk(own.take(records), (), positions, None)

    def is_here(self) -> bool:
        return self._here and self._source is not None

    def give(self, task: Task) -> bool:
        if self.is_here():
            self.given.append(task)
        return self.is_here()

    def is_done(self) -> bool:
        return len(self.given) % 2 == 0

    def outcome(self) -> Outcome | None:
        if self.taken >= self.outcomes:
            self._here = False
            return None
        self.taken += 1
        return evaluate_stored(self.given[self.taken - 1], DIRECTORY, DEFAULT_MODEL)

    def dismiss(self) -> None:
        self.dismissed += 1

    def _is_done(self) -> bool:
        if self._source is None:
            return False
        at = self._source.positions()
        return all(at[place] >= end for place, end in self._ends.items())


def filled(tickets: int = TICKETS, **batching: int) -> Process:
    process = Process(batching=Batching(assistant_from_records=1, **batching))
    more = {"team": "checkout", "work_class": "feature", "on_team": "platform"}
    for number in range(tickets):
        process.send(*(event(k, at, f"T-{number}", **more) for k, at in STEPS))
    # Told only now who blocks whom, and by the one that is blocked last.
    for number in range(0, tickets, 10):
        link = event("link.added", 3, f"T-{number}", blocker=f"T-{number + 1}")
        process.send(link)
    return process


def caught_up(process: Process, helping: Helping | None = None) -> Process:
    if helping is not None:
        process.runner.reading.assistant = helping
        helping.call({})
    process.caught_up()
    return process


def stored(process: Process) -> dict[str, object]:
    """Everything a later process finds, whatever the order it was written in."""
    # Series are numbered in the order of being met.
    kept = [table for table in NAMED if table not in ("series", "meta")]
    found: dict[str, object] = {
        table: dict(process.state.scan(table)) for table in kept
    }
    found |= {table: process.state.numbered(table, 0, 10**6) for table in LOOKED_UP}
    books = json.loads(dict(process.state.scan("meta"))["books"])
    return found | {"books": books, "offsets": process.state.offsets()}


@pytest.fixture(autouse=True)
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_MINE", 20)
    monkeypatch.setattr(sharing, "_AT_ONCE", 6)
    monkeypatch.setattr(sharing, "_AHEAD", 3)


@pytest.fixture
def alone() -> Process:
    return caught_up(filled())


@pytest.mark.parametrize(
    "helping",
    [
        {},
        {"late": 2},
        {"raw": True},
        {"chunks": 0},
        {"chunks": 5},
        {"chunks": 5, "raw": True},
        {"outcomes": 0},
        {"outcomes": 1},
    ],
    ids=str,
)
@pytest.mark.slow
def test_the_same_is_stored_and_shown(
    alone: Process, helping: Mapping[str, int]
) -> None:
    process = filled(catch_up_records=80)
    beside = Helping(process, **helping)  # type: ignore[arg-type]
    caught_up(process, beside)
    assert stored(process) == stored(alone)
    for name in ("friction_wait_seconds_total", "friction_waits_total"):
        assert process.shown(name) == alone.shown(name)
        assert process.shown(name)
    assert beside.read > 0 or not beside.chunks
    assert bool(beside.given) == (beside.chunks > 5)


def test_the_assistant_is_dismissed_when_all_is_evaluated() -> None:
    process = filled(10)
    beside = Helping(process)
    caught_up(process, beside)
    assert beside.dismissed == 1
    process.runner.turn()
    assert beside.dismissed == 1


def test_it_begins_to_read_in_the_middle_of_a_batch() -> None:
    process = filled(100, catch_up_bytes=2_000)
    beside = Helping(process, late=2)
    process.runner.reading.assistant = beside
    beside.call({})
    process.begin()
    process.runner.turn()
    assert 0 < beside.read < process.state.offsets()["t", 0] / 30


def test_a_batch_is_half_of_what_is_left_and_not_too_small() -> None:
    process = filled(100, catch_up_records=60)
    process.begin()
    ends = [0]
    while not process.runner.reading.at_ends():
        process.runner.turn()
        ends.append(process.state.offsets()["t", 0])
    assert [end - start for start, end in pairwise(ends)] == [
        *[60] * 4,
        *(35, 17, 11, 7),
    ]


def test_a_partition_read_beyond_its_end_does_not_hide_what_others_have_left() -> None:
    process = filled(10)
    process.begin()
    here = process.runner.reading
    here.targets = {("t", 0): 31, ("u", 0): 5}
    here.source.skip_to({("t", 0): 400})
    assert not here.at_ends()
    assert here.is_near_ends()


@pytest.mark.parametrize(
    ("bodies", "limit", "most"),
    [
        ([b"{}", b"[]"] * 50, "_MOST_LETTERS", 20),
        ([json.dumps(event("ticket.started", 1, "T-1")).encode()] * 100, "_FACTS", 0.2),
    ],
    ids=["letters", "facts"],
)
def test_a_batch_ends_early_where_records_hold_much(
    monkeypatch: pytest.MonkeyPatch, bodies: list[bytes], limit: str, most: float
) -> None:
    monkeypatch.setattr(reading, limit, most)
    process = Process(
        batching=Batching(catch_up_records=100, catch_up_bytes=100), stop_after=200
    )
    process.send(*bodies)
    process.begin()
    process.runner.turn()
    assert 0 < process.state.offsets()["t", 0] < 60


def test_what_the_assistant_evaluates_early_and_is_touched_later_is_evaluated_again(
    alone: Process,
) -> None:
    process = filled(catch_up_records=150)
    beside = Helping(process)
    early: list[str] = []

    class Noting(Sharing):
        def touched(self, keys: Iterable[str]) -> None:
            super().touched(keys)
            early.extend(self._stale)

    process.runner._sharing = Noting(process.state, DIRECTORY, DEFAULT_MODEL, beside)
    caught_up(process, beside)
    assert early
    assert stored(process) == stored(alone)
    for name in ("friction_wait_seconds_total", "friction_waits_total"):
        assert process.shown(name) == alone.shown(name)


def test_who_is_told_of_a_blocker_after_an_early_evaluation_is_evaluated_again() -> (
    None
):
    """The blocker was done long before, but is told of only when all is read."""
    found: list[dict[str, object]] = []
    team = {"team": "checkout", "work_class": "feature"}
    for helps in (False, True):
        batching = Batching(catch_up_records=100, assistant_from_records=1)
        process = Process(batching=batching)
        for number in range(20):
            process.send(
                event("ticket.started", 1, f"T-{number}", **team),
                event("link.added", 2, f"T-{number}", blocker=f"B-{number}"),
                event("ticket.created", 0, f"B-{number}", team="platform"),
                event("ticket.done", 3, f"B-{number}"),
            )
        for number in range(120):
            process.send(event("ticket.started", 1, f"F-{number}", **team))
        beside = Helping(process)
        caught_up(process, beside if helps else None)
        found.append(stored(process))
        if helps:
            given = [one.key for task in beside.given for one in task.items]
            assert sum(key.startswith("T-") for key in given) > len(
                {key for key in given if key.startswith("T-")}
            )
    assert found[0] == found[1]


def test_the_assistant_is_given_more_before_anything_is_evaluated_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is done with what it was given early, and would be idle meanwhile."""
    early: list[int] = []
    given: list[int] = []

    class Done(Helping):
        def is_done(self) -> bool:
            return True

    class Noting(Sharing):
        def step(self, instant: int) -> Step | None:
            early.append(len(self._given))
            return super().step(instant)

    def evaluated_here(*arguments: Any) -> Outcome:
        given.append(len(beside.given))
        return evaluate_stored(*arguments)

    monkeypatch.setattr(sharing, "evaluate_stored", evaluated_here)
    process = filled(catch_up_records=150)
    beside = Done(process)
    process.runner._sharing = Noting(process.state, DIRECTORY, DEFAULT_MODEL, beside)
    caught_up(process, beside)
    assert early[0] >= sharing._AHEAD
    assert given[0] > early[0]


def test_a_topic_that_the_assistant_gives_up_stops_the_program() -> None:
    process = Process(stop_after=3, batching=Batching(assistant_from_records=1))
    process.send(*[b"{}"] * 3)
    process.runner.reading.assistant = Helping(process)
    process.runner.reading.assistant.call({})
    process.begin()
    with pytest.raises(TopicInvalid, match="the last 3 records"):
        process.runner.turn()
    assert process.state.offsets() == {}


def test_who_reads_ahead_tells_of_the_broker() -> None:
    class Away(Helping):
        def next(self, timeout_ms: int) -> Chunk | None:
            del timeout_ms
            positions, away = {("t", 0): 0}, "the broker is away"
            return Chunk(Taken(), (), positions, away, is_silent=True)

    process = filled(1)
    process.runner.reading.assistant = Away(process)
    process.runner.reading.assistant.call({})
    process.begin()
    process.runner.turn()
    assert process.runner.watch.problem == "the broker is away"
    assert process.runner.watch.poll_ms is None
    assert not process.runner.watch.ready


@dataclass
class Called(Nobody):
    """Remembers when it was called, and when sent away."""

    heard: list[object] = field(default_factory=list)

    def call(self, stored: Mapping[Partition, int]) -> None:
        self.heard.append(dict(stored))

    def dismiss(self) -> None:
        self.heard.append("go")


@pytest.mark.parametrize(
    ("least", "stored", "heard"),
    [
        (0, 0, ["go"]),
        (10, 0, [{}]),
        (11, 0, [{}, "go"]),
        (0, 4, ["go"]),
        (6, 4, [{("t", 0): 4}]),
        (7, 4, ["go"]),
    ],
)
def test_it_is_called_when_there_is_much_to_read(
    least: int, stored: int, heard: list[object]
) -> None:
    process = Process(batching=Batching(assistant_from_records=least))
    process.send(*[b"{}"] * 10)
    called = Called()
    process.runner.reading.assistant = called
    process.runner.reading.start({("t", 0): stored} if stored else {})
    assert called.heard == heard


def test_however_the_loop_ends_it_is_sent_away() -> None:
    process = Process(stop_after=3, batching=Batching(assistant_from_records=1))
    process.send(*[b"{}"] * 3)
    called = Called()
    process.runner.reading.assistant = called
    with pytest.raises(TopicInvalid):
        process.runner.run(threading.Event())
    assert called.heard == [{}, "go"]
