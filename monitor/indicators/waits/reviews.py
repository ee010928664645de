"""Waits for a review: a change's requests, by the team that is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.domain.teams import Directory, Schedule, team_at
from monitor.domain.timeline import Component
from monitor.indicators.items.owners import asked_team, repository_owner_in
from monitor.indicators.waits.asked import asked_by, numbers_told
from monitor.indicators.waits.intervals import (
    Mark,
    Span,
    Stretch,
    closing,
    dated,
    spans,
    united,
    without,
)

# A member of an enumeration costs ten times a global name.
_REQUESTED: Final = Kind.CHANGE_REVIEW_REQUESTED
_UNREQUESTED: Final = Kind.CHANGE_REVIEW_UNREQUESTED
_REVIEWED: Final = Kind.CHANGE_REVIEWED
_OPENING: Final = (Kind.CHANGE_OPENED, Kind.CHANGE_READY)
# What makes a change a draft or opens it, and (False) what undoes that.
_DRAFTS: Final = {Kind.CHANGE_DRAFTED: True, Kind.CHANGE_READY: False}
_MERGED: Final = Kind.CHANGE_MERGED
_OPENS: Final = {
    Kind.CHANGE_OPENED: True,
    _MERGED: False,
    Kind.CHANGE_CLOSED: False,
}


def review_stretches(item: ItemFacts, directory: Directory) -> Iterator[Stretch]:
    """`review_wait`: a change's requests by team, suspended by draft and close."""
    by_change: dict[str, list[Fact]] = {}
    for fact in item.of(Kind.CHANGE_REVIEW_REQUESTED):
        by_change.setdefault(fact.entity, []).append(fact)
    of_change: dict[str, list[Fact]] = {entity: [] for entity in by_change}
    for fact in item.facts:
        if fact.entity in of_change:
            of_change[fact.entity].append(fact)
    for entity, asked in by_change.items():
        facts = of_change[entity]
        suspended = _suspensions(facts)
        by_team: dict[Schedule, list[Fact]] = {}
        for fact in asked:
            by_team.setdefault(asked_team(fact, directory), []).append(fact)
        for schedule, requests in by_team.items():
            for requested in _requested(facts, requests, schedule, directory):
                for start, end in without(requested, suspended):
                    stretch = Stretch(
                        Component.REVIEW_WAIT,
                        (),
                        start,
                        end,
                        entity,
                        entity,
                        stale_by="",
                    )
                    yield from dated(stretch, schedule)


def _suspensions(facts: Sequence[Fact]) -> list[Span]:
    """Where the change is a draft or closed: no review is waited for there.

    Closed is from the first close on wherever it is not open: what opens and closes
    at one instant has been open with zero length. A change that was never opened is
    opened by ready; one that was merged does not come back.
    """
    drafts: list[Mark] = []
    first = next((fact for fact in facts if fact.kind in _OPENING), None)
    opens: list[Mark] = [(first.time, True)] if first is not None else []
    for fact in facts:
        kind = fact.kind
        if kind in _OPENS:
            opens.append((fact.time, _OPENS[kind]))
        elif kind in _DRAFTS:
            drafts.append((fact.time, _DRAFTS[kind]))
    merged = next((fact.time for fact in facts if fact.kind is _MERGED), FOREVER)
    opens = [mark for mark in opens if mark[0] < merged or not mark[1]]
    closed = min((time for time, opened in opens if not opened), default=FOREVER)
    return united([*spans(drafts), *without((closed, FOREVER), spans(opens))])


def _requested(
    facts: Sequence[Fact],
    requests: Sequence[Fact],
    schedule: Schedule,
    directory: Directory,
) -> list[Span]:
    """Where any request to the team stands: its review ends them all.

    Who was asked may count for another team than the one whose wait it is: in several
    teams, or in another one by now. That review ends the request to them.
    """
    marks: dict[str, list[Mark]] = {}
    reviewed: list[int] = []
    numbers = numbers_told(facts)
    for fact in requests:
        marks.setdefault(asked_by(fact, numbers), []).append((fact.time, True))
    for key, instant in taken_back(facts, requests, numbers):
        marks[key].append((instant, False))
    for fact in facts:
        if fact.kind is _REVIEWED:
            if team_at(schedule, fact.time) in _reviewers(fact, facts, directory):
                reviewed.append(fact.time)
            elif "request" in fact.fields and (key := asked_by(fact, numbers)) in marks:
                marks[key].append((fact.time, False))
    found = [
        span
        for own in marks.values()
        for span in spans([*own, *closing(own, reviewed)])
    ]
    return united(found) if len(found) > 1 else found


def taken_back(
    facts: Sequence[Fact], requests: Sequence[Fact], numbers: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """Which of a change's requests are taken back, and when, by ``asked_by``.

    A review may tell which groups are still asked: requests to others from before it
    are over. It does not know what begins in that very second. The first review tells
    of each; there may be thousands. Facts are in order of time.
    """
    begun: dict[str, set[int]] = {}
    for one in requests:
        begun.setdefault(asked_by(one, numbers), set()).add(one.time)
    groups = frozenset(
        asked_by(one, numbers) for one in requests if "group" in one.fields
    )
    standing: set[str] = set()
    for fact in facts:
        if fact.kind is _REQUESTED:
            standing.add(asked_by(fact, numbers))
        elif fact.kind is _UNREQUESTED:
            key = asked_by(fact, numbers)
            if key in begun:
                yield key, fact.time
        elif fact.kind is _REVIEWED and "asked" in fact.fields:
            gone = standing.intersection(groups).difference(fact.fields["asked"])
            for key in gone:
                if fact.time not in begun[key]:
                    standing.discard(key)
                    yield key, fact.time


def _reviewers(fact: Fact, facts: Sequence[Fact], directory: Directory) -> set[str]:
    """The teams that reviewed; of nobody's the repository's owner, as of then.

    A review that does not tell the repository is in that of its change.
    """
    teams = {directory.named(name) for name in fact.fields.get("reviewed_by", ())}
    if not teams and fact.fields.get("inferred"):
        told = (fact,) if "repo" in fact.fields else facts
        owner = repository_owner_in(told, directory)
        if owner is not None:
            teams.add(team_at(owner, fact.time))
    return teams
