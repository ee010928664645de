"""Incidents: people actively working because of another team, round the clock."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, ItemFacts, entity_type
from monitor.domain.teams import Directory, Schedule, always, team_at
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
from monitor.indicators.intervals import spans
from monitor.indicators.owners import UNOWNED
from monitor.indicators.shares import split_evenly

INCIDENT_CAP: Final = DAY


def incident_timeline(item: ItemFacts, directory: Directory) -> tuple[Timeline, ...]:
    """Response seconds of an incident (indicators 1.3 `incident`).

    From opening to mitigation, at most 24 hours by the wall, split equally over
    the causes stated last, times the responders stated so far. The causes hold
    for the whole incident; a share of one's own accrues nothing.
    """
    causes = _causes(item.facts, directory)
    owner = _owner(item.facts, directory)
    responders = _responders(item.facts)
    segments: list[Segment] = []
    waits: list[Wait] = []
    marks = [
        (fact.time, fact.kind is Kind.INCIDENT_OPENED)
        for fact in item.facts
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
        team = team_at(owner, opened)
        waits.extend(
            Wait(team, cause, Component.INCIDENT, opened, end, end - opened)
            for cause in causes
            if cause != team and end > opened
        )
    return (Timeline(item.key, tuple(segments), tuple(waits)),)


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


def _owner(facts: Sequence[Fact], directory: Directory) -> Schedule:
    for fact in facts:
        if "team" in fact.fields:
            return always(directory.named(fact.fields["team"]))
    for fact in facts:
        found = directory.owner(fact.fields)
        if found is not None:
            return found
    return UNOWNED


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
