"""A reading of the books: copied at one instant, worked out at leisure.

The consumer loop stands still while the books are read, so only raw sums are
copied under their lock, and only those that moved since the last reading; totals
follow from the copy, outside of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final, NamedTuple

from monitor.domain.timeline import WALL
from monitor.domain.working_time import Calendar
from monitor.indicators.explaining.open_waits import Pair
from monitor.indicators.totals.accounts import Accounts, Teams
from monitor.indicators.totals.series import ACCRUING, Family, Key
from monitor.pipeline.books import Books
from monitor.pipeline.showing.sums import (
    PER_SECOND,
    Copied,
    Sums,
    Table,
    Working,
    copied,
)

_ITEMS: Final = (Family.ITEM_FIRST, Family.ITEM_LAST, Family.ITEM_GAP)
# Series copied before the consumer gets its turn: a few milliseconds.
_SLICE: Final = 4_096


@dataclass(frozen=True, slots=True)
class Reading:
    """Every series of the books at one instant, and what goes with them."""

    instants: tuple[int, ...]
    tables: dict[str, Table]
    items: dict[Key, tuple[int, ...]]
    oldest: dict[Pair, int]
    first: int | None
    known_from: int | None
    capacity_floors: dict[str, Fraction]

    def known_within(self, ago: int) -> int | None:
        """From when on is known what happened, if only after this accountant's instant.

        Absent where the whole window is known, or nothing of it.
        """
        start, known = self.instants[ago], self.known_from
        return known if known is not None and start < known < self.instants[0] else None

    def accrued(self, older: int, newer: int = 0) -> Iterator[tuple[Key, int]]:
        """What accrued between two instants, in ``millisecond x UNIT``, by series.

        Series to which nothing accrued are left out.
        """
        for kind, table in self.tables.items():
            if kind not in ACCRUING:
                continue
            end, start = table.totals[newer], table.totals[older]
            for key, total, outside, units in zip(
                table.keys, end, start, table.units, strict=False
            ):
                if total != outside:
                    yield key, (total - outside) * (PER_SECOND // units)


class _Present(NamedTuple):
    """What goes with the series and is small enough to be copied every time."""

    instants: tuple[int, ...]
    directory: Teams
    oldest: dict[Pair, int]
    first: int | None
    known_from: int | None
    capacity_floors: dict[str, Fraction]


class Copy(NamedTuple):
    """Some series of the books at one instant, not worked out yet."""

    series: list[Copied]
    present: _Present


def reading_of(books: Books) -> Reading:
    """The books as they are now, read from end to end; hold their lock."""
    return reading_from(Copy([*map(copied, books.accounts.by_number)], _present(books)))


def copy_of(books: Books, numbers: Iterable[int]) -> Copy:
    """The series of these numbers, without what is open; hold the books' lock."""
    by_number, directory = books.accounts.by_number, books.accounts.directory
    instants = tuple(books.accounts.instants)
    series = [copied(by_number[number]) for number in numbers]
    present = _Present(instants, directory, {}, books.first, books.known_from, {})
    return Copy(series, present)


def reading_from(copy: Copy) -> Reading:
    """What was copied, worked out; needs no lock."""
    sums = Sums()
    sums.put(copy.series)
    return _worked_out(sums, copy.present)


class Reader:
    """Reads the same books again and again; safe between threads.

    Books are read by one reader at a time: of two, each starts over after the other.
    """

    def __init__(self) -> None:
        """Nothing was read."""
        self._sums = Sums()
        self._unread: set[int] = set()
        self._one_at_a_time = threading.Lock()

    def reading(
        self,
        books: Books,
        lock: AbstractContextManager[object],
        pin: Callable[[], object] = lambda: None,
    ) -> Reading:
        """The books as they are at one instant, at which the lock is held for ``pin``.

        What moved is copied in slices, so that who writes the books never waits for
        long; the last slice is copied in one with the instant.
        """
        with self._one_at_a_time:
            present = None
            while present is None:
                with lock:
                    taken = self._next_slice(books.accounts)
                    if not self._unread:
                        present = _present(books)
                        pin()
                self._sums.put(taken)
            return _worked_out(self._sums, present)

    def _next_slice(self, accounts: Accounts) -> list[Copied]:
        if accounts.moved is not self._unread:
            # Other books, or another reader took what moved: everything is unread.
            self._sums = Sums()
            self._unread = accounts.moved = set(range(len(accounts.by_number)))
        numbers = list(islice(self._unread, _SLICE))
        self._unread.difference_update(numbers)
        return [copied(accounts.by_number[number]) for number in numbers]


def _present(books: Books) -> _Present:
    instants = tuple(books.accounts.instants)
    return _Present(
        instants,
        books.accounts.directory,
        books.open_waits.oldest(instants[0]),
        books.first,
        books.known_from,
        dict(books.capacity_floors),
    )


def _worked_out(sums: Sums, present: _Present) -> Reading:
    tables = sums.tables(_working(sums, present))
    items = {
        key: totals
        for kind in _ITEMS
        if (table := tables.pop(kind, None))
        for key, totals in zip(
            table.keys, zip(*table.totals, strict=True), strict=False
        )
    }
    return Reading(
        present.instants,
        tables,
        items,
        present.oldest,
        present.first,
        present.known_from,
        present.capacity_floors,
    )


def _working(sums: Sums, present: _Present) -> Working:
    """The working time at every instant, by calendar; most teams share one."""
    found: dict[str, tuple[int, ...]] = {WALL: present.instants}
    known: dict[Calendar, tuple[int, ...]] = {}
    for name in sums.calendars - found.keys():
        calendar = present.directory.calendar(name)
        if calendar not in known:
            known[calendar] = tuple(map(calendar.working, present.instants))
        found[name] = known[calendar]
    return found
