"""Moments of a team's items: all that a confidence interval needs to know of them.

Exact integers of ``millisecond x UNIT`` and their products, so that they can be added
up in any order, taken away again, and priced with any omega afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from monitor.indicators.totals import Weighed


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


def spread_of(moments: Moments, omega: Fraction) -> tuple[Fraction, Fraction] | None:
    """R, and the square of its standard error; None without feature work.

    Of a ratio of sums, linearised (indicators 2.4), with c = full + omega chronic:
    d_i = c_i - R f_i; se^2 = n/(n-1) sum d_i^2 / (sum f_i)^2. Needs two items.
    """
    _, full, chronic, feature, ww, wc, wf, cc, cf, ff = moments
    if moments.items < 2 or not feature:
        return None
    ratio = (full + omega * chronic) / Fraction(feature)
    squares = (
        (ww + 2 * omega * wc + omega**2 * cc)
        - 2 * ratio * (wf + omega * cf)
        + ratio**2 * ff
    )
    return ratio, Fraction(moments.items, moments.items - 1) * squares / feature**2
