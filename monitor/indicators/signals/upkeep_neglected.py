"""Signal 6: velocity is bought with maintainability.

The share of debt and risk in the active time of stream teams is below its floor, 0.15,
over 84 days; *and* at least one of three grows over the twelve weeks, by the slope of a
straight line (least squares): the share of rework in active time, the change fail rate
of production deploys, the central cost of flaky CI. Unit: none. Source: indicators 3,
row 6.

It does not say that teams are careless: a deliberate push is a choice. Declare it with
its dates, and the days of the push are not judged.

Rework of 2, 4, 3 and 7 percent in four weeks grows by 1.4 points a week:

>>> slope([Fraction(2), Fraction(4), Fraction(3), Fraction(7)])
Fraction(7, 5)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from monitor.domain.marks import FAILED, Sort
from monitor.domain.timeline import Component
from monitor.indicators.signals.history import History, Window, window
from monitor.indicators.signals.judging import (
    Evidence,
    Reading,
    both,
    either,
    rising,
    under,
)

DAYS: Final = 84
FLOOR: Final = Fraction(15, 100)
_UPKEEP: Final = frozenset({"debt", "risk"})


def slope(values: Sequence[Fraction | None]) -> Fraction | None:
    """The change per step of the straight line nearest to the known values.

    A step without a value has none; fewer than half of them known: unknown.
    """
    known = [(step, value) for step, value in enumerate(values) if value is not None]
    if len(known) < 2 or 2 * len(known) < len(values):
        return None
    middle = Fraction(sum(step for step, _ in known), len(known))
    spread = sum(((step - middle) ** 2 for step, _ in known), Fraction(0))
    moved = sum(((step - middle) * value for step, value in known), Fraction(0))
    return moved / spread


def reading(history: History, day: int) -> Reading:
    """The signal when the day has ended; nothing before there are 84 days."""
    span = window(day, DAYS)
    covered = history.covers(span)
    share = _class_share(history, span, _UPKEEP) if covered else None
    upkeep = under("debt and risk", share, FLOOR)

    weeks = span.weeks if covered else ()
    growing = tuple(
        rising(name, slope([weekly(history, week) for week in weeks]))
        for name, weekly in _TRENDS.items()
    )
    judged = both(upkeep.judged, either(*(part.judged for part in growing)))
    evidence = tuple(
        Evidence(f"{part.name}, by week", (), value=part.value)
        for part in growing
        if part.judged is not None and part.judged.above
    )
    return Reading(share, FLOOR, (upkeep, *growing), judged, evidence)


def _class_share(
    history: History, span: Window, classes: frozenset[str]
) -> Fraction | None:
    worked = history.worked(span)
    whole = sum(worked.values())
    if not whole:
        return None
    return Fraction(sum(worked[class_] for class_ in classes), whole)


def _rework(history: History, week: Window) -> Fraction | None:
    return _class_share(history, week, frozenset({"rework"}))


def _fail_rate(history: History, week: Window) -> Fraction | None:
    deploys = [
        mark
        for mark in history.began(Sort.DEPLOY, week)
        if history.is_stream(mark.team)
    ]
    if not deploys:
        return None
    return Fraction(sum(mark.word == FAILED for mark in deploys), len(deploys))


def _flaky(history: History, week: Window) -> Fraction | None:
    """In seconds. A week in which nobody worked has none; one without flakes has 0."""
    if not history.worked(week):
        return None
    waited = history.waited_by_reason(week)
    cost = sum(a for (what, _), a in waited.items() if what == Component.CI_FLAKY)
    return history.daily.cost_seconds(cost)


_TRENDS: Final[Mapping[str, Callable[[History, Window], Fraction | None]]] = {
    "rework share": _rework,
    "change fail rate": _fail_rate,
    "flaky CI cost": _flaky,
}
