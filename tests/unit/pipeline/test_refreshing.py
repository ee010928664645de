"""What is worked out aside: of one instant, told what changed, and never in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import pytest
from structlog.testing import capture_logs

from monitor.domain.snapshot import Family
from monitor.pipeline.ports import StateUnavailable
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.showing.refreshing import Pace, Pinned, Refresher, ToldToStop
from monitor.pipeline.touched import Touched
from tests.unit.pipeline.running import HOUR, Process, event
from tests.unit.pipeline.test_watching import Sums


class Looking:
    """A job that keeps what it was shown, and may fail."""

    def __init__(self) -> None:
        self.touched: list[set[str] | None] = []
        self.stored: list[set[str]] = []
        self.instants: list[int] = []
        self.failure: Exception | None = None
        self.meanwhile: Callable[[], object] = lambda: None

    def refresh(self, pinned: Pinned) -> Sequence[Family]:
        self.meanwhile()
        if self.failure is not None:
            raise self.failure
        touched = pinned.touched
        self.touched.append(None if touched is None else set(touched))
        self.stored.append({key for key, _ in pinned.view.scan("timelines")})
        self.instants.append(pinned.instant)
        assert pinned.reading.instants[0] == pinned.instant
        return [Family("friction_ready", (((), float(len(self.instants))),))]


def refresher_of(process: Process, *jobs: Looking) -> Refresher:
    return Refresher(process.runner, Reader(), jobs, 30, lambda _: False)


def live() -> Process:
    process = Process()
    process.send(event("ticket.started", 0, "A-1", team="checkout"))
    process.caught_up()
    return process


def test_nothing_is_refreshed_while_catching_up() -> None:
    job = Looking()
    refresher = refresher_of(Process(), job)
    assert 0 < refresher.step() < 1
    assert job.instants == []
    assert refresher.latest() is None


class Waits(threading.Event):
    """Notes for how long somebody would wait, and lets nobody wait."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.seconds.append(timeout)
        return self.is_set()


def test_all_wait_for_the_first_refresh_until_the_same_moment() -> None:
    process, waits = live(), Waits()
    refresher = Refresher(
        process.runner, Reader(), [Looking()], 30, lambda _: False, _made=waits
    )
    for passed_ms in (0, 2_000, 4_000):
        process.clock.ms += passed_ms
        assert refresher.latest(5.0) is None
    assert waits.seconds == [5.0, 3.0, 0.0]
    refresher.step()
    assert refresher.latest(5.0) is not None
    assert len(waits.seconds) == 3


def test_at_first_everything_is_touched_then_what_batches_replaced() -> None:
    process, job = live(), Looking()
    refresher = refresher_of(process, job)
    refresher.step()
    refresher.step()
    process.send(event("ticket.started", 1, "A-2", team="checkout"))
    process.send(event("ticket.started", 0, "A-1", team="checkout"))
    process.runner.turn()
    refresher.step()
    # That A-1 is told again changes nothing of its timeline.
    assert job.touched == [None, set(), {"A-2"}]
    assert job.stored == [{"A-1"}, {"A-1"}, {"A-1", "A-2"}]


def test_every_job_sees_the_store_and_the_books_of_one_instant() -> None:
    process, first, second = live(), Looking(), Looking()
    refresher = refresher_of(process, first, second)

    def go_on() -> None:
        process.send(event("ticket.started", 1, "A-2", team="checkout"))
        process.clock.ms += HOUR
        process.runner.turn()

    first.meanwhile = go_on
    at = process.runner.books.accounts.instants[0]
    refresher.step()
    assert first.stored == second.stored == [{"A-1"}]
    assert first.instants == second.instants == [at]
    made = refresher.latest()
    assert made is not None
    assert made.instant == at
    assert len(made.families) == 2
    refresher.step()
    assert first.touched[1] == second.touched[1] == {"A-2"}


def test_the_next_comes_as_much_later_as_is_left() -> None:
    process, job = live(), Looking()

    def ten_seconds() -> None:
        process.clock.ms += 10_000

    job.meanwhile = ten_seconds
    assert refresher_of(process, job).step() == pytest.approx(20)


def test_a_store_that_cannot_be_read_is_counted_told_once_and_read_anew() -> None:
    process, job, sums = live(), Looking(), Sums()
    refresher = refresher_of(process, job)
    refresher.step()
    before = refresher.latest()
    process.runner.watch.meter = sums
    job.failure = StateUnavailable("the disk is full")
    with capture_logs() as logs:
        assert refresher.step() == 30
        assert refresher.step() == 30
    assert sums.counts["friction_refresh_failures_total",] == 2
    assert [log["problem"] for log in logs] == ["the disk is full"]
    assert refresher.latest() is before
    job.failure = None
    refresher.step()
    assert job.touched == [None, None]


def test_any_other_failure_is_for_the_caller() -> None:
    process, job = live(), Looking()
    job.failure = KeyError("item")
    with pytest.raises(KeyError):
        refresher_of(process, job).step()
    assert not process.runner.lock.locked()


def test_how_long_a_refresh_took_is_metered() -> None:
    process, sums = live(), Sums()
    process.runner.watch.meter = sums
    refresher_of(process, Looking()).step()
    assert [name for name, _ in sums.spans] == ["friction_refresh_seconds"]


def test_a_family_nobody_makes_is_empty() -> None:
    refresher = refresher_of(live(), Looking())
    refresher.step()
    made = refresher.latest()
    assert made is not None
    assert made.family("friction_ready").samples == (((), 1.0),)
    assert made.family("friction_verdict").samples == ()


def test_who_works_for_long_rests_as_long_and_ends_when_told_to() -> None:
    now, rests, stop = 0.0, list[float](), False

    def pause(seconds: float) -> bool:
        rests.append(seconds)
        return stop

    pace = Pace(lambda: now, pause)
    now = 1.0
    pace.rest()
    assert len(rests) == 1
    pace.rest()
    assert len(rests) == 1, "it has just rested"
    now, stop = 1.01, True
    with pytest.raises(ToldToStop):
        pace.rest()


def test_what_was_touched_is_kept_as_it_was_first_or_all_is() -> None:
    touched = Touched(most=2)
    touched.note({"a"}, {"a": b"1"})
    assert touched.take() is None, "nobody had asked before"
    touched.note({"a"}, {"a": b""})
    touched.note({"a", "b"}, {"a": b"2", "b": b"3"})
    assert touched.take() == {"a": b"", "b": b"3"}
    touched.note({"a", "b", "c"}, dict.fromkeys("abc", b""))
    assert touched.take() is None, "too many"
    touched.note({"a", "b"}, {"a": b""})
    assert touched.take() is None, "of b nobody knows what it was"
    touched.note({"a"}, {"a": b""})
    touched.forget()
    assert touched.take() is None


def test_jobs_are_told_what_an_item_was_at_the_last_refresh() -> None:
    process, before = live(), list[Mapping[str, bytes]]()

    class Keeping(Looking):
        def refresh(self, pinned: Pinned) -> Sequence[Family]:
            before.append(pinned.touched or {})
            return super().refresh(pinned)

    refresher = refresher_of(process, Keeping())
    refresher.step()
    stored = dict(process.state.scan("timelines"))
    for hours in (1, 2):
        process.send(event("ticket.blocked", hours, "A-1", on_team=f"platform-{hours}"))
        process.runner.turn()
    refresher.step()
    assert before == [{}, stored]
