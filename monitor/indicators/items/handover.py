"""Who is charged: owners, origin, and to whom an item is assigned.

How it is handed around is told in ``handing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, EntityType, ItemFacts, instants
from monitor.domain.teams import BEGINNING, Directory, Schedule, team_at
from monitor.indicators.items.charges import Charge, Handoff, Handover
from monitor.indicators.items.flight import Flights
from monitor.indicators.items.handing import Handing
from monitor.indicators.items.owners import OWNING, Owner, base_owner, receiver


def handover_of(item: ItemFacts, flights: Flights, directory: Directory) -> Handover:
    """Owners, origin and handoffs of an item (indicators 1.2, 1.3 `handoff`)."""
    base = base_owner(item, directory)
    first = team_at(base.schedule, item.facts[0].time) if item.facts else "unknown"
    if base.explicit:
        first = base.schedule[0].team
    if _stays(item, base, directory):
        return Handover((Charge(BEGINNING, first, pending=False),), first, (), ())
    machine = _handed(item, base, first, directory)
    charged = tuple(machine.charged)
    origin = _origin(charged, flights, first)
    return Handover(charged, origin, tuple(machine.handoffs), tuple(machine.tallies))


def assignees(
    item: ItemFacts, own: Sequence[Fact], handover: Handover, directory: Directory
) -> Schedule:
    """The team a ticket is assigned to, accepted or not; at first its owner's.

    ``own`` is what is told of it. A sub-task is handed around by itself, from its
    first assignment on: what happens to its parent changes nothing from then on.
    """
    entity = own[0].entity
    if entity == item.key:
        return handover.assignees
    owners = handover.owners
    given = (f for f in own if f.kind is Kind.TICKET_ASSIGNED)
    since = next((f.time for f in given if receiver(f, directory) is not None), None)
    if since is None:
        return owners
    facts = tuple(f for f in own if f.time >= since)
    part = ItemFacts(entity, EntityType.TICKET, facts)
    until = tuple(entry for entry in owners if entry.start <= since)
    base = Owner(until, explicit=False)
    machine = _handed(part, base, team_at(base.schedule, since), directory)
    alone = Handover(tuple(machine.charged), "", tuple(machine.handoffs), ())
    return alone.assignees


def _handed(item: ItemFacts, base: Owner, first: str, directory: Directory) -> Handing:
    """What its facts have done to whose it was at first, until the end of time."""
    machine = Handing(item, directory, first)
    machine.chain.append((first, True))
    machine.charged.append(Charge(BEGINNING, first, pending=False))
    if not base.explicit:
        _before_first_fact(machine, item, base)
    for instant, group in _instants(item, base):
        for entry in () if base.explicit else base.schedule:
            # A dated rule holds until somebody takes the item over.
            untouched = len(machine.chain) == 1 and machine.pending is None
            if entry.start == instant and untouched:
                machine.owner = entry.team
                machine.chain[0] = (entry.team, True)
        machine.at(instant, group)
    if machine.pending is not None:
        machine.handoffs.append(Handoff(machine.since, FOREVER, machine.pending))
    return machine


def _stays(item: ItemFacts, base: Owner, directory: Directory) -> bool:
    """Whether the item has one owner for ever, as most items do."""
    if len(base.schedule) > 1 or Kind.TICKET_ASSIGNED in item.kinds:
        return False
    if base.explicit and item.root is EntityType.TICKET:
        # Whoever its facts name is in the schedule already.
        return True
    owner = base.schedule[0].team
    return all(
        directory.named(fact.fields["team"]) == owner
        for kind in OWNING & item.kinds
        for fact in item.of(kind)
        if "team" in fact.fields and fact.entity == item.key
    )


def _before_first_fact(machine: Handing, item: ItemFacts, base: Owner) -> None:
    first = item.facts[0].time if item.facts else 0
    machine.charged[:] = [
        Charge(entry.start, entry.team, pending=False)
        for entry in base.schedule
        if entry.start <= first
    ]


def _instants(item: ItemFacts, base: Owner) -> Iterable[tuple[int, list[Fact]]]:
    grouped = [(facts[0].time, facts) for facts in instants(_moving(item))]
    if len(base.schedule) == 1 or base.explicit:
        return grouped
    known = {time for time, _ in grouped}
    first = item.facts[0].time if item.facts else 0
    extra: list[tuple[int, list[Fact]]] = [
        (entry.start, [])
        for entry in base.schedule
        if entry.start > first and entry.start not in known
    ]
    return sorted(grouped + extra, key=lambda pair: pair[0])


def _moving(item: ItemFacts) -> Sequence[Fact]:
    """The facts that can change who is charged; without a handoff these are few."""
    if Kind.TICKET_ASSIGNED in item.kinds:
        return item.facts
    return [f for f in item.facts if f.kind in OWNING and "team" in f.fields]


def _origin(charged: Sequence[Charge], flights: Flights, first: str) -> str:
    if not flights.flights:
        return first
    entry = flights.flights[0].start
    owner = charged[0].owner
    for charge in charged:
        if charge.start > entry:
            break
        owner = charge.owner
    return owner
