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
    or receiver without one clear team leaves nothing. A fact without people is
    returned as it is; the identity never changes.
    """
    people = fact.people
    if not people:
        return fact
    fields = fact.fields.copy()
    _author(people, fields, fact.time, directory)
    _actor(people, fields, fact.time, directory)
    _reviewer(people, fields, fact.time, directory)
    _asked(people, fields, fact.time, directory)
    _receiver(people, fields, fact.time, directory)
    return fact._replace(fields=fields, people={})


def _author(people: People, fields: Fields, time: int, directory: Directory) -> None:
    if "author" in people and "author_team" not in fields:
        team = _one_team(people["author"], fields, time, directory)
        if team is not None:
            fields["author_team"] = team


def _actor(people: People, fields: Fields, time: int, directory: Directory) -> None:
    if "actor" not in people:
        return
    if "by_teams" not in fields:
        teams = directory.memberships(people["actor"], time)
        if teams:
            fields["by_teams"] = list(teams)
    if "actor_role" not in fields:
        role = directory.role(people["actor"])
        if role is not None:
            fields["actor_role"] = role


def _reviewer(people: People, fields: Fields, time: int, directory: Directory) -> None:
    if "reviewer" in people and "reviewed_by" not in fields:
        teams = directory.memberships(people["reviewer"], time)
        if teams:
            fields["reviewed_by"] = list(teams)
        else:
            fields["inferred"] = True


def _asked(people: People, fields: Fields, time: int, directory: Directory) -> None:
    if "asked" in people and "on_team" not in fields:
        team = _one_team(people["asked"], fields, time, directory)
        if team is None:
            fields["inferred"] = True
        else:
            fields["on_team"] = team


def _receiver(people: People, fields: Fields, time: int, directory: Directory) -> None:
    if "receiver" in people and "to_team" not in fields:
        team = _one_team(people["receiver"], fields, time, directory)
        if team is not None:
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
