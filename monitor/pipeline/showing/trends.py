"""What changed in the window: its four stretches between neighbouring accountants.

Each stretch is the difference of two windows, exact in event time, late events
included: nothing is remembered from before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import fsum
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.snapshot import Bounds, TrendStep
from monitor.domain.working_time import Calendar
from monitor.indicators.totals.cost import Bounds as Exact
from monitor.indicators.totals.cost import Waited, payroll_scale
from monitor.indicators.totals.instant import seconds
from monitor.indicators.totals.series import WINDOWS, Family
from monitor.pipeline.showing.payroll import Payroll
from monitor.pipeline.showing.readings import Reading

# Accountants from the oldest to the present.
_INSTANTS: Final = tuple(range(len(WINDOWS), -1, -1))


class Cost(NamedTuple):
    """Coordination and feature cost of a stretch, in seconds as measured.

    ``scale`` is what makes them fit into the capacity of that stretch.
    """

    coordination: Exact
    feature: Fraction
    scale: Fraction


TeamsCosts = Mapping[str, tuple[Cost, ...]]


@dataclass(slots=True)
class _Spent:
    """What a team waited, worked, and worked on features, in ``millisecond x UNIT``."""

    waited: Waited = field(default_factory=Waited)
    active: int = 0
    feature: int = 0

    def cost(self, capacity: Fraction | None, model: Model) -> Cost:
        """What it cost of this capacity."""
        weighed = self.waited.weighed(model)
        scale = payroll_scale(capacity, weighed.central + seconds(self.active))
        whole = Fraction(1) if scale is None else scale
        return Cost(weighed, seconds(self.feature), whole)


def costs_of_stretches(reading: Reading, model: Model, payroll: Payroll) -> TeamsCosts:
    """Coordination and feature cost of every team, stretch by stretch."""
    found: dict[str, list[_Spent]] = {}
    for number, ends in enumerate(pairwise(_INSTANTS)):
        for (family, _, team, *rest), amount in reading.accrued(*ends):
            spent = found.get(team)
            if spent is None:
                spent = found[team] = [_Spent() for _ in WINDOWS]
            if family == Family.WAIT:
                on_team, _, phase = rest
                spent[number].waited.add(on_team, phase, amount)
            elif family == Family.ACTIVE:
                spent[number].active += amount
                spent[number].feature += amount if rest[0] == "feature" else 0
    return {
        team: tuple(
            one.cost(payroll.capacity(team, *ends), model)
            for one, ends in zip(spent, pairwise(_INSTANTS), strict=True)
        )
        for team, spent in found.items()
    }


def trend_of(
    teams: Collection[str],
    costs: TeamsCosts,
    reading: Reading,
    calendar: Calendar,
    *,
    compared: bool = True,
) -> tuple[TrendStep, ...]:
    """The stretches of these teams together, working time by one calendar.

    Each team's seconds are scaled to its capacity in that stretch, which is a window
    of its own: what is so scaled adds up over teams, not over stretches (indicators
    O6). Ratios are of what was measured.
    """
    steps = []
    for number, (older, newer) in enumerate(pairwise(_INSTANTS)):
        start, end = reading.instants[older], reading.instants[newer]
        parts = [costs[team][number] for team in teams if team in costs]
        measured = max(start, end if reading.first is None else reading.first)
        working = calendar.between(measured, end) if measured < end else 0
        steps.append(
            TrendStep(
                start,
                end,
                Bounds(*(_shown(parts, bound) for bound in range(3))),
                fsum(float(part.feature * part.scale) for part in parts),
                _ratio_of(parts) if compared else None,
                working / 1_000,
                any(part.scale < 1 for part in parts),
                reading.known_from is not None and reading.known_from < end,
            )
        )
    return tuple(steps)


def _shown(costs: Sequence[Cost], bound: int) -> float:
    # Whatever the order of teams: exact sums of so many scales have endless digits.
    return fsum(float(cost.coordination[bound] * cost.scale) for cost in costs)


def _ratio_of(costs: Sequence[Cost]) -> Bounds | None:
    """Coordination over feature cost of some teams together, worked out exactly."""
    feature = sum((cost.feature for cost in costs), Fraction(0))
    if not feature:
        return None
    sums = [sum((c.coordination[i] for c in costs), Fraction(0)) for i in range(3)]
    return Bounds(*(float(bound / feature) for bound in sums))
