"""What changed in the window: its four stretches between neighbouring accountants.

Each stretch is the difference of two windows, exact in event time, late events
included: nothing is remembered from before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import Bounds, TrendStep
from monitor.domain.working_time import Calendar
from monitor.indicators.cost import Bounds as Exact
from monitor.indicators.cost import weigh
from monitor.indicators.series import WINDOWS, Key
from monitor.indicators.series import Family as Kept
from monitor.indicators.totals import Totals, seconds
from monitor.pipeline.readings import Reading

# Accountants from the oldest to the present.
_INSTANTS: Final = tuple(range(len(WINDOWS), -1, -1))
_NOTHING: Final = Exact(Fraction(0), Fraction(0), Fraction(0))
# Coordination and feature cost of a stretch.
_Cost = tuple[Exact, Fraction]
TeamsCosts = Mapping[str, tuple[_Cost, ...]]


def costs_of_stretches(reading: Reading, model: Model) -> TeamsCosts:
    """Coordination and feature seconds of every team, stretch by stretch."""
    found = [
        {team: _cost(totals, team, model) for team, totals in stretch.items()}
        for stretch in _stretches(reading)
    ]
    none = (_NOTHING, Fraction(0))
    return {
        team: tuple(stretch.get(team, none) for stretch in found)
        for team in sorted(set().union(*found))
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

    >>> _ratio(Exact(Fraction(1), Fraction(3), Fraction(5)), Fraction(2))
    Bounds(lower=0.5, central=1.5, upper=2.5)
    """
    steps = []
    for number, (older, newer) in enumerate(pairwise(_INSTANTS)):
        start, end = reading.instants[older], reading.instants[newer]
        parts = [costs[team][number] for team in teams if team in costs]
        cost = Exact(*(sum(c[i] for c, _ in parts) or Fraction(0) for i in range(3)))
        feature = sum((feature for _, feature in parts), Fraction(0))
        measured = max(start, end if reading.first is None else reading.first)
        working = calendar.between(measured, end) if measured < end else 0
        steps.append(
            TrendStep(
                start,
                end,
                Bounds(*map(float, cost)),
                float(feature),
                _ratio(cost, feature) if compared else None,
                working / 1_000,
            )
        )
    return tuple(steps)


def _ratio(cost: Exact, feature: Fraction) -> Bounds | None:
    return Bounds(*(float(bound / feature) for bound in cost)) if feature else None


def _cost(totals: Totals, team: str, model: Model) -> _Cost:
    return weigh(totals, team, model), seconds(totals.active[(team, "feature")])


def _stretches(reading: Reading) -> Iterator[dict[str, Totals]]:
    """Waits and active time of every stretch, each team's by itself.

    By itself, because weighing looks at all waits that it is given.
    """
    for older in _INSTANTS[:-1]:
        teams: dict[str, Totals] = defaultdict(Totals)
        _add(teams, reading, older, 1)
        if older > 1:
            _add(teams, reading, older - 1, -1)
        yield teams


def _add(teams: dict[str, Totals], reading: Reading, k: int, sign: int) -> None:
    for key, amount in reading.accrued(k):
        if amount:
            _put(teams, key, sign * amount)


def _put(teams: dict[str, Totals], key: Key, amount: int) -> None:
    family, _, team, *rest = key
    if family == Kept.WAIT:
        on_team, component, phase = rest
        teams[team].waits[(team, on_team, component, phase)] += amount
    elif family == Kept.ACTIVE:
        teams[team].active[(team, rest[0])] += amount
