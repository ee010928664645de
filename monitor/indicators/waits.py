"""Every wait of an item as stretches of time, by the table of indicators 1.3.

A wait is listed for as long as it is open, in flight or not: flight, charge,
halting, staleness and overlap are the business of the sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, EntityType, ItemFacts, entity_type
from monitor.domain.model import Model
from monitor.domain.teams import EXTERNAL, Directory, Schedule, always, team_at
from monitor.domain.timeline import Component
from monitor.domain.working_time import HOUR, Calendar
from monitor.indicators.flight import Flights
from monitor.indicators.handover import Handover
from monitor.indicators.intervals import (
    LOOSE,
    TICKET_LEVEL,
    Stretch,
    capped,
    dated,
    spans,
)
from monitor.indicators.owners import UNOWNED, project_of, repository_owner

QUEUE_CAP: Final = 4 * HOUR

CalendarAt = Callable[[int], Calendar]
Mark = tuple[int, bool]


class Negative(NamedTuple):
    """A close stated before its open: counted, and the length taken as 0."""

    time: int
    component: Component


def blocked_stretches(
    item: ItemFacts, flights: Flights, directory: Directory, links: Sequence[Stretch]
) -> Iterator[Stretch]:
    """`ticket_blocked`: flags of each ticket, by the team they name."""
    by_ticket: dict[str, list[Fact]] = {}
    for fact in item.facts:
        if fact.kind in (Kind.TICKET_BLOCKED, Kind.TICKET_UNBLOCKED):
            by_ticket.setdefault(fact.entity, []).append(fact)
    finals = [(instant, False) for instant in flights.finals]
    for entity, facts in by_ticket.items():
        own_links = [link for link in links if link.entity == entity]
        for named, marks in _block_marks(facts):
            for start, end in spans([*marks, *finals]):
                stretch = Stretch(
                    Component.TICKET_BLOCKED,
                    (directory.named(named) if named else "unknown",),
                    start,
                    end,
                    TICKET_LEVEL,
                    entity,
                    stale_by="",
                )
                # A flag that names nobody says nothing beside an open link.
                yield from [stretch] if named else _without(stretch, own_links)


def _block_marks(facts: Sequence[Fact]) -> Iterator[tuple[str, list[Mark]]]:
    names = {fact.fields.get("on_team", "") for fact in facts if _is_block(fact)}
    lifts = [
        (fact.time, False)
        for fact in facts
        if not _is_block(fact) and "on_team" not in fact.fields
    ]
    for name in sorted(names):
        own = [
            (fact.time, _is_block(fact))
            for fact in facts
            if fact.fields.get("on_team", "") == name
            and (_is_block(fact) or "on_team" in fact.fields)
        ]
        yield name, own + lifts


def _is_block(fact: Fact) -> bool:
    return fact.kind is Kind.TICKET_BLOCKED


def _without(stretch: Stretch, others: Sequence[Stretch]) -> Iterator[Stretch]:
    start = stretch.start
    for other in sorted(others, key=lambda s: s.start):
        if other.end <= start or other.start >= stretch.end:
            continue
        if other.start > start:
            yield stretch._replace(start=start, end=other.start)
        start = max(start, other.end)
    if start < stretch.end:
        yield stretch._replace(start=start)


def link_stretches(
    item: ItemFacts, directory: Directory, model: Model
) -> Iterator[Stretch]:
    """`dependency_link`: links to blockers, while these are unresolved."""
    if not model.link_blocks:
        return
    by_link: dict[tuple[str, str], list[Mark]] = {}
    for fact in item.facts:
        if fact.kind in (Kind.LINK_ADDED, Kind.LINK_REMOVED):
            key = (fact.entity, fact.fields.get("blocker", ""))
            mark = (fact.time, fact.kind is Kind.LINK_ADDED)
            by_link.setdefault(key, []).append(mark)
    for (entity, blocker), marks in by_link.items():
        profile = item.blockers.get(blocker)
        unresolved = profile.unresolved if profile else ((-FOREVER, FOREVER),)
        owner = profile.owner if profile else _rule_of_key(blocker, directory)
        for linked, removed in spans(marks):
            for start, end in unresolved:
                stretch = Stretch(
                    Component.DEPENDENCY_LINK,
                    (),
                    max(start, linked),
                    min(end, removed),
                    TICKET_LEVEL,
                    entity,
                    stale_by=blocker,
                )
                if stretch.start < stretch.end:
                    yield from dated(stretch, owner)


def _rule_of_key(entity: str, directory: Directory) -> Schedule:
    project = project_of(entity)
    owner = directory.project(project) if project is not None else None
    return owner or UNOWNED


def review_stretches(item: ItemFacts, directory: Directory) -> Iterator[Stretch]:
    """`review_wait`: a change's requests by team, suspended by draft and close."""
    by_change: dict[str, list[Fact]] = {}
    for fact in item.facts:
        if entity_type(fact) is EntityType.CHANGE:
            by_change.setdefault(fact.entity, []).append(fact)
    for entity, facts in by_change.items():
        asked = [f for f in facts if f.kind is Kind.CHANGE_REVIEW_REQUESTED]
        if not asked:
            continue
        suspended = _suspensions(facts)
        schedules = {_asked_team(fact, directory) for fact in asked}
        for schedule in schedules:
            requests = [f for f in asked if _asked_team(f, directory) == schedule]
            for start, end in _requested(facts, requests, schedule, directory):
                stretch = Stretch(
                    Component.REVIEW_WAIT, (), start, end, entity, entity, stale_by=""
                )
                for part in _without(stretch, suspended):
                    yield from dated(part, schedule)


