"""Whose a place seems to be, by what the events on it name.

A place is a repository, a service, a project or a component.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from monitor.directory.sightings import Seen, Sightings, Subject
from monitor.domain.facts import COMPONENT_AREA

_NOTHING: Final[Counter[Seen]] = Counter()


class Found(NamedTuple):
    """A place, the team it would go to, and what speaks for it."""

    place: Seen
    team: str
    why: str


def place_owner(
    place: Seen, seen: Sightings, teams: Mapping[Seen, str]
) -> Found | None:
    """The team whose name or tickets the place's things name most often.

    Of a repository without either, the team whose group more than half of its
    changes ask: who is asked now and then is waited for, and owns nothing. Equally
    many for two teams tell nothing. ``teams`` are those known so far.
    """
    beside = [(one, n) for one, n in seen.together.get(place, {}).items()]
    for subjects in (("team", "project"), ("repo",)):
        known = [(one, n) for one, n in beside if one.subject in subjects]
        best = _most_often(known, teams)
        if best is not None:
            return _found(place, *best, seen, teams)
    groups = _most_often(
        [(one, n) for one, n in beside if one.subject == "group"], teams
    )
    if groups is not None and 2 * groups[1] > seen.count(place, "change"):
        return _found(place, *groups, seen, teams)
    return None


def _most_often(
    beside: Iterable[tuple[Seen, int]], teams: Mapping[Seen, str]
) -> tuple[Seen, int] | None:
    """What is named most often; None where two teams are named equally often."""
    best: dict[str, tuple[int, Seen]] = {}
    for one, times in beside:
        team = teams.get(one)
        if team is not None:
            best[team] = max(best.get(team, (0, one)), (times, one))
    ranked = sorted(best.values(), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1], ranked[0][0]


def _found(
    place: Seen, by: Seen, times: int, seen: Sightings, teams: Mapping[Seen, str]
) -> Found:
    word = "ask" if by.subject == "group" else "name"
    thing: Subject | str = "change" if place.subject == "repo" else ""
    whole = seen.count(place, thing)
    things = "changes" if thing else "things"
    return Found(place, teams[by], f"{times:,} of {whole:,} {things} {word} {by.name}")


def named_owner(
    place: Seen, seen: Sightings, teams: Mapping[Seen, str]
) -> tuple[Seen, str] | None:
    """The team that more than half of a place's tickets name, of those that do.

    What speaks for it comes with it, in words.
    """
    beside = seen.together.get(place, _NOTHING)
    named = {one: n for one, n in beside.items() if one in teams}
    best = max(named, key=lambda one: (named[one], one.name), default=None)
    whole = sum(named.values())
    if best is None or 2 * named[best] <= whole:
        return None
    why = f"{named[best]:,} of {whole:,} tickets that name a team name {best.name}"
    return best, why


def components_owned(seen: Sightings, teams: Mapping[Seen, str]) -> Iterator[Found]:
    """Components that go to another team than their project.

    Most components are parts of what one team has, so without a ticket that puts
    one beside another team it stays its project's.
    """
    for component in seen.names("component"):
        key = component.name.removeprefix(COMPONENT_AREA).partition("/")[0]
        found = named_owner(component, seen, teams)
        if found is not None and teams[found[0]] != teams.get(
            Seen("project", key.upper())
        ):
            yield Found(component, teams[found[0]], found[1])


def area_numbers(seen: Sightings) -> frozenset[Seen]:
    """Areas that are only the number of the one named right after them.

    A value of a team field has a number and a name, and one line for the name is
    enough. They are told by standing together always, and with nobody else.
    """
    pairs: list[tuple[Seen, Seen]] = []
    preceded: dict[Seen, int] = {}
    for one in seen.names("area"):
        following = seen.together.get(one, _NOTHING)
        for other in following:
            preceded[other] = preceded.get(other, 0) + 1
        if list(following.values()) == [seen.count(one)]:
            pairs += [(one, other) for other in following]
    return frozenset(one for one, other in pairs if preceded[other] == 1)
