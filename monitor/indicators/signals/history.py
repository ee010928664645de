"""What the signals read: marks and daily sums, cut to windows of whole UTC days.

A window of n days ends when its last day does, at midnight UTC. What lies later is
not in it: what is open then counts as open, whatever became of it since.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

from monitor.domain.marks import Mark, Sort
from monitor.domain.signal_rules import SignalRules
from monitor.domain.teams import BEGINNING, Directory, is_stream
from monitor.domain.working_time import DAY
from monitor.indicators.signals.daily import Daily, Day, Wait
from monitor.indicators.totals.cost import capacity_between

_Key = TypeVar("_Key")


class Window(NamedTuple):
    """Days ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def start(self) -> int:
        """Its first instant."""
        return self.first * DAY

    @property
    def end(self) -> int:
        """The midnight at which it has ended."""
        return (self.last + 1) * DAY

    @property
    def weeks(self) -> tuple[Window, ...]:
        """The whole weeks of it that end with it, oldest first."""
        starts = range(self.last - 6, self.first - 1, -7)
        return tuple(Window(first, first + 6) for first in reversed(starts))


def window(day: int, days: int) -> Window:
    """The window of so many days that ends with a day.

    >>> window(27, 28)
    Window(first=0, last=27)
    >>> [week.first for week in window(27, 28).weeks]
    [0, 7, 14, 21]
    """
    return Window(day - days + 1, day)


@dataclass(frozen=True, slots=True)
class History:
    """Marks by sort, each list by start, and daily sums; ``first`` day of any.

    Only true for days up to the instant whose facts it was made from.
    """

    marks: Mapping[Sort, Sequence[Mark]]
    daily: Daily
    directory: Directory
    rules: SignalRules
    first: int | None

    def began(self, sort: Sort, span: Window) -> Sequence[Mark]:
        """The marks that began inside the window, oldest first."""
        found = self.marks.get(sort, ())
        return found[_place(found, span.start) : _place(found, span.end)]

    def open_in(self, sort: Sort, span: Window) -> Iterator[Mark]:
        """The marks that were open at any instant of the window, by their start.

        Of uses the end is the last of them, so it is one of these instants.
        """
        found = self.marks.get(sort, ())
        some, start = found[: _place(found, span.end)], span.start
        over = start - 1 if sort is Sort.USE else start
        return (mark for mark in some if mark.end > over or mark.start >= start)

    def knows(self, sort: Sort, span: Window) -> bool:
        """Whether any such mark began before the window's end: else none is no 0."""
        found = self.marks.get(sort, ())
        return bool(found) and found[0].start < span.end

    def covers(self, span: Window) -> bool:
        """Whether something was known of the window's first day."""
        return self.first is not None and self.first <= span.first

    def waited(self, span: Window) -> Counter[Wait]:
        """Central cost of stream teams in the window, where details are kept."""
        return _sum(day.waited for day in self._days(span))

    def waited_by_team(self, span: Window) -> Counter[str]:
        """The same, by who waited."""
        return _sum(day.by_team for day in self._days(span))

    def waited_by_reason(self, span: Window) -> Counter[tuple[str, bool]]:
        """The same, by component, and whether for a platform team."""
        return _sum(day.by_reason for day in self._days(span))

    def waited_by_promise(self, span: Window) -> Counter[tuple[str, bool]]:
        """That of all teams, by whom they waited for, and whether as for a service."""
        return _sum(day.by_promise for day in self._days(span))

    def worked(self, span: Window) -> Counter[str]:
        """Active time of stream teams in the window, by class."""
        return _sum(day.worked for day in self._days(span))

    def _days(self, span: Window) -> Iterator[Day]:
        days = self.daily.days
        return (days[day] for day in range(span.first, span.last + 1) if day in days)

    def is_stream(self, team: str) -> bool:
        """Whether the team builds features."""
        return is_stream(team, self.directory)

    def capacity(self, span: Window) -> dict[str, Fraction]:
        """The capacity of each stream team that states people."""
        found = {
            name: capacity_between(team, span.start, span.end)
            for name, team in self.directory.teams.items()
            if team.kind == "stream"
        }
        return {name: seconds for name, seconds in found.items() if seconds}

    def engineers(self, span: Window) -> Fraction | None:
        """The engineers of all stream teams when the window ends; none: unknown."""
        stated = [
            people
            for team in self.directory.teams.values()
            if team.kind == "stream"
            and team.headcount
            and (people := _people_at(team.headcount, span.end - 1)) is not None
        ]
        return sum(stated, Fraction(0)) or None


def history_of(
    marks: Iterable[Mark], daily: Daily, directory: Directory, rules: SignalRules
) -> History:
    """The history of marks in any order; equal marks count once each item says them."""
    by_sort: dict[Sort, list[Mark]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.start, mark)):
        by_sort.setdefault(mark.sort, []).append(mark)
    firsts = [found[0].start // DAY for found in by_sort.values()]
    if daily.first is not None:
        firsts.append(daily.first)
    return History(by_sort, daily, directory, rules, min(firsts, default=None))


def seen_from(marks: Iterable[Mark], oldest: int) -> tuple[Mark, ...]:
    """The marks that no day before ``oldest`` has done with."""
    start = oldest * DAY
    return tuple(mark for mark in marks if mark.end >= start)


def _sum(counted: Iterable[Counter[_Key]]) -> Counter[_Key]:
    total: Counter[_Key] = Counter()
    for one in counted:
        total.update(one)
    return total


def _place(marks: Sequence[Mark], instant: int) -> int:
    return bisect_left(marks, instant, key=lambda mark: mark.start)


def _people_at(headcount: Sequence[tuple[int, float]], instant: int) -> Fraction | None:
    after = [*headcount[1:], (-BEGINNING, 0.0)]
    for (since, people), (until, _) in zip(headcount, after, strict=True):
        if since <= instant < until:
            return Fraction(str(people))
    return None
