"""Incidents: people actively working because of another team, round the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, ItemFacts, entity_type
from monitor.domain.teams import Directory, Schedule, team_at
from monitor.domain.timeline import (
    UNIT,
    WALL,
    Component,
    Segment,
    Sort,
    Timeline,
    Wait,
)
from monitor.domain.working_time import DAY
from monitor.indicators.items.eligible import flown
from monitor.indicators.items.handover import handover_of
from monitor.indicators.waits.intervals import spans
from monitor.indicators.waits.shares import split_evenly

INCIDENT_CAP: Final = DAY


def incident_timeline(item: ItemFacts, directory: Directory) -> tuple[Timeline, ...]:
    """Response seconds of an incident (indicators 1.3 `incident`).

    From opening to mitigation, at most 24 hours by the wall, split equally over
    the causes stated last, times the responders stated so far. The causes hold
    for the whole incident; a share of one's own accrues nothing. What hangs on it,
    as a deploy that mends it, states neither (design 11.19).
    """
    own = [fact for fact in item.facts if fact.entity == item.key]
    causes = _causes(own, directory)
    owner = handover_of(item, flown(item), directory).owners
    responders = _responders(own)
    segments: list[Segment] = []
    waits: list[Wait] = []
    marks = [
        (fact.time, fact.kind is Kind.INCIDENT_OPENED)
        for fact in own
        if entity_type(fact) is EntityType.INCIDENT
    ]
    for opened, closed in spans(marks):
        end = min(closed, opened + INCIDENT_CAP)
        points = {since for since, _ in responders} | {e.start for e in owner}
        edges = [opened, *sorted(p for p in points if opened < p < end), end]
        for left, right in pairwise(edges):
            team = team_at(owner, left)
            factor = _at(responders, left)
            for cause, part in zip(
                causes, split_evenly(UNIT, max(len(causes), 1)), strict=False
            ):
                if cause != team and left < right and factor > 0:
                    segments.append(_response(team, cause, left, right, part * factor))
        waits.extend(_waits(owner, causes, opened, end))
    return (Timeline(item.key, tuple(segments), tuple(waits)),)


def _waits(
    owner: Schedule, causes: Sequence[str], opened: int, end: int
) -> Iterator[Wait]:
    """One wait for each cause, from when it is first another team's (design 11.2)."""
    edges = [opened, *(e.start for e in owner if opened < e.start < end), end]
    owned = [(team_at(owner, left), left, right) for left, right in pairwise(edges)]
    for cause in causes:
        parts = [part for part in owned if part[0] != cause and part[1] < part[2]]
        if parts:
            team, begin, _ = parts[0]
            length = sum(right - left for _, left, right in parts)
            earlier = begin - opened
            yield Wait(team, cause, Component.INCIDENT, begin, end, length, earlier)


def _response(team: str, cause: str, start: int, end: int, share: int) -> Segment:
    return Segment(
        Sort.WAIT,
        team,
        cause,
        Component.INCIDENT,
        "response",
        start,
        end,
        share,
        WALL,
    )


def _causes(facts: Sequence[Fact], directory: Directory) -> list[str]:
    stated = [fact.fields["cause_teams"] for fact in facts if _states_cause(fact)]
    return sorted({directory.named(name) for name in stated[-1]}) if stated else []


def _states_cause(fact: Fact) -> bool:
    return bool(fact.fields.get("cause_teams"))


def _responders(facts: Sequence[Fact]) -> list[tuple[int, int]]:
    return [
        (fact.time, fact.fields["responders"])
        for fact in facts
        if "responders" in fact.fields
    ]


def _at(responders: Sequence[tuple[int, int]], instant: int) -> int:
    number = 1
    for since, stated in responders:
        if since > instant:
            break
        number = stated
    return number
