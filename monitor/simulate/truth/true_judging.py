"""How a true value compares with its threshold, and when a signal is on.

By indicators 3 and docs/signals.md: on after 14 days in a row at the threshold, off
after 14 below 80 % of it; a day that cannot be judged is not at it and helps to turn
off.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from monitor.domain.working_time import DAY

# At the threshold; under it; under 80 % of it. ``None``: it cannot be judged.
Judgement = Literal["above", "between", "below"]

OFF: Final = Fraction(8, 10)
DAYS_TO_TURN: Final = 14
DAYS_BACK: Final = 365


class TrueReading(NamedTuple):
    """A signal's ratio on a day, and how it is judged."""

    ratio: Fraction | None
    judged: Judgement | None


def at_least(value: Fraction | int | None, threshold: Fraction) -> Judgement | None:
    """The condition that a value reaches its threshold."""
    if value is None:
        return None
    if value >= threshold:
        return "above"
    return "below" if value < OFF * threshold else "between"


def under(value: Fraction | None, floor: Fraction) -> Judgement | None:
    """The condition that a value is under its floor; its margin lies above it."""
    if value is None:
        return None
    if value < floor:
        return "above"
    return "below" if value > floor / OFF else "between"


def rises(slope: Fraction | None) -> Judgement | None:
    """The condition that something grows, which has no margin."""
    if slope is None:
        return None
    return "above" if slope > 0 else "below"


def both(*found: Judgement | None) -> Judgement | None:
    """*And*: off as soon as one is off; else judged where all are."""
    if "below" in found:
        return "below"
    if None in found:
        return None
    return "between" if "between" in found else "above"


def either(*found: Judgement | None) -> Judgement | None:
    """*Or*: off when all that can be judged are off."""
    if "above" in found:
        return "above"
    if "between" in found:
        return "between"
    return "below" if "below" in found else None


def on_since(readings: Mapping[int, TrueReading], last: int) -> int | None:
    """When the signal was turned on that is on when day ``last`` has ended.

    In milliseconds: the midnight at which the day has ended. ``None``: it is off. One
    year is looked back for, from off.
    """
    since: int | None = None
    above = below = 0
    for day in range(last - DAYS_BACK, last + 1):
        judged = readings[day].judged if day in readings else None
        above = above + 1 if judged == "above" else 0
        below = below + 1 if judged in ("below", None) else 0
        if since is None and above == DAYS_TO_TURN:
            since = (day + 1) * DAY
        if below == DAYS_TO_TURN:
            since = None
    return since
