"""When each story of a troubled world begins: the trouble, and what only looks like it.

Their numbers and seeds are their own, so that all other stories stay what they are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY, HOUR
from monitor.simulate.draft import SECOND
from monitor.simulate.organisation import SimOrganisation, SimTeam
from monitor.simulate.settings import Simulation
from monitor.simulate.story import Recipe, Story
from monitor.simulate.troubles import trouble_at_the_platform as desk
from monitor.simulate.troubles import trouble_at_work as work
from monitor.simulate.troubles.trouble_phases import Phase, phases_of

# Usual stories never come that far, and what they name begins above it.
_FIRST_NUMBER: Final = 500_000
_MORNING: Final = 6 * HOUR // SECOND
_CLASSES: Final = ("CWE-79", "CWE-89", "control:ac-2")
# One flaw each, wherever it is found: famous, and no sign of anything.
_FAMOUS: Final = (
    ("CWE-502", "CVE-2021-44228"),
    ("CWE-787", "CVE-2023-4863"),
    ("CWE-506", "CVE-2024-3094"),
)
# Nothing begins so shortly before the end that it would not be over then.
_LAST_DAYS: Final = 12
_COMPONENTS: Final = ("ci", "registry", "secrets", "staging")
_SHARED: Final = ("ci/shared-template", "deploy/shared-chart")


class _Rhythm(NamedTuple):
    """A story that a team begins every so many days, from one day of it to another."""

    team: SimTeam
    recipe: Recipe
    phase: Phase
    days: tuple[float, float]
    every: float


def begun(config: Simulation, organisation: SimOrganisation) -> Iterator[Story]:
    """The stories of a troubled world, in order of beginning; usually none."""
    if config.habits != "troubled":
        return
    chance = random.Random(f"{config.seed}:trouble")
    found = sorted(
        (start, index, one.team, one.recipe)
        for index, one in enumerate(_rhythms(config, organisation))
        for start in _starts(one, chance)
        if config.from_ms <= start < config.until_ms
    )
    for number, (start, _, team, recipe) in enumerate(found, _FIRST_NUMBER):
        yield Story(start, number, team, recipe)


def _starts(one: _Rhythm, chance: random.Random) -> Iterator[int]:
    """When its stories begin: in the first hours of the team's day."""
    first, last = one.days
    place = first + chance.random() * one.every
    while place < last:
        morning = one.phase.start + int(place) * DAY
        later = chance.randrange(_MORNING) * SECOND
        start = one.team.calendar.instant_after(morning, later)
        if start is not None and start < one.phase.end:
            yield start - start % SECOND
        place += one.every


def _rhythms(config: Simulation, organisation: SimOrganisation) -> Iterator[_Rhythm]:
    before, trouble, after = phases_of(config)
    platform = organisation.by_kind("platform")[0]
    streams = organisation.by_kind("stream")
    yield from _calm(before, streams, platform)
    yield from _false_alarms(before, streams, platform)
    for team in streams:
        yield from _at_work(trouble, team, platform)
        yield from _findings(trouble, team)
        yield from _asked(trouble, team, platform)
    yield _Rhythm(platform, partial(desk.decided, by_leads=True), trouble, (0, 30), 1.2)
    yield _Rhythm(platform, desk.put_off, trouble, (0, 21), 1.2)
    yield from _calm(after, streams, platform)
    for team in streams:
        yield _Rhythm(team, work.kept_up, after, (0, 28), 2)


def _calm(
    phase: Phase, streams: Sequence[SimTeam], platform: SimTeam
) -> Iterator[_Rhythm]:
    """Everybody works in one way and keeps up; the platform's own people decide."""
    days = (0.0, (phase.end - phase.start) / DAY - _LAST_DAYS)
    for team in streams:
        yield _Rhythm(team, partial(work.done_in, ways=_SHARED), phase, days, 25)
        yield _Rhythm(team, work.kept_up, phase, days, 12)
        yield _Rhythm(team, work.put_off, phase, days, 20)
        yield _Rhythm(team, work.complained, phase, days, 28)
        asked = partial(desk.asked, opener=team, component=_COMPONENTS[0])
        yield _Rhythm(platform, asked, phase, days, 40)
    yield _Rhythm(platform, desk.decided, phase, days, 5)


def _false_alarms(
    phase: Phase, streams: Sequence[SimTeam], platform: SimTeam
) -> Iterator[_Rhythm]:
    """Famous flaws, a service that one team uses much, and a week without platform."""
    for day, (class_, flaw) in enumerate(_FAMOUS, 50):
        for place, team in enumerate((*streams, platform)):
            told = work.scanned if place % 2 else work.found
            famous = partial(told, class_=class_, flaw=flaw)
            yield _Rhythm(team, famous, phase, (day, day + 1), 1)
    popular = partial(desk.how_to, opener=streams[0])
    yield _Rhythm(platform, popular, phase, (30, 40), 1)
    for team in streams:
        outage = partial(work.held_up, on_team=platform.id, days=3)
        yield _Rhythm(team, outage, phase, (77, 79), 0.4)


def _at_work(phase: Phase, team: SimTeam, platform: SimTeam) -> Iterator[_Rhythm]:
    """Ways part, all wait for the platform, and features are all that counts."""
    ways = (f"ci/scripts-of-{team.id}", f"deploy/chart-of-{team.id}")
    yield _Rhythm(team, partial(work.done_in, ways=ways), phase, (0, 35), 8)
    yield _Rhythm(team, work.complained, phase, (7, 42), 4)
    held_up = partial(work.held_up, on_team=platform.id, days=5)
    yield _Rhythm(team, held_up, phase, (0, 49), 2.5)
    for week in range(7):
        pushed = partial(work.pushed, failing=week / 8)
        yield _Rhythm(team, pushed, phase, (7 * week, 7 * week + 7), 1.5)


def _findings(phase: Phase, team: SimTeam) -> Iterator[_Rhythm]:
    """The same flaws again and again, in each team others."""
    for day, class_ in enumerate(_CLASSES):
        found = partial(work.found, class_=class_)
        yield _Rhythm(team, found, phase, (day, day + 1), 1)
        scanned = partial(work.scanned, class_=class_)
        yield _Rhythm(team, scanned, phase, (day + 6, day + 7), 1)


def _asked(phase: Phase, team: SimTeam, platform: SimTeam) -> Iterator[_Rhythm]:
    """What the team opens about the platform: there, or in a tracker of its own."""
    yield _Rhythm(platform, partial(desk.how_to, opener=team), phase, (0, 42), 8)
    for place, component in enumerate(_COMPONENTS):
        asked = partial(desk.asked, opener=team, component=component)
        where = team if place % 2 else platform
        yield _Rhythm(where, asked, phase, (0, 28), 14)
