"""Accounts: totals now, and 3, 7, 14 and 28 days ago, from the same entries.

Five accountants stand at five instants. An entry at or before an instant is in
that accountant's sums; a later one waits in an hourly bucket until the instant
passes it. A window is the difference of two accountants, so it is exact in event
time, late events included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import starmap
from math import inf
from struct import Struct
from typing import Final, Protocol

from monitor.domain.teams import Team
from monitor.domain.timeline import WALL
from monitor.domain.working_time import HOUR, Calendar
from monitor.indicators.totals.series import ACCRUING, WINDOWS, Entry, Key, Moves, move

ACCOUNTANTS: Final = 1 + len(WINDOWS)
_OLDEST: Final = ACCOUNTANTS - 1
_PACKED: Final = Struct("<qiq")


# An entry that has not been passed yet: its time, its series' number, its amount.
# Dozens are made for each item, so it is a plain tuple.
Waiting = tuple[int, int, int]


def pack_waiting(entries: Iterable[Waiting]) -> bytes:
    """Entries as the bytes of a bucket; buckets may be joined end to end."""
    return b"".join(starmap(_PACKED.pack, entries))


def unpack_waiting(packed: bytes) -> Iterator[Waiting]:
    """The entries of a bucket."""
    return _PACKED.iter_unpack(packed)


class Teams(Protocol):
    """Whose working time sums are kept in: a directory, or what is stored of one."""

    @property
    def teams(self) -> dict[str, Team]:
        """Every team, by id."""

    def calendar(self, team: str) -> Calendar:
        """The team's calendar; the organisation's for any other name."""


class Buckets(Protocol):
    """What waits, by hour: the part of the state that is read when its time comes."""

    def waiting(self, first_hour: int, last_hour: int) -> Iterator[Waiting]:
        """Every entry stored for the hours, both ends included."""


@dataclass(slots=True)
class Series:
    """One series' sums in zones, oldest last: zone k lies between instants k+1 and k.

    A total at instant k is the sum over zones k and older of ``W(T) * a - b``.
    ``floor`` is what a counter may not fall below.
    """

    number: int
    key: Key
    a: list[int] = field(default_factory=lambda: [0] * ACCOUNTANTS)
    b: list[int] = field(default_factory=lambda: [0] * ACCOUNTANTS)
    floor: int = 0


@dataclass(slots=True)
class Accounts:
    """All series at five instants. Used by one thread at a time.

    ``changed`` and ``pending`` are what the next commit has to store: series whose
    sums moved, and entries not yet passed, by hour. ``moved`` holds the same series
    for who shows them, and is emptied by that reader.
    """

    directory: Teams
    buckets: Buckets
    instants: list[int]
    series: dict[Key, Series] = field(default_factory=dict)
    by_number: list[Series] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    pending: defaultdict[int, list[Waiting]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _heaps: list[list[Waiting]] = field(
        default_factory=lambda: [[] for _ in range(ACCOUNTANTS)]
    )
    _loaded_to: list[int] = field(default_factory=lambda: [-1] * ACCOUNTANTS)

    def series_of(self, key: Key) -> Series:
        """The series of a key, made when it is new."""
        found = self.series.get(key)
        if found is None:
            found = self.series[key] = Series(len(self.by_number), key)
            self.by_number.append(found)
            self._mark(found.number)
        return found

    def enter(self, entries: Iterable[Entry]) -> None:
        """Add entries to the sums of those instants that have passed them."""
        moves: Moves = {}
        for time, key, amount in entries:
            move(moves, key, time, amount)
        self.book(moves)

    def book(self, moves: Moves) -> None:
        """Add moves to the sums of those instants that have passed them."""
        # What comes after now has all accountants still to come.
        limits = [*self.instants[::-1], inf]
        for key, amounts in moves.items():
            times = sorted([time for time, amount in amounts.items() if amount])
            if times:
                series = self.series.get(key) or self.series_of(key)
                worked = times
                if key[0] in ACCRUING and key[1] != WALL:
                    worked = self.directory.calendar(key[1]).working_each(times)
                self._book_each(series, amounts, times, worked, limits)

    def _book_each(
        self,
        series: Series,
        amounts: dict[int, int],
        times: Sequence[int],
        worked: Sequence[int],
        limits: Sequence[float],
    ) -> None:
        """Amounts of one series: into sums, and to those who have not passed them."""
        accrues, a, b = series.key[0] in ACCRUING, series.a, series.b
        pending, loaded_to, number = self.pending, self._loaded_to, series.number
        waiting_for, limit = 0, limits[0]
        for time, working in zip(times, worked, strict=True):
            amount = amounts[time]
            # How many have not passed the time; the youngest of them comes next.
            while time > limit:
                waiting_for += 1
                limit = limits[waiting_for]
            if waiting_for < ACCOUNTANTS:
                zone = _OLDEST - waiting_for
                if accrues:
                    a[zone] += amount
                    b[zone] += amount * working
                else:
                    b[zone] -= amount
            if waiting_for:
                waiting, hour = (time, number, amount), time // HOUR
                pending[hour].append(waiting)
                if hour <= loaded_to[ACCOUNTANTS - waiting_for]:
                    self._queue(waiting, hour, ACCOUNTANTS - waiting_for)
        if times[0] <= self.instants[0]:
            self._mark(number)

    def _queue(self, waiting: Waiting, hour: int, youngest: int) -> None:
        """Keep an entry in turn for those that have read its hour already."""
        # The further behind one stands, the fewer hours it has read.
        while youngest < ACCOUNTANTS and hour <= self._loaded_to[youngest]:
            heappush(self._heaps[youngest], waiting)
            youngest += 1

    def _add(self, series: Series, zone: int, time: int, amount: int) -> None:
        if series.key[0] in ACCRUING:
            series.a[zone] += amount
            series.b[zone] += amount * self._working(series.key[1], time)
        else:
            series.b[zone] -= amount
        self._mark(series.number)

    def _mark(self, number: int) -> None:
        self.changed.add(number)
        self.moved.add(number)

    def _working(self, calendar: str, time: int) -> int:
        if calendar == WALL:
            return time
        return self.directory.calendar(calendar).working(time)

    def advance(self, now: int) -> None:
        """Move every accountant on; instants never go back."""
        if now <= self.instants[0]:
            return
        for k, behind in enumerate((0, *WINDOWS)):
            self._pass(k, now - behind)

    def _pass(self, k: int, instant: int) -> None:
        heap = self._heaps[k]
        self._load(k, self.instants[k], instant)
        self.instants[k] = instant
        while heap and heap[0][0] <= instant:
            time, number, amount = heappop(heap)
            series = self.by_number[number]
            if k:
                self._add(series, k - 1, time, -amount)
            self._add(series, k, time, amount)

    def _load(self, k: int, start: int, end: int) -> None:
        """Put the buckets up to the instant's hour in order of time."""
        first, last = self._loaded_to[k] + 1, end // HOUR
        if self._loaded_to[k] < 0:
            first = start // HOUR
        if first > last:
            return
        heap = self._heaps[k]
        for waiting in self.buckets.waiting(first, last):
            if waiting[0] > start:
                heappush(heap, waiting)
        for hour, entries in self.pending.items():
            if first <= hour <= last:
                for entry in entries:
                    if entry[0] > start:
                        heappush(heap, entry)
        self._loaded_to[k] = last

    def total(self, series: Series, k: int) -> int:
        """The series' total at accountant k: ``millisecond x UNIT``, or a count."""
        b = sum(series.b[k:])
        if series.key[0] not in ACCRUING:
            return -b
        a = sum(series.a[k:])
        if not a:
            return -b
        return self._working(series.key[1], self.instants[k]) * a - b

    def published(self, series: Series) -> int:
        """What a counter of the series shows: never less than it ever showed."""
        return max(series.floor, self.total(series, 0))

    def hold(self, before: dict[int, int]) -> None:
        """Raise the floors of counters that a correction made fall."""
        for number, shown in before.items():
            series = self.by_number[number]
            if self.total(series, 0) < shown and series.floor < shown:
                series.floor = shown
                self._mark(number)
