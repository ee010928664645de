"""What blockers told, read back from the plain data of a stored row. Pure."""

from __future__ import annotations

from collections.abc import Iterable

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
        tuple(Need(*need) for need in needs),
        tuple(Since(start, team) for start, team in assignee),
        tuple(Result(*result) for result in results),
        tuple(
            Freeze(start, end, team, tuple(services), tuple(teams))
            for start, end, team, services, teams in freezes
        ),
        tuple(Red(time, tuple(teams)) for time, teams in reds),
        tuple(
            Shipped(time, tuple(where), team, *told)
            for time, where, team, *told in shipped
        ),
        tuple(carries),
        tuple(Merge(repo, time) for repo, time in contains),
        tuple(
            Turn(time, place, environment, rank, tuple(causes))
            for time, place, environment, rank, causes in turns
        ),
    )
