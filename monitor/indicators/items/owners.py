"""Who owns an item, as of event time, before anybody hands it over.

Ticket: an explicit team, else the directory's rule. Change: an explicit team,
the author's team, the repository's owner. What the ticket does not say, the
changes may; then deploys; then runs. Explicit names win over the directory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, takewhile
from typing import Final, NamedTuple

from monitor.domain.facts import UNASSIGNED, Fact, Fields, Kind
from monitor.domain.items import (
    EntityType,
    ItemFacts,
    entity_type,
    type_of,
)
from monitor.domain.keys import project_of, repository_by_key, repository_in
from monitor.domain.teams import BEGINNING, Directory, Schedule, Since, always, team_at

UNOWNED: Final = always("unknown")

# The facts whose `team` changes the owner; elsewhere it only fills a gap.
OWNING: Final = frozenset(
    {
        Kind.TICKET_CREATED,
        Kind.TICKET_STARTED,
        Kind.TICKET_ACCEPTED,
        Kind.TICKET_REQUESTED,
        Kind.CHANGE_OPENED,
        Kind.CHANGE_READY,
        Kind.DEPLOY_READY,
        Kind.INCIDENT_OPENED,
    }
)
# What a team's name on a fact means something else than its owner.
_NOT_OWNER: Final = frozenset({Kind.CHANGE_REVIEWED})
_LEVELS: Final = (
    EntityType.TICKET,
    EntityType.CHANGE,
    EntityType.DEPLOY,
    EntityType.INCIDENT,
    EntityType.RUN,
)

# Of these what hangs on them says whose they are only where they do not.
_SAY_THEMSELVES: Final = frozenset({EntityType.TICKET, EntityType.INCIDENT})


class Owner(NamedTuple):
    """The owner before handovers, and whether an event named it explicitly."""

    schedule: Schedule
    explicit: bool


def owner_by_rule(fact: Fact, directory: Directory) -> Schedule | None:
    """What the directory says of the references a fact carries."""
    found = directory.owner(fact.fields)
    if found is not None:
        return found
    if entity_type(fact) is EntityType.TICKET and "project" not in fact.fields:
        place = project_of(fact.entity), repository_in(fact)
        return _owner_of_place(*place, directory)
    return None


def owner_of_key(
    key: str, facts: Iterable[Fact], directory: Directory
) -> Schedule | None:
    """The owner of the project or repository that a key names.

    The facts are those of the item: they may tell the name of its repository.
    """
    return _owner_of_place(project_of(key), repository_by_key(key, facts), directory)


def _owner_of_place(
    project: str | None, repo: str | None, directory: Directory
) -> Schedule | None:
    if project is not None:
        return directory.project(project)
    return directory.repository(repo) if repo is not None else None


def receiver(fact: Fact, directory: Directory) -> str | None:
    """Who is handed the ticket: the team named, or whose area it has come to.

    Of a change of areas nothing follows while both belong to one team, or nobody
    knows to whom the new ones do.
    """
    fields = fact.fields
    if fields.get("how") == UNASSIGNED:
        return None
    if "to_team" in fields:
        return directory.named(fields["to_team"])
    left = _left_behind(fact)
    if left is None:
        return None
    after = owner_by_rule(fact, directory)
    before = owner_by_rule(left, directory)
    team = team_at(after, fact.time) if after is not None else None
    if before is not None and team_at(before, fact.time) == team:
        return None
    return team


def had_it(fact: Fact, directory: Directory) -> str | None:
    """From whom an assignment was taken back, so that nobody has it."""
    fields = fact.fields
    if fields.get("how") != UNASSIGNED or "to_team" not in fields:
        return None
    return directory.named(fields["to_team"])


def _left_behind(fact: Fact) -> Fact | None:
    """What a move says, with the references of before; ``None`` for no move."""
    fields = fact.fields
    left: Fields
    if "areas_before" in fields:
        areas, project = fields["areas_before"], fields["project_before"]
        left = {**fields, "areas": areas, "project": project}
    elif "repo_before" in fields:
        left = {**fields, "repo": fields["repo_before"]}
    else:
        return None
    return fact._replace(fields=left)


def base_owner(item: ItemFacts, directory: Directory) -> Owner:
    """The item's owner by its facts alone (indicators 1.2).

    Explicit teams on owning facts form the schedule, backdated to the first of
    them; the levels are asked in order and the first that answers wins.
    """
    if item.root in _SAY_THEMSELVES:
        key = item.key
        root = [fact for fact in item.facts if fact.entity == key]
        # Also of a ticket of which nobody tells but those who work for it.
        owner = _owner_of_level(root, directory) or _by_key(item, directory)
        if owner is not None:
            return owner
    levels: dict[EntityType | None, list[Fact]] = {}
    types = _types(item.facts)
    for fact in item.facts:
        levels.setdefault(types[fact.entity], []).append(fact)
    for level in _LEVELS:
        owner = _owner_of_level(levels.get(level, ()), directory)
        if owner is not None:
            return owner
    return _by_key(item, directory) or Owner(UNOWNED, explicit=False)


def _by_key(item: ItemFacts, directory: Directory) -> Owner | None:
    found = owner_of_key(item.key, item.facts, directory)
    return None if found is None else Owner(found, explicit=False)


def _types(facts: Iterable[Fact]) -> dict[str, EntityType | None]:
    """What each entity is: a change that is commented on is no ticket for that."""
    found: dict[str, EntityType | None] = {}
    for fact in facts:
        found[fact.entity] = type_of((fact,), found.get(fact.entity))
    return found


def _owner_of_level(facts: Sequence[Fact], directory: Directory) -> Owner | None:
    named = [
        fact for fact in facts if "team" in fact.fields and fact.kind not in _NOT_OWNER
    ]
    owning = [fact for fact in named if fact.kind in OWNING]
    if owning and owning[0].time == named[0].time:
        # Before somebody is named, the owner is that of the earliest fact by rule.
        before = list(takewhile(lambda fact: fact.time < owning[0].time, facts))
        asked = chain(_at_first(facts), before) if before else ()
        return _first_ruled(asked, directory) or Owner(
            _backdated(owning, directory), explicit=True
        )
    if named:
        # Named elsewhere a team fills the owner, until one is stated.
        return Owner(_backdated([named[0], *owning], directory), explicit=True)
    for fact in facts:
        author = fact.fields.get("author_team")
        if author is not None:
            return Owner(always(directory.named(author)), explicit=False)
    return _first_ruled(chain(_at_first(facts), _with_all_paths(facts)), directory)


def _first_ruled(facts: Iterable[Fact], directory: Directory) -> Owner | None:
    for fact in facts:
        for told in _under_each_name(fact):
            ruled = owner_by_rule(told, directory)
            if ruled is not None:
                return Owner(ruled, explicit=False)
    return None


def _under_each_name(fact: Fact) -> Iterator[Fact]:
    """The fact as its repository was called then, and as it is called by now."""
    for repo in fact.fields.get("repos_before", ()):
        renamed: Fields = {**fact.fields, "repo": repo}
        yield fact._replace(fields=renamed)
    yield fact


def _at_first(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Where a ticket was before it went to another repository, as its first move says.

    Of its creation the bodies of the new repository say that it was there already.
    """
    for fact in facts:
        if fact.kind is Kind.TICKET_ASSIGNED and "repo_before" in fact.fields:
            left = _left_behind(fact)
            if left is not None:
                yield left
            return


