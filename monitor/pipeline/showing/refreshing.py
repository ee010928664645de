"""Refreshing: what is too dear for a scrape is worked out aside, now and then.

Numbers that need single items, and not just their sums, are made by jobs. A job sees
the store and the books as of one instant and is told what changed since it looked
last. It runs in a thread of its own, in small pieces, so that the consumer loop never
waits for it: the loop's lock is held only while the store is pinned.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

import structlog

from monitor.domain.snapshot import Family
from monitor.pipeline.ports import StateReader, StateUnavailable
from monitor.pipeline.runner import Runner
from monitor.pipeline.showing.readings import Reader, Reading

_LOG = structlog.get_logger()

# While the service catches up it is looked at this often whether it has.
_UNTIL_READY_SECONDS: Final = 0.1
# At a stretch; then whoever else wants the interpreter has it for as long.
_PIECE_SECONDS: Final = 0.001


class ToldToStop(Exception):  # noqa: N818 - a condition, as in errors.py
    """The service ends: what was begun is given up."""


class Pinned(NamedTuple):
    """What is stored and booked at one instant (ms), and what changed until then.

    ``reading`` is of the very instant at which ``view`` is pinned. ``touched`` are the
    items whose facts or timelines are others than at the job's last refresh, with what
    their timelines were then (packed, empty for none); None: nobody knows, so
    everything is to be read anew. Call ``rest`` between pieces of work of some hundred
    microseconds, as often as you like: it lets others work, and ends the refresh when
    the service stops.
    """

    instant: int
    reading: Reading
    view: StateReader
    touched: Mapping[str, bytes] | None
    rest: Callable[[], None]


class Job(Protocol):
    """Works out some families now and then; used by one thread."""

    def refresh(self, pinned: Pinned) -> Sequence[Family]:
        """The families at the pinned instant, under the names as shown.

        They are shown as they are, all jobs' at once, until the next refresh. What is
        kept from one to the next is the job's own. After an error of any kind, the
        next time everything counts as touched: it is then to start over.
        """


class Refreshed(NamedTuple):
    """What all jobs made of one instant (ms)."""

    instant: int
    families: tuple[Family, ...]

    def family(self, name: str) -> Family:
        """The family of this name, empty if no job made it."""
        return next((one for one in self.families if one.name == name), Family(name))


@dataclass(slots=True)
class Pace:
    """Works for a moment, then rests as long; ``pause`` says whether to stop."""

    monotonic: Callable[[], float]
    pause: Callable[[float], bool]
    _began: float = 0.0

    def rest(self) -> None:
        """Let others work, if it is time to. Raises ToldToStop."""
        now = self.monotonic()
        if now - self._began < _PIECE_SECONDS:
            return
        if self.pause(_PIECE_SECONDS):
            raise ToldToStop
        self._began = self.monotonic()


@dataclass(slots=True)
class Refresher:
    """Lets the jobs refresh, one after the other, and keeps what they made.

    A store that cannot be read now is tried again with the next refresh, and what is
    shown visibly ages; any other failure is for the caller to stop at.
    """

    runner: Runner
    reader: Reader
    jobs: Sequence[Job]
    every_seconds: float
    pause: Callable[[float], bool]
    _failing: bool = False
    _latest: Refreshed | None = None
    _made: threading.Event = field(default_factory=threading.Event)
    # When somebody began to wait for the first.
    _awaited_since: float | None = None

    def latest(self, within_seconds: float = 0.0) -> Refreshed | None:
        """What was made last; for the first, any thread may wait.

        All until so long after one of them began to: a refresh that takes longer is
        not to hold up whoever asks again.
        """
        if within_seconds and not self._made.is_set():
            now = self.runner.watch.monotonic()
            if self._awaited_since is None:
                self._awaited_since = now
            self._made.wait(max(0.0, self._awaited_since + within_seconds - now))
        return self._latest

    def step(self) -> float:
        """Refresh if there are numbers; how many seconds to wait before the next.

        Raises ToldToStop, and whatever a job does.
        """
        watch = self.runner.watch
        if not watch.ready:
            return _UNTIL_READY_SECONDS
        began = watch.monotonic()
        try:
            with watch.timing("friction_refresh_seconds"):
                self._refresh()
        except StateUnavailable as error:
            self._failed(error)
        else:
            self._failing = False
        return max(0.0, self.every_seconds - (watch.monotonic() - began))

    def _refresh(self) -> None:
        runner = self.runner
        pace = Pace(runner.watch.monotonic, self.pause)
        touched: Mapping[str, bytes] | None = None
        view = runner.state.view()

        def pin() -> None:
            nonlocal touched
            view.pin()
            touched = runner.touched.take()

        try:
            reading = self.reader.reading(runner.books, runner.lock, pin)
            at = reading.instants[0]
            pinned = Pinned(at, reading, view, touched, pace.rest)
            made = [family for job in self.jobs for family in job.refresh(pinned)]
        except BaseException:
            with runner.lock:
                runner.touched.forget()
            raise
        finally:
            view.close()
        self._latest = Refreshed(at, tuple(made))
        self._made.set()

    def _failed(self, error: StateUnavailable) -> None:
        """Count every time, tell the first."""
        self.runner.watch.meter.count("friction_refresh_failures_total")
        if not self._failing:
            _LOG.warning("the store cannot be read to refresh", problem=str(error))
        self._failing = True
