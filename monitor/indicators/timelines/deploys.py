"""Deploys: what they wait for, and their timelines outside an item's flight.

There their waits belong to whose the deploy is. A deploy is in flight only while one of
its waits is open, and it accrues no active time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from monitor.domain.facts import Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.domain.model import Model
from monitor.domain.teams import BEGINNING, Directory, Schedule, team_at
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import Calendar
from monitor.indicators.items.activity import activity_in
from monitor.indicators.items.charges import Charge, Handover
from monitor.indicators.items.deploy_charge import (
    charged_at,
    deploys_in,
    owner_outside,
    owner_unstated,
)
from monitor.indicators.items.flight import Flight, Flights
from monitor.indicators.timelines.counted import counted_waits
from monitor.indicators.timelines.staleness import stale_spans
from monitor.indicators.timelines.sweep import Sweep, Sweeper
from monitor.indicators.waits.approvals import Negative, approval_stretches
from monitor.indicators.waits.freezes import freeze_stretches
from monitor.indicators.waits.intervals import (
    Lull,
    Span,
    Stretch,
    lulls,
    thinned,
    united,
    without,
)
from monitor.indicators.waits.lanes import failure_stretches
from monitor.indicators.waits.told import told_of

_ALWAYS: Final = (BEGINNING, FOREVER)
DEPLOYS: Final = frozenset(kind for kind in Kind if kind.startswith("deploy."))


def deploy_waits(
    item: ItemFacts, flights: Flights, handover: Handover, directory: Directory
) -> Iterator[Stretch | Negative]:
    """Every wait of the item's deploys, as its flight sees them."""
    if Kind.DEPLOY_APPROVAL_REQUESTED in item.kinds:
        yield from approval_stretches(item, directory)
    told = told_of(item)
    for entity, facts in deploys_in(item).items():
        charged = charged_at(facts, flights, handover, directory)
        yield from failure_stretches(entity, facts, told, charged, directory)
        yield from freeze_stretches(item, entity, facts, handover.charged)


def deploy_timelines(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    directory: Directory,
    model: Model,
) -> Iterator[Timeline]:
    """A timeline for each deploy whose waits lie outside the item's flight."""
    for sweep in deploy_sweeps(item, flights, handover, directory, model):
        segments = Sweeper(sweep, directory, model).run()
        timeline = Timeline(item.key, segments, counted_waits(sweep, directory))
        if timeline.segments or timeline.waits:
            yield timeline


def deploy_sweeps(
    item: ItemFacts,
    flights: Flights,
    handover: Handover,
    directory: Directory,
    model: Model,
) -> Iterator[Sweep]:
    """What is judged of each deploy outside the item's flight."""
    if DEPLOYS.isdisjoint(item.kinds):
        return
    outside = list(without(_ALWAYS, [flight[:2] for flight in flights.flights]))
    approvals: dict[str, list[Stretch]] = {}
    for found in approval_stretches(item, directory):
        if isinstance(found, Stretch):
            approvals.setdefault(found.entity, []).append(found)
    activity = thinned(activity_in(item, flights), model.stale_ms)
    quiet = _Quiet(activity, directory, model)
    told = told_of(item)
    for entity, facts in deploys_in(item).items():
        if not activity:
            # Where only automation was heard of, its first word on the deploy counts.
            quiet = _Quiet([facts[0].time], directory, model)
        owner = owner_outside(facts, handover, directory)
        charged = charged_at(facts, flights, handover, directory)
        # The team that a deploy of an item states is charged, but what a freeze of
        # teams holds up does not become that team's.
        is_root = entity == item.key
        held = owner if is_root else owner_unstated(facts, handover, directory)
        stretches = [
            *approvals.get(entity, ()),
            *failure_stretches(entity, facts, told, charged, directory),
            *freeze_stretches(item, entity, facts, _charges(held)),
        ]
        if not stretches:
            continue
        waiting = _while_waiting(stretches, outside)
        yield _sweep(item, entity, owner, waiting, stretches, quiet)


@dataclass(slots=True)
class _Quiet:
    """Where nobody touches the item: worked out once for each owner of deploys."""

    activity: Sequence[int]
    directory: Directory
    model: Model
    _lulls: dict[Schedule, list[Lull]] = field(default_factory=dict)

    def stale(
        self, item: ItemFacts, stretches: Sequence[Stretch], owner: Schedule
    ) -> dict[str, Sequence[Span]]:
        """Where the waits of a deploy of this owner pause."""

        def calendar(instant: int) -> Calendar:
            return self.directory.calendar(team_at(owner, instant))

        if owner not in self._lulls:
            least = self.model.stale_ms
            self._lulls[owner] = lulls(self.activity, least, calendar)
        heard = self._lulls[owner]
        return stale_spans(item, stretches, self.activity, heard, calendar, self.model)


def _sweep(
    item: ItemFacts,
    entity: str,
    owner: Schedule,
    flights: Sequence[Flight],
    stretches: Sequence[Stretch],
    quiet: _Quiet,
) -> Sweep:
    return Sweep(
        item=entity,
        flights=flights,
        modes=(),
        charged=_charges(owner),
        origin=owner[0].team,
        classes=((BEGINNING, "unclassified"),),
        stretches=stretches,
        own_failures=(),
        open_changes={},
        idle=(),
        stale=quiet.stale(item, stretches, owner),
        active=False,
    )


def _charges(owner: Schedule) -> tuple[Charge, ...]:
    return tuple(Charge(since.start, since.team, pending=False) for since in owner)


def _while_waiting(
    stretches: Sequence[Stretch], outside: Sequence[Span]
) -> list[Flight]:
    """A deploy's flights: while any of its waits is open, outside the item's.

    To leave flight ends the episode, at night too (indicators 1.2, O5).
    """
    waits = united((stretch.start, stretch.end) for stretch in stretches)
    pauses = list(without(_ALWAYS, waits))
    flown = chain.from_iterable(without(span, pauses) for span in outside)
    return [Flight(start, end, final=False) for start, end in flown]
