"""Native events as the plain evaluator reads them, and the world they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tests.harness.plain_calendar import PlainCalendar, instant

# The order of equal instants: the table of kinds in the design, section 4.
KINDS = (
    "ticket.created",
    "ticket.started",
    "ticket.blocked",
    "ticket.unblocked",
    "ticket.assigned",
    "ticket.accepted",
    "ticket.requested",
    "ticket.commented",
    "ticket.updated",
    "ticket.postponed",
    "ticket.decided",
    "ticket.done",
    "ticket.cancelled",
    "ticket.parked",
    "ticket.reopened",
    "link.added",
    "link.removed",
    "change.opened",
    "change.ready",
    "change.drafted",
    "change.pushed",
    "change.merged",
    "change.closed",
    "change.review_requested",
    "change.review_unrequested",
    "change.reviewed",
    "run.queued",
    "run.held",
    "run.started",
    "run.finished",
    "deploy.ready",
    "deploy.started",
    "deploy.approval_requested",
    "deploy.approval_decided",
    "deploy.finished",
    "deploy.rolled_back",
    "freeze.started",
    "freeze.ended",
    "incident.opened",
    "incident.mitigated",
    "incident.resolved",
)
RANK = {kind: rank for rank, kind in enumerate(KINDS)}
TARGETS = ("on_team", "blocker", "to_team", "decision", "needed_by")


@dataclass(frozen=True)
class PlainTeam:
    """A team of the little directory; headcount ``None`` when not stated.

    ``absence`` is in per cent, ``None`` as in the organisation: 0.
    """

    kind: str = "stream"
    headcount: float | None = None
    calendar: PlainCalendar = field(default_factory=PlainCalendar)
    absence: int | None = None


@dataclass(frozen=True)
class PlainWorld:
    """The directory: teams, the organisation's calendar, money, owned services."""

    teams: Mapping[str, PlainTeam]
    services: Mapping[str, str] = field(default_factory=dict)
    calendar: PlainCalendar = field(default_factory=PlainCalendar)
    rate: float | None = None
    budget: float = 0.20

    def named(self, name: str) -> str:
        """The team of an explicit name."""
        if name in self.teams or name in ("external", "unknown", "other"):
            return name
        return "unknown"

    def calendar_of(self, team: str) -> PlainCalendar:
        """The calendar time is counted on when this team is charged."""
        return self.teams[team].calendar if team in self.teams else self.calendar

    def stream(self, team: str) -> bool:
        """Whether the team is stream-aligned."""
        return team in self.teams and self.teams[team].kind == "stream"


@dataclass(frozen=True)
class Event:
    """One native event, its time in milliseconds."""

    time: int
    kind: str
    entity: str
    body: Mapping[str, Any]

    def get(self, name: str) -> Any:
        """A field of the body, or ``None``."""
        return self.body.get(name)

    @property
    def human(self) -> bool:
        """Whether the event is an activity."""
        return not self.body.get("automation")

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Event time, then kind, then raw target."""
        return self.time, RANK[self.kind], target(self.body), self.entity


def target(body: Mapping[str, Any]) -> str:
    """What the event points at, as it says it."""
    named = [str(body[name]) for name in TARGETS if body.get(name) is not None]
    if body["kind"] == "change.reviewed" and body.get("team"):
        named.append(body["team"])
    return "|".join(named)


def parse(bodies: Iterable[Mapping[str, Any]], at: int) -> list[Event]:
    """Distinct events not later than ``at``, in order of event time."""
    best: dict[tuple[object, ...], Mapping[str, Any]] = {}
    for body in bodies:
        what = _identity(body)
        held = best.get(what)
        if held is None or _newer(body) > _newer(held):
            best[what] = body
    events = [
        Event(instant(body["time"]), body["kind"], body["entity"], body)
        for body in best.values()
    ]
    return sorted(
        (event for event in events if event.time <= at), key=lambda event: event.order
    )


def readings(bodies: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The bodies once for each way to choose between equals of one identity.

    Equal in revision and in what they say, the greater hash counts, and only the
    product knows hashes: one of these readings is the true one.
    """
    rivals: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for body in bodies:
        held = rivals.setdefault(_identity(body), [])
        if held and _newer(body) < _newer(held[0]):
            continue
        if held and _newer(body) > _newer(held[0]):
            held.clear()
        if all(_content(body) != _content(other) for other in held):
            held.append(body)
    for chosen in product(*rivals.values()):
        yield list(chosen)


def _identity(body: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        body["source"],
        body["kind"],
        body["entity"],
        instant(body["time"]),
        body.get("attempt"),
        body.get("outcome"),
        target(body),
        _whose(body),
    )


def _whose(body: Mapping[str, Any]) -> object:
    """Who did what tells no more than that somebody did something; who has a flaw."""
    if body["kind"].startswith("finding."):
        return body.get("team")
    if body["kind"] not in ("ticket.commented", "ticket.updated"):
        return None
    return "a program" if body.get("automation") else body.get("by_team")


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "id"}


def _newer(body: Mapping[str, Any]) -> tuple[int, int]:
    return int(body.get("revision") or 0), len(body)


def roots(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Events by root; a run without one is alone, and no item."""
    events = list(events)
    parent = _parents(events)
    items: dict[str, list[Event]] = {}
    for event in events:
        root = _climb(event.entity, parent)
        items.setdefault(root, []).append(event)
    return items


def _parents(events: list[Event]) -> dict[str, str]:
    parent: dict[str, str] = {}
    incidents = {e.entity for e in events if e.kind.startswith("incident.")}
    for event in events:
        above = event.get("item")
        if above is None and event.kind.startswith("run."):
            above = event.get("change")
        named = event.get("items")
        if above is None and named is not None and len(set(named)) == 1:
            above = named[0]
        if above in incidents and event.kind.startswith(
            ("ticket.", "link.", "change.")
        ):
            # A ticket is a root, and so is a change that is not linked to a ticket.
            continue
        if above is not None and not event.kind.startswith("incident."):
            parent.setdefault(event.entity, above)
    return parent


def _climb(entity: str, parent: Mapping[str, str]) -> str:
    seen = {entity}
    while entity in parent and parent[entity] not in seen:
        entity = parent[entity]
        seen.add(entity)
    return entity
