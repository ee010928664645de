"""Waits of a ticket on a team: its flag, and its links to unresolved tickets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.flags import Flag, flag_of, lifted_by, lifts_of
from monitor.domain.items import FOREVER, SEEN_RESOLVED, ItemFacts, Profile
from monitor.domain.model import Model
from monitor.domain.teams import UNKNOWN, Directory
from monitor.domain.timeline import Component
from monitor.indicators.items.flight import Flights
from monitor.indicators.items.owners import UNOWNED, owner_of_key
from monitor.indicators.waits.intervals import (
    TICKET_LEVEL,
    Mark,
    Span,
    Stretch,
    closing,
    dated,
    spans,
    united,
    within,
    without,
)
from monitor.indicators.waits.subtasks import UNENDING, Subtask, subtasks_of

# Kinds of an item that may be held up so; requests stand elsewhere.
BLOCKING: Final = frozenset({Kind.LINK_ADDED, Kind.TICKET_BLOCKED})
# Where a blocker is unresolved of which nobody tells whether it is: at most its changes
# and runs are known.
NEVER_TOLD: Final = ((-FOREVER, FOREVER),)


def blocks_of(
    item: ItemFacts, flights: Flights, directory: Directory, model: Model
) -> Iterator[Stretch]:
    """Every wait that a ticket of the item states, or a link or request of it."""
    subtasks = subtasks_of(item)
    links = list(link_stretches(item, directory, subtasks))
    if model.link_blocks:
        yield from links
    yield from request_stretches(item, subtasks)
    yield from blocked_stretches(item, flights, directory, links, subtasks)


def blocked_stretches(
    item: ItemFacts,
    flights: Flights,
    directory: Directory,
    links: Sequence[Stretch],
    subtasks: Mapping[str, Subtask],
) -> Iterator[Stretch]:
    """`ticket_blocked`: flags of each ticket, by the team they name."""
    by_ticket: dict[str, list[Fact]] = {}
    for fact in item.of(Kind.TICKET_BLOCKED, Kind.TICKET_UNBLOCKED):
        by_ticket.setdefault(fact.entity, []).append(fact)
    by_linked: dict[str, list[Span]] = {}
    for link in links:
        by_linked.setdefault(link.entity, []).append((link.start, link.end))
    for entity, facts in by_ticket.items():
        linked = united(by_linked.get(entity, ()))
        subtask = subtasks.get(entity, UNENDING)
        finals = sorted({*flights.finals, *subtask.finals})
        for name, team, stands in flag_spans(facts, directory, finals):
            for flagged in stands:
                for blocked in within(flagged, subtask.spans):
                    # A flag that names nobody says nothing beside an open link.
                    counted = (blocked,) if name else without(blocked, linked)
                    for span in counted:
                        yield _flag(team, span, entity)


def _flag(team: str, span: Span, entity: str) -> Stretch:
    component = Component.TICKET_BLOCKED
    return Stretch(component, (team,), *span, TICKET_LEVEL, entity, stale_by="")


def flag_spans(
    facts: Sequence[Fact], directory: Directory, finals: Sequence[int] = ()
) -> Iterator[tuple[str, str, list[Span]]]:
    """The name of each flag of one ticket, its team, and where anything tells it.

    ``finals`` are the instants, sorted, at which every flag ends.
    """
    by_name: dict[tuple[str, str], list[Span]] = {}
    for name, team, marks in _block_marks(facts, directory):
        stands = by_name.setdefault((name, team), [])
        stands += spans([*marks, *closing(marks, finals)])
    for (name, team), stands in by_name.items():
        yield name, team, united(stands)


def _block_marks(
    facts: Sequence[Fact], directory: Directory
) -> Iterator[tuple[str, str, list[Mark]]]:
    """The name of each flag, its team, and its marks; no name lifts every flag.

    Unless it says that it lifts only the one that names nobody: Jira's does, from
    *Blocked* to a status of waiting for a team, which begins at the same instant; or
    that a label or a card tells it, which lifts its own.

    Tools spell one team in several ways, and a label may hold anybody's name, a
    person's too: names are compared by what is kept of them.
    """
    lifts: list[Mark] = []
    flags: dict[tuple[Flag, str], list[Mark]] = {}
    ended: dict[Flag, list[Mark]] = {}
    for fact in facts:
        if fact.kind is Kind.TICKET_BLOCKED:
            flag = flag_of(fact)
            team = directory.listed(fact.fields["on_team"]) if flag.name else UNKNOWN
            flags.setdefault((flag, team), []).append((fact.time, True))
        elif (lifted := lifted_by(fact)) is None:
            lifts.append((fact.time, False))
        else:
            for flag in lifted:
                ended.setdefault(flag, []).append((fact.time, False))
    for flag, team in sorted(flags):
        own = chain.from_iterable(ended.get(one, ()) for one in lifts_of(flag))
        yield flag.name, team, [*flags[flag, team], *own, *lifts]


def link_stretches(
    item: ItemFacts, directory: Directory, subtasks: Mapping[str, Subtask]
) -> Iterator[Stretch]:
    """`dependency_link`: links to blockers, while these are unresolved.

    Whether they are waits, or exposure only, is the model's business.
    """
    by_pair: dict[tuple[str, str], list[Fact]] = {}
    for fact in item.of(Kind.LINK_ADDED, Kind.LINK_REMOVED):
        key = (fact.entity, fact.fields.get("blocker", ""))
        by_pair.setdefault(key, []).append(fact)
    for (entity, blocker), facts in by_pair.items():
        profile = item.blockers.get(blocker)
        unresolved = profile.unresolved if profile else NEVER_TOLD
        owner = profile.owner if profile else UNOWNED
        if owner == UNOWNED:
            owner = owner_of_key(blocker, item.facts, directory) or UNOWNED
        held = subtasks.get(entity, UNENDING).spans
        component = Component.DEPENDENCY_LINK
        for linked in _linked(_counted(facts, profile)):
            for span in _common(linked, unresolved, held):
                stretch = Stretch(
                    component, (), *span, TICKET_LEVEL, entity, stale_by=blocker
                )
                yield from dated(stretch, owner)


def _counted(facts: Sequence[Fact], profile: Profile | None) -> Sequence[Fact]:
    """What counts of a link; that its blocker was seen resolved, if it is never read.

    A blocker that is read tells itself where it is resolved.
    """
    if profile is None or profile.unresolved == NEVER_TOLD:
        return facts
    if not (profile.activity or profile.unresolved[1:]):
        return facts
    return [fact for fact in facts if fact.fields.get("how") != SEEN_RESOLVED]


def _linked(facts: Sequence[Fact]) -> list[Span]:
    """Where any link of one ticket to one blocker stands; each has its own number.

    A changelog tells no number. What it adds ends with any link of the pair; what it
    removes is one whose number is told, unless no removal tells any.
    """
    by_number: dict[str, list[Mark]] = {}
    for fact in facts:
        mark = (fact.time, fact.kind is Kind.LINK_ADDED)
        by_number.setdefault(fact.fields.get("request", ""), []).append(mark)
    unnumbered = by_number.pop("", [])
    numbered = list(by_number.values())
    removed = [mark for marks in numbered for mark in marks if not mark[1]]
    lifts = [] if removed else [mark for mark in unnumbered if not mark[1]]
    links = [[*marks, *lifts] for marks in numbered]
    each = map(spans, (*links, [*unnumbered, *removed]))
    return united(chain.from_iterable(each))


def request_stretches(
    item: ItemFacts, subtasks: Mapping[str, Subtask]
) -> Iterator[Stretch]:
    """`ticket_request`: requests the item needs, while these are unresolved."""
    asking = {name: told for name, told in item.blockers.items() if told.needs}
    asking.pop(item.key, None)  # nothing waits for itself
    if not asking:
        return
    entities = {item.key, *(fact.entity for fact in item.facts)}
    component = Component.TICKET_REQUEST
    for request, profile in asking.items():
        for entity, since, until in profile.needs:
            if entity not in entities:
                continue
            held = subtasks.get(entity, UNENDING).spans
            for span in _common((since, until), profile.unresolved, held):
                stretch = Stretch(
                    component, (), *span, TICKET_LEVEL, request, stale_by=request
                )
                yield from dated(stretch, profile.assignee)


def _common(
    span: Span, unresolved: Sequence[Span], held: Sequence[Span]
) -> Iterator[Span]:
    """Where what is needed is unresolved, and who needs it is at work."""
    for part in within(span, unresolved):
        yield from within(part, held)
