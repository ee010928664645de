"""A small organisation whose history is told by hand, day by day.

Day 0 is Monday 2026-01-05. Everybody works in UTC, Monday to Friday, 09:00 to 17:00.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from monitor.domain.working_time import DAY, HOUR, WORKING_DAY, Hours
from monitor.simulate.notes import Note, NoteSort
from monitor.simulate.organisation import Kind, SimOrganisation, SimTeam
from monitor.simulate.promises import Promise
from monitor.simulate.truth.costs import Entry
from monitor.simulate.truth.true_days import ItemTruth, TrueHistory, date_of, history_of
from monitor.simulate.truth.true_judging import TrueReading
from monitor.simulate.truth.true_signals import SIGNALS, TrueStanding, signals

MONDAY: Final = dt.date(2026, 1, 5)
FIRST: Final = (MONDAY - dt.date(1970, 1, 1)).days
STREAMS: Final = ("basket", "checkout", "payments", "search")


def at(day: float, clock: str = "00:00") -> int:
    """Milliseconds UTC of a time on a day."""
    hours, minutes = map(int, clock.split(":"))
    return round((FIRST + day) * DAY) + hours * HOUR + minutes * 60_000


def date(day: int) -> dt.date:
    """The date of a day."""
    return date_of(FIRST + day)


def _days_of(seconds: int) -> list[int]:
    """The seconds in parts of at most a working day."""
    days, rest = divmod(seconds, WORKING_DAY // 1_000)
    return [WORKING_DAY // 1_000] * days + [rest] * bool(rest)


def team_of(name: str, kind: Kind, *headcount: tuple[dt.date | None, int]) -> SimTeam:
    """A team of one person, or of as many as are stated."""
    return SimTeam(
        id=name,
        kind=kind,
        voice="native",
        tracker="native",
        domain="domain",
        project=name.upper(),
        repos=(),
        service=name,
        members=(),
        headcount=headcount or ((None, 1),),
        hours=Hours(),
        pool="",
        twins=False,
    )


TEAMS: Final = (
    *(team_of(name, "stream") for name in STREAMS),
    team_of("platform", "platform"),
    team_of("security", "enabling"),
)


@dataclass
class Told:
    """What is true, in any order; entries are of one day each, from 09:00 on."""

    teams: tuple[SimTeam, ...] = TEAMS
    promises: tuple[Promise, ...] = ()
    entries: list[Entry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def waited(
        self,
        day: int,
        seconds: int,
        on_team: str = "platform",
        component: str = "ticket_blocked",
        *,
        team: str = "checkout",
        phase: str = "acute",
    ) -> None:
        """A team waited for another one, with several items where a day is short."""
        for part in _days_of(seconds):
            self._entry("wait", team, on_team, component, phase, day, part)

    def worked(
        self, day: int, seconds: int, doing: str = "feature", *, team: str = "checkout"
    ) -> None:
        """A team worked."""
        for part in _days_of(seconds):
            self._entry("active", team, "", "", doing, day, part)

    def _entry(
        self,
        sort: str,
        team: str,
        on_team: str,
        component: str,
        phase: str,
        day: int,
        seconds: int,
    ) -> None:
        start, length = at(day, "09:00"), seconds * 1_000
        names = (team, on_team, component, phase)
        self.entries.append(Entry("X-1", sort, *names, start, start + length, length))

    def note(
        self,
        sort: NoteSort,
        day: float,
        team: str,
        on_team: str = "",
        *,
        what: str = "",
        detail: str = "",
        until: float | None = None,
    ) -> None:
        """One more note, of the beginning of the day or of a part of it."""
        end = 0 if until is None else at(until)
        self.notes.append(Note(sort, at(day), team, on_team, what, detail, end))

    @property
    def history(self) -> TrueHistory:
        """All of it."""
        organisation = SimOrganisation(
            self.teams, (), "cloud", promises=tuple(self.promises)
        )
        told = ItemTruth(tuple(self.entries), tuple(self.notes))
        return history_of([told], organisation)

    def reading(self, signal: str, day: int) -> TrueReading:
        """The signal when a day has ended."""
        return SIGNALS[signal](self.history, FIRST + day)

    def ratio(self, signal: str, day: int) -> Fraction | None:
        """Its ratio alone."""
        return self.reading(signal, day).ratio

    def standing(self, signal: str, day: int) -> TrueStanding:
        """How the signal stands when a day has ended."""
        found = signals(self.history, at(day + 1))
        return next(one for one in found if one.signal == signal)
