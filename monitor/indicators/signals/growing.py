"""A history that grows: items are replaced in it, and old days fall out of it.

What it comes to is the history of all items at once, in whatever order they came. It
tells from which day on readings may be others than before, so that a day in the past
is read again only when something in it changed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from monitor.domain.marks import Mark, Sort
from monitor.domain.model import Model
from monitor.domain.signal_rules import SignalRules
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import DAY
from monitor.indicators.signals.daily import Daily, Share, Wait
from monitor.indicators.signals.history import History, seen_from


@dataclass(slots=True)
class GrowingHistory:
    """Marks by item and by sort, and daily sums, from day ``oldest`` on; no details."""

    directory: Directory
    model: Model
    rules: SignalRules
    oldest: int
    # Most items that say anything say one thing.
    _of_item: dict[str, Mark | tuple[Mark, ...]] = field(default_factory=dict)
    _by_sort: dict[Sort, list[Mark]] = field(default_factory=dict)
    _daily: Daily = field(init=False)
    _settled: bool = False
    _words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin empty."""
        self._daily = Daily(self.directory, self.model, detailed=False)

    def replace(
        self,
        item: str,
        old: Sequence[Timeline],
        new: Sequence[Timeline],
        marks: Iterable[Mark],
    ) -> int | None:
        """Put what an item is now in place of what it was; the first day it changes.

        ``old`` are the timelines it was given with last. ``None``: it changes nothing.
        """
        days = list(self._replace_marks(item, marks))
        if old != new:
            moved: Counter[tuple[int, Wait | str]] = Counter()
            for timelines, sign in ((old, -1), (new, 1)):
                for day, key, amount in self._shares(timelines):
                    moved[(day, key)] += sign * amount
            for (day, key), amount in moved.items():
                if amount:
                    self._daily.add(Share(day, key, amount))
                    days.append(day)
        return min(days, default=None)

    def advance(self, oldest: int) -> None:
        """Let go of what lies before a day."""
        if oldest <= self.oldest:
            return
        self.oldest = oldest
        days = self._daily.days
        for day in [day for day in days if day < oldest]:
            del days[day]
        for item in list(self._of_item):
            self._replace_marks(item, self._marks_of(item))

    def history(self) -> History:
        """As it is now; read it before anything is replaced."""
        self._settle()
        firsts = [marks[0].start // DAY for marks in self._by_sort.values() if marks]
        if self._daily.first is not None:
            firsts.append(self._daily.first)
        first = min(firsts, default=None)
        return History(self._by_sort, self._daily, self.directory, self.rules, first)

    def _shares(self, timelines: Iterable[Timeline]) -> Iterator[Share]:
        for timeline in timelines:
            yield from self._daily.shares_of(timeline, self.oldest)

    def _replace_marks(self, item: str, marks: Iterable[Mark]) -> Iterable[int]:
        """The days from which on each mark that goes or comes is seen."""
        before, after = self._marks_of(item), seen_from(marks, self.oldest)
        if before == after:
            return ()
        gone = list((Counter(before) - Counter(after)).elements())
        after = tuple(self._compact(mark, item) for mark in after)
        come = list((Counter(after) - Counter(before)).elements())
        for mark in gone:
            self._settle()
            found = self._by_sort[mark.sort]
            del found[bisect_left(found, mark)]
        for mark in come:
            found = self._by_sort.setdefault(mark.sort, [])
            if self._settled:
                insort(found, mark)
            else:
                found.append(mark)
        if after:
            self._of_item[item] = after if len(after) > 1 else after[0]
        else:
            del self._of_item[item]
        return _changing_days(gone, come)

    def _marks_of(self, item: str) -> tuple[Mark, ...]:
        found = self._of_item.get(item, ())
        return (found,) if isinstance(found, Mark) else found

    def _compact(self, mark: Mark, item: str) -> Mark:
        """The mark with every word in memory once: there may be a million of them.

        What was found is told by a mark or two; all other details are few words.
        """
        once, detail = self._words.setdefault, mark.detail
        if mark.sort is not Sort.FINDING:
            detail = once(detail, detail)
        return Mark(
            mark.sort,
            mark.start,
            mark.start if mark.end == mark.start else mark.end,
            item if mark.item == item else mark.item,
            once(mark.team, mark.team),
            once(mark.on_team, mark.on_team),
            once(mark.word, mark.word),
            detail,
            mark.amount,
        )

    def _settle(self) -> None:
        """Sort what was only gathered: the first of everything comes at once."""
        if not self._settled:
            for found in self._by_sort.values():
                found.sort()
            self._settled = True


def _changing_days(gone: Iterable[Mark], come: Iterable[Mark]) -> Iterator[int]:
    """From when on it matters that these marks became those.

    Where only its end is another, a mark is the same up to the earlier end.
    """
    ends: dict[Mark, list[int]] = {}
    for mark in (*gone, *come):
        # Of a backlog the detail says how it ended; of others it is what they are.
        detail = "" if mark.sort is Sort.BACKLOG else mark.detail
        same = mark._replace(end=0, detail=detail)
        ends.setdefault(same, []).append(mark.end)
    for same, found in ends.items():
        yield (same.start if len(found) == 1 else min(found)) // DAY
