"""Snapshots out of the runner's books: the numbers of one instant, under one lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.folding import Folded, Folding
from monitor.adapters.prometheus.limits import FIRST_SECONDS, judgements_of
from monitor.adapters.prometheus.naming import team_info
from monitor.adapters.prometheus.page_names import page_as_shown
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.clock import Clock
from monitor.domain.snapshot import Condition, Family, PageModel, Snapshot
from monitor.pipeline.runner import Runner
from monitor.pipeline.showing.families import families_of, info_families
from monitor.pipeline.showing.page_numbers import Freshness
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.showing.refreshing import Refreshed

_MILLISECONDS = 1_000
_LOOK_SECONDS = 0.01
_PATIENCE_SECONDS = 2.0


@dataclass(slots=True)
class BooksSnapshots:
    """Reads the runner's books from the HTTP thread; gives families and the page.

    The page's numbers are kept for a second: they cost a pass over all series.
    """

    runner: Runner
    clock: Clock
    teams: ShownTeams
    version: str
    notices: tuple[str, ...] = ()
    failures: Callable[[], int] = lambda: 0
    reader: Reader = field(default_factory=Reader)
    refreshed: Callable[[float], Refreshed | None] = lambda _: None
    _folding: Folding = field(default_factory=lambda: Folding(CATALOGUE))
    _page: tuple[float, PageModel] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def condition(self) -> Condition:
        """How the process is now."""
        return self.runner.watch.condition()

    def snapshot(self) -> Snapshot:
        """Everything /metrics shows, as of the last turn of the consumer loop."""
        runner = self.runner
        known, merged = self.teams.at(self.clock.now_ms())
        teams = Family("friction_team_info", team_info(known, merged))
        health = (*self._health(), teams)
        if not runner.watch.ready:
            return Snapshot(ready=False, health=health)
        reading = self.reader.reading(runner.books, runner.lock)
        if not runner.watch.ready:  # what was read was not stored
            return Snapshot(ready=False, health=health)
        families = families_of(reading, runner.directory, runner.model)
        folded = self._folded(families, merged)
        counterparts = Family(
            "friction_folded_counterparts", (((), float(folded.folded)),)
        )
        aside = tuple(_aside(self.refreshed(0)))
        return Snapshot(
            ready=True,
            evaluated_at_ms=reading.instants[0],
            business=(*folded.families, *aside),
            health=(*health, counterparts),
        )

    def _folded(self, families: Sequence[Family], merged: Mapping[str, str]) -> Folded:
        """The families as shown, and kept by which names."""
        books = self.runner.books
        while True:
            named = books.named
            folded = self._folding.fold(families, merged, books.seats, named)
            with self.runner.lock:
                books.seat(folded.seats)
                if books.rename(named, folded.named):
                    break
        self._await_names()
        return folded

    def _await_names(self) -> None:
        """Let the loop store new names, which it does with every turn.

        What was shown by a name that a kill loses could fall under another. But no
        scrape fails for a loop that is slow, or stands.
        """
        runner, until = self.runner, self.clock.monotonic() + _PATIENCE_SECONDS
        while runner.running and self.clock.monotonic() < until:
            with runner.lock:
                if runner.books.names_stored:
                    return
            runner.stop.wait(_LOOK_SECONDS)

    def page(self) -> PageModel | None:
        """The page's numbers; none while catching up."""
        runner = self.runner
        if not runner.watch.ready:
            return None
        judged = judgements_of(self.refreshed(FIRST_SECONDS))
        with self._lock:
            at = self.clock.monotonic()
            if self._page is None or at - self._page[0] > 1:
                fresh = self._freshness()
                reading = self.reader.reading(runner.books, runner.lock)
                if not runner.watch.ready:  # what was read was not stored
                    return None
                page = page_as_shown(
                    reading,
                    runner.directory,
                    runner.model,
                    fresh,
                    self.teams.at(fresh.now_ms).merged,
                    judged,
                )
                self._page = (at, page)
            return self._page[1]

    def _freshness(self) -> Freshness:
        intake = self.runner.reading.intake
        lags = [lag for _, lag in self._lags()]
        return Freshness(
            now_ms=self.clock.now_ms(),
            watermarks=dict(intake.watermarks),
            lag_records=sum(lags) if lags else None,
            gaps=tuple(sorted(intake.unknown)),
            notices=self.notices,
            version=self.version,
            dead_letters=self.runner.watch.dead_letters,
        )

    def _lags(self) -> Iterator[tuple[tuple[str, ...], int]]:
        ends, begun = self.runner.reading.ends, self.runner.reading.begun
        stored = dict(self.runner.stored)
        for at, end in sorted(ends.items()):
            # What retention has left begins anywhere.
            behind = end - stored.get(at, begun.get(at, 0))
            yield (at[0], str(at[1])), max(0, behind)

    def _health(self) -> Iterator[Family]:
        runner, watch = self.runner, self.runner.watch
        yield from info_families(runner.directory, runner.model, self.version)
        lags = [(labels, float(lag)) for labels, lag in self._lags()]
        yield Family("friction_consumer_lag_records", lags)
        marks = dict(runner.reading.intake.watermarks)
        yield Family(
            "friction_watermark_timestamp_seconds",
            [((name,), mark / _MILLISECONDS) for name, mark in sorted(marks.items())],
        )
        for name, instant in (
            ("friction_poll_timestamp_seconds", watch.poll_ms),
            ("friction_commit_timestamp_seconds", watch.commit_ms),
        ):
            if instant is not None:
                yield Family(name, (((), instant / _MILLISECONDS),))
        unknown = float(len(runner.reading.intake.unknown))
        yield Family("friction_unknown_references", (((), unknown),))
        yield Family("friction_dead_letters", (((), float(watch.dead_letters)),))
        yield Family(
            "friction_offset_publish_failures_total", (((), float(self.failures())),)
        )


def _aside(refreshed: Refreshed | None) -> Iterator[Family]:
    """What was worked out aside, and the instant that it is true for."""
    if refreshed is not None:
        at = refreshed.instant / _MILLISECONDS
        yield Family("friction_refreshed_at_timestamp_seconds", (((), at),))
        yield from refreshed.families
