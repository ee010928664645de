"""What was waited and worked on each UTC day: timelines cut at midnight.

The unit of both is ``millisecond x UNIT``; waits are weighed as the central cost is
(acute and response 1, chronic omega), times ``weight_unit`` so that they stay whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import EXTERNAL, UNKNOWN, Directory
from monitor.domain.timeline import Segment, Sort, Timeline
from monitor.domain.working_time import DAY
from monitor.indicators.totals import SECOND_UNITS, amount_between

# By team, on_team and component; or by team and class.
Amounts = Counter[tuple[str, ...]]
_OF_WAIT: Final = 3
# Days that a segment is looked at for.
_LONGEST: Final = 366
# In no central cost: nobody's, or somebody's who is no team of ours.
_UNWEIGHED: Final = frozenset({UNKNOWN, EXTERNAL})


@dataclass(frozen=True, slots=True)
class Daily:
    """Central cost of waiting by day, and active time by day."""

    waited: dict[int, Amounts]
    worked: dict[int, Amounts]
    weight_unit: int

    @property
    def first(self) -> int | None:
        """The first day on which anything accrued."""
        return min((*self.waited, *self.worked), default=None)

    def cost_seconds(self, amount: int) -> Fraction:
        """An amount of ``waited`` as exact seconds."""
        return Fraction(amount, self.weight_unit * SECOND_UNITS)


class Share(NamedTuple):
    """What a segment adds to a day: to what is waited (with a component), or worked."""

    day: int
    key: tuple[str, ...]
    amount: int


def daily_of(
    timelines: Iterable[Timeline],
    directory: Directory,
    model: Model,
    first: int,
) -> Daily:
    """The days from ``first`` on, also those to come."""
    daily = Daily({}, {}, model.omega_central.denominator)
    for timeline in timelines:
        for share in shares_of(timeline, directory, model, first):
            add(daily, share)
    return daily


def add(daily: Daily, share: Share) -> None:
    """Add an amount to a day; what comes to nothing is taken out."""
    day, key, amount = share
    days = daily.waited if len(key) == _OF_WAIT else daily.worked
    counted = days.setdefault(day, Counter())
    counted[key] += amount
    if not counted[key]:
        del counted[key]
        if not counted:
            del days[day]


def shares_of(
    timeline: Timeline, directory: Directory, model: Model, first: int
) -> Iterator[Share]:
    """What a timeline adds to each day from ``first`` on."""
    omega = model.omega_central
    chronic, full = omega.numerator, omega.denominator
    for segment in timeline.segments:
        if segment.sort is Sort.WAIT and segment.on_team not in _UNWEIGHED:
            weight = chronic if segment.phase == "chronic" else full
            waited = (segment.team, segment.on_team, segment.component)
            for day, amount in _days(segment, directory, first):
                if amount * weight:
                    yield Share(day, waited, amount * weight)
        elif segment.sort is Sort.ACTIVE:
            for day, amount in _days(segment, directory, first):
                yield Share(day, (segment.team, segment.phase), amount)


def _days(
    segment: Segment, directory: Directory, first: int
) -> Iterator[tuple[int, int]]:
    begin = segment.start // DAY
    # Every segment ends, but on a calendar without working time it may end in a
    # century.
    end = min(begin + _LONGEST, (segment.end - 1) // DAY)
    for day in range(max(first, begin), end + 1):
        amount = amount_between(segment, directory, day * DAY, (day + 1) * DAY)
        if amount:
            yield day, amount
