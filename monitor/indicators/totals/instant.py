"""Totals at an instant: the sum of all segments, clipped there.

Amounts are integers of ``millisecond x UNIT``, so that sums neither drift nor
depend on the order in which they are taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.teams import EXTERNAL, UNKNOWN, Directory
from monitor.domain.timeline import UNIT, WALL, Segment, Sort, Timeline

Pair = tuple[str, str, str, str]
# Amounts per second: dividing by this gives seconds.
SECOND_UNITS: Final = 1_000 * UNIT


class Weighed(NamedTuple):
    """One item's seconds for one team: full weight, chronic, and feature."""

    full: int
    chronic: int
    feature: int


@dataclass(slots=True)
class Totals:
    """All amounts of a window, by what they are charged to.

    ``first`` is the earliest instant at which any segment accrues.
    """

    waits: Counter[Pair] = field(default_factory=Counter)
    active: Counter[tuple[str, str]] = field(default_factory=Counter)
    unaccrued: Counter[tuple[str, str]] = field(default_factory=Counter)
    unclassified: Counter[str] = field(default_factory=Counter)
    own_failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    tallies: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    items: dict[str, dict[str, Weighed]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    first: int | None = None

    def teams(self) -> set[str]:
        """Every team anything is charged to, be it time that accrues nothing."""
        return self.accruing() | {team for team, _ in self.unaccrued}

    def accruing(self) -> set[str]:
        """Every team with time that counts."""
        return {pair[0] for pair in self.waits} | {team for team, _ in self.active}


def seconds(amount: int) -> Fraction:
    """An amount as exact seconds."""
    return Fraction(amount, SECOND_UNITS)


def amount_between(segment: Segment, directory: Directory, start: int, end: int) -> int:
    """What the segment accrues inside [start, end)."""
    left, right = max(segment.start, start), min(segment.end, end)
    if left >= right:
        return 0
    if segment.calendar == WALL:
        return (right - left) * segment.share
    return directory.calendar(segment.calendar).between(left, right) * segment.share


def accrual_start(segment: Segment, directory: Directory) -> int:
    """The first instant at which the segment accrues."""
    if segment.calendar == WALL:
        return segment.start
    return directory.calendar(segment.calendar).opening(segment.start)


def first_accrual(
    timelines: Iterable[Timeline], directory: Directory, at: int
) -> int | None:
    """The earliest instant before ``at`` at which any segment accrues."""
    starts = [
        accrual_start(segment, directory)
        for timeline in timelines
        for segment in timeline.segments
        if segment.sort in (Sort.WAIT, Sort.ACTIVE) and segment.start < at
    ]
    first = min(starts, default=None)
    return first if first is not None and first < at else None


def totals_of(
    timelines: Iterable[Timeline], directory: Directory, start: int | None, at: int
) -> Totals:
    """Sum every timeline between ``start`` (None: everything) and ``at``."""
    timelines = list(timelines)
    totals = Totals(first=first_accrual(timelines, directory, at))
    begin = start if start is not None else -(2**62)
    for timeline in timelines:
        for segment in timeline.segments:
            amount = amount_between(segment, directory, begin, at)
            if amount:
                _add(totals, timeline.item, segment, amount)
        for tally in timeline.tallies:
            if begin < tally.time <= at:
                totals.tallies[(tally.name, tally.team, tally.on_team)] += 1
    return totals


def _add(totals: Totals, item: str, segment: Segment, amount: int) -> None:
    team = segment.team
    match segment.sort:
        case Sort.WAIT:
            key = (team, segment.on_team, segment.component, segment.phase)
            totals.waits[key] += amount
            _add_item(totals, team, item, segment, amount)
        case Sort.ACTIVE:
            totals.active[(team, segment.phase)] += amount
            _add_item(totals, team, item, segment, amount)
        case Sort.UNACCRUED:
            totals.unaccrued[(team, segment.phase)] += amount
        case Sort.OWN_FAILURE:
            totals.own_failures[(team, segment.phase)] += amount
        case Sort.UNCLASSIFIED:
            totals.unclassified[team] += amount


def _add_item(
    totals: Totals, team: str, item: str, segment: Segment, amount: int
) -> None:
    full, chronic, feature = totals.items[team].get(item, Weighed(0, 0, 0))
    if segment.sort is Sort.ACTIVE:
        feature += amount if segment.phase == "feature" else 0
    elif segment.on_team not in (UNKNOWN, EXTERNAL):
        if segment.phase == "chronic":
            chronic += amount
        else:
            full += amount
    totals.items[team][item] = Weighed(full, chronic, feature)
