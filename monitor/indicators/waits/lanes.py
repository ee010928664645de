"""`deploy_failure`: what a failed deploy of another team's making holds up.

A lane is a service in an environment. The earliest failure by another team holds it
until the next success there, or its cap; failures meanwhile are the same wait. What
happened in the lane elsewhere the other deploys have told (indicators 1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Final

from monitor.domain.deploys import is_failure, is_success, lane_name_of
from monitor.domain.facts import Fact
from monitor.domain.items import FOREVER, Result
from monitor.domain.refused_deploys import without_refused
from monitor.domain.teams import Directory
from monitor.domain.timeline import Component
from monitor.domain.working_time import WORKING_DAY
from monitor.indicators.waits.intervals import TICKET_LEVEL, Stretch, capped
from monitor.indicators.waits.told import Held, Mark, Told, ToldLanes, step

FAILURE_CAP: Final = 10 * WORKING_DAY
_TIME: Final = attrgetter("time")
ChargedAt = Callable[[int], str]


def results_of(
    facts: Sequence[Fact], charged: ChargedAt, directory: Directory
) -> tuple[Result, ...]:
    """What a deploy tells the others of its lane."""
    place = lane_name_of(facts)
    if place is None:
        return ()
    marks = _marks(facts, charged, directory)
    return tuple(Result(mark.time, *place, mark.until) for mark in marks)


def failure_stretches(
    entity: str,
    facts: Sequence[Fact],
    told: ToldLanes,
    charged: ChargedAt,
    directory: Directory,
) -> Iterator[Stretch]:
    """The waits that this deploy opens: where it is the first to hold its lane."""
    own = _marks(facts, charged, directory)
    if not any(mark.causes for mark in own):
        return
    for opened, end in _held(own, told.of(lane_name_of(facts))):
        yield Stretch(
            Component.DEPLOY_FAILURE,
            opened.causes,
            opened.time,
            end,
            TICKET_LEVEL,
            entity,
        )


def _held(own: Sequence[Mark], others: Told) -> Iterator[Held]:
    """Where the deploy holds the lane.

    Before its first result, and after its last but for what it holds then, nothing
    has to be looked at. What it has told itself is left out: it knows better.
    """
    entity = own[0].entity
    last = own[-1].time
    first = min(own[0].time, others.begun.get(entity, last))
    holder = others.before(first)
    ahead = merge(own, others.following(first, entity))
    for time, group in groupby(ahead, key=_TIME):
        if time > last and (holder is None or holder.entity != entity):
            return
        holder, over = step(holder, list(group))
        if over is not None and over[0].entity == entity:
            yield over
    if holder is not None and holder.entity == entity:
        yield holder, holder.until


def _marks(
    facts: Iterable[Fact], charged: ChargedAt, directory: Directory
) -> list[Mark]:
    """The deploy's successes, and its failures by another team than the charged.

    In the order of its facts: of one instant a failure comes before a rollback.
    """
    found: list[Mark] = []
    for fact in without_refused(facts):
        if is_success(fact):
            found.append(Mark(fact.time, fact.entity, fact.time))
        elif is_failure(fact):
            named = fact.fields.get("cause_teams", ())
            causes = tuple(sorted({directory.named(name) for name in named}))
            team = charged(fact.time)
            if any(cause != team for cause in causes):
                calendar = directory.calendar(team)
                cap = capped(fact.time, FOREVER, calendar, FAILURE_CAP)
                found.append(Mark(fact.time, fact.entity, cap, causes))
    return found
