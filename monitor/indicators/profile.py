"""What a blocker tells its dependents: where it is unresolved, whose it is."""

from __future__ import annotations

from monitor.domain.facts import Kind
from monitor.domain.items import FOREVER, ItemFacts, Profile
from monitor.domain.teams import BEGINNING, Directory, Since
from monitor.indicators.flight import flights_of
from monitor.indicators.handover import handover_of, is_human
from monitor.indicators.intervals import spans

_RESOLVES = frozenset(
    {Kind.TICKET_DONE, Kind.TICKET_CANCELLED, Kind.CHANGE_MERGED, Kind.CHANGE_CLOSED}
)
_REVIVES = frozenset({Kind.TICKET_REOPENED, Kind.TICKET_STARTED, Kind.CHANGE_OPENED})


def profile_of(item: ItemFacts, entity: str, directory: Directory) -> Profile:
    """The profile of one ticket, out of the item it belongs to.

    A blocker is unresolved until it is done or cancelled, and again from a
    reopening on. Its owner is its item's.
    """
    own = [fact for fact in item.facts if fact.entity == entity]
    marks = [(BEGINNING, True)]
    for fact in own:
        if fact.kind in _RESOLVES:
            marks.append((fact.time, False))
        elif fact.kind in _REVIVES:
            marks.append((fact.time, True))
    handover = handover_of(item, flights_of(item), directory)
    owner: list[Since] = []
    for charge in handover.charged:
        if not owner or owner[-1].team != charge.owner:
            owner.append(Since(charge.start if owner else BEGINNING, charge.owner))
    activity = sorted({fact.time for fact in own if is_human(fact)})
    unresolved = tuple((start, min(end, FOREVER)) for start, end in spans(marks))
    return Profile(unresolved, tuple(owner), tuple(activity))
