"""The capacity of every team over several spans that all end now.

As ``capacity_between``, which begins anew with each span: a scrape asks for five of
every team, from the same instants on, and most teams work by the same calendar.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple

from monitor.domain.teams import Team
from monitor.domain.working_time import FOREVER, Calendar

_MILLISECONDS: Final = 1_000


class Capacities:
    """The capacity of teams from each of several instants up to one that is now."""

    def __init__(self, now: int, instants: Iterable[int]) -> None:
        """From these instants on; none of them lies after ``now``."""
        self._now = now
        self._instants = tuple(instants)
        self._earliest = min(self._instants, default=now)
        self._worked: dict[tuple[Calendar, int], int] = {}

    def of(self, team: Team) -> tuple[list[int], int]:
        """Amounts by instant, and how many of them are an engineer's second."""
        staffing = _staffing(team.headcount or (), team.absence_share)
        amounts = [0] * len(self._instants)
        for since, until, weight in staffing.spans:
            # Nothing is asked of a calendar outside of the time in question: it
            # would make tables for all the years between.
            start, end = max(since, self._earliest), min(until, self._now)
            if start < end:
                worked = self._working(team.calendar, end)
                for place, instant in enumerate(self._instants):
                    begun = min(max(start, instant), end)
                    left = worked - self._working(team.calendar, begun)
                    amounts[place] += weight * left
        return amounts, staffing.units

    def _working(self, calendar: Calendar, instant: int) -> int:
        key = (calendar, instant)
        if key not in self._worked:
            self._worked[key] = calendar.working(instant)
        return self._worked[key]


class _Staffing(NamedTuple):
    """Who is there, as whole numbers: (from, until, weight); ``units`` to a second."""

    units: int
    spans: tuple[tuple[int, int, int], ...]


@lru_cache(maxsize=4_096)
def _staffing(
    headcount: tuple[tuple[int, float], ...], absence_share: Fraction
) -> _Staffing:
    there = 1 - absence_share
    people = [Fraction(str(value)) * there for _, value in headcount]
    scale = lcm(*(value.denominator for value in people))
    edges = pairwise([*(start for start, _ in headcount), FOREVER])
    spans = (
        (start, end, int(value * scale))
        for (start, end), value in zip(edges, people, strict=True)
    )
    return _Staffing(_MILLISECONDS * scale, tuple(spans))
