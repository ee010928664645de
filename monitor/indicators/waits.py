"""Waits for a runner, for an approval, and for a handed-over item to be taken.

A wait is listed for as long as it is open, in flight or not: flight, charge,
halting, staleness and overlap are the business of the sweep. The table is that of
indicators 1.3; `blocks.py`, `reviews.py` and `failures.py` hold its other rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.domain.teams import EXTERNAL, Directory, Schedule, always
from monitor.domain.timeline import Component
from monitor.domain.working_time import HOUR, Calendar
from monitor.indicators.charges import Handover
from monitor.indicators.flight import Flights
from monitor.indicators.intervals import LOOSE, TICKET_LEVEL, Stretch, capped, dated
from monitor.indicators.owners import UNOWNED, asked_team

QUEUE_CAP: Final = 4 * HOUR
# A member of an enumeration costs ten times a global name.
_QUEUED: Final = Kind.RUN_QUEUED

CalendarAt = Callable[[int], Calendar]


class Negative(NamedTuple):
    """A close stated before its open: counted, and the length taken as 0."""

    time: int
    component: Component


def queue_stretches(
    item: ItemFacts,
    flights: Flights,
    runs: Sequence[Fact],
    calendar: CalendarAt,
    directory: Directory,
) -> Iterator[Stretch | Negative]:
    """`ci_queue`: each attempt from queued to its first later stage."""
    attempts: dict[tuple[str, int], list[Fact]] = {}
    for run in runs:
        key = (run.entity, run.fields.get("attempt", 0))
        attempts.setdefault(key, []).append(run)
    for (entity, _), facts in attempts.items():
        start, end = None, FOREVER
        for kind, time, *_ in facts:
            if kind is not _QUEUED:
                end = min(end, time)
            elif start is None:
                start = time
        if start is None:
            continue
        if end < start:
            yield Negative(start, Component.CI_QUEUE)
            continue
        end = min(end, _next_of(flights.finals, start))
        if end - start > QUEUE_CAP:
            end = capped(start, end, calendar(start), QUEUE_CAP)
        if end > start:
            level = item.changes_of_runs.get(entity) or LOOSE
            stretch = Stretch(Component.CI_QUEUE, (), start, end, level, entity)
            yield from dated(stretch, _pool_owner(facts, directory))


def _next_of(instants: Sequence[int], start: int) -> int:
    following = bisect_left(instants, start)
    return instants[following] if following < len(instants) else FOREVER


def _pool_owner(facts: Sequence[Fact], directory: Directory) -> Schedule:
    for fact in facts:
        named = fact.fields.get("on_team")
        if named is not None and fact.kind is not Kind.RUN_FINISHED:
            return always(directory.named(named))
    for fact in facts:
        pool = fact.fields.get("pool")
        hosted = bool(fact.fields.get("hosted"))
        owner = directory.pool(tuple(pool), hosted=hosted) if pool else None
        if owner is not None:
            return owner
    if any(fact.fields.get("hosted") for fact in facts):
        return always(EXTERNAL)
    return UNOWNED


def handoff_stretches(item: ItemFacts, handover: Handover) -> Iterator[Stretch]:
    """`handoff`: from reassignment to acceptance."""
    for handoff in handover.handoffs:
        yield Stretch(
            Component.HANDOFF,
            (handoff.to_team,),
            handoff.start,
            handoff.end,
            TICKET_LEVEL,
            item.key,
            stale_by="",
        )


def approval_stretches(
    item: ItemFacts, directory: Directory
) -> Iterator[Stretch | Negative]:
    """`deploy_approval`: each request of a deploy, opening once."""
    first: dict[tuple[str, Schedule], Fact] = {}
    for fact in item.of(Kind.DEPLOY_APPROVAL_REQUESTED):
        first.setdefault((fact.entity, asked_team(fact, directory)), fact)
    decided: dict[str, list[Fact]] = {}
    for fact in item.of(Kind.DEPLOY_APPROVAL_DECIDED):
        decided.setdefault(fact.entity, []).append(fact)
    for (entity, schedule), request in first.items():
        end = _decided(request, schedule, decided.get(entity, ()), directory)
        if end < request.time:
            yield Negative(request.time, Component.DEPLOY_APPROVAL)
            continue
        stretch = Stretch(
            Component.DEPLOY_APPROVAL,
            (),
            request.time,
            end,
            TICKET_LEVEL,
            entity,
            stale_by="",
        )
        if end > request.time:
            yield from dated(stretch, schedule)


def _decided(
    request: Fact, schedule: Schedule, decisions: Sequence[Fact], directory: Directory
) -> int:
    """When the approval was decided: by name whatever its time, else by all."""
    named: list[int] = []
    for fact in decisions:
        says = "on_team" in fact.fields or "group" in fact.fields
        if (says and asked_team(fact, directory) == schedule) or (
            not says and fact.time >= request.time
        ):
            named.append(fact.time)
    return min(named, default=FOREVER)
