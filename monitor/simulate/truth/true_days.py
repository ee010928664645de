"""What the true signals are read from: cost and work of each UTC day, and notes.

The ledger's entries are cut at midnights and only their sums kept, so that a world of
years stays small. All seconds are exact. Written from the definitions (indicators 1
and 3), sharing only the calendar with the product.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY, Calendar
from monitor.simulate.notes import Note, NoteSort
from monitor.simulate.organisation import SimOrganisation, SimTeam
from monitor.simulate.promises import EVERY_TEAM
from monitor.simulate.truth.costs import Entry

# What a second of waiting costs in the central bound.
WEIGHTS: Final = {"acute": Fraction(1), "chronic": Fraction(1, 4)}
RESPONSE: Final = Fraction(1)
# Waiting for these is in no central cost.
UNWEIGHED: Final = ("unknown", "external")
_EPOCH: Final = dt.date(1970, 1, 1)


class ItemTruth(NamedTuple):
    """What is true of one item: its ledger, and its notes."""

    entries: tuple[Entry, ...]
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class TrueDay:
    """One UTC day, in seconds; cost is central.

    Of stream teams: cost by who waited, what of it is tooling's (for a platform team,
    or by ``ci_*`` and ``deploy_*``) and what flaky runs', active time by class. Of all
    teams: cost by who is waited for, and what of that was promised not to be.
    """

    cost: dict[str, Fraction] = field(default_factory=dict)
    tooling: Fraction = Fraction(0)
    flaky: Fraction = Fraction(0)
    active: dict[str, Fraction] = field(default_factory=dict)
    named: dict[str, Fraction] = field(default_factory=dict)
    promised: dict[str, Fraction] = field(default_factory=dict)


@dataclass(slots=True)
class TrueHistory:
    """Days by number (milliseconds // ``DAY``), notes by sort and by day of their time.

    Windows are ranges of days. ``first`` is the oldest day of which a note or a stream
    team's time tells.
    """

    organisation: SimOrganisation
    days: dict[int, TrueDay] = field(default_factory=dict)
    notes: dict[NoteSort, dict[int, list[Note]]] = field(default_factory=dict)
    first: int | None = None

    def began(self, sort: NoteSort, window: range) -> list[Note]:
        """The notes of what happened, or began, in the window."""
        by_day = self.notes.get(sort, {})
        return [note for day in window for note in by_day.get(day, ())]

    def until(self, sort: NoteSort, window: range) -> list[Note]:
        """The notes of what began before the window ended."""
        by_day = self.notes.get(sort, {})
        return [n for day, notes in by_day.items() if day < window.stop for n in notes]

    def lasting(self, sort: NoteSort, window: range) -> list[Note]:
        """The notes of what was open at any instant of the window."""
        start = window.start * DAY
        return [
            note
            for note in self.until(sort, window)
            if not note.until or note.until > start or note.time >= start
        ]

    def reaches(self, window: range) -> bool:
        """Whether something is known of the window's first day, or of one before."""
        return self.first is not None and self.first <= window.start

    def each(self, window: range) -> Iterator[TrueDay]:
        """The days of the window on which anything accrued."""
        return (self.days[day] for day in window if day in self.days)

    def is_stream(self, team: str) -> bool:
        """Whether a team builds features."""
        return any(t.id == team for t in self.organisation.by_kind("stream"))

    def engineers(self, day: int) -> int:
        """The people of all stream teams on a day."""
        streams = self.organisation.by_kind("stream")
        return sum(people_on(team, day) for team in streams)

    def capacity(self, window: range) -> Fraction:
        """People times working seconds, of all stream teams."""
        milliseconds = sum(
            people_on(team, day) * team.calendar.between(day * DAY, (day + 1) * DAY)
            for team in self.organisation.by_kind("stream")
            for day in window
        )
        return Fraction(milliseconds, 1_000)

    def add(self, told: ItemTruth) -> None:
        """Take in what is true of one more item."""
        for entry in told.entries:
            self._add_entry(entry)
        for note in told.notes:
            day = note.time // DAY
            self.notes.setdefault(note.sort, {}).setdefault(day, []).append(note)
            self._is_known(day)

    def _add_entry(self, entry: Entry) -> None:
        if entry.sort == "unaccrued" or entry.on_team in UNWEIGHED:
            return
        is_stream = self.is_stream(entry.team)
        calendar = self.organisation.named(entry.team).calendar
        for number, seconds in by_day(entry, calendar):
            day = self.days.setdefault(number, TrueDay())
            if entry.sort == "wait":
                self._add_wait(day, number, entry, seconds)
            elif is_stream:
                _add(day.active, entry.phase, seconds)
            if is_stream:
                self._is_known(number)

    def _add_wait(
        self, day: TrueDay, number: int, entry: Entry, seconds: Fraction
    ) -> None:
        cost = seconds * WEIGHTS.get(entry.phase, RESPONSE)
        _add(day.named, entry.on_team, cost)
        if self._is_promised(entry, number):
            _add(day.promised, entry.on_team, cost)
        if self.is_stream(entry.team):
            _add(day.cost, entry.team, cost)
            day.tooling += cost if self._is_tooling(entry) else 0
            day.flaky += cost if entry.component == "ci_flaky" else 0

    def _is_tooling(self, entry: Entry) -> bool:
        platforms = self.organisation.by_kind("platform")
        return entry.component.startswith(("ci_", "deploy_")) or any(
            team.id == entry.on_team for team in platforms
        )

    def _is_promised(self, entry: Entry, day: int) -> bool:
        date = date_of(day)
        return any(
            promise.provider == entry.on_team
            and (entry.team in promise.consumers or EVERY_TEAM in promise.consumers)
            and (promise.since is None or promise.since <= date)
            and (promise.until is None or date < promise.until)
            for promise in self.organisation.promises
        )

    def _is_known(self, day: int) -> None:
        self.first = day if self.first is None else min(self.first, day)


def history_of(
    truths: Iterable[ItemTruth], organisation: SimOrganisation
) -> TrueHistory:
    """The history of items in any order; they are let go of one by one."""
    history = TrueHistory(organisation)
    for told in truths:
        history.add(told)
    return history


def by_day(entry: Entry, calendar: Calendar) -> Iterator[tuple[int, Fraction]]:
    """An entry's seconds on each UTC day: incidents' by the wall, shares applied."""
    for day in range(entry.start // DAY, (entry.end - 1) // DAY + 1):
        start, end = max(entry.start, day * DAY), min(entry.end, (day + 1) * DAY)
        if entry.component == "incident":
            length = end - start
        else:
            length = calendar.between(start, end)
        if length:
            yield day, Fraction(length, 1_000) * entry.share


def date_of(day: int) -> dt.date:
    """The UTC date of a day's number."""
    return _EPOCH + dt.timedelta(days=day)


def people_on(team: SimTeam, day: int) -> int:
    """The team's headcount on a UTC day."""
    date = date_of(day)
    return [n for since, n in team.headcount if since is None or since <= date][-1]


def _add(sums: dict[str, Fraction], key: str, seconds: Fraction) -> None:
    sums[key] = sums.get(key, Fraction(0)) + seconds
