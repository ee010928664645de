"""Whether a Platform PM is needed: a conjunction, not a score (indicators 3).

At least three signals on, *and* the organisation's R above 1 in 28 days and in 7, *and*
fewer Platform PMs than the minimum. A weighted score would need weights, and these
would be invented. What is not known makes the whole unknown, unless another part is
false.

>>> from monitor.indicators.signals.staffing import staffing
>>> judge(3, Fraction(11, 10), Fraction(12, 10), staffing(14, 3, 1)).needed
True
>>> judge(3, Fraction(1), Fraction(12, 10), staffing(14, 3, 1)).needed
False
>>> judge(3, Fraction(11, 10), None, staffing(14, 3, 1)).needed is None
True
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from monitor.indicators.signals.staffing import Staffing

SIGNALS_NEEDED: Final = 3
# The sentence this product makes computable.
SENTENCE: Final = (
    "When coordination cost starts exceeding feature cost, "
    "a Platform PM becomes essential."
)


class Need(NamedTuple):
    """Whether a Platform PM is needed (``None``: unknown), and each part in words."""

    needed: bool | None
    reason: str


def judge(
    active: int, month: Fraction | None, week: Fraction | None, found: Staffing
) -> Need:
    """The conjunction. ``month`` and ``week`` are the organisation's R."""
    parts = [
        (
            active >= SIGNALS_NEEDED,
            f"{active} of 7 signals on, {SIGNALS_NEEDED} needed",
        ),
        _exceeds(month, "28"),
        _exceeds(week, "7"),
        _too_few(found),
    ]
    reason = "; ".join(text for _, text in parts)
    if any(holds is False for holds, _ in parts):
        return Need(needed=False, reason=reason)
    unknown = any(holds is None for holds, _ in parts)
    return Need(None if unknown else True, reason)


def _exceeds(ratio: Fraction | None, days: str) -> tuple[bool | None, str]:
    if ratio is None:
        return None, f"R of {days} days is not known"
    return ratio > 1, f"R of {days} days is {float(ratio):.2f}, above 1 needed"


def _too_few(found: Staffing) -> tuple[bool | None, str]:
    if found.current is None:
        return None, "the number of Platform PMs is not stated"
    text = f"{found.current} Platform PMs, the minimum is {found.minimum}"
    return found.current < found.minimum, text
