"""Moments of a team's items: all that a confidence interval needs to know of them.

Exact integers of ``millisecond x UNIT`` and their products, so that they can be added
up in any order, taken away again, and priced with any omega afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from monitor.indicators.totals.instant import Weighed


class Moments(NamedTuple):
    """Sums over items of what each waited and worked on features, and of products.

    ``full`` are seconds of full weight (acute and response), ``chronic`` those that
    weigh omega, ``feature`` the feature cost.
    """

    items: int = 0
    full: int = 0
    chronic: int = 0
    feature: int = 0
    full_full: int = 0
    full_chronic: int = 0
    full_feature: int = 0
    chronic_chronic: int = 0
    chronic_feature: int = 0
    feature_feature: int = 0


def moments_of(items: Iterable[Weighed]) -> Moments:
    """The moments of items one by one."""
    rows = [(1, w, c, f, w * w, w * c, w * f, c * c, c * f, f * f) for w, c, f in items]
    return Moments(*map(sum, zip(*rows, strict=True)))


def ratio_and_error(moments: Moments, omega: Fraction) -> tuple[float, float] | None:
    """R = C / F, and its standard error as a part of it; None where there is no such.

    Of a ratio of sums, linearised (indicators 2.4), with c = full + omega chronic:
    d_i = c_i - R f_i; (se / R)^2 = n/(n-1) sum d_i^2 / (sum c_i)^2. Needs two items and
    R above 0. Worked out in whole numbers: with omega = p/q everything times q or its
    square, and sum d_i^2 times (sum f_i)^2 as well.
    """
    n, full, chronic, feature, ww, wc, wf, cc, cf, ff = moments
    p, q = omega.numerator, omega.denominator
    cost = q * full + p * chronic
    if n < 2 or not feature or not cost:
        return None
    squares = (
        (q * q * ww + 2 * p * q * wc + p * p * cc) * feature**2
        - 2 * cost * feature * (q * wf + p * cf)
        + cost**2 * ff
    )
    relative = n * squares / ((n - 1) * (cost * feature) ** 2)
    return cost / (q * feature), math.sqrt(relative)
