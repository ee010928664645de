"""Lines of entries in order of time, kept by day: each finds those beside it.

An entry is an instant and a word, which puts those of one instant in order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final

from monitor.domain.working_time import DAY
from monitor.pipeline.relating.by_day import enter, ordered, take_out
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import add_sorted, nearest_days

SEPARATOR: Final = "\x1f"

Entry = tuple[int, str]
# An entry's place, whether or not it is there, or the place before all of an instant.
Place = Entry | tuple[int]


@dataclass(frozen=True, slots=True)
class Line:
    """The line that lies under a key of the store's indexes."""

    key: str
    working: WorkingSet

    def enter(self, time: int, word: str) -> bool:
        """Put an entry in its place; whether it was not there."""
        day = time // DAY
        if not enter(self._on(day), word, time, self.working):
            return False
        days = self._days()
        if add_sorted(days, day):
            self.working.put_plain(self.key, days)
        return True

    def take_out(self, time: int, word: str) -> bool:
        """Take an entry out; whether it was there."""
        day = time // DAY
        left = take_out(self._on(day), word, time, self.working)
        if left == 0:
            # The nearest day has to hold what is nearest.
            days = [one for one in self._days() if one != day]
            self.working.put_plain(self.key, days)
        return left is not None

    def before(self, place: Place) -> Entry | None:
        """The last entry before a place."""
        earlier, _ = nearest_days(self._days(), place[0])
        for order in map(self._order, earlier):
            if at := bisect_left(order, place):
                return order[at - 1]
        return None

    def after(self, place: Place) -> Entry | None:
        """The first entry after a place."""
        _, later = nearest_days(self._days(), place[0])
        for order in map(self._order, later):
            if (at := bisect_right(order, place)) < len(order):
                return order[at]
        return None

    def at(self, time: int) -> list[Entry]:
        """Those of an instant."""
        order = self._order(time // DAY)
        return order[bisect_left(order, (time,)) : bisect_left(order, (time + 1,))]

    def _days(self) -> list[int]:
        return list(self.working.plain(self.key) or ())

    def _on(self, day: int) -> str:
        return f"{self.key}{SEPARATOR}{day}"

    def _order(self, day: int) -> list[Entry]:
        return ordered(self._on(day), self.working)
