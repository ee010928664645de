"""Books as the store keeps them: read at a start, or made anew from nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pydantic_core import from_json

from monitor.domain.stored_values import reading_stored, refuse_fractions
from monitor.domain.teams import Directory
from monitor.indicators.explaining.open_waits import OpenWait
from monitor.indicators.totals.accounts import (
    ACCOUNTANTS,
    Accounts,
    Series,
    Teams,
    Waiting,
    unpack_waiting,
)
from monitor.indicators.totals.earliest import Earliest
from monitor.indicators.totals.series import WINDOWS
from monitor.pipeline.books import BOOKS, NAMED, OPEN, SERIES, Books
from monitor.pipeline.counters import COUNTERS
from monitor.pipeline.kept_timelines import forgotten
from monitor.pipeline.named import unpack_named
from monitor.pipeline.ports import StateReader
from monitor.pipeline.stored_teams import stored_teams

# Where the seats stand in what is stored of the books.
_SEATS: Final = 3
# Before every instant that an event has.
_EVER: Final = 0


@dataclass(frozen=True, slots=True)
class StoredBuckets:
    """The hourly buckets of the state."""

    state: StateReader

    def waiting(self, first_hour: int, last_hour: int) -> Iterator[Waiting]:
        """Every entry stored for the hours, both ends included."""
        for _, packed in self.state.boundaries(first_hour, last_hour):
            with reading_stored("an hour"):
                waiting = list(unpack_waiting(packed))
            yield from waiting


def fresh_books(directory: Teams, state: StateReader, now: int) -> Books:
    """Empty books whose accountants stand at ``now`` and behind it."""
    instants = [now, *(now - window for window in WINDOWS)]
    return Books(Accounts(directory, StoredBuckets(state), instants))


def load_books(directory: Directory, state: StateReader, now: int) -> Books:
    """The books as they were last stored; fresh, at ``now``, when there are none.

    They are read with the calendars they were stored with. They stand where the last
    process may have shown them, or at ``now`` if that is not known: what it showed is
    held where a correction lowers it, and nothing of the time nobody was shown.
    Raises StateCorrupt.
    """
    books = fresh_books(stored_teams(state) or directory, state, now)
    stored = state.get_many("meta", [BOOKS, NAMED])
    packed = stored.get(BOOKS)
    if packed is None:
        return books
    with reading_stored("the books"):
        books.stand_under(unpack_named(stored.get(NAMED)))
        _load_heads(books, packed, state)
        _load_series(books, state)
    shown = books.shown_until
    if shown is None:
        books.advance(now)
    elif now < books.accounts.instants[0]:
        # The clock is behind what is stored: how far it got after that, nothing tells.
        books.advance(shown)
    else:
        books.advance(min(shown, now))
    return books


def stored_names(state: StateReader) -> Mapping[str, str]:
    """The names that stood for merged teams when they were last shown."""
    with reading_stored("the books"):
        named = unpack_named(state.get_many("meta", [NAMED]).get(NAMED))
    return named.merged or {}


def stored_seats(state: StateReader) -> Mapping[str, frozenset[str]]:
    """Per team as shown, the counterparts that have a name of their own."""
    packed = state.get_many("meta", [BOOKS]).get(BOOKS)
    if packed is None:
        return {}
    with reading_stored("the books"):
        return _seats(json.loads(packed)[_SEATS])


def _seats(stored: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    return {team: frozenset(named) for team, named in stored.items()}


def _load_heads(books: Books, packed: bytes, state: StateReader) -> None:
    # States from before end sooner.
    instants, books.served, earliest, seats, floors, *newer = json.loads(packed)
    books.shown_until = newer[0] if newer else None
    books.capacity_floors = {team: Fraction(floor) for team, floor in floors.items()}
    books.earliest = Earliest(*earliest)
    books.known = Earliest(*newer[1]) if len(newer) > 1 else Earliest.unread()
    books.told_since = newer[2] if len(newer) > 2 else _told_before(books, state)
    books.seats = _seats(seats)
    books.accounts.instants[:] = instants
    refuse_fractions((*instants, books.shown_until or 0, books.told_since))
    for known in (books.earliest, books.known):
        refuse_fractions((known.complete_to, *known.items.values()))


def _told_before(books: Books, state: StateReader) -> int:
    """Since when a state from before, which does not tell, was told of anything.

    As it was shown; where that is not at hand, because it was catching up, since ever.
    """
    first = books.known.instant
    is_evaluated = next(iter(state.scan("deferred")), None) is None
    return first if first is not None and is_evaluated else _EVER


def _load_series(books: Books, state: StateReader) -> None:
    accounts = books.accounts
    loaded: list[Series] = []
    waits: list[tuple[str, tuple[OpenWait, ...]]] = []
    for key, value in state.scan("series"):
        if key.startswith(SERIES):
            loaded.append(_series(value))
        else:
            waits.append((key.removeprefix(OPEN), _open_waits(value)))
    books.open_waits.load(waits)
    loaded.sort(key=lambda series: series.number)
    if any(series.number != place for place, series in enumerate(loaded)):
        raise ValueError("a series is missing, or there twice")
    accounts.by_number.extend(loaded)
    accounts.series.update((series.key, series) for series in loaded)


def _series(packed: bytes) -> Series:
    number, name, a, b, floor = from_json(packed)
    refuse_fractions((number, floor, *a, *b))
    if not len(a) == len(b) == ACCOUNTANTS:
        raise ValueError("a sum too many, or too few")
    return Series(number, tuple(name), a, b, floor)


def _open_waits(packed: bytes) -> tuple[OpenWait, ...]:
    found = tuple(map(OpenWait._make, from_json(packed)))
    for wait in found:
        refuse_fractions((wait.start, wait.end))
    return found


def rebuilt(books: Books, directory: Directory, state: StateReader) -> Books:
    """Books for another directory or model: sums empty, floors at what was shown.

    Of what is no longer kept the first instants stay as they were: nothing tells what
    they would be now, and without them capacity would begin with what is left.
    """
    fresh = fresh_books(directory, state, books.accounts.instants[0])
    fresh.served, fresh.seats = books.served, books.seats
    fresh.stand_under(books.named)
    fresh.shown_until, fresh.told_since = books.shown_until, books.told_since
    if books.served:
        books.hold_capacity()
    fresh.capacity_floors = books.capacity_floors
    gone = forgotten(state, {*books.earliest.items, *books.known.items})
    fresh.earliest, fresh.known = books.earliest.of(gone), books.known.of(gone)
    for series in books.accounts.by_number:
        made = fresh.accounts.series_of(series.key)
        if books.served and series.key[0] in COUNTERS:
            made.floor = books.accounts.published(series)
    for item in books.open_waits.by_item:
        fresh.open_waits.replace(item, ())
    return fresh
