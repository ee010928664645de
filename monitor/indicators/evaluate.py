"""An item's facts to its timelines: the pure function the product stands on.

Read top to bottom: flight, owners, failures, waits, then one sweep. Nothing here
knows the present: the timeline holds its own future.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, ItemFacts
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import Tally, Timeline
from monitor.domain.working_time import Calendar
from monitor.indicators.blocks import (
    blocked_stretches,
    link_stretches,
    request_stretches,
)
from monitor.indicators.charges import Handover
from monitor.indicators.counted import counted_waits
from monitor.indicators.delivered import (
    classes_of,
    delivered,
    delivered_beside,
    delivering,
)
from monitor.indicators.deploys import (
    DEPLOYS,
    deploy_sweeps,
    deploy_timelines,
    deploy_waits,
)
from monitor.indicators.failures import failures_of
from monitor.indicators.flight import Flights, flights_of
from monitor.indicators.handover import activity_of, handover_of, is_item
from monitor.indicators.incidents import incident_timeline
from monitor.indicators.intervals import Stretch, lapses_in, lulls
from monitor.indicators.reviews import review_stretches
from monitor.indicators.staleness import stale_spans
from monitor.indicators.sweep import Sweep, Sweeper
from monitor.indicators.waits import (
    Negative,
    handoff_stretches,
    queue_stretches,
)

# Roots that are work, or deploys of it.
_WORK: Final = (EntityType.TICKET, EntityType.CHANGE, EntityType.DEPLOY)
_CalendarAt = Callable[[int], Calendar]


def evaluate(
    item: ItemFacts, directory: Directory, model: Model
) -> tuple[Timeline, ...]:
    """The item's timeline, and one for each deploy's waits outside its flight.

    The first also holds what was delivered. Pure: equal facts give equal timelines,
    whatever order they came in.
    """
    if not item.facts:
        return ()
    counts = is_item(item)
    if not counts or item.root not in _WORK:
        timelines: tuple[Timeline, ...] = ()
        if counts and item.root is EntityType.INCIDENT:
            timelines = incident_timeline(item, directory)
        # A deploy counts, whatever it hangs on.
        return delivering(timelines, item, delivered_beside(item, directory, model))
    flights = flights_of(item)
    handover = handover_of(item, flights, directory)
    timelines = (
        _flow(item, flights, handover, directory, model),
        *deploy_timelines(item, flights, handover, directory, model),
    )
    measures = delivered(item, flights, handover, classes_of(item), directory, model)
    return delivering(timelines, item, measures)


def sweeps_of(item: ItemFacts, directory: Directory, model: Model) -> list[Sweep]:
    """What ``evaluate`` judges to get the item's segments, for who asks why.

    An incident has none: its facts are its segments.
    """
    if not item.facts or not is_item(item) or item.root not in _WORK:
        return []
    flights = flights_of(item)
    handover = handover_of(item, flights, directory)
    outside = deploy_sweeps(item, flights, handover, directory, model)
    if not flights.flights:
        return list(outside)
    return [_judged(item, flights, handover, directory, model)[0], *outside]


def _flow(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    directory: Directory,
    model: Model,
) -> Timeline:
    """The timeline of a ticket or a change while it is in flight."""
    if not flights.flights:
        return Timeline(item.key, tallies=handover.tallies)
    sweep, negatives = _judged(item, flights, handover, directory, model)
    return Timeline(
        item.key,
        Sweeper(sweep, directory, model).run(),
        counted_waits(sweep, directory),
        handover.tallies + _negatives(negatives, handover),
    )


def _judged(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    directory: Directory,
    model: Model,
) -> tuple[Sweep, list[Negative]]:
    """What the sweep reads, and the closes that were stated before their opens."""

    def calendar(instant: int) -> Calendar:
        return directory.calendar(handover.team_at(instant))

    runs = item.of(Kind.RUN_QUEUED, Kind.RUN_STARTED, Kind.RUN_FINISHED)
    failures = failures_of(item, flights, runs, handover.team_at, calendar, directory)
    found = [
        *failures.stretches,
        *_waits(item, flights, handover, runs, calendar, directory, model),
    ]
    stretches = [s for s in found if isinstance(s, Stretch)]
    negatives = [n for n in found if isinstance(n, Negative)]
    activity = _since_entry(activity_of(item.facts), flights)
    quiet = lulls(activity, min(model.idle_ms, model.stale_ms), calendar)
    sweep = Sweep(
        item=item.key,
        flights=flights.flights,
        modes=flights.modes,
        charged=handover.charged,
        origin=handover.origin,
        classes=classes_of(item),
        stretches=stretches,
        own_failures=failures.own,
        open_changes=flights.open_changes,
        idle=lapses_in(quiet, model.idle_ms),
        stale=stale_spans(item, stretches, activity, quiet, calendar, model),
    )
    return sweep, negatives


def _since_entry(activity: list[int], flights: Flights) -> list[int]:
    """The activity, to which the first entry belongs, whoever made it.

    Else an item that only automation ever touched would be idle never, or at once.
    """
    entry = flights.flights[0].start
    return activity if entry in activity else sorted([*activity, entry])


def _waits(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    runs: Sequence[Fact],
    calendar: _CalendarAt,
    directory: Directory,
    model: Model,
) -> Iterator[Stretch | Negative]:
    """Every wait the facts tell of; a kind that the item has not costs nothing."""
    kinds = item.kinds
    links: list[Stretch] = []
    if Kind.LINK_ADDED in kinds:
        links.extend(link_stretches(item, directory, model))
        yield from links
    if item.blockers:
        yield from request_stretches(item)
    if Kind.TICKET_BLOCKED in kinds:
        yield from blocked_stretches(item, flights, directory, links)
    if Kind.CHANGE_REVIEW_REQUESTED in kinds:
        yield from review_stretches(item, directory)
    if Kind.RUN_QUEUED in kinds:
        yield from queue_stretches(item, flights, runs, calendar, directory)
    if not DEPLOYS.isdisjoint(kinds):
        yield from deploy_waits(item, flights, handover, directory)
    if handover.handoffs:
        yield from handoff_stretches(item, handover)


def _negatives(negatives: Sequence[Negative], handover: Handover) -> tuple[Tally, ...]:
    return tuple(
        Tally("negative", handover.team_at(n.time), n.component, n.time)
        for n in negatives
    )
