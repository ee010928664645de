"""Waits for an approval, and for a handed-over item to be taken.

A wait is listed for as long as it is open, in flight or not: flight, charge,
halting, staleness and overlap are the business of the sweep. The table is that of
indicators 1.3; `blocks.py`, `queues.py`, `reviews.py` and `failures.py` hold its
other rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.domain.refused_deploys import LET_GO
from monitor.domain.teams import Directory, Schedule
from monitor.domain.timeline import Component
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.owners import asked_team
from monitor.indicators.waits.intervals import TICKET_LEVEL, Stretch, dated

# What a deploy does only when nobody is waited for any more.
_LATER_STAGES: Final = (
    Kind.DEPLOY_STARTED,
    Kind.DEPLOY_FINISHED,
    Kind.DEPLOY_ROLLED_BACK,
)


class Negative(NamedTuple):
    """A close stated before its open: counted, and the length taken as 0."""

    time: int
    component: Component


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
    """`deploy_approval`: each request of a deploy, opening once.

    A later stage of the deploy ends what was asked before (indicators 1.6): GitHub does
    not send again the word of a decision that was lost.
    """
    first: dict[tuple[str, Schedule], Fact] = {}
    for fact in item.of(Kind.DEPLOY_APPROVAL_REQUESTED):
        first.setdefault((fact.entity, asked_team(fact, directory)), fact)
    decided: dict[str, list[Fact]] = {}
    for fact in item.of(Kind.DEPLOY_APPROVAL_DECIDED, *_LATER_STAGES):
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
    """When the approval was decided: by name whatever its time, else by all.

    What is let go in the instant in which it is asked for was so before, or by the gate
    before this one.
    """
    named: list[int] = []
    for fact in decisions:
        is_decision = fact.kind is Kind.DEPLOY_APPROVAL_DECIDED
        says = is_decision and ("on_team" in fact.fields or "group" in fact.fields)
        first = request.time + (fact.fields.get("decision") == LET_GO)
        if (says and asked_team(fact, directory) == schedule) or (
            not says and fact.time >= first
        ):
            named.append(fact.time)
    return min(named, default=FOREVER)
