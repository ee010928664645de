"""Which stories a world holds, and when each begins.

Stories are drawn one by one from their own seeds, in the order in which they begin,
so a world of any length needs no more memory than its open items.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from monitor.domain.working_time import DAY, HOUR
from monitor.simulate import freezes
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Life
from monitor.simulate.organisation import SimOrganisation, SimTeam
from monitor.simulate.settings import Simulation
from monitor.simulate.steps import incidents, recipes, red_main_steps
from monitor.simulate.story import Recipe, Story
from monitor.simulate.troubles import trouble_plan

# Of each team one deploy breaks in so long a time, in its first day; it is repaired
# long before the next one, so no two stories meet in a lane.
_BREAKING: Final = 14 * DAY


def stories(
    config: Simulation, organisation: SimOrganisation
) -> Iterator[tuple[int, tuple[Life, ...]]]:
    """Every story with the instant it begins at, in order of beginning."""
    number = 0
    hour = config.from_ms - config.from_ms % HOUR
    breaking = _breaking(config, organisation, hour)
    frozen = freezes.by_hour(organisation.freezes)
    others = _others(config, organisation)
    while hour < config.until_ms:
        for freeze in frozen.get(hour, ()):
            yield freeze.start, (freezes.told(freeze),)
        for index, team in enumerate(organisation.teams):
            chance = random.Random(f"{config.seed}:{hour}:{index}")
            begun = _begun(config, team, chance, hour, calm=organisation.is_calm(hour))
            if (hour, index) in breaking:
                begun.append(recipes.broken_release)
            for recipe in begun:
                number += 1
                start = hour + chance.randint(0, 3_599) * SECOND
                if config.from_ms <= start < config.until_ms:
                    yield (
                        start,
                        _lived(organisation, team, number, start, recipe, config),
                    )
        for one in others.get(hour, ()):
            told = _lived(
                organisation, one.team, one.number, one.start, one.recipe, config
            )
            yield one.start, told
        hour += HOUR


def _others(
    config: Simulation, organisation: SimOrganisation
) -> Mapping[int, Sequence[Story]]:
    """Stories of the world as a whole, by the hour in which they begin."""
    found: defaultdict[int, list[Story]] = defaultdict(list)
    troubled = trouble_plan.begun(config, organisation)
    for one in (*red_main_steps.begun(config, organisation), *troubled):
        found[one.start - one.start % HOUR].append(one)
    return found


def _breaking(
    config: Simulation, organisation: SimOrganisation, first: int
) -> frozenset[tuple[int, int]]:
    """The hours in which a story of a broken deploy begins, with the team's place."""
    return frozenset(
        (begin + chance.randrange(24) * HOUR, index)
        for index in range(config.teams)
        for chance in [random.Random(f"{config.seed}:breaking:{index}")]
        for begin in range(first, config.until_ms, _BREAKING)
        if not organisation.is_calm(begin)
    )


def _lived(
    organisation: SimOrganisation,
    team: SimTeam,
    number: int,
    start: int,
    recipe: Recipe,
    config: Simulation,
) -> tuple[Life, ...]:
    chance = random.Random(f"{config.seed}:story:{number}")
    draft = Draft(organisation, team, chance, number, start)
    life = recipe(draft)
    return (life, *draft.others)


def _begun(
    config: Simulation, team: SimTeam, chance: random.Random, hour: int, *, calm: bool
) -> list[Recipe]:
    """What the team begins in this hour: work by day, incidents at any time."""
    begun: list[Recipe] = []
    worked = team.calendar.between(hour, hour + HOUR)
    if worked:
        expected = config.load * len(team.members) / 8
        count = int(expected) + (chance.random() < expected % 1)
        begun += [_chosen(team, chance) for _ in range(count)]
    if chance.random() < 0.004 and not calm:
        begun.append(incidents.incident)
    if worked and chance.random() < 0.03:
        begun.append(chance.choice(_OTHERS))
    return begun


def _chosen(team: SimTeam, chance: random.Random) -> Recipe:
    if team.voice == "native":
        return recipes.native_ticket
    if team.voice == "mixed":
        return chance.choice(
            (recipes.mixed_ticket, recipes.mixed_ticket, recipes.lone_pull)
        )
    return chance.choice((recipes.issue, recipes.issue, recipes.lone_pull))


_OTHERS: Final[tuple[Recipe, ...]] = (
    incidents.deployment,
    incidents.upgraded_service,
    incidents.robot_change,
)
