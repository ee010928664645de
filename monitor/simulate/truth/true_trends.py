"""The true readings of shares and trends: signals 2 and 6, by indicators 3.

What has to be seen over four or twelve weeks has no reading before history reaches
that far. Weeks are the sevens of days that end with the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Final

from monitor.simulate.truth.true_days import TrueHistory
from monitor.simulate.truth.true_judging import (
    TrueReading,
    at_least,
    both,
    either,
    rises,
    under,
)

FEWEST_COMPLAINTS: Final = 5
FLOOR: Final = Fraction(15, 100)


def weeks_of(window: range) -> list[range]:
    """The weeks of a window of whole ones, oldest first."""
    return [range(first, first + 7) for first in window[::7]]


def slow_tooling(history: TrueHistory, day: int) -> TrueReading:
    """Signal 2: the share of cost that is tooling's, in the median week of four.

    On at a half together with cost of a tenth of capacity, or at twice the rate of
    complaints of the 84 days before.
    """
    window = range(day - 27, day + 1)
    share = burden = None
    if history.reaches(window):
        share = middle([_tooling_share(history, week) for week in weeks_of(window)])
        burden = middle([_burden(history, week) for week in weeks_of(window)])
    judged = either(
        both(at_least(share, Fraction(1, 2)), at_least(burden, Fraction(1, 10))),
        at_least(_complaints_against_before(history, day), Fraction(2)),
    )
    return TrueReading(share, judged)


def middle(values: Sequence[Fraction | None]) -> Fraction | None:
    """The median of the weeks that have a value."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _cost(history: TrueHistory, window: range) -> Fraction:
    days = history.each(window)
    return sum((cost for day in days for cost in day.cost.values()), Fraction(0))


def _tooling_share(history: TrueHistory, week: range) -> Fraction | None:
    whole = _cost(history, week)
    tooling = sum((day.tooling for day in history.each(week)), Fraction(0))
    return tooling / whole if whole else None


def _burden(history: TrueHistory, week: range) -> Fraction | None:
    capacity = history.capacity(week)
    return _cost(history, week) / capacity if capacity else None


def _complaints_against_before(history: TrueHistory, day: int) -> Fraction | None:
    """Tickets per 10 engineers and 28 days, over those of the 84 days before.

    Of the 28 days the median week counts, four times. Fewer than five are no trend.
    """
    window, before = range(day - 27, day + 1), range(day - 111, day - 27)
    if not history.reaches(before):
        return None
    weeks = [_complaints(history, week) for week in weeks_of(window)]
    usual = _per_ten(Fraction(_complaints(history, before), 3), history, before)
    if sum(weeks) < FEWEST_COMPLAINTS or not usual:
        return None
    return _per_ten(4 * median(map(Fraction, weeks)), history, window) / usual


def _complaints(history: TrueHistory, window: range) -> int:
    told = history.began("complained", window)
    return sum(history.is_stream(note.team) for note in told)


def _per_ten(tickets: Fraction, history: TrueHistory, window: range) -> Fraction:
    """Per 10 of the engineers there are when the window ends."""
    return tickets * 10 / history.engineers(window[-1])


def upkeep_neglected(history: TrueHistory, day: int) -> TrueReading:
    """Signal 6: the share of debt and risk in active time of 84 days.

    On below 0.15 where rework, failing deploys or flaky runs grow over twelve weeks.
    """
    window = range(day - 83, day + 1)
    if not history.reaches(window):
        return TrueReading(None, None)
    share = _active_share(history, window, ("debt", "risk"))
    weeks = weeks_of(window)
    rework = slope([_active_share(history, week, ("rework",)) for week in weeks])
    failing = slope([_fail_rate(history, week) for week in weeks])
    flaky = slope([_flaky_cost(history, week) for week in weeks])
    grows = either(rises(rework), rises(failing), rises(flaky))
    return TrueReading(share, both(under(share, FLOOR), grows))


def _active(history: TrueHistory, window: range) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for day in history.each(window):
        for work_class, seconds in day.active.items():
            found[work_class] = found.get(work_class, Fraction(0)) + seconds
    return found


def _active_share(
    history: TrueHistory, window: range, classes: tuple[str, ...]
) -> Fraction | None:
    active = _active(history, window)
    whole = sum(active.values(), Fraction(0))
    part = sum((active.get(one, Fraction(0)) for one in classes), Fraction(0))
    return part / whole if whole else None


def _fail_rate(history: TrueHistory, week: range) -> Fraction | None:
    ends = [
        note.what
        for note in history.began("deployed", week)
        if history.is_stream(note.team)
    ]
    return Fraction(ends.count("failed"), len(ends)) if ends else None


def _flaky_cost(history: TrueHistory, week: range) -> Fraction | None:
    """In seconds; a week in which nobody worked says nothing."""
    if not _active(history, week):
        return None
    return sum((day.flaky for day in history.each(week)), Fraction(0))


def slope(values: Sequence[Fraction | None]) -> Fraction | None:
    """Of the line by least squares through the weeks that have a value.

    With fewer than half of the weeks it is not known. The textbook's formula:
    ``(n * sum xy - sum x * sum y) / (n * sum x^2 - (sum x)^2)``.
    """
    points = [(x, y) for x, y in enumerate(values) if y is not None]
    n = len(points)
    if n < 2 or n < len(values) / 2:
        return None
    xs, ys = sum(x for x, _ in points), sum((y for _, y in points), Fraction(0))
    products = sum((x * y for x, y in points), Fraction(0))
    return (n * products - xs * ys) / (n * sum(x * x for x, _ in points) - xs**2)
