"""The true values of the seven signals, day by day.

From the ledger's entries and the notes, by indicators 3 and docs/signals.md, with none
of the product's formulas: what it shows is held against this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY
from monitor.simulate.truth.true_days import TrueHistory
from monitor.simulate.truth.true_judging import DAYS_BACK, TrueReading, on_since
from monitor.simulate.truth.true_readings import (
    different_ways,
    hard_interfaces,
    leaders_decide,
    platform_postponed,
    systemic_findings,
)
from monitor.simulate.truth.true_trends import slow_tooling, upkeep_neglected

SIGNALS: Final[Mapping[str, Callable[[TrueHistory, int], TrueReading]]] = {
    "different_ways": different_ways,
    "slow_tooling": slow_tooling,
    "hard_interfaces": hard_interfaces,
    "leaders_decide": leaders_decide,
    "platform_postponed": platform_postponed,
    "upkeep_neglected": upkeep_neglected,
    "systemic_findings": systemic_findings,
}


class TrueStanding(NamedTuple):
    """A signal when a UTC day (milliseconds // ``DAY``) has ended.

    ``above``: at its threshold; ``below``: under 80 % of it; both ``None`` where the
    day cannot be judged. ``since`` is the midnight at which it was turned on, in
    milliseconds.
    """

    signal: str
    day: int
    ratio: Fraction | None
    above: bool | None
    below: bool | None
    active: bool
    since: int | None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell: a ratio, a judgement, or that it is on."""
        return self.ratio is not None or self.above is not None or self.active


_Readings = Mapping[int, TrueReading]


def signals(history: TrueHistory, instant: int) -> tuple[TrueStanding, ...]:
    """Every signal on the newest whole day before an instant."""
    day = instant // DAY - 1
    oldest = day if history.first is None else min(day, history.first)
    days = range(max(oldest, day - DAYS_BACK), day + 1)
    return tuple(
        _standing(signal, day, readings)
        for signal, readings in _read(history, days).items()
    )


def signals_by_day(history: TrueHistory, instant: int) -> Iterator[TrueStanding]:
    """Every signal on each whole day before an instant, from the first known on.

    Each day is read once.
    """
    if history.first is None:
        return
    days = range(history.first, instant // DAY)
    read = _read(history, days)
    for day in days:
        for signal, readings in read.items():
            yield _standing(signal, day, readings)


def _read(history: TrueHistory, days: range) -> dict[str, _Readings]:
    return {
        signal: {day: reading(history, day) for day in days}
        for signal, reading in SIGNALS.items()
    }


def _standing(signal: str, day: int, readings: _Readings) -> TrueStanding:
    ratio, judged = readings[day]
    since = on_since(readings, day)
    above = below = None
    if judged is not None:
        above, below = judged == "above", judged == "below"
    return TrueStanding(signal, day, ratio, above, below, since is not None, since)
