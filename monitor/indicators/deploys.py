"""Deploys outside an item's flight: their waits belong to the service's owner.

A deploy is in flight only while one of its waits is open, and it accrues no
active time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, EntityType, ItemFacts, entity_type
from monitor.domain.model import Model
from monitor.domain.teams import BEGINNING, Directory, Schedule, always
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import Calendar
from monitor.indicators.charges import Charge, Handover
from monitor.indicators.counted import counted_waits
from monitor.indicators.flight import Flight, Flights
from monitor.indicators.handover import activity_of
from monitor.indicators.intervals import Stretch, lapses
from monitor.indicators.owners import repository_owner_in
from monitor.indicators.sweep import Sweep, Sweeper
from monitor.indicators.waits import approval_stretches

_DEPLOYS: Final = frozenset(kind for kind in Kind if kind.startswith("deploy."))


def deploy_timelines(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    directory: Directory,
    model: Model,
) -> Iterator[Timeline]:
    """A timeline for each deploy whose waits lie outside the item's flight."""
    deploys: dict[str, list[Fact]] = {}
    for fact in item.facts if not _DEPLOYS.isdisjoint(item.kinds) else ():
        if entity_type(fact) is EntityType.DEPLOY:
            deploys.setdefault(fact.entity, []).append(fact)
    if not deploys:
        return
    outside = _outside(flights.flights)
    last = handover.charged[-1].owner
    for entity, facts in deploys.items():
        stretches = [
            stretch
            for stretch in approval_stretches(item, directory)
            if isinstance(stretch, Stretch) and stretch.entity == entity
        ]
        owner = _deploy_owner(item, facts, directory) or always(last)
        timeline = _timeline(item, entity, owner, outside, stretches, directory, model)
        if timeline.segments or timeline.waits:
            yield timeline


def _timeline(
    item: ItemFacts,
    entity: str,
    owner: Schedule,
    outside: Sequence[Flight],
    stretches: Sequence[Stretch],
    directory: Directory,
    model: Model,
) -> Timeline:
    charged = tuple(Charge(e.start, e.team, pending=False) for e in owner)
    handover = Handover(charged, owner[0].team, (), ())

    def calendar(instant: int) -> Calendar:
        return directory.calendar(handover.team_at(instant))

    activity = activity_of(item.facts)
    sweep = Sweep(
        item=entity,
        flights=outside,
        modes=(),
        charged=charged,
        origin=handover.origin,
        classes=((BEGINNING, "unclassified"),),
        stretches=stretches,
        own_failures=(),
        open_changes={},
        idle=(),
        stale={"": lapses(activity, model.stale_ms, calendar)},
        active=False,
    )
    segments = Sweeper(sweep, directory, model).run()
    return Timeline(item.key, segments, counted_waits(sweep, directory))


def _deploy_owner(
    item: ItemFacts, facts: Sequence[Fact], directory: Directory
) -> Schedule | None:
    """The service's owner, else the repository's.

    A deploy that is its own root may name its team itself.
    """
    if item.root is EntityType.DEPLOY:
        for fact in facts:
            if "team" in fact.fields:
                return always(directory.named(fact.fields["team"]))
    for fact in facts:
        service = fact.fields.get("service")
        found = directory.service(service) if service is not None else None
        if found is not None:
            return found
    return repository_owner_in(facts, directory)


def _outside(flights: Sequence[Flight]) -> list[Flight]:
    edges = [BEGINNING]
    for flight in flights:
        edges.extend((flight.start, flight.end))
    edges.append(FOREVER)
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Flight(start, end, final=False) for start, end in pairs if start < end]
