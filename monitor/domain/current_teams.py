"""Facts as the teams of now read them, which are not always those they were told to.

Which teams a person is in is looked up once, when a fact is read, and the person is
forgotten. A later teams file may have no team of that id: the person then counts as
whoever is in no team, as the same fact read under that file would say. Or it says
which team had the id before: then that one is meant, whoever names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from monitor.domain.facts import Fact, Fields
from monitor.domain.renamed_teams import name_under
from monitor.domain.teams import UNKNOWN, Directory

# For whom the repository's owner stands in, where they are in no team.
_STOOD_IN_FOR: Final = frozenset({"on_team", "reviewed_by"})

# Of several teams the order means nothing.
_NAMING: Final = frozenset(
    {
        "team",
        "author_team",
        "by_teams",
        "on_team",
        "to_team",
        "requester_team",
        "cause_teams",
        "reviewed_by",
        "teams",
    }
)

_Teams = dict[str, str | list[str]]


def facts_under(directory: Directory, facts: Iterable[Fact]) -> list[Fact]:
    """The facts with the ids of now, and no teams of persons the directory has not.

    A team that an event names itself stays, whether the directory has it or not.
    """
    if directory.formerly:
        facts = [_renamed(fact, directory.formerly) for fact in facts]
    # Fields by their place: by name they take five times as long.
    return [
        _without_gone(fact, directory) if "derived" in fact[6] else fact
        for fact in facts
    ]


def _renamed(fact: Fact, formerly: Mapping[str, str]) -> Fact:
    """The fact with the ids of now: requests and flags are told apart by them."""
    said = cast("_Teams", fact.fields)
    now: _Teams = {}
    for field in _NAMING.intersection(said):
        teams = said[field]
        if isinstance(teams, str):
            named: str | list[str] = name_under(formerly, teams)
        else:
            named = sorted({name_under(formerly, team) for team in teams})
        if named != teams:
            now[field] = named
    asked = fact.fields.get("on_team", "")
    if "on_team" in now and said.get("request", "") == asked:
        now["request"] = now["on_team"]
    return fact._replace(fields=cast("Fields", {**said, **now})) if now else fact


def _without_gone(fact: Fact, directory: Directory) -> Fact:
    said = cast("_Teams", fact.fields)
    left: dict[str, list[str]] = {}
    for field in said.keys() & set(fact.fields["derived"]):
        teams = said[field]
        named = [teams] if isinstance(teams, str) else teams
        known = [team for team in named if directory.listed(team) != UNKNOWN]
        if len(known) < len(named):
            left[field] = known
    return _with_teams(fact, left) if left else fact


def _with_teams(fact: Fact, left: dict[str, list[str]]) -> Fact:
    """The fact with what is left of these fields; without those that say nothing."""
    fields = fact.fields.copy()
    teams = cast("_Teams", fields)
    for field, known in left.items():
        if known:
            teams[field] = known
        else:
            del teams[field]
            if field in _STOOD_IN_FOR:
                fields["inferred"] = True
    return fact._replace(fields=fields)
