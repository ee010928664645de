"""What nobody was shown, as the service was away, is held by no counter.

Specification 1.8: a floor is "raised to its old published value". The clock begins at
13:00, five minutes of which are to settle; the ticket is blocked since 10:00, so that
of its wait 900 seconds are acute and the rest is chronic.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from structlog.testing import capture_logs

from monitor.adapters.kafka.memory import MemorySource
from monitor.domain.outcomes import Record
from monitor.pipeline.catching_up import sharing
from monitor.pipeline.policies import Batching
from tests.unit.pipeline.running import HOUR, Process, event, mistaken
from tests.unit.pipeline.test_runner import (
    AT_ONE,
    BLOCKED,
    CAPACITY,
    CHRONIC,
    DEBT,
    STARTED,
    total,
)

NEGATIVE = "friction_negative_lengths_total"


class StoppedWhenReady(MemorySource):
    """The program is told to stop by the first poll of a service that is ready."""

    def __init__(self, process: Process, stop: threading.Event) -> None:
        super().__init__(process.topics)
        self._process, self._stop = process, stop

    def poll(self, *asked: int) -> Sequence[Record]:
        if self._process.runner.watch.ready:
            self._stop.set()
        return super().poll(*asked)


def stopped(process: Process) -> None:
    """Served, and told to stop while it serves."""
    stop = threading.Event()
    process.start(source=StoppedWhenReady(process, stop))
    process.runner.run(stop)


def killed(process: Process) -> None:
    """Served, and gone without a word."""
    process.caught_up()
    process.runner.turn()


def test_a_clock_set_forward_and_back_is_told_while_the_numbers_stand_still() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    process.runner.turn()
    right = process.clock.ms
    process.clock.ms = right + 50 * HOUR
    process.runner.turn()
    shown = total(process)
    process.clock.ms = right
    with capture_logs() as lines:
        process.runner.turn()
        process.runner.turn()
    (said,) = process.runner.watch.condition().not_ready
    # 13:00 and fifty hours, less five minutes to settle.
    assert "the numbers are of 2026-03-04T14:55:00" in said
    # What costs nothing comes first.
    assert 0 < said.index("wrong now (then correct it)") < said.index("move the state")
    assert [line["log_level"] for line in lines] == ["warning"]
    assert total(process) == shown
    # The next process finds them in the future, too.
    process.runner._leave()
    process.start()
    process.caught_up()
    process.runner.turn()
    assert process.runner.watch.condition().not_ready == (said,)
    process.clock.ms = right + 50 * HOUR
    process.runner.turn()
    assert process.runner.watch.condition().not_ready == ()


def unblocked(clock: str) -> dict[str, object]:
    lifted = event("ticket.unblocked", 1.5, on_team="platform")
    return {**lifted, "time": f"2026-03-02T{clock}:00Z"}


@pytest.mark.parametrize("ended", [stopped, killed])
def test_what_ends_while_it_is_away_has_no_debt(
    ended: Callable[[Process], None],
) -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    ended(process)
    assert total(process) == AT_ONE
    process.send(unblocked("14:00"))
    process.clock.ms += 4 * HOUR
    process.start()
    process.caught_up()
    assert total(process) == 4 * 3_600 - 900
    assert process.shown(DEBT) == {}


def killed_between_batches(process: Process) -> None:
    """Two records are read and stored, the last one is not."""
    process.begin()
    process.runner.turn()
    process.runner.turn()


def killed_between_steps(process: Process) -> None:
    """All is read, and one of two items evaluated and stored."""
    process.begin()
    process.runner.stop.set()  # it ends after the first step
    while process.runner.stored != {("t", 0): 7}:
        process.runner.turn()


@pytest.mark.parametrize("killed_again", [killed_between_batches, killed_between_steps])
def test_it_may_be_killed_again_while_it_catches_up(
    killed_again: Callable[[Process], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was shown anything in between, whatever is stored of it."""
    monkeypatch.setattr(sharing, "_MINE", 1)
    monkeypatch.setattr(sharing, "_AT_ONCE", 1)
    process = Process(batching=Batching(catch_up_records=1))
    other = {"entity": "T-2", "id": "other"}
    process.send(STARTED, BLOCKED, STARTED | other, BLOCKED | other)
    killed(process)
    assert total(process) == 2 * AT_ONE
    ended = [unblocked("14:00"), unblocked("14:00") | other]
    process.send(event("ticket.commented", 2), *ended)
    process.clock.ms += 4 * HOUR
    process.start()
    killed_again(process)
    assert not process.runner.watch.ready
    process.start()
    process.caught_up()
    assert total(process) == 2 * (4 * 3_600 - 900)
    assert process.shown(DEBT) == {}


