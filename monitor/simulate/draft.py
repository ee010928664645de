"""An item while it is being planned: a cursor in time, and what has been noted so far.

A step moves the cursor and notes both sides: what is true, as intervals and as notes
for the signals (``noting``), and the moments in which tools tell of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.domain.working_time import Calendar
from monitor.simulate.bodies.jira_things import Ticket
from monitor.simulate.bodies.things import Issue, Thing
from monitor.simulate.life import (
    Failure,
    Life,
    Moment,
    Said,
    Span,
    Stretch,
    Voice,
    Wait,
)
from monitor.simulate.notes import Note, NoteSort
from monitor.simulate.organisation import SimOrganisation, SimTeam, Tracker
from monitor.simulate.steps import noting

SECOND = 1_000


class Draft:
    """One root item in the making.

    ``number`` is the story's number in the world; everything the story names gets
    its numbers from it, so that two passes over a world name things alike.
    """

    def __init__(
        self,
        organisation: SimOrganisation,
        team: SimTeam,
        chance: random.Random,
        number: int,
        now: int,
    ) -> None:
        """Start with the cursor at ``now`` (milliseconds), outside of flight."""
        self.organisation = organisation
        self.team = team
        self.owner = team
        self.chance = chance
        self.number = number
        self.now = now
        self.item = ""
        self.work_class = "feature"
        self.tracker: Tracker = team.tracker
        self.issue: Issue | None = None
        self.ticket: Ticket | None = None
        self.others: list[Life] = []
        self.deleted = 0
        # Who opens it, and the labels and components it has from then on.
        self.opener = team
        self.labels: tuple[str, ...] = ()
        self.components: tuple[str, ...] = ()
        # Whether it is in flight only while a change of it is open.
        self.by_change = False
        # When it was opened and meant, and whose it was; when it ended first, and how.
        self.opened: tuple[int, SimTeam] | None = None
        self.meant: tuple[int, SimTeam] | None = None
        self.ended: tuple[int, str] | None = None
        self._keys: list[tuple[int, str]] = []
        self._used = 0
        self._stretches: list[Stretch] = []
        self._open: Stretch | None = None
        self._waits: list[Wait] = []
        self._failures: list[Failure] = []
        self._changes: list[Span] = []
        self._open_changes: dict[str, int] = {}
        self._moments: list[Moment] = []
        self._notes: list[Note] = []

    @property
    def name(self) -> str:
        """How tools that are not its tracker name the item."""
        if self.issue is not None:
            return f"{self.issue.repo}#{self.issue.number}"
        return self.item

    @property
    def calendar(self) -> Calendar:
        """The working time of the team that owns the item now."""
        return self.owner.calendar

    def fresh(self) -> int:
        """A number nobody else in the world has."""
        self._used += 1
        return self.number * 100 + self._used

    def work(self, seconds: int) -> None:
        """Let working time pass."""
        later = self.calendar.instant_after(self.now, seconds * SECOND)
        if later is not None:
            self.now = later

    def between(self, least: int, most: int) -> None:
        """Let a random number of working seconds pass."""
        self.work(self.chance.randint(least, most))

    def tell(
        self,
        kind: str,
        said: Said | None = None,
        *,
        voice: Voice = "native",
        entity: str = "",
        thing: Thing | None = None,
        activity: bool = True,
        at: int | None = None,
    ) -> None:
        """Note that a tool tells something, by default about the item and now."""
        time = self.now if at is None else at
        self._moments.append(
            Moment(time, voice, kind, entity or self.item, said or {}, thing, activity)
        )

    @contextmanager
    def unattended(self) -> Iterator[None]:
        """What is told meanwhile is no activity of anybody's."""
        told = len(self._moments)
        yield
        self._moments[told:] = [
            moment._replace(activity=False) for moment in self._moments[told:]
        ]

    def note(
        self,
        sort: NoteSort,
        team: str,
        on_team: str = "",
        *,
        what: str = "",
        detail: str = "",
    ) -> None:
        """Note what is true at this instant; ``noting`` knows what that is."""
        self._notes.append(Note(sort, self.now, team, on_team, what, detail))

    def enter(self, charged: SimTeam, doing: str, cause: str = "") -> None:
        """From now on the item is in flight like this."""
        self.leave()
        self._open = Stretch(self.now, self.now, charged.id, doing, cause)

    def leave(self) -> None:
        """The item leaves flight, or changes what it is in flight as."""
        if self._open is not None:
            self._stretches.append(self._open._replace(end=self.now))
            self._open = None

    def fly_while_waiting(self, since: int = 0) -> None:
        """In flight exactly while another team is waited for: as deploys are."""
        spans = sorted(
            (max(since, wait.start), wait.end)
            for wait in self._waits
            if wait.on_team != self.team.id and since < wait.end
        )
        for start, end in spans:
            last = self._stretches[-1] if self._stretches else None
            if last is not None and start <= last.end:
                self._stretches[-1] = last._replace(end=max(last.end, end))
            else:
                self._stretches.append(Stretch(start, end, self.team.id, "none"))

    def call(self, item: str) -> None:
        """From now on the item has this key."""
        self.item = item
        self._keys.append((self.now, item))

    def found(self, class_: str, what: str, since: int) -> Life:
        """The finished plan of a finding, which was there since an instant."""
        note = Note("found", since, self.team.id, "", class_, what, self.now)
        self._notes.append(note)
        return self.finish()

    def adopt(self, part: Draft) -> None:
        """What was told of a part of the item is told of the item; time went on.

        Decisions on the part are on the item; put off was the part alone.
        """
        self._moments += part._moments
        self._notes += [note for note in part._notes if note.sort == "decided"]
        self.meant = self.meant or part.meant
        self.now = part.now

    def wait(self, wait: Wait) -> None:
        """Note that somebody is waited for."""
        self._waits.append(wait)

    def close_waits(self) -> None:
        """Done: nobody waits any more for what is still open, also if it comes back."""
        self._waits = [
            wait._replace(end=self.now) if wait.start < self.now < wait.end else wait
            for wait in self._waits
        ]

    def share(self, other: Draft) -> None:
        """What the other waits for is waited for here as well."""
        self._waits += other._waits

    def fail(self, failure: Failure) -> None:
        """Note a failed run without stated cause."""
        self._failures.append(failure)

    def open_change(self, entity: str) -> None:
        """From now on the change is open."""
        self._open_changes[entity] = self.now

    def close_change(self, entity: str) -> None:
        """The change is open no longer."""
        start = self._open_changes.pop(entity)
        self._changes.append(Span(entity, start, self.now))

    def other_team(self, *, platform: float = 0.5) -> SimTeam:
        """Another team, a platform team with the given chance."""
        choice = self.organisation.teams
        if self.chance.random() < platform:
            choice = self.organisation.by_kind("platform")
        others = [team for team in choice if team not in (self.team, self.owner)]
        if not others:
            others = [
                team
                for team in self.organisation.teams
                if team not in (self.team, self.owner)
            ]
        return self.chance.choice(others)

    def finish(self) -> Life:
        """The finished plan of the item itself."""
        self.leave()
        moments = tuple(sorted(self._moments, key=lambda told: told.time))
        return Life(
            self.item,
            tuple(self._stretches),
            tuple(self._waits),
            tuple(self._failures),
            tuple(self._changes),
            moments,
            keys=tuple(self._keys),
            deleted=self.deleted,
            notes=tuple(sorted((*self._notes, *noting.lasting(self)))),
        )
