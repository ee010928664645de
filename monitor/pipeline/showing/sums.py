"""The raw sums of every series, copied out of the books into columns.

A total at instant k is ``W(T) x a - b``, with W the working time of the series'
calendar: worked out column by column, because there are tens of thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import gcd
from typing import Any, Final, NamedTuple

from monitor.domain.timeline import UNIT, Measured
from monitor.indicators.totals.accounts import ACCOUNTANTS, Series
from monitor.indicators.totals.series import ACCRUING, SPANS, WINDOW_DAYS, Family, Key
from monitor.pipeline.showing.columns import Labels

WINDOW_NAMES: Final = tuple(f"{days}d" for days in WINDOW_DAYS)
PER_SECOND: Final = 1_000 * UNIT
# What is shown of all other counts is their present total alone.
_LOOKED_BACK_AT: Final = frozenset(
    {Family.ITEM_FIRST, Family.ITEM_LAST, Family.ITEM_GAP, *Measured, *SPANS.values()}
)
# The working time at every instant, by calendar.
Working = Mapping[str, Sequence[int]]
# Number, key, floor, and the sums of every zone: plain, since it is made under a lock.
Copied = tuple[Any, ...]


def copied(series: Series) -> Copied:
    """A series as it is now; takes less than 1 us."""
    return (series.number, series.key, series.floor, *series.a, *series.b)


class Table(NamedTuple):
    """The series of one kind at one instant, a row each.

    ``totals`` are by accountant. Amounts, and floors with them, are in the largest
    unit that leaves the numbers of a row whole: ``units`` of them are a second, so
    that most are small integers. Keys and labels may grow later: the other columns
    tell how many rows there are. ``windowed`` has each row once for every window.
    """

    keys: list[Key]
    labels: list[Labels]
    windowed: list[Labels]
    floors: list[int]
    units: list[int]
    totals: tuple[list[int], ...]


class Sums:
    """The sums of all series that were ever put in, in columns by kind."""

    def __init__(self) -> None:
        """Nothing was put in."""
        self.calendars: set[str] = set()
        self._kinds: dict[str, _Rows] = {}
        self._places: dict[int, int] = {}

    def put(self, series: Iterable[Copied]) -> None:
        """Replace the sums of these series."""
        for number, key, floor, *sums in series:
            rows = self._kinds.get(key[0])
            if rows is None:
                rows = self._kinds[key[0]] = _Rows(key[0])
            place = self._places.get(number)
            if place is None:
                place = self._places[number] = rows.append(key)
                if rows.accrues:
                    self.calendars.add(key[1])
            rows.put(place, floor, sums[:ACCOUNTANTS], sums[ACCOUNTANTS:])

    def tables(self, working: Working) -> dict[str, Table]:
        """The totals at the instants whose working time is told, by kind."""
        return {kind: rows.table(working) for kind, rows in self._kinds.items()}


class _Rows:
    """The series of one kind, in the order in which they were first seen.

    Zones are added up from the oldest on: ``shares[k]`` and ``constants[k]`` give
    the total at instant k. Of shares only those that are not 0 are kept, by calendar
    and row: the other rows stand still.
    """

    def __init__(self, kind: str) -> None:
        self.accrues = kind in ACCRUING
        self.instants = ACCOUNTANTS
        if not self.accrues and kind not in _LOOKED_BACK_AT:
            self.instants = 1
        self.keys: list[Key] = []
        self.labels: list[Labels] = []
        self.windowed: list[Labels] = []
        self.calendars: list[str] = []
        self.floors: list[int] = []
        self.units: list[int] = []
        self.shares = [
            defaultdict[str, dict[int, int]](dict) for _ in range(self.instants)
        ]
        self.constants: list[list[int]] = [[] for _ in range(self.instants)]

    def append(self, key: Key) -> int:
        """A row for another series; its place."""
        labels = key[2:]
        self.keys.append(key)
        self.calendars.append(key[1])
        if self.accrues:
            self.windowed.extend((name, *labels) for name in WINDOW_NAMES)
        for column in (self.floors, self.units, *self.constants):
            column.append(0)
        self.labels.append(labels)
        return len(self.keys) - 1

    def put(self, place: int, floor: int, a: list[int], b: list[int]) -> None:
        """Set the sums of a row, zones given apart."""
        unit = gcd(UNIT, floor, *a, *b) if self.accrues else 1
        self.floors[place] = floor // unit
        self.units[place] = PER_SECOND // unit
        share = constant = 0
        for k in reversed(range(ACCOUNTANTS)):
            share += a[k]
            constant -= b[k]
            if k < self.instants:
                self.constants[k][place] = constant // unit
                shares = self.shares[k][self.calendars[place]]
                if share:
                    shares[place] = share // unit
                else:
                    shares.pop(place, None)

    def table(self, working: Working) -> Table:
        """The totals at the instants."""
        return Table(
            self.keys,
            self.labels,
            self.windowed,
            self.floors[:],
            self.units[:],
            tuple(self._totals(working, k) for k in range(self.instants)),
        )

    def _totals(self, working: Working, k: int) -> list[int]:
        totals = self.constants[k][:]
        for calendar, shares in self.shares[k].items():
            worked = working[calendar][k] if shares else 0
            for place, share in shares.items():
                totals[place] += share * worked
        return totals
