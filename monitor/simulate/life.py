"""The plan's words: what truly happens to one work item, and what tools say of it.

A plan is written as intervals, because that is what is true; moments are what the
tools tell about them. The ledger is computed from the intervals, the records from
the moments, and neither from the other. Notes say what else is true, for the signals.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from monitor.domain.working_time import HOUR, WORKING_DAY
from monitor.simulate.bodies.things import Thing
from monitor.simulate.notes import Note

CI_CAP: Final = 4 * HOUR
SHARED_CAP: Final = 10 * WORKING_DAY
SHARED: Final = "ci_shared_failure"
INTERNAL: Final = "internal"
RESPONSE: Final = "response"

Voice = Literal["native", "github", "jira", "cdevents"]
Said = dict[str, object]


class Moment(NamedTuple):
    """One thing a tool tells, at an instant in milliseconds.

    ``kind`` is the native kind, GitHub's ``event.action``, Jira's event or CDEvents'
    ``subject.predicate``; ``thing`` is what GitHub's or Jira's body shows then.
    ``activity`` is false for what automation does: it keeps no item alive.
    """

    time: int
    voice: Voice
    kind: str
    entity: str
    said: Said
    thing: Thing | None = None
    activity: bool = True


class Stretch(NamedTuple):
    """The item is in flight: charged to a team, doing a class of work.

    ``doing`` is the work class, ``internal`` while it travels back to its origin,
    or ``response`` to the team in ``cause``. Stretches that touch are one flight.
    """

    start: int
    end: int
    charged: str
    doing: str
    cause: str = ""


class Wait(NamedTuple):
    """Somebody is waited for. ``change`` empty: the whole item waits.

    ``loose`` marks the wait of a run without change: it halts only an item
    without open changes. ``cap`` is in working milliseconds, 0 without one; waits
    without a cap go stale. ``blocker`` holds the instants at which the blocking
    item was touched.
    """

    component: str
    on_team: str
    start: int
    end: int
    change: str = ""
    cap: int = 0
    loose: bool = False
    blocker: tuple[int, ...] = ()


class Failure(NamedTuple):
    """A failed run without stated cause: pending until something settles it.

    ``flaky_of`` is the pipeline's owner when the same sha passed at ``settled``;
    empty when the failure was the item's own.
    """

    start: int
    settled: int
    flaky_of: str
    change: str


class Span(NamedTuple):
    """A change that is open."""

    entity: str
    start: int
    end: int


class Outage(NamedTuple):
    """An incident on a team's service, by the wall clock.

    ``causes`` are the statements of who caused it: (instant, teams).
    """

    team: str
    opened: int
    mitigated: int
    causes: tuple[tuple[int, tuple[str, ...]], ...]
    responders: int


class Life(NamedTuple):
    """All that is true of one root item, and all that is told about it.

    ``keys`` are what it was called from when on, where it was moved; ``deleted`` is
    when it turned out to be a mistake, 0 for never.
    """

    item: str
    stretches: tuple[Stretch, ...] = ()
    waits: tuple[Wait, ...] = ()
    failures: tuple[Failure, ...] = ()
    changes: tuple[Span, ...] = ()
    moments: tuple[Moment, ...] = ()
    outage: Outage | None = None
    keys: tuple[tuple[int, str], ...] = ()
    deleted: int = 0
    notes: tuple[Note, ...] = ()

    def item_at(self, instant: int) -> str:
        """What the item is called as of an instant."""
        called = [key for since, key in self.keys if since <= instant]
        return called[-1] if called else self.item

    def notes_at(self, instant: int) -> tuple[Note, ...]:
        """What is true for the signals, as far as it has happened by an instant.

        Of an incident nobody is the cause before somebody says so.
        """
        if self.deleted and self.deleted <= instant:
            return ()
        blamed = self.outage is None or any(
            at <= instant for at, _ in self.outage.causes
        )
        return tuple(
            _open_still(note) if note.until > instant else note
            for note in self.notes
            if note.time <= instant and (blamed or note.sort != "trouble")
        )

    def activities(self) -> tuple[int, ...]:
        """The instants at which somebody touched the item, sorted."""
        return tuple(sorted({told.time for told in self.moments if told.activity}))


def _open_still(note: Note) -> Note:
    """The same before its end: how a ticket ends is not known then."""
    detail = "" if note.sort == "triaged" else note.detail
    return note._replace(until=0, detail=detail)
