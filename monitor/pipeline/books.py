"""Account: replaced timelines into totals, floors and open waits, and to the store.

Everything here is derived from the timelines, and stored only so that a start
does not have to read them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from monitor.domain.teams import Directory, Team
from monitor.domain.working_time import FOREVER, HOUR
from monitor.indicators.explaining.open_waits import OpenWaits
from monitor.indicators.totals.accounts import (
    Accounts,
    Teams,
    pack_waiting,
)
from monitor.indicators.totals.cost import capacity_between
from monitor.indicators.totals.earliest import Earliest, Firsts, firsts_of
from monitor.indicators.totals.series import Key, Moves, merged
from monitor.pipeline.accounting import Accounted
from monitor.pipeline.counters import COUNTERS
from monitor.pipeline.kept_timelines import all_timelines
from monitor.pipeline.named import NOTHING_SHOWN, Named, pack_named
from monitor.pipeline.ports import Changes, StateReader

OPEN: Final = "open:"
SERIES: Final = "series:"
BOOKS: Final = "books"
NAMED: Final = "named"


# Names of teams and components, thousands of times each.
_quoted: Final = lru_cache(maxsize=4096)(json.dumps)


def _name(key: Key) -> str:
    """The key as the JSON that ``json.dumps`` writes, in a fifth of the time."""
    return f"[{', '.join(map(_quoted, key))}]"


# For how long (ms) it holds what is stored of up to when numbers are shown.
_AHEAD: Final = 60_000


class _Shown(NamedTuple):
    """What was shown before catching up: counters by number, capacities by team.

    The capacities count from ``first``, the first accrual as it was known then.
    """

    counters: dict[int, int]
    first: int | None
    capacities: dict[str, Fraction]


@dataclass(slots=True)
class Books:
    """The accounts, the open waits, the earliest accrual and the earliest of all.

    ``told_since`` is the earliest instant that any record was told at.

    ``served`` says whether anybody may have seen these numbers: from then on a
    counter that a correction lowers is held at what it showed. While catching up
    that is what it showed before: nobody sees what is in between. Nobody was shown
    numbers later than of ``shown_until`` (ms), when that is known. ``named`` are the
    names of which it is stored that they are shown; ``names_stored`` says whether
    there are no others, nor seats, that the next commit is to store.
    """

    accounts: Accounts
    open_waits: OpenWaits = field(default_factory=OpenWaits)
    served: bool = False
    earliest: Earliest = field(default_factory=Earliest)
    known: Earliest = field(default_factory=Earliest)
    told_since: int = FOREVER
    seats: dict[str, frozenset[str]] = field(default_factory=dict)
    dirty: bool = False
    capacity_floors: dict[str, Fraction] = field(default_factory=dict)
    shown_until: int | None = None
    named: Named = NOTHING_SHOWN
    names_stored: bool = True
    _renamed: Named = NOTHING_SHOWN
    _changed_items: set[str] = field(default_factory=set)
    _dropped_hour: int = 0
    _before: _Shown | None = None

    def begin_catching_up(self) -> None:
        """From now on nobody sees the numbers, until ``caught_up``."""
        if self.served:
            capacities = self._capacities(self.accounts.directory, self.first)
            self._before = _Shown(self._published(), self.first, capacities)

    def caught_up(self) -> None:
        """Whoever asks is shown the numbers from now on."""
        self.served, self._before = True, None

    def may_show(self, instant: int) -> None:
        """Numbers will be shown up to the instant, once that is stored.

        It is said for a minute ahead, so that it need not be stored with every turn.
        """
        if self.shown_until is None or instant > self.shown_until:
            self.shown_until = instant + _AHEAD
            self.dirty = True

    def shown_last(self) -> None:
        """Nobody is shown numbers later than those of now."""
        self.shown_until = self.accounts.instants[0]

    def enter(self, found: Sequence[Accounted], directory: Directory) -> None:
        """Book what was accounted; hold counters where they would fall.

        What rises in one part and falls in another was shown to nobody in between.
        """
        first = self.first if self._before is None else self._before.first
        for one in found:
            for item, waits in one.waits:
                if self.open_waits.replace(item, waits):
                    self._changed_items.add(item)
            for item, firsts in one.firsts:
                self._note(item, firsts)
        moves = merged([one.moves for one in found])
        shown = self._shown(moves) if self.served else {}
        self.accounts.book(moves)
        self.accounts.hold(shown)
        if self.served and first is not None and (self.first or FOREVER) > first:
            if self._before is None:
                self._hold_capacities(self._capacities(directory, first))
            else:
                self._hold_capacities(self._before.capacities)

    def close(self, items: Iterable[str]) -> None:
        """Nobody will ask for open waits of these items again."""
        for item in items:
            if self.open_waits.replace(item, ()):
                self._changed_items.add(item)

    def capacity(self, team: Team) -> Fraction | None:
        """True capacity of a team since the earliest accrual, in seconds."""
        return self._capacity_since(team, self.first)

    def _capacity_since(self, team: Team, first: int | None) -> Fraction | None:
        now = self.accounts.instants[0]
        if first is None or first >= now:
            return None
        return capacity_between(team, first, now)

    def hold_capacity(self) -> None:
        """Keep what the capacity counters show."""
        self._hold_capacities(self._capacities(self.accounts.directory, self.first))

    def _capacities(self, directory: Teams, first: int | None) -> dict[str, Fraction]:
        """What the capacity counters show, counted from ``first``."""
        shown = {
            team.id: self._capacity_since(team, first)
            for team in directory.teams.values()
        }
        return {team: capacity for team, capacity in shown.items() if capacity}

    def _hold_capacities(self, shown: Mapping[str, Fraction]) -> None:
        for team, capacity in shown.items():
            if capacity > self.capacity_floors.get(team, 0):
                self.capacity_floors[team] = capacity

    def _shown(self, moves: Moves) -> dict[int, int]:
        """What the counters among the touched series show, or showed before."""
        accounts, known = self.accounts, self._before and self._before.counters
        shown: dict[int, int] = {}
        for key, amounts in moves.items():
            if key[0] in COUNTERS and any(amounts.values()):
                series = accounts.series_of(key)
                if known is None:
                    shown[series.number] = accounts.published(series)
                elif series.number in known:
                    shown[series.number] = known[series.number]
        return shown

    def _published(self) -> dict[int, int]:
        """What every counter shows."""
        return {
            series.number: self.accounts.published(series)
            for series in self.accounts.by_number
            if series.key[0] in COUNTERS
        }

    def seat(self, seats: Mapping[str, frozenset[str]]) -> None:
        """Keep which pairs are shown by name; a pair once shown keeps its name."""
        if seats != self.seats:
            self.seats = dict(seats)
            self.dirty, self.names_stored = True, False

    def stand_under(self, named: Named) -> None:
        """These are the names that are stored."""
        self.named = self._renamed = named

    def rename(self, before: Named, after: Named) -> bool:
        """Keep the names that are shown; False if ``before`` are not those stored.

        Until these are stored they are to be found anew: who begins where they are
        not shows the old ones, and may not show less than was shown.
        """
        if self.named is not before:
            return False
        if after is not self._renamed:
            self._renamed = after
            self.dirty, self.names_stored = True, False
        return True

    @property
    def first(self) -> int | None:
        """The earliest accrual of any team, from which capacity runs."""
        return self.earliest.instant

    @property
    def known_from(self) -> int | None:
        """From when on it is known what happened: since somebody tells of it.

        No earlier than anything accrued or was delivered. What later records tell of
        the time before is the past of what they are about, not all that was.
        """
        first = self.known.instant
        return None if first is None else max(first, self.told_since)

    def tell(self, since: int) -> None:
        """Records were read of which the earliest was told at that instant."""
        self.told_since = min(self.told_since, since)

    def find_first(self, state: StateReader, directory: Directory) -> None:
        """Read all stored items when nothing else tells either earliest instant."""
        if self.earliest.lost or self.known.lost:
            # What is no longer kept nobody can read; when it accrued it was known, too.
            firsts = self.earliest.items
            self.earliest, self.dirty = Earliest(firsts), True
            self.known = Earliest(firsts | self.known.items)
            for key, timelines in all_timelines(state):
                self._note(key, firsts_of(timelines, directory))

    def _note(self, item: str, firsts: Firsts) -> None:
        self.earliest.note(item, firsts.accrued)
        self.known.note(item, firsts.known)

    def advance(self, now: int) -> None:
        """Let every accountant pass what lies before its instant."""
        self.accounts.advance(now)

    def collect(self, changes: Changes) -> None:
        """Put what changed into the transaction, and forget that it did."""
        accounts = self.accounts
        for number in accounts.changed:
            series = accounts.by_number[number]
            name = _name(series.key)
            # A list of whole numbers reads as JSON as it is.
            value = f"[{number}, {name}, {series.a}, {series.b}, {series.floor}]"
            changes.put("series", SERIES + name, value.encode())
        accounts.changed.clear()
        for hour, waiting in accounts.pending.items():
            changes.boundaries.append((hour, pack_waiting(waiting)))
        accounts.pending.clear()
        for item in self._changed_items:
            known = self.open_waits.by_item.get(item)
            value_bytes = json.dumps(known[1]).encode() if known else None
            changes.put("series", OPEN + item, value_bytes)
        self._changed_items.clear()
        hour = accounts.instants[-1] // HOUR
        if hour > self._dropped_hour:
            changes.drop_boundaries_before = self._dropped_hour = hour
        seats = {team: sorted(named) for team, named in self.seats.items()}
        floors = {team: str(floor) for team, floor in self.capacity_floors.items()}
        meta = (
            accounts.instants,
            self.served,
            self.earliest.stored,
            seats,
            floors,
            self.shown_until,
            self.known.stored,
            self.told_since,
        )
        self.dirty = False
        changes.put("meta", BOOKS, json.dumps(meta).encode())
        if self._renamed is not self.named:
            changes.put("meta", NAMED, pack_named(self._renamed))
            self.named = self._renamed
        self.names_stored = True
