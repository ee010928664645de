"""A reading of the books: copied at one instant, worked out at leisure.

The consumer loop stands still while the books are read, so only raw sums are
copied under their lock; totals follow from the copy, outside of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple

from monitor.domain.teams import Team
from monitor.domain.timeline import WALL
from monitor.indicators.accounts import ACCOUNTANTS, Accounts
from monitor.indicators.cost import capacity_between
from monitor.indicators.open_waits import Pair
from monitor.indicators.series import ACCRUING, Family, Key
from monitor.pipeline.books import Books

_ITEMS: Final = frozenset({Family.ITEM_FIRST, Family.ITEM_LAST, Family.ITEM_GAP})
_Working = Mapping[str, tuple[int, ...]]


Totals = tuple[int, int, int, int, int]
# A series that accrues: its key, its totals at the five instants in ``millisecond x
# UNIT``, the present first, and its floor. A series that counts: its key, its present
# count and its floor. Plain tuples: there are tens of thousands at every scrape.
Accrued = tuple[Key, Totals, int]
Counted = tuple[Key, int, int]


class Copy(NamedTuple):
    """What is taken out of the books while nobody may change them."""

    instants: tuple[int, ...]
    working: _Working
    sums: list[tuple[Any, ...]]
    counts: list[Counted]
    items: dict[Key, tuple[int, ...]]
    oldest: dict[Pair, int]
    first: int | None
    capacity_floors: dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class Reading:
    """Every series of the books at one instant, and what goes with them."""

    instants: tuple[int, ...]
    accrued: list[Accrued]
    counted: list[Counted]
    items: dict[Key, tuple[int, ...]]
    oldest: dict[Pair, int]
    first: int | None
    capacity_floors: dict[str, Fraction]

    def capacity(self, team: Team) -> Fraction | None:
        """True capacity of a team since the earliest accrual, in seconds."""
        now = self.instants[0]
        if self.first is None or self.first >= now:
            return None
        return capacity_between(team, self.first, now)


def copy_of(books: Books) -> Copy:
    """The raw sums of the books; hold their lock. Takes less than 1 us a series."""
    accounts = books.accounts
    sums, counts = [], []
    items: dict[Key, tuple[int, ...]] = {}
    for one in accounts.by_number:
        key = one.key
        if key[0] in ACCRUING:
            sums.append((key, one.floor, *one.a, *one.b))
        elif key[0] in _ITEMS:
            items[key] = tuple(-sum(one.b[k:]) for k in range(ACCOUNTANTS))
        else:
            counts.append((key, -sum(one.b), one.floor))
    return Copy(
        tuple(accounts.instants),
        _working(accounts),
        sums,
        counts,
        items,
        books.open_waits.oldest(accounts.instants[0]),
        books.first,
        dict(books.capacity_floors),
    )


def reading_of(copy: Copy) -> Reading:
    """The totals of a copy; needs no lock."""
    working = copy.working
    return Reading(
        copy.instants,
        [_accrued(working, *sums) for sums in copy.sums],
        copy.counts,
        copy.items,
        copy.oldest,
        copy.first,
        copy.capacity_floors,
    )


def _working(accounts: Accounts) -> _Working:
    """The working time at every instant, by calendar."""
    instants = tuple(accounts.instants)
    found: dict[str, tuple[int, ...]] = {WALL: instants}
    for series in accounts.by_number:
        calendar = series.key[1]
        if calendar not in found:
            known = accounts.directory.calendar(calendar)
            found[calendar] = tuple(known.working(instant) for instant in instants)
    return found


def _accrued(
    working: _Working,
    key: Key,
    floor: int,
    a0: int,
    a1: int,
    a2: int,
    a3: int,
    a4: int,
    b0: int,
    b1: int,
    b2: int,
    b3: int,
    b4: int,
) -> Accrued:
    """As ``Accounts.total`` at every instant: zones added up from the oldest on."""
    b3 += b4
    b2 += b3
    b1 += b2
    b0 += b1
    a3 += a4
    a2 += a3
    a1 += a2
    a0 += a1
    if not (a0 or a1 or a2 or a3 or a4):
        return key, (-b0, -b1, -b2, -b3, -b4), floor
    w0, w1, w2, w3, w4 = working[key[1]]
    totals = (
        w0 * a0 - b0,
        w1 * a1 - b1,
        w2 * a2 - b2,
        w3 * a3 - b3,
        w4 * a4 - b4,
    )
    return key, totals, floor
