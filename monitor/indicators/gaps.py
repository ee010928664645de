"""Gaps: which references nobody claims, and how many seconds each of them hides.

Seconds of a segment that belongs to ``unknown``, or waits for it, are laid to what
the item's facts name and no rule resolves; where they name several such things, in
equal parts. So the gaps sum to all unknown seconds exactly. What no fact names at all
stands under an empty reference: no line of a file can resolve that.

A value of a tracker's team field that nobody claims hides no seconds, because the
project's owner stands in for it; but whose they are it may hide, and every handover
to it. So it is a gap of no length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.facts import TEAM_AREA, Fact, Fields, Kind
from monitor.domain.items import EntityType, ItemFacts, entity_type
from monitor.domain.keys import project_of, repository_in, repository_named
from monitor.domain.teams import UNKNOWN, Directory, pool_name
from monitor.domain.timeline import Component, Segment, Sort, Timeline
from monitor.indicators.totals import amount_between, seconds

OWNER: Final = "owner"
AREA: Final = "area"

# The kinds whose facts name whom a component waits for.
_NAMING: Final[Mapping[str, tuple[Kind, ...]]] = {
    Component.REVIEW_WAIT: (Kind.CHANGE_REVIEW_REQUESTED,),
    Component.DEPLOY_APPROVAL: (Kind.DEPLOY_APPROVAL_REQUESTED,),
    Component.CI_QUEUE: (Kind.RUN_QUEUED, Kind.RUN_STARTED),
    Component.CI_SHARED_FAILURE: (Kind.RUN_FINISHED,),
    Component.CI_FLAKY: (Kind.RUN_FINISHED,),
    Component.TICKET_BLOCKED: (Kind.TICKET_BLOCKED,),
    Component.DEPENDENCY_LINK: (Kind.LINK_ADDED,),
    Component.HANDOFF: (Kind.TICKET_ASSIGNED,),
    Component.REOPEN: (Kind.TICKET_REOPENED,),
    Component.DEPLOY_FAILURE: (Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK),
    Component.INCIDENT: (
        Kind.INCIDENT_OPENED,
        Kind.INCIDENT_MITIGATED,
        Kind.INCIDENT_RESOLVED,
    ),
}
_RUNS: Final = frozenset({Component.CI_SHARED_FAILURE, Component.CI_FLAKY})
_CAUSED: Final = frozenset(
    {*_RUNS, Component.REOPEN, Component.DEPLOY_FAILURE, Component.INCIDENT},
)


class Gap(NamedTuple):
    """A reference as ``repo:acme/checkout``, and what would be named by claiming it.

    ``hides`` are ``owner``, ``area`` and components; ``items`` counts the items it
    is in.
    """

    reference: str
    hides: tuple[str, ...]
    seconds: Fraction
    items: int


def gaps_of(
    items: Iterable[tuple[ItemFacts, tuple[Timeline, ...]]],
    directory: Directory,
    start: int,
    end: int,
) -> list[Gap]:
    """Every gap inside [start, end) in ms, the one that hides most first."""
    hidden: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    met: defaultdict[str, set[str]] = defaultdict(set)
    for item, timelines in items:
        for role, amount in _unknown(timelines, directory, start, end):
            named = _references(item, role, directory) or [""]
            for reference in named:
                hidden[reference, role] += seconds(amount) / len(named)
                met[reference].add(item.key)
        for reference in _areas(item, directory, start, end):
            hidden[reference, AREA] += 0
            met[reference].add(item.key)
    by_reference: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
    for (reference, role), amount_hidden in hidden.items():
        by_reference[reference][role] = amount_hidden
    found = [
        Gap(
            reference,
            tuple(sorted(roles)),
            sum(roles.values(), Fraction(0)),
            len(met[reference]),
        )
        for reference, roles in by_reference.items()
    ]
    return sorted(found, key=lambda gap: (-gap.seconds, gap.reference))


def _unknown(
    timelines: Iterable[Timeline], directory: Directory, start: int, end: int
) -> Iterator[tuple[str, int]]:
    """What is charged to unknown or waits for it: its role, and the amount.

    A wait of an unknown team for an unknown one is a gap of its owner alone.
    """
    for timeline in timelines:
        for segment in timeline.segments:
            if segment.sort not in (Sort.WAIT, Sort.ACTIVE):
                continue
            role = _role(segment)
            amount = role and amount_between(segment, directory, start, end)
            if role and amount:
                yield role, amount


def _role(segment: Segment) -> str:
    if segment.team == UNKNOWN:
        return OWNER
    return segment.component if segment.on_team == UNKNOWN else ""


def _references(item: ItemFacts, role: str, directory: Directory) -> list[str]:
    """What the item's facts name for the role and no rule resolves, sorted."""
    if role == OWNER:
        return _of_owner(item, directory)
    name = _named_by(role, item, directory)
    facts = item.of(*_NAMING.get(role, ()))
    return sorted({found for fact in facts for found in name(fact)})


