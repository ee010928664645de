"""The picture of a trend: two step lines, their areas in proportion to hours.

Coordination stands above the axis and features below it, both per working hour, so
that stretches of unequal length can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.snapshot import TrendStep

WIDTH: Final = 280.0
HEIGHT: Final = 100.0
# Stretches without working time, such as those before the first event, have no bar.
_GAP: Final = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the picture, in its own units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch and its bars."""

    step: TrendStep
    coordination: Bar
    feature: Bar


@dataclass(frozen=True, slots=True)
class Picture:
    """All stretches; ``axis`` is where both bars begin."""

    steps: tuple[Step, ...]
    axis: float


def picture_of(trend: Sequence[TrendStep]) -> Picture | None:
    """The picture of a trend; none where nothing was spent in any stretch."""
    rates = [
        (_rate(s, s.coordination_seconds.central), _rate(s, s.feature_seconds))
        for s in trend
    ]
    above = max((up for up, _ in rates), default=0.0)
    below = max((down for _, down in rates), default=0.0)
    whole = above + below
    if not trend or whole <= 0:
        return None
    start, end = trend[0].start_ms, trend[-1].end_ms
    scale = HEIGHT / whole
    axis = above * scale
    steps = tuple(
        Step(
            step,
            _bar(step, start, end, axis - up * scale, up * scale),
            _bar(step, start, end, axis, down * scale),
        )
        for step, (up, down) in zip(trend, rates, strict=True)
    )
    return Picture(steps, round(axis, 2))


def _rate(step: TrendStep, seconds: float) -> float:
    """Seconds in a working second; none where nobody worked."""
    return seconds / step.working_seconds if step.working_seconds > 0 else 0.0


def _bar(step: TrendStep, start: int, end: int, y: float, height: float) -> Bar:
    per_ms = WIDTH / (end - start)
    x = (step.start_ms - start) * per_ms
    width = (step.end_ms - step.start_ms) * per_ms - _GAP
    return Bar(*(round(value, 2) for value in (x, y, width, height)))