def _suspensions(facts: Sequence[Fact]) -> list[Stretch]:
    """Where the change is a draft or closed: no review is waited for there."""
    marks: list[Mark] = []
    for fact in facts:
        if fact.kind in (Kind.CHANGE_DRAFTED,):
            marks.append((fact.time, True))
        elif fact.kind is Kind.CHANGE_READY:
            marks.append((fact.time, False))
    drafts = spans(marks)
    ends: list[Mark] = []
    for fact in facts:
        if fact.kind in (Kind.CHANGE_MERGED, Kind.CHANGE_CLOSED):
            ends.append((fact.time, True))
        elif fact.kind is Kind.CHANGE_OPENED:
            ends.append((fact.time, False))
    closed = spans(ends)
    return [
        Stretch(Component.REVIEW_WAIT, (), start, end, "", "")
        for start, end in [*drafts, *closed]
    ]


def _asked_team(fact: Fact, directory: Directory) -> Schedule:
    named = fact.fields.get("on_team")
    if named is not None:
        return always(directory.named(named))
    group = fact.fields.get("group")
    if group is not None:
        return directory.group(group) or UNOWNED
    if fact.fields.get("inferred"):
        return repository_owner(fact.fields, directory) or UNOWNED
    return UNOWNED


def _requested(
    facts: Sequence[Fact],
    requests: Sequence[Fact],
    schedule: Schedule,
    directory: Directory,
) -> list[tuple[int, int]]:
    """Where any request to the team stands: its review ends them all."""
    marks: dict[str, list[Mark]] = {}
    for fact in requests:
        marks.setdefault(_request_key(fact), []).append((fact.time, True))
    for fact in facts:
        if fact.kind is Kind.CHANGE_REVIEW_UNREQUESTED:
            key = _request_key(fact)
            if key in marks:
                marks[key].append((fact.time, False))
        elif fact.kind is Kind.CHANGE_REVIEWED:
            if team_at(schedule, fact.time) in _reviewers(fact, directory):
                for own in marks.values():
                    own.append((fact.time, False))
    return _union([span for own in marks.values() for span in spans(own)])


def _request_key(fact: Fact) -> str:
    fields = fact.fields
    return fields.get("request") or fields.get("on_team") or fields.get("group", "")


def _reviewers(fact: Fact, directory: Directory) -> set[str]:
    teams = {directory.named(name) for name in fact.fields.get("reviewed_by", ())}
    if not teams and fact.fields.get("inferred"):
        owner = repository_owner(fact.fields, directory)
        if owner is not None:
            teams.add(team_at(owner, fact.time))
    return teams


def _union(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def queue_stretches(
    item: ItemFacts,
    flights: Flights,
    runs: Sequence[Fact],
    calendar: CalendarAt,
    directory: Directory,
) -> Iterator[Stretch | Negative]:
    """`ci_queue`: each attempt from queued to its first later stage."""
    attempts: dict[tuple[str, int], list[Fact]] = {}
    for run in runs:
        key = (run.entity, run.fields.get("attempt", 0))
        attempts.setdefault(key, []).append(run)
    for (entity, _), facts in attempts.items():
        queued = [f for f in facts if f.kind is Kind.RUN_QUEUED]
        if not queued:
            continue
        start = queued[0].time
        later = [f.time for f in facts if f.kind is not Kind.RUN_QUEUED]
        end = min(later, default=FOREVER)
        if end < start:
            yield Negative(start, Component.CI_QUEUE)
            continue
        ended = next((final for final in flights.finals if final >= start), FOREVER)
        end = capped(start, min(end, ended), calendar(start), QUEUE_CAP)
        level = item.changes_of_runs.get(entity) or LOOSE
        stretch = Stretch(Component.CI_QUEUE, (), start, end, level, entity)
        if end > start:
            yield from dated(stretch, _pool_owner(facts, directory))


def _pool_owner(facts: Sequence[Fact], directory: Directory) -> Schedule:
    for fact in facts:
        named = fact.fields.get("on_team")
        if named is not None and fact.kind is not Kind.RUN_FINISHED:
            return always(directory.named(named))
    for fact in facts:
        pool = fact.fields.get("pool")
        owner = directory.pool(tuple(pool)) if pool else None
        if owner is not None:
            return owner
    if any(fact.fields.get("hosted") for fact in facts):
        return always(EXTERNAL)
    return UNOWNED


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
    """`deploy_approval`: each request of a deploy, opening once."""
    by_deploy: dict[str, list[Fact]] = {}
    for fact in item.facts:
        if entity_type(fact) is EntityType.DEPLOY:
            by_deploy.setdefault(fact.entity, []).append(fact)
    for entity, facts in by_deploy.items():
        first: dict[Schedule, Fact] = {}
        for fact in facts:
            if fact.kind is Kind.DEPLOY_APPROVAL_REQUESTED:
                first.setdefault(_asked_team(fact, directory), fact)
        decisions = [f for f in facts if f.kind is Kind.DEPLOY_APPROVAL_DECIDED]
        for schedule, request in first.items():
            end = _decided(request, schedule, decisions, directory)
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
    """When the approval was decided: by name whatever its time, else by all."""
    named: list[int] = []
    for fact in decisions:
        says = "on_team" in fact.fields or "group" in fact.fields
        if says and _asked_team(fact, directory) == schedule:
            named.append(fact.time)
        elif not says and fact.time >= request.time:
            named.append(fact.time)
    return min(named, default=FOREVER)
