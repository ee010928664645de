"""Freezes: when some may not deploy, and on whose word.

They are drawn for the whole world at once, because a deploy has to know of freezes
that begin while it waits for something else.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY, HOUR
from monitor.simulate.life import Life, Moment, Said

# Every two days one begins for half of the teams: their number does not grow with
# the organisation, and each team is held up about every fourth day.
_EVERY: Final = 2 * DAY
_PART: Final = 2
_LENGTHS: Final = (2 * HOUR, 7 * HOUR, DAY, 2 * DAY)


class Freeze(NamedTuple):
    """Deploys of the services, and those of the teams, wait from start to end (ms)."""

    entity: str
    on_team: str
    services: tuple[str, ...]
    teams: tuple[str, ...]
    start: int
    end: int

    def holds(self, service: str, team: str) -> bool:
        """Whether a team's deploy of a service may not begin meanwhile."""
        return service in self.services or team in self.teams

    def meets(self, start: int, end: int) -> tuple[int, int] | None:
        """Where it is on between two instants."""
        left, right = max(start, self.start), min(end, self.end)
        return (left, right) if left < right else None


def drawn(
    chance: random.Random,
    services: Sequence[tuple[str, str]],
    owners: Sequence[str],
    start: int,
    end: int,
) -> Iterator[Freeze]:
    """The freezes of a world, by when they begin; ``services`` are (team, service).

    A freeze names services, or teams, among whom its owner may be: that one waits
    for nobody.
    """
    begin, number = start + chance.randrange(_EVERY), 0
    while begin < end:
        number += 1
        held = chance.sample(services, max(1, round(len(services) / _PART)))
        by_team = chance.random() < 0.5
        first = begin - begin % 1_000
        yield Freeze(
            entity=f"freeze-{number}",
            on_team=chance.choice(owners),
            services=() if by_team else tuple(service for _, service in held),
            teams=tuple(team for team, _ in held) if by_team else (),
            start=first,
            end=first + chance.choice(_LENGTHS),
        )
        begin += chance.randrange(_EVERY // 2, _EVERY + _EVERY // 2)


def told(freeze: Freeze) -> Life:
    """What is told of a freeze: only natively, as no tool has an event for it."""
    said: Said = {"on_team": freeze.on_team}
    scope: Said = {"services": list(freeze.services), "teams": list(freeze.teams)}
    begun = said | {name: names for name, names in scope.items() if names}
    moments = (
        Moment(freeze.start, "native", "freeze.started", freeze.entity, begun),
        Moment(freeze.end, "native", "freeze.ended", freeze.entity, said),
    )
    return Life(freeze.entity, moments=moments)


def by_hour(freezes: Iterable[Freeze]) -> dict[int, list[Freeze]]:
    """Those that begin in each hour, by the instant at which the hour begins."""
    found: defaultdict[int, list[Freeze]] = defaultdict(list)
    for freeze in freezes:
        found[freeze.start - freeze.start % HOUR].append(freeze)
    return found
