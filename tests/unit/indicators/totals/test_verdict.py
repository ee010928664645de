"""Indicators 2.4 and design 11.4: the verdict, first match, and the interval."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import UNIT
from monitor.domain.working_time import DAY
from monitor.indicators.totals.cost import Bounds, TeamCost
from monitor.indicators.totals.instant import Weighed
from monitor.indicators.totals.moments import moments_of
from monitor.indicators.totals.verdict import Interval, Word, interval_of, verdict_of

ZERO = Fraction(0)


def ratios(lower: str, central: str, upper: str) -> Bounds:
    return Bounds(Fraction(lower), Fraction(central), Fraction(upper))


BASE = TeamCost(
    team="checkout",
    coordination=Bounds(ZERO, ZERO, ZERO),
    feature=Fraction(1_000),
    active={},
    ratio=ratios("0.1", "0.2", "0.3"),
    share=None,
    capacity=Fraction(10_000),
    scale=None,
    burn=None,
    money=None,
    unknown_share=ZERO,
    unclassified_share=ZERO,
)
INDICATED = replace(
    BASE,
    coordination=ratios("500", "1100", "2000"),
    ratio=ratios("0.5", "1.1", "2"),
)
POSSIBLE = replace(
    BASE,
    coordination=ratios("500", "1000", "1100"),
    ratio=ratios("0.5", "1", "1.1"),
)
ESTABLISHED = replace(BASE, ratio=ratios("1.01", "2", "3"))
NO_FEATURE = replace(BASE, ratio=None, feature=ZERO)
# A week in which nothing was built and all of it was waiting.
BLOCKED = replace(NO_FEATURE, coordination=ratios("1", "1", "1"))


def verdict(
    cost: TeamCost,
    items: int = 10,
    interval: Interval | None = None,
    window: int | None = 28 * DAY,
    second: TeamCost | None = None,
) -> Word:
    return verdict_of(cost, items, interval, window, DEFAULT_MODEL, second)


def test_no_ratio_is_no_feature_work_whatever_else() -> None:
    assert verdict(NO_FEATURE, items=0) == "no feature work"


@pytest.mark.parametrize(
    ("window", "items", "enough"),
    [
        (28 * DAY, 9, False),
        (28 * DAY, 10, True),
        (None, 9, False),
        (None, 10, True),
        (7 * DAY, 4, False),
        (7 * DAY, 5, True),
        (14 * DAY, 5, True),
        (36 * 3_600_000, 4, False),
        (28 * DAY - 1, 5, True),
        (90 * DAY, 9, False),
    ],
)
def test_ten_items_from_28_days_up_and_without_a_window_else_five(
    window: int | None, items: int, enough: bool
) -> None:
    found = verdict(BASE, items=items, window=window)
    assert found == ("no" if enough else "too few items")


def test_feature_work_below_five_percent_of_capacity_is_too_few() -> None:
    assert verdict(replace(BASE, feature=Fraction(499))) == "too few items"
    assert verdict(replace(BASE, feature=Fraction(500))) == "no"


def test_without_capacity_any_feature_work_is_enough() -> None:
    assert verdict(replace(BASE, feature=Fraction(1), capacity=None)) == "no"


def test_withheld_above_thirty_percent_unknown() -> None:
    above = replace(ESTABLISHED, unknown_share=Fraction(31, 100))
    assert verdict(above) == "withheld"
    assert verdict(replace(above, unknown_share=Fraction(3, 10))) == "established"


def test_withheld_above_thirty_percent_in_no_class() -> None:
    active = {"feature": Fraction(69), "unclassified": Fraction(31)}
    above = replace(ESTABLISHED, active=active)
    assert verdict(above) == "withheld"
    exactly = {"feature": Fraction(70), "unclassified": Fraction(30)}
    assert verdict(replace(above, active=exactly)) == "established"


def test_what_counts_as_feature_by_configuration_withholds_nothing() -> None:
    booked = replace(ESTABLISHED, active={"feature": Fraction(100)})
    assert verdict(replace(booked, unclassified_share=Fraction(1))) == "established"


def test_too_few_items_comes_before_withheld() -> None:
    cost = replace(BASE, unknown_share=Fraction(1))
    assert verdict(cost, items=1) == "too few items"


def test_established_by_the_lower_bound_or_by_the_interval() -> None:
    assert verdict(ESTABLISHED) == "established"
    assert verdict(INDICATED, interval=Interval(1.001, 1.3)) == "established"
    assert verdict(INDICATED, interval=Interval(1.0, 1.3)) == "indicated"


def test_indicated_needs_both_windows_where_there_are_two() -> None:
    assert verdict(INDICATED) == "indicated"
    assert verdict(INDICATED, second=INDICATED) == "indicated"
    assert verdict(INDICATED, second=POSSIBLE) == "possible"
    assert verdict(INDICATED, second=NO_FEATURE) == "possible"


def test_a_week_without_feature_work_exceeds_by_any_coordination() -> None:
    assert verdict(INDICATED, second=BLOCKED) == "indicated"
    only_upper = replace(BLOCKED, coordination=ratios("0", "0", "1"))
    assert verdict(INDICATED, second=only_upper) == "possible"
    assert verdict(BLOCKED) == "no feature work"


def test_strictly_greater_one_exactly_does_not_exceed() -> None:
    assert verdict(POSSIBLE) == "possible"
    assert verdict(replace(BASE, ratio=ratios("1", "1", "1"))) == "no"


def interval(items: Iterable[Weighed]) -> Interval | None:
    return interval_of(moments_of(items), DEFAULT_MODEL)


def weighed(cost: int, feature: int, chronic: int = 0) -> Weighed:
    second = 1_000 * UNIT
    return Weighed(cost * second, chronic * second, feature * second)


def test_the_interval_of_the_specification() -> None:
    """2.4: c = 10, 20, 30, 40, f = 20 each: 0.753575 .. 2.073449."""
    found = interval([weighed(c, 20) for c in (10, 20, 30, 40)])
    assert found is not None
    assert found.lower == pytest.approx(0.753575, abs=5e-7)
    assert found.upper == pytest.approx(2.073449, abs=5e-7)


def test_the_interval_weighs_chronic_seconds_by_omega() -> None:
    chronic = [weighed(0, 20, 4 * c) for c in (10, 20, 30, 40)]
    full = [weighed(c, 20) for c in (10, 20, 30, 40)]
    assert interval(chronic) == interval(full)


@pytest.mark.parametrize(
    "items",
    [[], [weighed(1, 1)], [weighed(0, 1)] * 2, [weighed(1, 0)] * 2],
    ids=["no items", "one item", "a ratio of 0", "no feature work"],
)
def test_no_interval(items: list[Weighed]) -> None:
    assert interval(items) is None


def test_items_without_spread_leave_no_doubt() -> None:
    assert interval([weighed(3, 2)] * 2) == Interval(1.5, 1.5)


def test_the_interval_is_of_the_deviations_item_by_item() -> None:
    """2.4 term by term, in floats: d_i = c_i - R f_i with c_i = full + chronic / 4."""
    rows = [(900, 3_600, 7_200), (0, 0, 28_800), (5_400, 90_000, 3_600), (60, 0, 0)]
    costs = [full + chronic / 4 for full, chronic, _ in rows]
    features = [feature for _, _, feature in rows]
    ratio = sum(costs) / sum(features)
    squares = sum((c - ratio * f) ** 2 for c, f in zip(costs, features, strict=True))
    error = math.sqrt(4 / 3 * squares) / sum(features)
    spread = math.exp(1.96 * error / ratio)
    found = interval([weighed(full, f, chronic) for full, chronic, f in rows])
    assert found is not None
    assert found.lower == pytest.approx(ratio / spread, rel=1e-12)
    assert found.upper == pytest.approx(ratio * spread, rel=1e-12)