def test_after_a_stop_what_was_shown_is_held_and_no_more() -> None:
    process = Process()
    process.send(STARTED, BLOCKED)
    stopped(process)
    process.send(unblocked("10:30"))
    process.clock.ms += 4 * HOUR
    process.start()
    process.caught_up()
    assert total(process) == AT_ONE
    assert process.shown(DEBT)[*CHRONIC, "", ""] == AT_ONE - 900


def test_after_a_kill_what_was_shown_is_held_and_a_minute_more_at_most() -> None:
    """Nothing is stored while nothing happens, but for once a minute."""
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    commits = process.state.commits
    for _ in range(600):
        process.clock.ms += 1_000
        process.runner.turn()
    assert process.state.commits - commits <= 10
    shown = total(process)
    assert shown == AT_ONE + 600
    process.send(unblocked("10:30"))
    process.clock.ms += 4 * HOUR
    process.start()
    process.caught_up()
    assert shown <= total(process) <= shown + 60


@pytest.mark.parametrize("behind", [600, 60, 1])
def test_after_a_kill_nothing_falls_where_the_clock_is_behind(behind: int) -> None:
    """By so many seconds it is behind what was stored last, within the minute."""
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    commits, stored = process.state.commits, process.clock.ms
    while process.state.commits == commits:
        stored = process.clock.ms
        process.clock.ms += 1_000
        process.runner.turn()
    for _ in range(50):
        process.clock.ms += 1_000
        process.runner.turn()
    shown, capacity = total(process), process.shown(CAPACITY)["checkout",]
    process.clock.ms = stored - behind * 1_000
    process.start()
    process.caught_up()
    process.runner.turn()
    assert shown <= total(process) <= shown + 60
    assert capacity <= process.shown(CAPACITY)["checkout",] <= capacity + 4 * 60


def test_no_later_instant_is_shown_than_was_stored() -> None:
    """However long a turn takes, as of a process that is stopped for an hour."""
    process = Process()
    process.send(STARTED, BLOCKED)
    process.caught_up()
    commit = process.state.commit

    def late(changes: object) -> None:
        process.clock.ms += HOUR
        commit(changes)  # type: ignore[arg-type]

    process.state.commit = late  # type: ignore[method-assign]
    process.clock.ms += HOUR
    process.runner.turn()
    shown = total(process)
    assert AT_ONE + 3_600 <= shown <= AT_ONE + 3_660
    process.state.commit = commit  # type: ignore[method-assign]
    process.runner.turn()
    assert total(process) == AT_ONE + 2 * 3_600


def test_capacity_of_the_time_it_was_away_is_not_held() -> None:
    """What began on Friday is deleted, and was none; another began on Monday."""
    process = Process()
    process.send(mistaken("labeled", -24 * 3, label={"name": "in progress"}), STARTED)
    stopped(process)
    # Four people for the whole of Friday, and on Monday until 12:55.
    shown = 4 * (8 * 3_600 + 4 * 3_600 - 300)
    assert process.shown(CAPACITY)["checkout",] == shown
    process.send(mistaken("deleted", 3))
    process.clock.ms += 3 * HOUR
    process.start()
    process.caught_up()
    assert process.shown(CAPACITY)["checkout",] == shown


def test_a_negative_length_that_moves_to_another_team_leaves_a_debt() -> None:
    """A run that started before it was queued, of a ticket that changes its owner."""
    process = Process()
    owner = event("ticket.started", 0, entity="T-2", team="checkout")
    run = {"entity": "r-1", "item": "T-2", "on_team": "platform"}
    process.send(owner, event("run.started", 1, **run), event("run.queued", 2, **run))
    process.caught_up()
    assert process.shown(NEGATIVE) == {("checkout",): 1}
    process.send({**owner, "team": "nobody", "revision": 2})
    process.runner.turn()
    assert process.shown(NEGATIVE) == {("checkout",): 1, ("unknown",): 1}
    owed = process.shown("friction_correction_debt_occurrences")
    assert owed == {(NEGATIVE, "checkout", "", "", "", "", ""): 1}
