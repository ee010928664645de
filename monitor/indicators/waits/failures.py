"""Failed runs: whose failure it was, settled by what happened afterwards.

A stated cause names the team, and so does how it failed (``causes``). Any other is
flaky by a success of the same pipeline on the same sha; another sha, a push or
leaving flight makes it the team's own. Until then, and for one working day at most,
such a failure is pending.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple

from monitor.domain.facts import FAILED, Fact, Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.domain.teams import Directory
from monitor.domain.timeline import Component, FailureKind
from monitor.domain.working_time import HOUR, WORKING_DAY, CalendarAt
from monitor.indicators.items.flight import Flights
from monitor.indicators.waits.causes import (
    ChargedAt,
    inferred_causes,
    stated_causes,
)
from monitor.indicators.waits.intervals import LOOSE, Stretch, capped, dated
from monitor.indicators.waits.pipelines import Lane, lanes_of
from monitor.indicators.waits.run_owners import OwnerOf, owners_of_pipelines
from monitor.indicators.waits.settling import Breaks, Settling, breaks_of, settling

SHARED_CAP: Final = 10 * WORKING_DAY
FLAKY_CAP: Final = 4 * HOUR
PENDING_CAP: Final = WORKING_DAY


class OwnFailure(NamedTuple):
    """A stretch in which a failure of the team's own was unrepaired."""

    start: int
    end: int
    kind: FailureKind = "ci"


@dataclass(slots=True)
class Failures:
    """What failed runs come to: waits, pending stretches, and own failures."""

    stretches: list[Stretch] = field(default_factory=list)
    own: list[OwnFailure] = field(default_factory=list)


class _Open(NamedTuple):
    """A failure not yet repaired: from ``start``, named from ``named_since``."""

    start: int
    named_since: int
    causes: tuple[str, ...]
    first: Fact