def _named_by(
    role: str, item: ItemFacts, directory: Directory
) -> Callable[[Fact], list[str]]:
    if role == Component.CI_QUEUE:
        return lambda fact: _of_pool(fact.fields, directory)
    if role in _CAUSED:
        return lambda fact: _of_cause(role, fact.fields, directory)
    if role == Component.DEPENDENCY_LINK:
        return lambda fact: _of_blocker(fact.fields, item, directory)
    if role == Component.HANDOFF:
        return lambda fact: _teams([fact.fields.get("to_team")], directory)
    if role == Component.TICKET_BLOCKED:
        return lambda fact: _of_flag(fact.fields, directory)
    return lambda fact: _of_asked(fact.fields, directory)


def _of_owner(item: ItemFacts, directory: Directory) -> list[str]:
    """The owner's gap: a team that is named and not in the file, else a place.

    Of the places the widest is taken, because one line for it resolves most: the
    ticket's project, the repository, then the service.
    """
    root = [fact for fact in item.facts if fact.entity == item.key]
    for facts in (root, item.facts):
        named = _teams([fact.fields.get("team") for fact in facts], directory)
        if named:
            return named
        places = _places(facts, directory)
        if places:
            return places
    return []


def _places(facts: Iterable[Fact], directory: Directory) -> list[str]:
    for fact in facts:
        fields = fact.fields
        project = fields.get("project")
        if project is None and entity_type(fact) is EntityType.TICKET:
            project = project_of(fact.entity)
        if project is not None and directory.project(project) is None:
            return [f"project:{project}"]
        found = _of_repository(repository_in(fact), directory)
        if found:
            return found
        service = fields.get("service")
        if service is not None and directory.service(service) is None:
            return [f"service:{service}"]
    return []


def _areas(
    item: ItemFacts, directory: Directory, start: int, end: int
) -> Iterator[str]:
    """Values of team fields that no line claims, of facts inside [start, end).

    A value's name stands behind its number, and one line for it is enough.
    """
    for fact in item.facts:
        if not start <= fact.time < end:
            continue
        before = fact.fields.get("areas_before", ())
        for areas in (fact.fields.get("areas", ()), before):
            teams = [area for area in areas if area.startswith(TEAM_AREA)]
            if teams and all(directory.group(area) is None for area in teams):
                yield f"group:{teams[-1]}"


def _of_asked(fields: Fields, directory: Directory) -> list[str]:
    """Of a review or an approval."""
    if "on_team" in fields:
        return _teams([fields["on_team"]], directory)
    group = fields.get("group")
    if group is not None:
        return [] if directory.group(group) else [f"group:{group}"]
    inferred = fields.get("inferred")
    return _of_repository(fields.get("repo"), directory) if inferred else []


def _of_flag(fields: Fields, directory: Directory) -> list[str]:
    """Of a flag that may name a team, as `blocks` reads it."""
    name = fields.get("on_team", UNKNOWN)
    is_unlisted = name != UNKNOWN and directory.listed(name) == UNKNOWN
    return [f"team:{name}"] if is_unlisted else []


def _of_pool(fields: Fields, directory: Directory) -> list[str]:
    if "on_team" in fields:
        return _teams([fields["on_team"]], directory)
    pool = fields.get("pool")
    if not pool or fields.get("hosted") or directory.pool(tuple(pool)):
        return []
    return [f"pool:{pool_name(pool)}"]


def _of_cause(role: str, fields: Fields, directory: Directory) -> list[str]:
    """A cause that is stated, else of a failed run the owner of its pipeline."""
    stated = _teams(fields.get("cause_teams", ()), directory)
    if stated or role not in _RUNS or "cause_teams" in fields:
        return stated
    if "on_team" in fields:
        return _teams([fields["on_team"]], directory)
    pipeline = fields.get("pipeline")
    if pipeline is not None and directory.pipeline(pipeline) is not None:
        return []
    return _of_repository(fields.get("repo"), directory)


def _of_blocker(fields: Fields, item: ItemFacts, directory: Directory) -> list[str]:
    blocker = fields.get("blocker", "")
    project = project_of(blocker)
    if project is None:
        return _of_repository(repository_named(blocker, item.facts), directory)
    return [] if directory.project(project) is not None else [f"project:{project}"]


def _of_repository(repo: str | None, directory: Directory) -> list[str]:
    if repo is None or directory.repository(repo) is not None:
        return []
    return [f"repo:{repo}"]


def _teams(names: Iterable[str | None], directory: Directory) -> list[str]:
    """Those of the named teams that are not in the file."""
    unknown = {
        name
        for name in names
        if name is not None and name != UNKNOWN and directory.named(name) == UNKNOWN
    }
    return sorted(f"team:{name}" for name in unknown)
