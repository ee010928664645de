"""The items of a window, added up by team as the window moves and items change.

Nothing is kept of an item but when its form changes next: what is to be taken away is
made again of the timelines it was made of. So a refresh costs what changed, by events
or by time, however many items there are.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from monitor.domain.teams import Directory
from monitor.domain.timeline import WALL, Timeline
from monitor.domain.working_time import HOUR
from monitor.indicators.totals.forms import END, NEVER, form_of
from monitor.indicators.totals.moments import Moments
from monitor.indicators.totals.quadratic import Quadratic


@dataclass(slots=True)
class Dues:
    """Which items are to be looked at again, and when: a few bytes each."""

    _by_hour: dict[int, tuple[array[int], list[str]]] = field(default_factory=dict)
    _next: list[tuple[int, str]] = field(default_factory=list)
    _passed: int = -1

    def put(self, item: str, after: int) -> None:
        """The item is due as soon as an instant (ms) is passed."""
        hour = after // HOUR
        if hour <= self._passed:
            heappush(self._next, (after, item))
            return
        times, items = self._by_hour.setdefault(hour, (array("q"), []))
        times.append(after)
        items.append(item)

    def take(self, instant: int) -> set[str]:
        """The items that are due at the instant; none is earlier than the last."""
        hour = (instant - 1) // HOUR
        for passed in sorted(hour_ for hour_ in self._by_hour if hour_ <= hour):
            times, items = self._by_hour.pop(passed)
            for due in zip(times, items, strict=True):
                heappush(self._next, due)
        self._passed = max(self._passed, hour)
        found = set[str]()
        while self._next and self._next[0][0] < instant:
            found.add(heappop(self._next)[1])
        return found


@dataclass(slots=True)
class WindowItems:
    """The items of the window (ms) that ends at ``instant``.

    Timelines are given with what they were at the last instant, so that the old can be
    taken away. ``shown`` are the names of teams not shown by their own.
    """

    window: int
    directory: Directory
    shown: Mapping[str, str]
    instant: int
    _teams: dict[str, Quadratic] = field(default_factory=dict)
    _dues: Dues = field(default_factory=Dues)
    _before: int = 0

    def advance(self, instant: int) -> set[str]:
        """Go on to an instant; the items to ``replace``, by themselves if unchanged."""
        self._before, self.instant = self.instant, instant
        return self._dues.take(instant)

    def add(self, item: str, timelines: Iterable[Timeline]) -> None:
        """An item that was not there at the last instant."""
        placed = form_of(
            timelines, self.directory, self.shown, self.window, self.instant
        )
        for team, terms in placed.form.items():
            self._of(team).add(terms, 1)
        if placed.until < NEVER:
            self._dues.put(item, placed.until)

    def replace(
        self, item: str, old: Iterable[Timeline], new: Iterable[Timeline]
    ) -> None:
        """An item that had other timelines, or a form that has changed with time."""
        before = form_of(old, self.directory, self.shown, self.window, self._before)
        for team, terms in before.form.items():
            self._of(team).add(terms, -1)
        self.add(item, new)

    def moments(self) -> Iterator[tuple[str, Moments]]:
        """The moments of every team that has items in the window."""
        known: dict[tuple[str, str], int] = {("", ""): 1}

        def working(calendar: str, end: str) -> int:
            key = (calendar, end)
            found = known.get(key)
            if found is None:
                found = known[key] = self._working(calendar, end)
            return found

        for team, quadratic in self._teams.items():
            if quadratic.items:
                yield team, quadratic.moments(working)

    def _working(self, calendar: str, end: str) -> int:
        instant = self.instant if end == END else self.instant - self.window
        if calendar == WALL:
            return instant
        return self.directory.calendar(calendar).working(instant)

    def _of(self, team: str) -> Quadratic:
        found = self._teams.get(team)
        if found is None:
            found = self._teams[team] = Quadratic()
        return found
