"""The thread beside the consumer loop: it ends when told to, and fails aloud."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from monitor.adapters.refresh_thread import RefreshThread
from monitor.domain.snapshot import Family
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.showing.refreshing import Pinned, Refresher
from tests.unit.pipeline.running import Process

_DEADLINE = 10.0


class Rather:
    """A job that does what it is told."""

    def __init__(self, failure: Exception | None = None, *, endless: bool) -> None:
        self.began = threading.Event()
        self._failure = failure
        self._endless = endless

    def refresh(self, pinned: Pinned) -> Sequence[Family]:
        self.began.set()
        if self._failure is not None:
            raise self._failure
        while self._endless:
            pinned.rest()
        return ()


def thread_of(job: Rather) -> RefreshThread:
    process = Process()
    process.caught_up()
    stopping = threading.Event()
    # Time must pass for a pause to be due.
    ticks = iter(range(10**9))
    process.runner.watch.monotonic = lambda: float(next(ticks))
    refresher = Refresher(process.runner, Reader(), [job], 60, stopping.wait)
    return RefreshThread(refresher, stopping)


def test_stopping_gives_up_a_refresh_that_has_begun() -> None:
    job = Rather(endless=True)
    thread = thread_of(job)
    failed = threading.Event()
    thread.start(failed.set)
    assert job.began.wait(_DEADLINE)
    thread.stop()
    assert not failed.is_set()
    thread.raise_failure()
    assert "refresh" not in {one.name for one in threading.enumerate()}


def test_a_failure_is_logged_and_stops_the_service() -> None:
    thread = thread_of(Rather(ValueError("broken"), endless=False))
    failed = threading.Event()
    with capture_logs() as logs:
        thread.start(failed.set)
        assert failed.wait(_DEADLINE)
        thread.stop()
    assert [log["log_level"] for log in logs] == ["error"]
    with pytest.raises(ValueError, match="broken"):
        thread.raise_failure()


def test_what_was_refreshed_can_be_waited_for() -> None:
    thread = thread_of(Rather(endless=False))
    assert thread.refresher.latest() is None
    thread.start(lambda: None)
    made = thread.refresher.latest(_DEADLINE)
    thread.stop()
    assert made is not None
    assert made.families == ()


def test_stopping_without_a_start_does_nothing() -> None:
    thread_of(Rather(endless=False)).stop()
