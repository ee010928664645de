"""What was waited and worked on each UTC day: timelines cut at midnight.

The unit of both is ``millisecond x UNIT``; waits are weighed as the central cost is
(acute and response 1, chronic omega), times ``weight_unit`` so that they stay whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from monitor.domain.model import Model
from monitor.domain.teams import EXTERNAL, UNKNOWN, Directory
from monitor.domain.timeline import Segment, Sort, Timeline
from monitor.domain.working_time import DAY
from monitor.indicators.totals import SECOND_UNITS, amount_between

# team, on_team, component; and team, class.
Waited = Counter[tuple[str, str, str]]
Worked = Counter[tuple[str, str]]
# In no central cost: nobody's, or somebody's who is no team of ours.
_UNWEIGHED: Final = frozenset({UNKNOWN, EXTERNAL})


@dataclass(frozen=True, slots=True)
class Daily:
    """Central cost of waiting by day, and active time by day."""

    waited: Mapping[int, Waited]
    worked: Mapping[int, Worked]
    weight_unit: int

    @property
    def first(self) -> int | None:
        """The first day on which anything accrued."""
        return min((*self.waited, *self.worked), default=None)

    def cost_seconds(self, amount: int) -> Fraction:
        """An amount of ``waited`` as exact seconds."""
        return Fraction(amount, self.weight_unit * SECOND_UNITS)


def daily_of(
    timelines: Iterable[Timeline],
    directory: Directory,
    model: Model,
    first: int,
    last: int,
) -> Daily:
    """The days from ``first`` to ``last``, both included."""
    waited: dict[int, Waited] = {}
    worked: dict[int, Worked] = {}
    omega = model.omega_central
    chronic, full = omega.numerator, omega.denominator
    for timeline in timelines:
        for segment in timeline.segments:
            if segment.sort is Sort.WAIT and segment.on_team not in _UNWEIGHED:
                weight = chronic if segment.phase == "chronic" else full
                key = (segment.team, segment.on_team, segment.component)
                for day, amount in _days(segment, directory, first, last):
                    waited.setdefault(day, Counter())[key] += amount * weight
            elif segment.sort is Sort.ACTIVE:
                for day, amount in _days(segment, directory, first, last):
                    counted = worked.setdefault(day, Counter())
                    counted[(segment.team, segment.phase)] += amount
    return Daily(waited, worked, full)


def _days(
    segment: Segment, directory: Directory, first: int, last: int
) -> Iterator[tuple[int, int]]:
    begin = max(first, segment.start // DAY)
    end = min(last, (segment.end - 1) // DAY)
    for day in range(begin, end + 1):
        amount = amount_between(segment, directory, day * DAY, (day + 1) * DAY)
        if amount:
            yield day, amount
