"""Exposure, not cost (indicators 1.3): what may hold up, and is never summed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.domain.facts import Kind
from monitor.domain.items import FOREVER, EntityType, ItemFacts
from monitor.domain.teams import Directory, Schedule, team_at
from monitor.domain.timeline import Measure, Measured
from monitor.indicators.delivery.flow import filed_at, first_closed
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.flight import Flights
from monitor.indicators.timelines.counted import counted_waits
from monitor.indicators.timelines.sweep import Sweep
from monitor.indicators.waits.blocks import link_stretches
from monitor.indicators.waits.subtasks import subtasks_of


def exposed_links(
    item: ItemFacts, sweep: Sweep, directory: Directory
) -> Iterator[Measure]:
    """Open links, where a link is no wait: one more, and one less, of a pair of teams.

    They are open where they would be waits: the item is in flight, the blocker another
    team's and unresolved. So their number is the same whether they are charged or not.
    """
    if Kind.LINK_ADDED not in item.kinds:
        return
    links = list(link_stretches(item, directory, subtasks_of(item)))
    for wait in counted_waits(replace(sweep, stretches=links, modes=()), directory):
        team, on_team, _, start, end, *_ = wait
        yield Measure(Measured.OPEN_LINKS, team, on_team, start)
        if end < FOREVER:
            yield Measure(Measured.OPEN_LINKS, team, on_team, end, -1)


def unstarted(
    item: ItemFacts, flights: Flights, handover: Handover, directory: Directory
) -> Iterator[Measure]:
    """How long a ticket waits until a platform team begins it: from filed to begun.

    Begun is in flight for the first time; done or cancelled ends it as well. Whose it
    is to begin is told as of a request, and each team has it from when it came to it.
    """
    filed = filed_at(item) if item.root is EntityType.TICKET else None
    if filed is None:
        return
    begun = flights.flights[0].start if flights.flights else FOREVER
    closed = first_closed(item, filed)
    end = begun if closed is None else min(begun, closed)
    if filed >= end:
        return
    for team, start, until in _held(handover.assignees, filed, end):
        known = directory.team(team)
        if known is not None and known.kind == "platform":
            yield Measure(Measured.UNSTARTED, team, "", start, until - start)


def _held(schedule: Schedule, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Who has it from when to when, between the bounds."""
    team = team_at(schedule, start)
    for since, following in schedule:
        if start < since < end and following != team:
            yield team, start, since
            team, start = following, since
    yield team, start, end
