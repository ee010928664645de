"""Shares: one second of an item, split over the teams it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.domain.timeline import UNIT, Component

# What is waited for: the component, and the team it is waited for.
Named = tuple[Component, str]
# The same with its part of the whole.
Share = tuple[Component, str, int]


def split_evenly(whole: int, parts: int) -> list[int]:
    """Integer parts that differ by at most one and sum to the whole."""
    share, rest = divmod(whole, parts)
    return [share + (index < rest) for index in range(parts)]


def shares_of(named: Sequence[Named]) -> Sequence[Share]:
    """O1: equally over the named teams, then over each team's components."""
    if len(named) == 1:
        component, name = named[0]
        return ((component, name, UNIT),)
    return tuple(_split(named)) if named else ()


def _split(named: Sequence[Named]) -> Iterator[Share]:
    by_team: dict[str, list[Component]] = {}
    for component, name in named:
        by_team.setdefault(name, []).append(component)
    teams = sorted(by_team)
    for name, of_team in zip(teams, split_evenly(UNIT, len(teams)), strict=True):
        components = by_team[name]
        parts = split_evenly(of_team, len(components))
        for component, part in zip(components, parts, strict=True):
            yield component, name, part
