"""How records arrive: delayed, swapped, late, twice, and from two hooks.

None of it changes what is true. Records leave in the order of arrival while the
stories are still being drawn, so memory holds only what has not arrived yet.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from monitor.domain.working_time import DAY, HOUR
from monitor.simulate.bodies.things import Card, repository_of
from monitor.simulate.life import Life, Moment
from monitor.simulate.settings import Simulation

_SECOND = 1_000


class Arrival(NamedTuple):
    """A moment's record reaching the topic; ``delivery`` is its delivery's id."""

    time: int
    number: int
    moment: Moment
    delivery: str
    hook: str = "repository"


def arrivals(
    stories: Iterable[tuple[int, tuple[Life, ...]]],
    config: Simulation,
    twins: frozenset[str] = frozenset(),
) -> Iterator[Arrival]:
    """Every record in order of arrival, the last at ``until_ms``.

    What happens in a repository of ``twins`` is told by two hooks.
    """
    waiting: list[Arrival] = []
    numbers = count()
    for begin, lives in stories:
        # Stories come hour by hour, and in an hour in any order.
        while waiting and waiting[0].time < begin - begin % HOUR:
            yield heappop(waiting)
        for life in lives:
            for moment in life.moments:
                if moment.time <= config.until_ms:
                    for arrival in _of_moment(moment, next(numbers), config, twins):
                        heappush(waiting, arrival)
    while waiting:
        yield heappop(waiting)


def _of_moment(
    moment: Moment, number: int, config: Simulation, twins: frozenset[str]
) -> Iterator[Arrival]:
    disorder = config.disorder
    chance = random.Random(f"{config.seed}:arrival:{number}")
    if not config.complete and chance.random() < config.lost_share:
        return
    first = _time(moment, chance, config)
    # Boards are the organisation's: no repository's hook tells of them.
    hook = "organization" if isinstance(moment.thing, Card) else "repository"
    sendings = [(first, hook)]
    if chance.random() < disorder.redelivered_share:
        again = first + chance.randint(60, 6 * 3_600) * _SECOND
        sendings.append((again, hook))
    if moment.thing is not None and repository_of(moment.thing) in twins:
        twin = first + chance.randint(0, 3) * _SECOND
        sendings.append((twin, "organization"))
    for copy, (time, hook) in enumerate(sendings):
        arrived = min(time, config.until_ms)
        delivery = f"{config.seed:04x}{number:08x}-{copy:04x}"
        arrival = Arrival(arrived, number, moment, delivery, hook)
        yield arrival
        if chance.random() < disorder.repeated_share:
            yield arrival._replace(time=min(arrived + _SECOND, config.until_ms))


def _time(moment: Moment, chance: random.Random, config: Simulation) -> int:
    disorder = config.disorder
    delay = chance.randint(0, disorder.jitter_seconds) * _SECOND
    if chance.random() < disorder.late_share:
        delay += int(chance.random() * disorder.late_days * DAY)
    return moment.time + delay