@dataclass(slots=True)
class _Pipeline:
    """One pipeline on one item: at most one failure is open at a time."""

    charged: ChargedAt
    calendar: CalendarAt
    directory: Directory
    level: Callable[[Fact], str]
    inferred: Callable[[Fact], tuple[str, ...]]
    owner: OwnerOf
    breaks: Breaks
    ends: tuple[int, ...]  # ends of flight for good, which close a wait
    lane: Lane  # every fact of this pipeline's runs
    out: Failures
    open: _Open | None = None
    settling: Settling | None = None

    def walk(self) -> None:
        """Go through the pipeline's results in order."""
        results = [run for run in self.lane.runs if run.kind is Kind.RUN_FINISHED]
        for instant, group in groupby(results, key=lambda fact: fact.time):
            self._expire(instant - 1)
            was_open = self.open is not None
            self._expire(instant)
            facts = list(group)
            failed = [fact for fact in facts if self.lane.fails(fact)]
            passed = any(f.fields.get("outcome") == "success" for f in facts)
            if passed:
                self._repair(instant)
            for fact in failed:
                self._fail(fact)
            if not was_open and (passed or self._ends_at_once(instant)):
                self.open = None
        self._expire(FOREVER)

    def _expire(self, instant: int) -> None:
        """Close the open failure at its cap, or where its item ended for good."""
        if self.open is None:
            return
        start = self.open.start
        later = bisect_right(self.ends, start)
        limit = self.ends[later] if later < len(self.ends) else FOREVER
        if self.open.causes and not self._is_own(self.open):
            # Only a wait has a cap: nobody waits while it is pending, or own.
            cap = capped(start, FOREVER, self.calendar(start), SHARED_CAP)
            limit = min(limit, cap)
        if limit <= instant:
            self._repair(limit)

    def _fail(self, fact: Fact) -> None:
        causes = stated_causes(fact, self.directory)
        if self.open is not None and not self.open.causes and self._is_over(fact):
            self._repair(fact.time)
        if self.open is None:
            # Of a failure that goes on only a stated cause changes the name.
            causes = causes or self.inferred(fact)
            self.open = _Open(fact.time, fact.time, causes, fact)
        elif not causes or self._says_the_same(causes, fact.time):
            return
        elif not self.open.causes:
            # A cause stated later holds from the first failure on.
            start = self.open.start
            self.open = _Open(start, start, causes, self.open.first)
        else:
            self._emit_wait(self.open, fact.time)
            # An own cause has closed the wait: this is another, with its own cap.
            first = fact if self._is_own(self.open) else self.open.first
            self.open = _Open(first.time, fact.time, causes, first)

    def _says_the_same(self, causes: tuple[str, ...], instant: int) -> bool:
        """Whether a cause stated again is the open failure's, and no other wait.

        What was the former owner's own is another team's, once the item is handed on.
        """
        if self.open is None or causes != self.open.causes:
            return False
        return not self._is_own(self.open) or set(causes) == {self.charged(instant)}

    def _is_over(self, fact: Fact) -> bool:
        """Whether something settled the pending failure before this one failed.

        A failure on another sha is the next one: it settles the first as own.
        After the pending day only a stated cause settles it.
        """
        current = self.open
        if current is None:
            return False
        sha = fact.fields.get("sha")
        if sha is not None and sha != current.first.fields.get("sha"):
            return True
        settled = self._settlement(current)
        limit = min(fact.time, self._day_over(current))
        return settled is not None and settled[0] <= limit

    def _repair(self, instant: int) -> None:
        current, self.open = self.open, None
        if current is None:
            return
        if current.causes:
            self._emit_wait(current, instant)
            return
        settled = self._settlement(current)
        if instant < FOREVER and (settled is None or settled[0] > instant):
            # Repaired by a run that does not say its sha: nobody else's doing.
            settled = (instant, None)
        day_over = self._day_over(current)
        if settled is not None and settled[0] <= day_over:
            self._emit_settled(current, *settled, instant)
            return
        self.out.stretches.append(
            Stretch(
                Component.CI_FLAKY,
                (),
                current.start,
                day_over,
                self.level(current.first),
                current.first.entity,
                pending=True,
            )
        )

    def _emit_settled(
        self, current: _Open, instant: int, success: Fact | None, repaired: int
    ) -> None:
        if success is None:
            self._emit_own(current.start, repaired)
            return
        start = current.start
        end = capped(start, instant, self.calendar(start), FLAKY_CAP)
        stretch = Stretch(
            Component.CI_FLAKY,
            (),
            start,
            end,
            self.level(current.first),
            current.first.entity,
        )
        owner = self.owner((current.first, success))
        self.out.stretches.extend(dated(stretch, owner))

    def _emit_wait(self, current: _Open, end: int) -> None:
        """The open failure's named stretch up to ``end``."""
        if end <= current.named_since:
            return
        if self._is_own(current):
            self._emit_own(current.named_since, end)
            return
        self.out.stretches.append(
            Stretch(
                Component.CI_SHARED_FAILURE,
                tuple(sorted(set(current.causes))),
                current.named_since,
                end,
                self.level(current.first),
                current.first.entity,
                since=current.start,
            )
        )

    def _is_own(self, current: _Open) -> bool:
        return set(current.causes) == {self.charged(current.named_since)}

    def _day_over(self, current: _Open) -> int:
        """When the working day is over for which a failure may be pending."""
        start = current.start
        return capped(start, FOREVER, self.calendar(start), PENDING_CAP)

    def _ends_at_once(self, instant: int) -> bool:
        """Whether what failed just now is closed by what else happens just now."""
        current, later = self.open, bisect_left(self.ends, instant)
        if current is None or self.ends[later : later + 1] == (instant,):
            return True
        level = self.level(current.first)
        return not current.causes and self.breaks.has(level, instant)

    def _emit_own(self, start: int, end: int) -> None:
        if end > start:
            self.out.own.append(OwnFailure(start, end))

    def _settlement(self, current: _Open) -> tuple[int, Fact | None] | None:
        """The first event that settles a failure without a cause."""
        if self.settling is None:
            self.settling = settling(self.lane.runs)
        level = self.level(current.first)
        broken = self.breaks.following(level, current.start)
        return self.settling.settled(current.first, broken)


def failures_of(
    item: ItemFacts,
    flights: Flights,
    runs: Sequence[Fact],
    charged: ChargedAt,
    calendar: CalendarAt,
    directory: Directory,
) -> Failures:
    """The failures on an item, by pipeline (indicators 1.3, foreign-cause rule)."""
    out = Failures()
    if not any(run.fields.get("outcome") in FAILED for run in runs):
        return out
    known = flights.open_changes
    pushes = [
        (fact.time, fact.entity if fact.entity in known else LOOSE)
        for fact in item.facts
        if fact.kind is Kind.CHANGE_PUSHED
    ]
    leaves = [(flight.end, LOOSE) for flight in flights.flights]

    def level(fact: Fact) -> str:
        return item.changes_of_runs.get(fact.entity) or LOOSE

    def inferred(fact: Fact) -> tuple[str, ...]:
        return inferred_causes(item, fact, charged, calendar, owner)

    owner = owners_of_pipelines(item, directory)
    breaks, finals = breaks_of([*pushes, *leaves]), flights.finals
    item_wide = (charged, calendar, directory, level, inferred, owner, breaks, finals)
    for lane in lanes_of(runs):
        _Pipeline(*item_wide, lane, out).walk()
    return out
