"""What facts name, and whose it is by a directory: known at a time, or a gap.

A reference is told as ``team:ghosts`` or ``repo:acme/shop``, as a line of the teams
file would claim it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from monitor.domain.facts import Fact, Fields
from monitor.domain.items import EntityType, entity_type
from monitor.domain.keys import project_of, repository_in, repository_of
from monitor.domain.opaque import team_reference
from monitor.domain.teams import (
    UNKNOWN,
    Directory,
    Schedule,
    always,
    pool_name,
    team_at,
)

UNCLAIMED: Final = always(UNKNOWN)


class Named(NamedTuple):
    """A reference, and whose it is when."""

    reference: str
    schedule: Schedule

    def is_gap(self, instant: int) -> bool:
        """Whether nobody is known then: no claim, one not in force, or several."""
        return team_at(self.schedule, instant) == UNKNOWN


def references_of(fact: Fact, directory: Directory) -> Iterator[Named]:
    """Everything that the fact names and a directory may know."""
    fields = fact.fields
    yield from teams_named(teams_stated(fields), directory)
    yield from project_named(fact, directory)
    yield from repository_named(repository_in(fact), directory)
    yield from service_named(fields, directory)
    yield from group_named(fields, directory)
    yield from pool_named(fields, directory)
    yield from blocker_named(fields, directory)


def teams_stated(fields: Fields) -> list[str | None]:
    """The teams that an event states where whoever is meant may be nobody's."""
    return [
        fields.get("team"),
        fields.get("on_team"),
        fields.get("to_team"),
        fields.get("requester_team"),
        *fields.get("cause_teams", ()),
        *fields.get("teams", ()),
    ]


def teams_named(names: Iterable[str | None], directory: Directory) -> Iterator[Named]:
    """The teams that an event states; that nobody is known names none."""
    for name in names:
        if name is not None and name != UNKNOWN:
            yield Named(team_reference(name), always(directory.named(name)))


def project_named(fact: Fact, directory: Directory) -> Iterator[Named]:
    """The tracker project of a ticket: the one stated, else that of its key."""
    project = fact.fields.get("project")
    if project is None and entity_type(fact) is EntityType.TICKET:
        project = project_of(fact.entity)
    if project is not None:
        yield Named(f"project:{project}", directory.project(project) or UNCLAIMED)


def repository_named(repo: str | None, directory: Directory) -> Iterator[Named]:
    """The repository, paths apart."""
    if repo is not None:
        yield Named(f"repo:{repo}", directory.repository(repo) or UNCLAIMED)


def places_named(fact: Fact, directory: Directory) -> Iterator[Named]:
    """Where the thing of a fact is, the widest first: a project has repositories."""
    yield from project_named(fact, directory)
    yield from repository_named(repository_in(fact), directory)
    yield from paths_named(fact.fields, directory)
    yield from service_named(fact.fields, directory)


def paths_named(fields: Fields, directory: Directory) -> Iterator[Named]:
    """The files of a push: several claims on one may leave it to nobody."""
    repo = fields.get("repo", "")
    for path in fields.get("paths", ()):
        found = directory.owner({"repo": repo, "paths": [path]})
        yield Named(f"path:{repo}:{path}", found or UNCLAIMED)


def service_named(fields: Fields, directory: Directory) -> Iterator[Named]:
    """The service."""
    service = fields.get("service")
    if service is not None:
        yield Named(f"service:{service}", directory.service(service) or UNCLAIMED)


def group_named(fields: Fields, directory: Directory) -> Iterator[Named]:
    """The group that is asked for a review or an approval."""
    group = fields.get("group")
    if group is not None:
        yield Named(f"group:{group}", directory.group(group) or UNCLAIMED)


def pool_named(fields: Fields, directory: Directory) -> Iterator[Named]:
    """The pool of runners, but for those that a vendor hosts: these need no claim."""
    pool = fields.get("pool")
    if pool and not fields.get("hosted"):
        found = directory.pool(tuple(pool))
        yield Named(f"pool:{pool_name(pool)}", found or UNCLAIMED)


def blocker_named(fields: Fields, directory: Directory) -> Iterator[Named]:
    """The project, or the repository, of the ticket that blocks."""
    blocker = fields.get("blocker", "")
    project = project_of(blocker)
    yield from repository_named(repository_of(blocker), directory)
    if project is not None:
        yield Named(f"project:{project}", directory.project(project) or UNCLAIMED)
