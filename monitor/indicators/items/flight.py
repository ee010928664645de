"""When an item is in flight, and in which mode: fresh, or again after done.

Flight depends on the facts alone, so it is worked out before any wait is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from monitor.domain.facts import PUT_BACK, RUNS, Fact, Kind
from monitor.domain.items import (
    FOREVER,
    EntityType,
    ItemFacts,
    entity_type,
    instants,
)
from monitor.indicators.items.runs_told import RunsTold

Ended = Literal["", "done", "cancelled", "parked", "merged"]

_ROOT_ENTERS: Final = frozenset(
    {Kind.TICKET_STARTED, Kind.TICKET_ACCEPTED, Kind.TICKET_REOPENED}
)
# Of several at one instant the first counts.
_ROOT_LEAVES: Final[Mapping[Kind, Ended]] = {
    Kind.TICKET_DONE: "done",
    Kind.TICKET_CANCELLED: "cancelled",
    Kind.TICKET_PARKED: "parked",
}
_CHILD_OPENS: Final = frozenset(
    {
        Kind.CHANGE_OPENED,
        Kind.CHANGE_READY,
        Kind.TICKET_STARTED,
        Kind.TICKET_ACCEPTED,
        Kind.TICKET_REOPENED,
    }
)
_CHILD_CLOSES: Final = frozenset(
    {
        Kind.CHANGE_MERGED,
        Kind.CHANGE_CLOSED,
        Kind.TICKET_DONE,
        Kind.TICKET_CANCELLED,
        Kind.TICKET_PARKED,
    }
)
# What can move an item into or out of flight.
_MOVES: Final = _ROOT_ENTERS | set(_ROOT_LEAVES) | _CHILD_OPENS | _CHILD_CLOSES | RUNS
_TICKETS: Final = frozenset(k for k in Kind if k.startswith(("ticket.", "link.")))
_CHANGES: Final = frozenset(k for k in Kind if k.startswith("change."))


class Flight(NamedTuple):
    """A stretch in flight; ``final`` when done or cancelled ended it."""

    start: int
    end: int
    final: bool


class Mode(NamedTuple):
    """From ``start`` on the item is worked on again after done.

    ``causes`` are the stated cause teams, empty for rework without a cause.
    """

    start: int
    causes: tuple[str, ...]


class Flights(NamedTuple):
    """The item's flights in order, its modes, and its changes' open stretches."""

    flights: tuple[Flight, ...]
    modes: tuple[Mode, ...]
    finals: tuple[int, ...]
    open_changes: dict[str, tuple[tuple[int, int], ...]]


@dataclass(slots=True)
class _Machine:
    item: ItemFacts
    runs: RunsTold
    entered: int | None = None
    through_ticket: bool = False
    ended: Ended = ""
    ever_over: bool = False
    open_since: dict[str, int] = field(default_factory=dict)
    # Changes by when they were first said to be closed, seen open before or not.
    closed: dict[str, int] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    flights: list[Flight] = field(default_factory=list)
    modes: list[Mode] = field(default_factory=list)
    finals: list[int] = field(default_factory=list)
    stretches: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def at(self, facts: Sequence[Fact]) -> None:
        """Apply all facts of one instant; what was before decides the order."""
        if len(facts) == 1:
            self._at_one(facts)
            return
        instant = facts[0].time
        children = [fact for fact in facts if self._is_child(fact)]
        merged = {fact.entity for fact in facts if fact.kind is Kind.CHANGE_MERGED}
        back = {entity for entity, _ in put_back(facts)}
        closed = self._close_children(instant, children, set())
        # What was open closes before it opens again, which nothing merged does.
        self.merged |= merged & closed
        if self.entered is not None:
            self._leave(instant, self._stated_end(facts) or self._end_by_code(closed))
            self._open_children(instant, children)
            self._enter(instant, facts)
            closed = self._close_children(instant, children, closed - back)
            is_back = self.item.key in back
            self._leave(instant, "parked" if is_back else self._end_by_code(closed))
        else:
            self._open_children(instant, children)
            self._enter(instant, facts)
            closed |= self._close_children(instant, children, closed - back)
            self._leave(instant, self._stated_end(facts) or self._end_by_code(closed))
        self.merged |= merged

    def _at_one(self, facts: Sequence[Fact]) -> None:
        """A fact alone in its instant closes and leaves, or opens and enters."""
        fact = facts[0]
        kind, instant = fact.kind, fact.time
        if kind in RUNS and self.entered is not None:
            return
        children = facts if self._is_child(fact) else ()
        if kind in _CHILD_CLOSES:
            closed = self._close_children(instant, children, ())
            self._leave(instant, self._stated_end(facts) or self._end_by_code(closed))
            if kind is Kind.CHANGE_MERGED:
                self.merged.add(fact.entity)
        else:
            self._open_children(instant, children)
            self._enter(instant, facts)

    def _is_child(self, fact: Fact) -> bool:
        if fact.kind in _CHANGES:
            return True
        return fact.kind in _TICKETS and fact.entity != self.item.key

    def _close_children(
        self, instant: int, children: Sequence[Fact], again: Collection[str]
    ) -> set[str]:
        """Close what is open; not what closed at this instant and opened again."""
        closed, untold = set[str](), set[str]()
        opened = {fact.entity for fact in children if fact.kind in _CHILD_OPENS}
        for fact in children:
            if fact.kind not in _CHILD_CLOSES or fact.entity in again:
                continue
            is_change = entity_type(fact) is EntityType.CHANGE
            since = self.open_since.pop(fact.entity, None)
            if is_change:
                if since is None and fact.entity not in opened and self._was_open(fact):
                    untold.add(fact.entity)
                self.closed.setdefault(fact.entity, instant)
            if since is None:
                continue
            closed.add(fact.entity)
            if is_change:
                self.stretches.setdefault(fact.entity, []).append((since, instant))
        if untold and not self.runs.ran_for_another(self.closed, instant):
            # Else what tells that these were open tells that another one still is.
            closed |= untold
        return closed

    def _was_open(self, close: Fact) -> bool:
        """Whether it ends what was open by then, although nobody told its opening.

        The item itself is in flight by what runs for it, or runs told of the change.
        """
        change = close.entity
        if change in self.closed:
            return False
        return change == self.item.key or self.runs.ran_before(change, close.time)

    def _open_children(self, instant: int, children: Sequence[Fact]) -> None:
        for fact in children:
            if fact.kind not in _CHILD_OPENS or fact.entity in self.open_since:
                continue
            if fact.kind is Kind.CHANGE_READY and fact.entity in self.stretches:
                continue
            if fact.entity in self.merged:
                continue
            self.open_since[fact.entity] = instant

    def _enter(self, instant: int, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if fact.entity == self.item.key and fact.kind in _ROOT_ENTERS:
                self._enter_by_ticket(instant, fact)
            elif self.entered is None and self._enters_by_code(fact):
                self._start(instant, through_ticket=False)

    def _enter_by_ticket(self, instant: int, fact: Fact) -> None:
        finished = self.ended in ("done", "cancelled")
        if fact.kind is Kind.TICKET_ACCEPTED and finished:
            return
        reopened = fact.kind is Kind.TICKET_REOPENED
        causes = tuple(fact.fields.get("cause_teams", ())) if reopened else ()
        if self.ever_over and (finished or causes):
            self.modes.append(Mode(instant, causes))
        if self.entered is None:
            self._start(instant, through_ticket=True)
        elif not reopened:
            self.through_ticket = True

    def _enters_by_code(self, fact: Fact) -> bool:
        if self.ended in ("done", "cancelled"):
            return False
        if fact.kind in _CHILD_OPENS and self._is_child(fact):
            return self.open_since.get(fact.entity) == fact.time
        if entity_type(fact) is not EntityType.RUN or self.ended == "merged":
            # After its last change merged, a run on the branch starts nothing anew.
            return False
        change = self.item.changes_of_runs.get(fact.entity)
        if change in self.closed and change not in self.open_since:
            # Nor does what runs for a change that is open no longer.
            return False
        return self.ended != "parked" or self.runs.is_new_work(fact)

    def _start(self, instant: int, *, through_ticket: bool) -> None:
        self.entered = instant
        self.through_ticket = through_ticket
        self.ended = ""

    def _leave(self, instant: int, ended: Ended) -> None:
        if not ended:
            return
        final = ended in ("done", "cancelled")
        if self.entered is not None and instant > self.entered:
            self.flights.append(Flight(self.entered, instant, final))
        if final:
            self.finals.append(instant)
        # What is cancelled unbegun leaves nothing that could be done again.
        self.ever_over |= ended == "done" or (final and bool(self.flights))
        # A parked item that was done stays done: only reopened lets it in again.
        if not (self.entered is None and self.ended in ("done", "cancelled")):
            self.ended = ended
        self.entered = None

    def _end_by_code(self, closed: Collection[str]) -> Ended:
        """What was in flight through changes only ends with the last one open."""
        by_code = self.entered is not None and not self.through_ticket
        return "merged" if by_code and closed and not self.open_since else ""

    def _stated_end(self, facts: Sequence[Fact]) -> Ended:
        own = {fact.kind for fact in facts if fact.entity == self.item.key}
        if self.item.root is EntityType.CHANGE and Kind.CHANGE_MERGED in own:
            return "done"
        return next((end for kind, end in _ROOT_LEAVES.items() if kind in own), "")

    def result(self) -> Flights:
        """Close what is still open at the end of time."""
        if self.entered is not None:
            self.flights.append(Flight(self.entered, FOREVER, final=False))
        facts = self.item.facts if self.open_since else ()
        changes = {fact.entity for fact in facts if fact.kind in _CHANGES}
        for entity, since in self.open_since.items():
            if entity in changes:
                self.stretches.setdefault(entity, []).append((since, FOREVER))
        for entity, instant in self.closed.items():
            # Nobody told its opening: that it is open no longer is known all the same.
            self.stretches.setdefault(entity, [(instant, instant)])
        return Flights(
            tuple(self.flights),
            tuple(self.modes),
            tuple(self.finals),
            {entity: tuple(spans) for entity, spans in self.stretches.items()},
        )


def flights_of(item: ItemFacts) -> Flights:
    """When the item is in flight (indicators 1.2 and 1.6).

    At one instant, what was in flight before leaves first and may re-enter; what
    was not enters first and may leave with zero length. What was put back when it was
    reopened stays parked.
    """
    machine = _Machine(item, RunsTold(item))
    for facts in instants(fact for fact in item.facts if fact.kind in _MOVES):
        machine.at(facts)
    return machine.result()


def put_back(facts: Iterable[Fact]) -> set[tuple[str, int]]:
    """Tickets, and when they were opened again into nobody's hands: parked as well."""
    return {
        (fact.entity, fact.time)
        for fact in facts
        if fact.kind is Kind.TICKET_REOPENED and fact.fields.get("how") == PUT_BACK
    }
