"""Marks of an item: what its facts say to the signals (indicators 3).

A pure function of the item's facts and of what they were evaluated to, so marks do
not depend on the order of arrival either, and a late fact replaces its item's marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, ItemFacts
from monitor.domain.labels import ID, USES, values
from monitor.domain.marks import FAILED, OK, Mark, Sort
from monitor.domain.signal_rules import SignalRules
from monitor.domain.teams import RESERVED, Directory
from monitor.domain.timeline import Component, Measured, Timeline, Wait
from monitor.indicators.delivery.shipping import NO_CAUSE
from monitor.indicators.items.charges import Handover
from monitor.indicators.items.eligible import is_item
from monitor.indicators.items.flight import flights_of
from monitor.indicators.items.handover import handover_of
from monitor.indicators.signals.marks_of_tickets import ticket_marks
from monitor.indicators.waits.intervals import spans

_FOUND: Final = (Kind.FINDING_OPENED, Kind.FINDING_CLOSED)
_BREAKAGE: Final = frozenset(
    {Component.CI_SHARED_FAILURE, Component.DEPLOY_FAILURE, Component.INCIDENT}
)
_FLOWS: Final = frozenset({EntityType.TICKET, EntityType.CHANGE, EntityType.DEPLOY})
_KNOWN_ID: Final = re.compile(
    r"CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3}", re.IGNORECASE
)


def marks_of(
    item: ItemFacts,
    timelines: Sequence[Timeline],
    directory: Directory,
    rules: SignalRules,
) -> tuple[Mark, ...]:
    """Every mark of an item, in a fixed order; ``timelines`` are its own."""
    found = [*_findings(item, directory), *marks_in(item.key, timelines)]
    if item.facts and is_item(item) and item.root in _FLOWS:
        flights = flights_of(item)
        handover = handover_of(item, flights, directory)
        found += _uses(item, handover, rules)
        found += ticket_marks(item, flights, handover, directory)
    return tuple(sorted(found))


def marks_in(key: str, timelines: Sequence[Timeline]) -> Iterator[Mark]:
    """Those marks of an item of that key that its timelines tell by themselves."""
    yield from _troubles(key, timelines)
    yield from _deploys(key, timelines)


def _troubles(key: str, timelines: Sequence[Timeline]) -> Iterator[Mark]:
    """Failures, deploys and incidents that another team caused.

    The rule for whose failure it was is that of the timeline; `unknown` and
    `external` offer no interface. What is still broken where the item enters flight
    again, or goes on as a wait of the service's owner, is no second trouble: of the
    waits of what began at one instant those count that begin first.
    """
    broken: dict[tuple[str, str, int], list[Wait]] = {}
    for wait in chain.from_iterable(timeline.waits for timeline in timelines):
        if wait.component in _BREAKAGE and wait.on_team not in RESERVED:
            opened = wait.start - wait.earlier
            same = broken.setdefault((wait.component, wait.on_team, opened), [])
            same.append(wait)
    for (component, on_team, _), waits in broken.items():
        start = min(wait.start for wait in waits)
        for wait in waits:
            if wait.start == start:
                names = (key, wait.team, on_team, component)
                yield Mark(Sort.TROUBLE, start, start, *names)


def _uses(item: ItemFacts, handover: Handover, rules: SignalRules) -> list[Mark]:
    """In which ways the item's team did something, from the first use to the last."""
    spans: dict[tuple[str, str, str], tuple[int, int]] = {}
    for fact in item.facts:
        for capability, implementation in _ways(fact, rules):
            key = (handover.team_at(fact.time), capability, implementation)
            first, _ = spans.get(key, (fact.time, fact.time))
            spans[key] = first, fact.time
    return [
        Mark(Sort.USE, first, last, item.key, team, "", capability, implementation)
        for (team, capability, implementation), (first, last) in spans.items()
    ]


def _ways(fact: Fact, rules: SignalRules) -> Iterator[tuple[str, str]]:
    fields = fact.fields
    if "labels" in fields:
        for value in values(fields["labels"], USES):
            capability, _, implementation = value.partition("/")
            if implementation:
                yield capability, implementation
    if rules.ways and "pipeline" in fields:
        yield from rules.ways_of(fields["pipeline"])


def _deploys(key: str, timelines: Sequence[Timeline]) -> Iterator[Mark]:
    """Each end of a deploy as delivery counts it, of whatever it hangs on."""
    for timeline in timelines:
        for name, team, label, time, *_ in timeline.measures:
            if name is Measured.DEPLOYS:
                word = OK if label == NO_CAUSE else FAILED
                yield Mark(Sort.DEPLOY, time, time, key, team, "", word)


def _findings(item: ItemFacts, directory: Directory) -> Iterator[Mark]:
    """The spans in which a team had a finding open; a class is compared lower-cased.

    ``detail`` is what was found: a published number where one is told, so that one
    famous flaw in five teams is one finding; else the entity itself.
    """
    by_entity: dict[str, list[Fact]] = {}
    for fact in item.of(*_FOUND):
        by_entity.setdefault(fact.entity, []).append(fact)
    for entity, facts in by_entity.items():
        opened = [fact for fact in facts if fact.kind is Kind.FINDING_OPENED]
        teams = dict.fromkeys(directory.named(fact.fields["team"]) for fact in opened)
        for team in teams:
            own = [
                fact for fact in opened if directory.named(fact.fields["team"]) == team
            ]
            marks = [
                (fact.time, fact.kind is Kind.FINDING_OPENED)
                for fact in facts
                if _is_about(fact, team, directory)
            ]
            word = own[-1].fields.get("finding_class", "").lower()
            what = _what_was_found(entity, own)
            for start, end in spans(marks):
                yield Mark(Sort.FINDING, start, end, entity, team, "", word, what)


def _is_about(fact: Fact, team: str, directory: Directory) -> bool:
    """Whether an opening is the team's; a closing that names nobody is for all."""
    named = fact.fields.get("team")
    return named is None or directory.named(named) == team


def _what_was_found(entity: str, facts: Sequence[Fact]) -> str:
    for fact in facts:
        known = values(fact.fields.get("labels", []), ID)
        if known:
            return known[0]
    found = _KNOWN_ID.search(entity)
    return found.group(0).lower() if found else entity
