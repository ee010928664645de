"""Flow: what of an item is done, how long it took, and how many are in flight.

Velocity counts an item when it is first done, flow time is the wall time from its
first start to then, and load counts items in flight, idle ones too (indicators 4). A
reopened item is not done again: closing it twice must not count twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.domain.facts import Kind
from monitor.domain.items import FOREVER, EntityType, ItemFacts
from monitor.domain.teams import team_at
from monitor.domain.timeline import Measure, Measured
from monitor.indicators.items.charges import Handover, charges_between
from monitor.indicators.items.classes import classes_told
from monitor.indicators.items.flight import Flights

_CLOSED: Final = (Kind.TICKET_DONE, Kind.TICKET_CANCELLED)
_FILED: Final = (Kind.TICKET_CREATED, Kind.TICKET_REQUESTED)


def filed_at(item: ItemFacts) -> int | None:
    """When the ticket was filed; None where nobody tells."""
    return _first(item, _FILED)


def first_closed(item: ItemFacts, since: int) -> int | None:
    """When the ticket was first done or cancelled from an instant on, if it was."""
    return _first(item, _CLOSED, since)


def flow_measures(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    classes: Sequence[tuple[int, str]],
) -> Iterator[Measure]:
    """What a ticket or a change adds to flow; other roots are no units of work."""
    yield from _in_flight(flights, handover)
    kinds = item.kinds
    if item.root is EntityType.TICKET and Kind.TICKET_DONE in kinds:
        yield from _done(item, Kind.TICKET_DONE, flights, handover, classes)
    elif item.root is EntityType.CHANGE and Kind.CHANGE_MERGED in kinds:
        yield from _done(item, Kind.CHANGE_MERGED, flights, handover, classes)
    if item.root is EntityType.TICKET and _may_be_request(item, classes):
        yield from _request(item, handover)


def _in_flight(flights: Flights, handover: Handover) -> Iterator[Measure]:
    """When a team's items in flight become one more, and one less."""
    for start, end, _ in flights.flights:
        holder, since = "", start
        for left, _, charge in charges_between(handover.charged, start, end):
            team = handover.origin if charge.pending else charge.owner
            if team != holder:
                if holder:
                    yield from _stay(holder, since, left)
                holder, since = team, left
        yield from _stay(holder, since, end)


def _stay(team: str, start: int, end: int) -> Iterator[Measure]:
    yield Measure(Measured.IN_FLIGHT, team, "", start)
    if end < FOREVER:
        yield Measure(Measured.IN_FLIGHT, team, "", end, -1)


def _done(
    item: ItemFacts,
    kind: Kind,
    flights: Flights,
    handover: Handover,
    classes: Sequence[tuple[int, str]],
) -> Iterator[Measure]:
    done = _first(item, (kind,))
    if done is None:
        return
    team = handover.team_at(done)
    is_own = team == _origin_at(done, item, flights, handover)
    work_class = _class_at(done, classes) if is_own else "request"
    yield Measure(Measured.DONE, team, work_class, done)
    started = flights.flights[0].start if flights.flights else done
    if started < done:
        yield Measure(Measured.FLOW_TIME, team, "", done, done - started)


def _origin_at(
    instant: int, item: ItemFacts, flights: Flights, handover: Handover
) -> str:
    """Who first had the item in flight by then, or, unbegun, who had it at first.

    Whoever takes it up again later had no part in what was done before.
    """
    if flights.flights and flights.flights[0].start <= instant:
        return handover.origin
    return team_at(handover.owners, item.facts[0].time)


def _first(item: ItemFacts, kinds: Sequence[Kind], since: int = 0) -> int | None:
    """The first instant of a fact of these kinds about the root itself."""
    for fact in item.of(*kinds):
        if fact.entity == item.key and fact.time >= since:
            return fact.time
    return None


def _class_at(instant: int, classes: Sequence[tuple[int, str]]) -> str:
    found = classes[0][1]
    for since, work_class in classes:
        if since > instant:
            break
        found = work_class
    return found


def _may_be_request(item: ItemFacts, classes: Sequence[tuple[int, str]]) -> bool:
    """Cheap, because few are: what an item's own facts say is among its classes."""
    if Kind.TICKET_REQUESTED in item.kinds:
        return True
    return any(work_class == "request" for _, work_class in classes)


def _request(item: ItemFacts, handover: Handover) -> Iterator[Measure]:
    """A ticket filed for another team: opened when filed, closed once."""
    own = [fact for fact in item.facts if fact.entity == item.key]
    is_asked = any(fact.kind is Kind.TICKET_REQUESTED for fact in own)
    if not (is_asked or any(one == "request" for _, one in classes_told(own))):
        return
    filed = filed_at(item)
    opened = own[0].time if filed is None else filed
    yield Measure(Measured.REQUESTS_OPENED, handover.team_at(opened), "", opened)
    closed = first_closed(item, opened)
    if closed is not None:
        yield Measure(Measured.REQUESTS_CLOSED, handover.team_at(closed), "", closed)
