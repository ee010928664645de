"""When a signal is on: after 14 days above, until 14 days below 80 % (indicators 3).

A day is a UTC day, judged when it has ended. A day that cannot be judged, for want of
data or because it is exempt, is not above; and it helps to turn a signal off, because
what nobody can see any more must not stay on for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from monitor.indicators.signals.judging import Judged

DAYS_TO_TURN: Final = 14

JudgedOn = Callable[[int], Judged | None]


class Standing(NamedTuple):
    """Whether a signal is on, and at the end of which day it was turned on."""

    active: bool
    since: int | None


def standing(
    last: int, first: int, judged_on: JudgedOn, *, dated: bool = True
) -> Standing:
    """How a signal stands when day ``last`` has ended; ``first`` is the oldest known.

    Before ``first`` it is off. Days are asked for from the newest backwards, and none
    before the latest run that turned the signal off: what was earlier has no say. Not
    ``dated``: none before the latest run of either kind, and ``since`` may be later
    than it was.

    >>> above = Judged(above=True, below=False)
    >>> standing(13, 0, lambda day: above)
    Standing(active=True, since=13)
    >>> standing(12, 0, lambda day: above)
    Standing(active=False, since=None)
    """
    since: int | None = None
    above = below = 0
    for day in range(last, first - 1, -1):
        judged = judged_on(day)
        above = above + 1 if judged is not None and judged.above else 0
        below = below + 1 if judged is None or judged.below else 0
        if below == DAYS_TO_TURN:
            break
        if above >= DAYS_TO_TURN:
            # The last day of the earliest such run; an earlier one moves it back.
            since = day + DAYS_TO_TURN - 1
            if not dated:
                break
    return Standing(since is not None, since)
