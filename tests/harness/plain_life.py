"""The life of one item: flight, owner, origin, class, handoffs, by event sweep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from tests.harness.plain_attempts import attempts
from tests.harness.plain_changes import (
    OPENS,
    SHUTS,
    change_of,
    closings,
    ends_untold,
    is_shut,
    open_spans,
    openings,
)
from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_ownership import Hands, hands_of
from tests.harness.plain_steps import FOREVER, Span, Steps, pair, where

FINAL = ("ticket.done", "ticket.cancelled")
STATUS = ("ticket.started", "ticket.reopened")
STARTS = (*STATUS, "ticket.accepted")
# What never is in flight itself.
UNFLOWN = ("deploy", "incident", "run")
Mode = Literal["never", "flying", "done", "parked", "left"]


@dataclass(frozen=True)
class Life:
    """What is known of an item apart from its waits.

    ``again`` is "" before the first done, then "rework" or the cause team of a
    reopening. ``leaves`` are the instants that close every wait for good.
    """

    root: str
    events: tuple[Event, ...]
    flights: tuple[Span, ...]
    resolved: tuple[Span, ...]
    leaves: tuple[int, ...]
    again: Steps
    classes: Steps
    hands: Hands
    open_changes: dict[str, list[Span]] = field(hash=False)

    @property
    def beats(self) -> tuple[int, ...]:
        """When somebody worked on it; what runs for a shut change is no work."""
        runs = [event for event in self.events if event.kind.startswith("run.")]
        late = [
            event
            for attempt in attempts(runs)
            if after_its_change(attempt, self)
            for event in attempt
        ]
        return tuple(e.time for e in self.events if e.human and e not in late)

    @property
    def origin(self) -> str:
        """The first team that had the item in flight."""
        first = self.flights[0].start if self.flights else self.events[0].time
        return self.hands.owner.at(first)

    def charged(self, moment: int) -> str:
        """Who is charged: the origin while a handoff is open, else the owner."""
        if any(span.holds(moment) for span, _ in self.hands.open):
            return self.origin
        return self.hands.owner.at(moment)

    def flight(self, moment: int) -> Span | None:
        """The stretch of flight an instant lies in."""
        return next((span for span in self.flights if span.holds(moment)), None)

    def active_class(self, moment: int) -> str:
        """The class of active time: rework after a done, request away from home."""
        if self.again.at(moment):
            return "rework"
        if self.hands.owner.at(moment) != self.origin:
            return "request"
        return self.classes.at(moment)


def by_instant(events: Sequence[Event]) -> Iterator[tuple[int, list[Event]]]:
    """Events in order, those of one instant together."""
    for moment, group in groupby(events, key=lambda event: event.time):
        yield moment, list(group)


def root_kind(root: str, events: Sequence[Event]) -> str:
    """Whether the root is a ticket, a change, a deploy, an incident or a run."""
    own = {event.kind.split(".")[0] for event in events if event.entity == root}
    for kind in ("ticket", "link", "change", "deploy", "incident", "run"):
        if kind in own:
            return "ticket" if kind == "link" else kind
    return "ticket"


def after_its_change(attempt: Sequence[Event], life: Life) -> bool:
    """Whether an attempt of a run began when its change was open no longer."""
    change = change_of(life.events, attempt[0].entity)
    return is_shut(life.events, change, min(event.time for event in attempt))


class _Flight:
    """The sweep over the instants of one item."""

    def __init__(self, kind: str, events: Sequence[Event]) -> None:
        named = {event.entity for event in events if event.kind.startswith("change.")}
        self.kind = kind
        self.events = events
        self.changes = {change: open_spans(events, change) for change in sorted(named)}
        self.opens = {change: openings(events, change) for change in named}
        self.shuts = {change: closings(events, change) for change in named}
        self.mode: Mode = "never"
        self.by_status = False
        self.over = False
        self.since = 0
        self.flights: list[Span] = []
        self.leaves: list[int] = []
        self.modes: list[tuple[int, str]] = []
        self.again: list[tuple[int, str]] = [(-FOREVER, "")]

    def step(self, moment: int, group: list[Event]) -> None:
        """One instant: what was so before ends first, else it begins first."""
        leaving = [event for event in group if self.is_leave(event)]
        entering = [event for event in group if self.is_entry(event)]
        if self.mode == "flying":
            self.leave(moment, leaving)
            self.enter(moment, entering)
            self.leave_by_code(moment, self.passed(moment))
        else:
            self.enter(moment, entering)
            self.leave(moment, leaving)
        self.modes.append((moment, self.mode))

    def is_leave(self, event: Event) -> bool:
        if self.kind == "change":
            return event.kind in SHUTS
        return event.kind in (*FINAL, "ticket.parked")

    def is_entry(self, event: Event) -> bool:
        if event.kind in OPENS:
            return self.opens_anew(event)
        return event.kind in STARTS or event.kind.startswith("run.")

    def opens_anew(self, event: Event) -> bool:
        """Whether the change was not open just before."""
        opened = event.time in self.opens[event.entity]
        spans = self.changes[event.entity]
        return opened and not any(s.start < event.time < s.end for s in spans)

    def enter(self, moment: int, entering: list[Event]) -> None:
        for event in entering:
            if self.mode == "done":
                if event.kind not in STATUS:
                    continue
                if self.over:
                    self.again.append((moment, self.cause_of(event) or "rework"))
            elif self.mode == "flying" and event.kind == "ticket.reopened":
                self.blame(moment, event)
                continue
            elif event.kind == "ticket.reopened":
                self.blame(moment, event)
            if event.kind.startswith("run.") and not self.is_new_work(event):
                continue
            if event.kind in STARTS:
                self.by_status = True
            if self.mode != "flying":
                self.mode, self.since = "flying", moment

    def blame(self, moment: int, event: Event) -> None:
        """A cause stated of what was done before counts, wherever it comes from."""
        if len(self.again) > 1 and self.cause_of(event):
            self.again.append((moment, self.cause_of(event)))

    def is_new_work(self, run: Event) -> bool:
        """Whether a run brings the item back, by how it left."""
        change = change_of(self.events, run.entity)
        if self.mode == "left" or is_shut(self.events, change, run.time):
            return False
        if self.mode != "parked":
            return True
        number = run.get("attempt")
        before = [
            event.get("attempt")
            for event in self.events
            if event.entity == run.entity and event.time < run.time
        ]
        return not before or (number is not None and {None, number}.isdisjoint(before))

    def cause_of(self, event: Event) -> str:
        """The team because of which it was reopened, if one is stated."""
        named = event.get("cause_team") if event.kind == "ticket.reopened" else None
        return str(named or "")

    def leave(self, moment: int, leaving: list[Event]) -> None:
        for event in leaving:
            if event.kind != "ticket.parked":
                self.end(moment, "done")
                self.leaves.append(moment)
                # What was cancelled unbegun leaves nothing to be done again.
                begun = event.kind == "ticket.done" or bool(self.flights)
                self.over = self.over or begun
            elif self.mode != "done":
                self.end(moment, "parked")
        self.leave_by_code(moment, self.last_shut(moment))

    def leave_by_code(self, moment: int, shut: bool) -> None:
        if self.mode == "flying" and not self.by_status and shut:
            self.end(moment, "left")

    def last_shut(self, moment: int) -> bool:
        """Whether the last open change closes, be it with zero length."""
        spans = [span for held in self.changes.values() for span in held]
        shut = any(span.end == moment for span in spans)
        if self.since == moment:
            shut = shut or self.passed(moment)
        # What begins as the last one ends brings the item back after it has left.
        still = [span for span in spans if span.holds(moment)]
        if self.since < moment:
            still = [span for span in still if span.start < moment]
        return (shut or ends_untold(self.events, moment)) and not still

    def passed(self, moment: int) -> bool:
        """Whether a change opens and closes at once, and no other one is open."""
        spans = [span for held in self.changes.values() for span in held]
        return any(
            moment in self.opens[change] & self.shuts[change]
            and not any(span.end == moment for span in held)
            for change, held in self.changes.items()
        ) and not any(span.holds(moment) for span in spans)

    def end(self, moment: int, mode: Mode) -> None:
        if self.mode == "flying" and self.since < moment:
            self.flights.append(Span(self.since, moment))
        self.mode, self.by_status = mode, False


def life_of(root: str, events: Sequence[Event], world: PlainWorld) -> Life:
    """The life of an item from its events, sorted."""
    kind = root_kind(root, events)
    sweep = _Flight(kind, events)
    for moment, group in by_instant(events):
        sweep.step(moment, group)
    if sweep.mode == "flying":
        sweep.flights.append(Span(sweep.since, FOREVER))
    modes = Steps(tuple(sweep.modes))
    resolved = where(
        (moment for moment, _ in sweep.modes),
        lambda moment: modes.at(moment) == "done",
    )
    if kind == "incident":
        resolved = _resolved(root, events)
    return Life(
        root=kind,
        events=tuple(events),
        flights=() if kind in UNFLOWN else tuple(sweep.flights),
        resolved=tuple(resolved),
        leaves=tuple(sweep.leaves),
        again=Steps(tuple(sweep.again)),
        classes=_classes(events),
        hands=hands_of(kind, root, events, sweep.leaves, world),
        open_changes=sweep.changes,
    )


def _resolved(root: str, events: Sequence[Event]) -> list[Span]:
    """When an incident is resolved, which its mitigation is not, and not open again."""
    own = [event for event in events if event.entity == root]
    return pair(
        [event.time for event in own if event.kind == "incident.resolved"],
        [event.time for event in own if event.kind == "incident.opened"],
    )


def _classes(events: Sequence[Event]) -> Steps:
    stated = [
        (event.time, str(event.get("work_class")))
        for event in events
        if event.get("work_class")
    ]
    return Steps(tuple(stated) or ((0, "unclassified"),))
