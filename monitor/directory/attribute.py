"""Where persons end: a fact's people become teams and roles, and nothing else.

Teams an event states itself always win over what the directory makes of a person.
A person of several teams acts for all of them, but authors, is asked and receives
for one: the one that owns the repository, if it is among them.
"""

from __future__ import annotations

from monitor.domain.facts import Fact, Fields, People
from monitor.domain.teams import Directory, team_at


def attribute(fact: Fact, directory: Directory) -> Fact:
    """The fact without people: their teams as of its time, and the actor's role.

    A reviewer in no team, and an asked person without one clear team, leave
    ``inferred`` for evaluation, which then takes the repository's owner. An author
    or receiver without one clear team leaves nothing, nor does a receiver beside whom
    somebody of another team has the ticket. A fact without people is returned as it
    is; the identity never changes.
    """
    people = fact.people
    if not people:
        return fact
    kind, time, entity, source, identity, revision, said, _ = fact
    fields = said.copy()
    # Who acts or wrote is in most facts, the others are in few.
    if "author" in people:
        _author(people["author"], fields, time, directory)
    if "actor" in people:
        _actor(people["actor"], fields, time, directory)
    if "reviewer" in people:
        _reviewer(people["reviewer"], fields, time, directory)
    if "asked" in people:
        _asked(people["asked"], fields, time, directory)
    if "receiver" in people:
        _receiver(people, fields, time, directory)
    return Fact(kind, time, entity, source, identity, revision, fields, {})


def _author(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "author_team" not in fields:
        team = _one_team(handle, fields, time, directory)
        if team is not None:
            fields["author_team"] = team


def _actor(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "by_teams" not in fields:
        teams = directory.memberships(handle, time)
        if teams:
            fields["by_teams"] = list(teams)
    if "actor_role" not in fields:
        role = directory.role(handle)
        if role is not None:
            fields["actor_role"] = role


def _reviewer(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "reviewed_by" not in fields:
        teams = directory.memberships(handle, time)
        if teams:
            fields["reviewed_by"] = list(teams)
        else:
            fields["inferred"] = True


def _asked(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "on_team" not in fields:
        team = _one_team(handle, fields, time, directory)
        if team is None:
            fields["inferred"] = True
        else:
            fields["on_team"] = team


def _receiver(people: People, fields: Fields, time: int, directory: Directory) -> None:
    """Handed to a team while nobody has it who is known, and not of that team."""
    if "to_team" in fields:
        return
    team = _one_team(people["receiver"], fields, time, directory)
    if team is None:
        return
    for handle in people.get("beside", ()):
        teams = directory.memberships(handle, time)
        if teams and team not in teams:
            return
    fields["to_team"] = team


def _one_team(
    handle: str, fields: Fields, time: int, directory: Directory
) -> str | None:
    """The only membership, or the one that owns the repository."""
    teams = directory.memberships(handle, time)
    if len(teams) == 1:
        return teams[0]
    owner = _owner(fields, time, directory) if teams else None
    return owner if owner in teams else None


def _owner(fields: Fields, time: int, directory: Directory) -> str | None:
    """The repository's owner; of what has no repository, its service's or project's."""
    repo = fields.get("repo")
    if repo is not None:
        schedule = directory.repository(repo)
    else:
        schedule = directory.owner(fields)
    return team_at(schedule, time) if schedule else None
