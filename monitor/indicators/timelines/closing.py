"""When an item is over: nothing of it is open, and since when nobody was heard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from monitor.domain.deploys import is_success, leaves_broken
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, EntityType, ItemFacts, entity_type
from monitor.domain.refused_deploys import without_refused
from monitor.domain.timeline import Sort, Timeline
from monitor.indicators.items.deploy_charge import deploys_in
from monitor.indicators.items.flight import flights_of
from monitor.indicators.waits.intervals import spans

# Nothing is ever known to be over of these: a freeze may hold up deploys to come, and
# a finding stays until it is closed.
_LASTING: Final = frozenset({EntityType.FREEZE, EntityType.FINDING})
_FLOWING: Final = frozenset({EntityType.TICKET, EntityType.CHANGE})
_ENDED: Final = frozenset({Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK})
_PUSHES: Final = frozenset({Kind.CHANGE_PUSHED})


def closed_since(item: ItemFacts, timelines: Iterable[Timeline]) -> int | None:
    """Since when (ms) the item is closed and quiet; None while it is not closed.

    Closed is done, cancelled, or left by its last change. What is back in the backlog
    is not, nor what was never begun, nor anything with a wait that is open; but pushes
    that belong to no change or ticket are over. Quiet is later where anything was still
    said of it, charged to it, or counted or timed of it: its lead time may be told by
    another item's deploy, weeks after all else.
    """
    if not item.facts or item.root in _LASTING:
        return None
    ends = [item.facts[-1].time]
    if item.root in _FLOWING and not _is_only_pushed(item):
        left = _left(item)
        if left is None:
            return None
        ends.append(left)
    elif item.root is EntityType.INCIDENT and _is_open(item.facts):
        return None
    for timeline in timelines:
        ends += [wait.end for wait in timeline.waits]
        ends += [s.end for s in timeline.segments if s.sort in (Sort.WAIT, Sort.ACTIVE)]
        ends += [measure.time for measure in timeline.measures]
    last = max(ends)
    return last if last < FOREVER else None


def _is_only_pushed(item: ItemFacts) -> bool:
    """Whether it is a change that nothing but pushes is known of: none opens it."""
    return item.root is EntityType.CHANGE and item.kinds <= _PUSHES


def is_unrepaired(item: ItemFacts) -> bool:
    """Whether a deploy of it failed, and did not succeed afterwards itself.

    What repairs it is another deploy, which may come much later.
    """
    if item.kinds.isdisjoint(_ENDED):
        return False
    last: dict[str, bool] = {}
    for entity, facts in deploys_in(item).items():
        for fact in without_refused(facts):
            if leaves_broken(fact):
                last[entity] = True
            elif is_success(fact):
                last[entity] = False
    return any(last.values())


def _left(item: ItemFacts) -> int | None:
    """When the item left its last flight for good, or was ended without one."""
    flights, _, finals, _ = flights_of(item)
    ends = [*finals, *(flight.end for flight in flights)]
    last = max(ends, default=FOREVER)
    if last == FOREVER or last in finals:
        return None if last == FOREVER else last
    parked = any(
        fact.kind is Kind.TICKET_PARKED and fact.entity == item.key
        for fact in item.facts
    )
    return None if parked else last


def _is_open(facts: Iterable[Fact]) -> bool:
    """Whether an incident is neither mitigated nor resolved."""
    marks = [
        (fact.time, fact.kind is Kind.INCIDENT_OPENED)
        for fact in facts
        if entity_type(fact) is EntityType.INCIDENT
    ]
    return any(end == FOREVER for _, end in spans(marks))
