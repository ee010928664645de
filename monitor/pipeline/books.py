"""Account: replaced timelines into totals, floors and open waits, and to the store.

Everything here is derived from the timelines, and stored only so that a start
does not have to read them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic_core import from_json

from monitor.domain.teams import Directory, Team
from monitor.domain.timeline import Measured
from monitor.domain.working_time import FOREVER, HOUR
from monitor.indicators.accounts import (
    ACCOUNTANTS,
    Accounts,
    Series,
    Teams,
    Waiting,
    pack_waiting,
    unpack_waiting,
)
from monitor.indicators.cost import capacity_between
from monitor.indicators.earliest import Earliest, first_accrual_of
from monitor.indicators.open_waits import OpenWait, OpenWaits
from monitor.indicators.series import SPANS, WINDOWS, Family, Key, Moves, merged
from monitor.pipeline.accounting import Accounted
from monitor.pipeline.kept_timelines import all_timelines
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.stored_teams import stored_teams

_OPEN: Final = "open:"
_SERIES: Final = "series:"
_BOOKS: Final = "books"
# Counters: they may be looked at with rate(), so they must not fall.
_COUNTERS: Final = frozenset(
    {
        Family.WAIT,
        Family.ACTIVE,
        Family.OWN_FAILURE,
        Family.WAITS,
        Family.HANDOFFS,
        Family.PINGPONGS,
        Family.NEGATIVES,
        Family.BUCKET,
        Family.DURATION,
        *SPANS.values(),
        *(name for name in Measured if name is not Measured.IN_FLIGHT),
    }
)


# Names of teams and components, thousands of times each.
_quoted: Final = lru_cache(maxsize=4096)(json.dumps)


def _name(key: Key) -> str:
    """The key as the JSON that ``json.dumps`` writes, in a fifth of the time."""
    return f"[{', '.join(map(_quoted, key))}]"


@dataclass(frozen=True, slots=True)
class StoredBuckets:
    """The hourly buckets of the state."""

    state: StateReader

    def waiting(self, first_hour: int, last_hour: int) -> Iterator[Waiting]:
        """Every entry stored for the hours, both ends included."""
        for _, packed in self.state.boundaries(first_hour, last_hour):
            yield from unpack_waiting(packed)


class _Shown(NamedTuple):
    """What was shown before catching up: counters by number, the first accrual."""

    counters: dict[int, int]
    first: int | None


@dataclass(slots=True)
class Books:
    """The accounts, the open waits, and the earliest accrual of any team.

    ``served`` says whether anybody may have seen these numbers: from then on a
    counter that a correction lowers is held at what it showed. While catching up
    that is what it showed before: nobody sees what is in between.
    """

    accounts: Accounts
    open_waits: OpenWaits = field(default_factory=OpenWaits)
    served: bool = False
    earliest: Earliest = field(default_factory=Earliest)
    seats: dict[str, frozenset[str]] = field(default_factory=dict)
    dirty: bool = False
    capacity_floors: dict[str, Fraction] = field(default_factory=dict)
    _changed_items: set[str] = field(default_factory=set)
    _dropped_hour: int = 0
    _before: _Shown | None = None

    def begin_catching_up(self) -> None:
        """From now on nobody sees the numbers, until ``caught_up``."""
        if self.served:
            self._before = _Shown(self._published(), self.first)

    def caught_up(self) -> None:
        """Whoever asks is shown the numbers from now on."""
        self.served, self._before = True, None

    def enter(self, found: Sequence[Accounted], directory: Directory) -> None:
        """Book what was accounted; hold counters where they would fall.

        What rises in one part and falls in another was shown to nobody in between.
        """
        first = self.first if self._before is None else self._before.first
        for one in found:
            for item, waits in one.waits:
                if self.open_waits.replace(item, waits):
                    self._changed_items.add(item)
            for item, accrual in one.firsts:
                self.earliest.note(item, accrual)
        moves = merged([one.moves for one in found])
        shown = self._shown(moves) if self.served else {}
        self.accounts.book(moves)
        self.accounts.hold(shown)
        if self.served and first is not None and (self.first or FOREVER) > first:
            self.hold_capacity(directory, first)

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

    def hold_capacity(self, directory: Teams, first: int | None) -> None:
        """Keep what the capacity counters showed, counted from ``first``."""
        for team in directory.teams.values():
            shown = self._capacity_since(team, first)
            if shown is not None and shown > self.capacity_floors.get(team.id, 0):
                self.capacity_floors[team.id] = shown

    def _shown(self, moves: Moves) -> dict[int, int]:
        """What the counters among the touched series show, or showed before."""
        accounts, known = self.accounts, self._before and self._before.counters
        shown: dict[int, int] = {}
        for key, amounts in moves.items():
            if key[0] in _COUNTERS and any(amounts.values()):
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
            if series.key[0] in _COUNTERS
        }

    def seat(self, seats: Mapping[str, frozenset[str]]) -> None:
        """Keep which pairs are shown by name; a pair once shown keeps its name."""
        if seats != self.seats:
            self.seats = dict(seats)
            self.dirty = True

    @property
    def first(self) -> int | None:
        """The earliest accrual of any team, from which capacity runs."""
        return self.earliest.instant

    def find_first(self, state: StateReader, directory: Directory) -> None:
        """Read all stored items when nothing else tells the earliest accrual."""
        if self.earliest.lost:
            self.earliest = Earliest()
            for key, timelines in all_timelines(state):
                self.earliest.note(key, first_accrual_of(timelines, directory))

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
            changes.put("series", _SERIES + name, value.encode())
        accounts.changed.clear()
        for hour, waiting in accounts.pending.items():
            changes.boundaries.append((hour, pack_waiting(waiting)))
        accounts.pending.clear()
        for item in self._changed_items:
            known = self.open_waits.by_item.get(item)
            value_bytes = json.dumps(known[1]).encode() if known else None
            changes.put("series", _OPEN + item, value_bytes)
        self._changed_items.clear()
        hour = accounts.instants[-1] // HOUR
        if hour > self._dropped_hour:
            changes.drop_boundaries_before = self._dropped_hour = hour
        seats = {team: sorted(named) for team, named in self.seats.items()}
        earliest = [self.earliest.items, self.earliest.complete_to]
        floors = {team: str(floor) for team, floor in self.capacity_floors.items()}
        meta = [accounts.instants, self.served, earliest, seats, floors]
        self.dirty = False
        changes.put("meta", _BOOKS, json.dumps(meta).encode())


def fresh_books(directory: Teams, state: StateReader, now: int) -> Books:
    """Empty books whose accountants stand at ``now`` and behind it."""
    instants = [now, *(now - window for window in WINDOWS)]
    return Books(Accounts(directory, StoredBuckets(state), instants))


def load_books(directory: Directory, state: StateReader, now: int) -> Books:
    """The books as they were last stored, at ``now``; fresh when there are none.

    They are read with the calendars they were stored with. They stand at ``now``
    before anything is entered: what the last process showed, up to an instant it
    may not have stored, is then shown again, and held where a correction lowers it.
    """
    books = fresh_books(stored_teams(state) or directory, state, now)
    packed = state.get_many("meta", [_BOOKS]).get(_BOOKS)
    if packed is None:
        return books
    instants, books.served, earliest, seats, floors = json.loads(packed)
    books.capacity_floors = {team: Fraction(floor) for team, floor in floors.items()}
    books.earliest = Earliest(*earliest)
    books.seats = {team: frozenset(named) for team, named in seats.items()}
    accounts = books.accounts
    accounts.instants[:] = instants
    loaded: list[Series] = []
    waits: list[tuple[str, tuple[OpenWait, ...]]] = []
    for key, value in state.scan("series"):
        if key.startswith(_SERIES):
            number, name, a, b, floor = from_json(value)
            loaded.append(Series(number, tuple(name), a, b, floor))
        else:
            found = tuple(map(OpenWait._make, from_json(value)))
            waits.append((key.removeprefix(_OPEN), found))
    books.open_waits.load(waits)
    loaded.sort(key=lambda series: series.number)
    accounts.by_number.extend(loaded)
    accounts.series.update((series.key, series) for series in loaded)
    books.advance(now)
    return books


def rebuilt(books: Books, directory: Directory, state: StateReader) -> Books:
    """Books for another directory or model: sums empty, floors at what was shown."""
    fresh = fresh_books(directory, state, books.accounts.instants[0])
    fresh.served, fresh.seats = books.served, books.seats
    if books.served:
        books.hold_capacity(books.accounts.directory, books.first)
    fresh.capacity_floors = books.capacity_floors
    for series in books.accounts.by_number:
        made = fresh.accounts.series_of(series.key)
        if books.served and series.key[0] in _COUNTERS:
            made.floor = books.accounts.published(series)
    for item in books.open_waits.by_item:
        fresh.open_waits.replace(item, ())
    return fresh


__all__ = ["ACCOUNTANTS", "Books", "fresh_books", "load_books", "rebuilt"]