def _with_all_paths(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The files of all of a change's pushes decide, where a path is claimed."""
    paths = sorted({path for fact in facts for path in fact.fields.get("paths", ())})
    for fact in facts:
        if paths and "repo" in fact.fields:
            merged: Fields = {**fact.fields, "paths": paths}
            yield fact._replace(fields=merged)
        else:
            yield fact


def _backdated(owning: Sequence[Fact], directory: Directory) -> Schedule:
    entries: list[Since] = []
    for fact in owning:
        team = directory.named(fact.fields["team"])
        if not entries:
            entries.append(Since(BEGINNING, team))
        elif entries[-1].team != team:
            entries.append(Since(fact.time, team))
    return tuple(entries)


def repository_owner(fields: Fields, directory: Directory) -> Schedule | None:
    """The owner of the repository a fact names, paths apart."""
    repo = fields.get("repo")
    return directory.repository(repo) if repo is not None else None


def repository_owner_in(facts: Iterable[Fact], directory: Directory) -> Schedule | None:
    """The owner of the first repository named that has one."""
    for fact in facts:
        owner = repository_owner(fact.fields, directory)
        if owner is not None:
            return owner
    return None


def pipeline_owner(facts: Iterable[Fact], directory: Directory) -> Schedule:
    """The owner of a failed run's pipeline (design 11.10)."""
    seen = list(facts)
    for fact in seen:
        named = fact.fields.get("on_team")
        if named is not None and fact.kind is Kind.RUN_FINISHED:
            return always(directory.named(named))
    for fact in seen:
        pipeline = fact.fields.get("pipeline")
        claimed = directory.pipeline(pipeline) if pipeline is not None else None
        if claimed is not None:
            return claimed
    return repository_owner_in(seen, directory) or UNOWNED


def asked_team(fact: Fact, directory: Directory) -> Schedule:
    """Whose review or approval a fact asks for, or decides."""
    named = fact.fields.get("on_team")
    if named is not None:
        return always(directory.named(named))
    group = fact.fields.get("group")
    if group is not None:
        return directory.group(group) or UNOWNED
    if fact.fields.get("inferred"):
        return repository_owner(fact.fields, directory) or UNOWNED
    return UNOWNED
