"""What changed in the window: its four stretches between neighbouring accountants.

Each stretch is the difference of two windows, exact in event time, late events
included: nothing is remembered from before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import Bounds, TrendStep
from monitor.domain.working_time import Calendar
from monitor.indicators.cost import Bounds as Exact
from monitor.indicators.cost import Waited
from monitor.indicators.series import WINDOWS, Family
from monitor.indicators.totals import seconds
from monitor.pipeline.showing.readings import Reading

# Accountants from the oldest to the present.
_INSTANTS: Final = tuple(range(len(WINDOWS), -1, -1))
# Coordination and feature cost of a stretch, in seconds.
Cost = tuple[Exact, Fraction]
TeamsCosts = Mapping[str, tuple[Cost, ...]]


@dataclass(slots=True)
class _Spent:
    """What a team waited and worked on features, in ``millisecond x UNIT``."""

    waited: Waited = field(default_factory=Waited)
    feature: int = 0


def costs_of_stretches(reading: Reading, model: Model) -> TeamsCosts:
    """Coordination and feature seconds of every team, stretch by stretch."""
    found: dict[str, list[_Spent]] = {}
    for number, ends in enumerate(pairwise(_INSTANTS)):
        for (family, _, team, *rest), amount in reading.accrued(*ends):
            spent = found.get(team)
            if spent is None:
                spent = found[team] = [_Spent() for _ in WINDOWS]
            if family == Family.WAIT:
                on_team, _, phase = rest
                spent[number].waited.add(on_team, phase, amount)
            elif family == Family.ACTIVE and rest[0] == "feature":
                spent[number].feature += amount
    return {
        team: tuple((one.waited.weighed(model), seconds(one.feature)) for one in spent)
        for team, spent in found.items()
    }


def ratio_of(costs: Sequence[Cost]) -> Exact | None:
    """Coordination over feature cost of some stretches together, exactly."""
    cost, feature = _sum(costs)
    return Exact(*(bound / feature for bound in cost)) if feature else None


def trend_of(
    teams: Collection[str],
    costs: TeamsCosts,
    reading: Reading,
    calendar: Calendar,
    *,
    compared: bool = True,
) -> tuple[TrendStep, ...]:
    """The stretches of these teams together, working time by one calendar."""
    steps = []
    for number, (older, newer) in enumerate(pairwise(_INSTANTS)):
        start, end = reading.instants[older], reading.instants[newer]
        parts = [costs[team][number] for team in teams if team in costs]
        cost, feature = _sum(parts)
        measured = max(start, end if reading.first is None else reading.first)
        working = calendar.between(measured, end) if measured < end else 0
        steps.append(
            TrendStep(
                start,
                end,
                Bounds(*map(float, cost)),
                float(feature),
                _shown(ratio_of(parts)) if compared else None,
                working / 1_000,
            )
        )
    return tuple(steps)


def _sum(costs: Sequence[Cost]) -> Cost:
    if len(costs) == 1:
        return costs[0]
    bounds = [sum((cost[i] for cost, _ in costs), Fraction(0)) for i in range(3)]
    return Exact(*bounds), sum((feature for _, feature in costs), Fraction(0))


def _shown(bounds: Exact | None) -> Bounds | None:
    return Bounds(*map(float, bounds)) if bounds is not None else None
