"""What blockers told, read back from the plain data of a stored row. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap

from monitor.domain.items import (
    Freeze,
    Merge,
    Need,
    Profile,
    Red,
    Result,
    Shipped,
    Turn,
)
from monitor.domain.teams import Since


def unpack_profile(
    unresolved: list[tuple[int, int]],
    owner: list[tuple[int, str]],
    activity: list[int],
    needs: Iterable[tuple[str, int, int]] = (),
    assignee: Iterable[tuple[int, str]] = (),
    results: Iterable[tuple[int, str, str, int]] = (),
    freezes: Iterable[tuple[int, int, str, list[str], list[str]]] = (),
    reds: Iterable[tuple[int, list[str]]] = (),
    shipped: Iterable[tuple[int, list[str], str, *tuple[bool, ...]]] = (),
    carries: Iterable[int] = (),
    contains: Iterable[tuple[str, int]] = (),
    turns: Iterable[tuple[int, str, str, int, list[str]]] = (),
) -> Profile:
    """The profile of its parts as plain data; older rows lack the last ones."""
    return Profile(
        tuple((start, end) for start, end in unresolved),
        tuple(Since(start, team) for start, team in owner),
        tuple(activity),
        # Most tell one thing alone: what is not told is not looked for.
        tuple(Need(*need) for need in needs) if needs else (),
        tuple(Since(start, team) for start, team in assignee) if assignee else (),
        tuple(Result(*result) for result in results) if results else (),
        tuple(starmap(_freeze, freezes)) if freezes else (),
        tuple(Red(time, tuple(teams)) for time, teams in reds) if reds else (),
        tuple(starmap(_shipped, shipped)) if shipped else (),
        tuple(carries),
        tuple(Merge(repo, time) for repo, time in contains) if contains else (),
        tuple(starmap(_turn, turns)) if turns else (),
    )


def _freeze(
    start: int, end: int, team: str, services: list[str], teams: list[str]
) -> Freeze:
    return Freeze(start, end, team, tuple(services), tuple(teams))


def _shipped(time: int, where: list[str], team: str, *told: bool) -> Shipped:
    return Shipped(time, tuple(where), team, *told)


def _turn(
    time: int, place: str, environment: str, rank: int, causes: list[str]
) -> Turn:
    return Turn(time, place, environment, rank, tuple(causes))
