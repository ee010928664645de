"""Whose a repository or a service seems to be, by what the events on it name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from monitor.directory.sightings import Seen, Sightings, Subject


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
