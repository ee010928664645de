"""`deploy_freeze`: deploys that are ready and may not begin (indicators 1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.domain.deploys import waiting_of
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import (
    EntityType,
    Freeze,
    ItemFacts,
    entity_type,
    in_order,
)
from monitor.domain.teams import UNKNOWN, Directory
from monitor.domain.timeline import Component
from monitor.indicators.items.charges import Charge, charges_between
from monitor.indicators.waits.intervals import TICKET_LEVEL, Span, Stretch, spans


def freezes_of(facts: Sequence[Fact], directory: Directory) -> tuple[Freeze, ...]:
    """What a freeze tells the deploys it may hold up: each time it was on.

    Its owner is who was named when it began.
    """
    services = {name for fact in facts for name in fact.fields.get("services", ())}
    teams = {name for fact in facts for name in fact.fields.get("teams", ())}
    scope = (
        tuple(sorted(name.strip().casefold() for name in services)),
        tuple(sorted({directory.named(name) for name in teams})),
    )
    return tuple(
        Freeze(
            begun.time,
            end,
            directory.named(begun.fields.get("on_team", UNKNOWN)),
            *scope,
        )
        for begun, end in freezing(facts)
    )


def freezing(facts: Sequence[Fact]) -> Iterator[tuple[Fact, int]]:
    """By which of a freeze's facts, in order, it began each time, and until when.

    To start it again while it is on changes nothing.
    """
    marks = [
        (fact.time, fact.kind is Kind.FREEZE_STARTED)
        for fact in facts
        if entity_type(fact) is EntityType.FREEZE
    ]
    begun = {
        fact.time: fact for fact in reversed(facts) if fact.kind is Kind.FREEZE_STARTED
    }
    return ((begun[start], end) for start, end in spans(marks))


def freeze_stretches(
    item: ItemFacts, entity: str, facts: Sequence[Fact], owners: Sequence[Charge]
) -> Iterator[Stretch]:
    """The waits of one deploy for freezes, from when it is ready until it begins.

    Of teams a freeze holds it up while one of them is among its ``owners``.
    """
    waiting = waiting_of(facts)
    if waiting is None:
        return
    for blocker, profile in item.blockers.items():
        for freeze in profile.freezes:
            span = (
                max(waiting.ready, freeze.start),
                min(waiting.begun, freeze.end),
            )
            is_whole = not (freeze.services or freeze.teams)
            if is_whole or not set(freeze.services).isdisjoint(waiting.services):
                held = [span] if span[0] < span[1] else []
            else:
                held = _of_teams(span, freeze.teams, owners)
            for start, end in held:
                yield Stretch(
                    Component.DEPLOY_FREEZE,
                    (freeze.team,),
                    start,
                    end,
                    TICKET_LEVEL,
                    entity,
                    stale_by=blocker,
                )


def _of_teams(span: Span, teams: Sequence[str], owners: Sequence[Charge]) -> list[Span]:
    """Where in the span one of the teams owns what is to be deployed."""
    start, end = span
    if start >= end:
        return []
    return [
        (left, right)
        for left, right, charge in charges_between(owners, start, end)
        if charge.owner in teams and charge.owner != UNKNOWN
    ]


def counting(told: Sequence[Fact]) -> Sequence[Fact]:
    """What another thing told, without starting a freeze that was on already."""
    if not any(fact.kind is Kind.FREEZE_STARTED for fact in told):
        return told
    began = {fact.identity for fact, _ in freezing(in_order(list(told)))}
    return [
        fact
        for fact in told
        if fact.kind is not Kind.FREEZE_STARTED or fact.identity in began
    ]
