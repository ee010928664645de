"""Lines of entries in order of time, kept by day: each finds those beside it.

Where most lines are short, the first few entries lie in one row of the store.

An entry is an instant and a word, which puts those of one instant in order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Final

from monitor.domain.working_time import DAY
from monitor.pipeline.relating.by_day import enter, ordered, take_out
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import add_sorted, nearest_days

SEPARATOR: Final = "\x1f"
# Entries in the one row of a short line, which is stored whole.
FEW: Final = 32

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

    def first(self) -> Entry | None:
        """The first entry."""
        days = self._days()
        return self._order(days[0])[0] if days else None

    def all(self) -> Iterator[Entry]:
        """Every entry, in order."""
        for day in self._days():
            yield from self._order(day)

    def _days(self) -> list[int]:
        return list(self.working.plain(self.key) or ())

    def _on(self, day: int) -> str:
        return f"{self.key}{SEPARATOR}{day}"

    def _order(self, day: int) -> list[Entry]:
        return ordered(self._on(day), self.working)


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that mostly has few entries: one row, and a line of all beyond these."""

    key: str
    working: WorkingSet

    def enter(self, time: int, word: str) -> None:
        """Put an entry that is not there in its place."""
        if len(self.working.plain(self.key) or ()) < FEW:
            enter(self.key, word, time, self.working)
        else:
            self._beyond.enter(time, word)

    def take_out(self, time: int, word: str) -> None:
        """Take an entry out, if it is there."""
        if take_out(self.key, word, time, self.working) is None:
            self._beyond.take_out(time, word)

    def first(self) -> Entry | None:
        """The first entry."""
        entries = (*ordered(self.key, self.working)[:1], self._beyond.first())
        return min((one for one in entries if one is not None), default=None)

    def all(self) -> Iterator[Entry]:
        """Every entry, in order."""
        return merge(ordered(self.key, self.working), self._beyond.all())

    @property
    def _beyond(self) -> Line:
        return Line(f"{self.key}{SEPARATOR}beyond", self.working)
