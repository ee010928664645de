"""Does coordination exceed feature cost? A word, with what it takes to say it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from monitor.domain.model import Model
from monitor.domain.working_time import DAY
from monitor.indicators.totals.cost import TeamCost
from monitor.indicators.totals.moments import Moments, ratio_and_error

# In the order in which they are judged.
Word = Literal[
    "no feature work",
    "too few items",
    "withheld",
    "established",
    "indicated",
    "possible",
    "no",
]
_MONTH: Final = 28 * DAY
_Z: Final = 1.96


class Interval(NamedTuple):
    """The 95 % confidence interval of the central ratio."""

    lower: float
    upper: float


def interval_of(moments: Moments, model: Model) -> Interval | None:
    """Limits of R by the linearised ratio estimator (indicators 2.4).

    d_i = c_i - R f_i; se = sqrt(n/(n-1) sum d_i^2) / sum f_i;
    R exp(+-1.96 se / R). None for fewer than two items, or R = 0. It says how far the
    few largest items carry R, not whether the weights are right.

    >>> items = [Weighed(full=c, chronic=0, feature=20) for c in (10, 20, 30, 40)]
    >>> [round(limit, 6) for limit in interval_of(moments_of(items), Model())]
    [0.753575, 2.073449]
    """
    found = ratio_and_error(moments, model.omega_central)
    if found is None:
        return None
    ratio, relative = found
    spread = math.exp(_Z * relative)
    return Interval(ratio / spread, ratio * spread)


def verdict_of(  # noqa: PLR0911 - one return for each row of the table
    cost: TeamCost,
    items: int,
    interval: Interval | None,
    window: int | None,
    model: Model,
    second: TeamCost | None = None,
) -> Word:
    """The verdict of one team, first match wins (design 11.4).

    ``window`` is in milliseconds, None without one; ``second`` is the cost in the
    shorter window, where there is one. Strictly greater: R = 1 does not exceed.
    """
    if cost.ratio is None:
        return "no feature work"
    if too_little(cost, items, window, model) is not None:
        return "too few items"
    if cost.unknown_share > model.withhold_share:
        return "withheld"
    if _unclassified(cost) > model.withhold_share:
        return "withheld"
    if cost.ratio.lower > 1 or (interval is not None and interval.lower > 1):
        return "established"
    if cost.ratio.central > 1 and _exceeds(second):
        return "indicated"
    return "possible" if cost.ratio.upper > 1 else "no"


def _unclassified(cost: TeamCost) -> Fraction:
    """The share of active time in a class nobody told (indicators 2.4).

    What counts as feature by configuration is in class feature, so not in this:
    that of stream teams alone, whose booking is done where time is charged.
    """
    whole = sum(cost.active.values(), Fraction(0))
    untold = cost.active.get("unclassified", Fraction(0))
    return untold / whole if whole else Fraction(0)


def _exceeds(second: TeamCost | None) -> bool:
    """Whether coordination cost more: R > 1, and what R > 1 says where F is 0.

    Who was blocked for all of the shorter window built nothing in it and has no R.
    """
    return second is None or second.coordination.central > second.feature


def too_little(
    cost: TeamCost, items: int, window: int | None, model: Model
) -> Literal["items", "features"] | None:
    """Of what there is too little to say more than ``too few items``, if of anything.

    ``features`` where there are items enough, but F is too small a part of K.
    """
    long = window is None or window >= _MONTH
    if items < (model.min_items_month if long else model.min_items_week):
        return "items"
    if cost.capacity is None or cost.feature >= model.min_feature_share * cost.capacity:
        return None
    return "features"
