"""Where persons end: a fact's people become teams and roles, and nothing else.

Teams an event states itself always win over what the directory makes of a person.
A person of several teams acts for all of them, but authors, is asked and receives
for one: the one that owns the repository, if it is among them.

A team that an event names may be a person, too. Who is in the teams file becomes a
team, whatever calls them by name. What else a label says is kept as a word that hides
it; what a field says that is for names of teams is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from monitor.directory.patterns import folded
from monitor.domain.facts import Fact, Fields, People
from monitor.domain.opaque import blocked_on
from monitor.domain.teams import UNKNOWN, Directory, team_at

# Fields that state a team, or several; for several teams a person acts at once.
_ONE: Final = ("team", "on_team", "to_team", "requester_team", "author_team")
_SEVERAL: Final = ("by_teams", "reviewed_by", "cause_teams", "teams")
_TEAMS: Final = frozenset(_SEVERAL)
_ACTING: Final = frozenset({"by_teams", "reviewed_by"})
# Names that stand together in facts and are no person's.
Clear = set[tuple[object, ...]]


def attribute(fact: Fact, directory: Directory) -> Fact:
    """The fact without people: their teams as of its time, and the actor's role.

    A reviewer in no team, and an asked person without one clear team, leave
    ``inferred`` for evaluation, which then takes the repository's owner. An author
    or receiver without one clear team leaves nothing, nor does a receiver beside whom
    somebody of another team has the ticket. ``derived`` says which fields hold teams
    of these persons. A fact without people is returned as it is; the identity never
    changes.
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
    if "named" in people:
        _named(people["named"], fields, time, directory)
    return Fact(kind, time, entity, source, identity, revision, fields, {})


def _author(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "author_team" not in fields:
        team = _one_team(handle, fields, time, directory)
        if team is not None:
            fields["author_team"] = team
            _mark(fields, "author_team")


def _actor(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "by_teams" not in fields:
        teams = directory.memberships(handle, time)
        if teams:
            fields["by_teams"] = list(teams)
            _mark(fields, "by_teams")
    if "actor_role" not in fields:
        role = directory.role(handle)
        if role is not None:
            fields["actor_role"] = role


def _reviewer(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "reviewed_by" not in fields:
        teams = directory.memberships(handle, time)
        if teams:
            fields["reviewed_by"] = list(teams)
            _mark(fields, "reviewed_by")
        else:
            fields["inferred"] = True


def _asked(handle: str, fields: Fields, time: int, directory: Directory) -> None:
    if "on_team" not in fields:
        team = _one_team(handle, fields, time, directory)
        if team is None:
            fields["inferred"] = True
        else:
            fields["on_team"] = team
            _mark(fields, "on_team")


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
    _mark(fields, "to_team")


def _mark(fields: Fields, name: str) -> None:
    """Tell whom a field names from what events state: by a file without that team.

    The person is then in no team, while a name that was stated stays one.
    """
    fields.setdefault("derived", []).append(name)


def _named(name: str, fields: Fields, time: int, directory: Directory) -> None:
    """Whom a label names: a team of the file, a person's team, or nobody known.

    ``request`` is the same for a person's label put on and taken off, whatever team
    the person is in by then.
    """
    if directory.listed(name) != UNKNOWN or folded(name) == UNKNOWN:
        fields["on_team"] = name
        return
    handles = handles_of(name, directory)
    if handles:
        fields["request"] = blocked_on(name)
        fields["on_team"] = _clear_team(handles, fields, time, directory)
    else:
        fields["on_team"] = blocked_on(name)


def handles_of(name: str, directory: Directory) -> tuple[str, ...]:
    """Who goes by a name that is no team's, with or without ``@``, at any provider."""
    if not directory.persons or directory.listed(name) != UNKNOWN:
        return ()
    return directory.persons.get(folded(name).removeprefix("@"), ())


def states_person(fields: Fields, directory: Directory, clear: Clear) -> bool:
    """Whether a field that is for names of teams holds a person's name.

    ``clear`` remembers names that are none: facts state the same few again and again.
    """
    named = tuple(map(fields.get, _ONE))
    if named not in clear and not _is_clear(named, directory, clear):
        return True
    if _TEAMS.isdisjoint(fields):
        return False
    for several in _TEAMS.intersection(fields):
        named = tuple(cast("dict[str, list[str]]", fields)[several])
        if named not in clear and not _is_clear(named, directory, clear):
            return True
    return False


def _is_clear(names: tuple[object, ...], directory: Directory, clear: Clear) -> bool:
    if any(name and handles_of(str(name), directory) for name in names):
        return False
    clear.add(names)
    return True


def without_stated_persons(fact: Fact, directory: Directory) -> Fact:
    """The fact with teams as of its time where its fields name persons."""
    if not states_person(fact.fields, directory, set()):
        return fact
    fields, time = fact.fields.copy(), fact.time
    words = cast("dict[str, Any]", fields)
    asked = words.get("on_team", "")
    if handles_of(asked, directory):
        words["request"] = blocked_on(asked)
    for one in _ONE:
        handles = handles_of(words.get(one, ""), directory)
        if handles:
            words[one] = _clear_team(handles, fields, time, directory)
    for several in _SEVERAL:
        if several in words:
            found = [
                team
                for name in words[several]
                for team in _teams_named(name, several, fields, time, directory)
            ]
            words[several] = list(dict.fromkeys(found))
    return fact._replace(fields=fields)


def _teams_named(
    name: str, field: str, fields: Fields, time: int, directory: Directory
) -> Sequence[str]:
    handles = handles_of(name, directory)
    if not handles:
        return (name,)
    if field in _ACTING:
        return _teams_of(handles, time, directory) or (UNKNOWN,)
    return (_clear_team(handles, fields, time, directory),)


def _teams_of(
    handles: Sequence[str], time: int, directory: Directory
) -> tuple[str, ...]:
    found = {team for one in handles for team in directory.memberships(one, time)}
    return tuple(sorted(found))


def _clear_team(
    handles: Sequence[str], fields: Fields, time: int, directory: Directory
) -> str:
    """The one team of whoever goes by a name; ``unknown`` where it is not clear."""
    teams = _teams_of(handles, time, directory)
    return _one_of(teams, fields, time, directory) or UNKNOWN


def _one_team(
    handle: str, fields: Fields, time: int, directory: Directory
) -> str | None:
    return _one_of(directory.memberships(handle, time), fields, time, directory)


def _one_of(
    teams: Sequence[str], fields: Fields, time: int, directory: Directory
) -> str | None:
    """The only membership, or the one that owns the repository."""
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
