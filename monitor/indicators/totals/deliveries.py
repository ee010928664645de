"""Delivery and flow of teams in a window, from the measures of timelines.

Counts are of instants in (start, at], as for every window; spans are exact, and their
quantiles interpolate linearly between observations. The organisation's numbers are
those of all observations together: sums and pooled spans, never a mean of teams.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, pairwise
from math import floor
from typing import Final, NamedTuple

from monitor.domain.timeline import EXPOSED, TIMED, Measure, Measured, Timeline
from monitor.domain.working_time import DAY

# Little's law is checked over so long, whatever window is asked for.
LITTLE_WINDOW: Final = 84 * DAY
LITTLE_LIMIT: Final = Fraction(1, 4)
# A queue grows when so many more requests are opened than closed in 28 days.
QUEUE_WINDOW: Final = 28 * DAY
QUEUE_LIMIT: Final = Fraction(11, 10)


@dataclass(slots=True)
class Delivery:
    """What one team, or all together, delivered in a window.

    ``counts`` are by measure and label, ``spans`` what was timed, in milliseconds, and
    ``successes`` the instants of successful deploys by where they went.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    spans: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    successes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def count(self, name: Measured, label: str = "") -> int:
        """How many there were of a measure."""
        return self.counts[(name, label)]

    def timed(self, name: Measured) -> list[int]:
        """Every span of a measure, in milliseconds."""
        return self.spans.get(name, [])

    def by_label(self, name: Measured) -> dict[str, int]:
        """How many there were, by label."""
        return {
            label: count
            for (known, label), count in sorted(self.counts.items())
            if known == name
        }

    def between_deploys(self) -> list[int]:
        """The time between each two successive successes of one place."""
        return [
            later - earlier
            for times in self.successes.values()
            for earlier, later in pairwise(sorted(times))
        ]

    def deploys_since(self, start: int) -> int:
        """How many deploys succeeded from an instant on."""
        times = chain.from_iterable(self.successes.values())
        return sum(time >= start for time in times)

    def add(self, measure: Measure) -> None:
        """Take one observation in."""
        name, _, label, time, value, place = measure
        if name in TIMED:
            self.spans[name].append(value)
            return
        self.counts[(name, label)] += value
        if name is Measured.DEPLOYS and label == "none":
            self.successes[place].append(time)


class Little(NamedTuple):
    """Items in flight on average, and as many as velocity and flow time let expect.

    L = velocity x mean time, over the wall time that was measured. They differ where
    the window is not steady, or events are missing.
    """

    load: Fraction
    expected: Fraction

    @property
    def holds(self) -> bool | None:
        """Whether they differ by no more than a quarter of the load."""
        if not self.load:
            return None if not self.expected else False
        return abs(self.load - self.expected) <= LITTLE_LIMIT * self.load


def deliveries_of(
    timelines: Iterable[Timeline], start: int | None, at: int
) -> dict[str, Delivery]:
    """What each team delivered in (start, at]; ``in_flight`` is as of ``at``."""
    found: defaultdict[str, Delivery] = defaultdict(Delivery)
    for measure in measures_until(timelines, at):
        is_level = measure.name is Measured.IN_FLIGHT
        if is_level or start is None or measure.time > start:
            found[measure.team].add(measure)
    return dict(found)


def measures_until(timelines: Iterable[Timeline], at: int) -> list[Measure]:
    """Every measure of delivery up to an instant."""
    return [
        measure
        for timeline in timelines
        for measure in timeline.measures
        if measure.time <= at and measure.name not in EXPOSED
    ]


def together(deliveries: Iterable[Delivery]) -> Delivery:
    """All as one: counts added, spans pooled. Time between deploys stays by place."""
    whole = Delivery()
    for one in deliveries:
        whole.counts.update(one.counts)
        for name, spans in one.spans.items():
            whole.spans[name].extend(spans)
        for place, times in one.successes.items():
            whole.successes[place].extend(times)
    return whole


def little_of(measures: Sequence[Measure], start: int, at: int) -> dict[str, Little]:
    """Little's law for each team between two instants."""
    area: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    for name, team, _, time, value, _ in measures:
        if name is Measured.IN_FLIGHT:
            area[team] += value * (at - max(time, start))
        elif name is Measured.FLOW_TIME and time > start:
            spent[team] += value
    length = at - start
    return {
        team: Little(Fraction(area[team], length), Fraction(spent[team], length))
        for team in area.keys() | spent.keys()
    }


def quantile(spans: Sequence[int], part: Fraction) -> Fraction | None:
    """The quantile of spans, between two of them by the line that joins them."""
    if not spans:
        return None
    ordered = sorted(spans)
    place = part * (len(ordered) - 1)
    below = floor(place)
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    return low + (high - low) * (place - below)
