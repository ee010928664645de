"""What of an item was delivered: its flow, its deploys, its changes' lead times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from monitor.domain.deploys import environments_of, is_told_production
from monitor.domain.facts import Kind
from monitor.domain.items import EntityType, ItemFacts
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import Measure, Timeline
from monitor.indicators.delivery.flow import flow_measures
from monitor.indicators.delivery.lead_times import Load, lead_times, load_of
from monitor.indicators.delivery.shipping import (
    deploy_measures,
    in_production,
    shipped_of,
)
from monitor.indicators.delivery.turns import as_named, orders_of
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.deploy_charge import deploys_in, owner_outside
from monitor.indicators.items.flight import Flights, flights_of
from monitor.indicators.items.handover import handover_of
from monitor.indicators.waits.told import told_of

_ENDED: Final = frozenset({Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK})
_UNITS: Final = (EntityType.TICKET, EntityType.CHANGE)


def delivered(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    classes: Sequence[tuple[int, str]],
    directory: Directory,
    model: Model,
) -> Iterator[Measure]:
    """Everything that was delivered of an item that counts."""
    loads: list[Load] = []
    yield from _deploys(item, handover, directory, model, loads)
    if item.root in _UNITS:
        yield from flow_measures(item, flights, handover, classes)
        yield from lead_times(item, loads, model)


def delivered_beside(
    item: ItemFacts, directory: Directory, model: Model
) -> Iterator[Measure]:
    """The deploys of what is no unit of work: an epic, a bot's change, an incident."""
    if not _ENDED.isdisjoint(item.kinds):
        handover = handover_of(item, flights_of(item), directory)
        yield from _deploys(item, handover, directory, model, [])


def delivering(
    timelines: tuple[Timeline, ...], item: ItemFacts, measures: Iterable[Measure]
) -> tuple[Timeline, ...]:
    """The timelines with what was delivered in the first, in order of time."""
    found = tuple(sorted(measures, key=lambda measure: (measure.time, measure)))
    if not found:
        return timelines
    first, rest = (timelines or (Timeline(item.key),))[0], timelines[1:]
    return (first._replace(measures=found), *rest)


def _deploys(
    item: ItemFacts,
    handover: Handover,
    directory: Directory,
    model: Model,
    loads: list[Load],
) -> Iterator[Measure]:
    """The measures of the item's deploys; what these carried goes to ``loads``."""
    if _ENDED.isdisjoint(item.kinds):
        return
    told, orders = told_of(item), orders_of(item)
    for entity, facts in deploys_in(item).items():
        if any(fact.fields.get("deleted") for fact in facts):
            continue
        where, told_so = environments_of(facts), is_told_production(facts)
        if in_production(where, model, told=told_so):
            owner = owner_outside(facts, handover, directory)
            ended = as_named(entity, facts, orders)
            yield from deploy_measures(entity, ended, told, owner, directory)
            loads.append(load_of(item, facts, shipped_of(ended, owner)))
