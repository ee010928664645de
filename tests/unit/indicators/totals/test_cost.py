"""Indicators 1.1, 1.4 O6, 1.9: bounds, ratio, cap, burn and money, by hand."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.teams import Directory
from monitor.indicators.totals.cost import (
    Bounds,
    TeamCost,
    capacity_between,
    organisation_ratio,
    team_cost,
    weigh,
)
from monitor.indicators.totals.instant import SECOND_UNITS, Totals
from tests.harness.driving import directory_of
from tests.unit.indicators.history import DIRECTORY, TEAMS, at

Waits = dict[tuple[str, str, str, str], int]
MONDAY = (at("Mon 09:00"), at("Mon 17:00"))
BLOCK = "ticket_blocked"


def totals(waits: Waits | None = None, **active: int) -> Totals:
    """Totals in whole seconds; ``checkout_feature=3600``."""
    found = Totals()
    found.waits = Counter({k: v * SECOND_UNITS for k, v in (waits or {}).items()})
    for key, seconds in active.items():
        team, _, work_class = key.partition("_")
        found.active[(team, work_class)] = seconds * SECOND_UNITS
    return found


def cost_of(
    found: Totals,
    team: str = "checkout",
    directory: Directory = DIRECTORY,
    span: tuple[int, int] = MONDAY,
) -> TeamCost:
    return team_cost(found, team, directory, DEFAULT_MODEL, *span)


def test_acute_and_response_weigh_one_and_chronic_omega() -> None:
    found = totals(
        {
            ("checkout", "platform", BLOCK, "acute"): 900,
            ("checkout", "platform", BLOCK, "chronic"): 4_000,
            ("checkout", "search", "reopen", "response"): 100,
            ("search", "platform", BLOCK, "acute"): 77,
        }
    )
    # 1,000 + omega x 4,000 with 0, 0.25 and 1
    assert weigh(found, "checkout", DEFAULT_MODEL) == Bounds(
        Fraction(1_000), Fraction(2_000), Fraction(5_000)
    )


def test_external_is_in_no_bound_unknown_in_the_upper_and_other_in_all() -> None:
    """O2."""
    found = totals(
        {
            ("checkout", "external", BLOCK, "acute"): 1,
            ("checkout", "external", BLOCK, "chronic"): 2,
            ("checkout", "unknown", BLOCK, "acute"): 10,
            ("checkout", "unknown", BLOCK, "chronic"): 20,
            ("checkout", "other", BLOCK, "acute"): 100,
            ("checkout", "other", BLOCK, "chronic"): 400,
        }
    )
    # lower 100; central 100 + 100; upper 100 + 400 + 10 + 20
    assert weigh(found, "checkout", DEFAULT_MODEL) == Bounds(
        Fraction(100), Fraction(200), Fraction(530)
    )


def test_ratio_and_share() -> None:
    found = totals(
        {("checkout", "platform", BLOCK, "acute"): 900}, checkout_feature=2_700
    )
    cost = cost_of(found)
    assert cost.ratio == Bounds(*[Fraction(1, 3)] * 3)
    assert cost.share == Fraction(1, 4)


def test_without_feature_work_there_is_no_ratio() -> None:
    waits: Waits = {("checkout", "platform", BLOCK, "acute"): 900}
    cost = cost_of(totals(waits, checkout_defect=900))
    assert cost.ratio is None
    assert cost.share == 1


def test_without_any_work_there_is_no_share_and_the_scale_is_one() -> None:
    cost = cost_of(totals())
    assert cost.share is None
    assert cost.scale == 1
    assert cost.unknown_share == cost.unclassified_share == 0


def test_capacity_is_headcount_times_working_seconds() -> None:
    assert cost_of(totals()).capacity == 4 * 28_800


def test_capacity_follows_the_headcount_of_each_time() -> None:
    dated = directory_of(
        TEAMS.replace(
            "headcount: 4",
            "headcount: [{from: 2026-03-01, value: 4}, {from: 2026-03-03, value: 1.5}]",
        )
    )
    team = dated.teams["checkout"]
    # Monday 4, Tuesday and Wednesday 1.5 each; before March nobody
    whole = capacity_between(team, at("Mon 00:00"), at("Wed 24:00"))
    assert whole == (4 + Fraction(3)) * 28_800
    assert capacity_between(team, at("Mon 00:00"), at("Mon 12:00")) == 4 * 10_800
    assert capacity_between(team, at("Wed 00:00"), at("Wed 12:00")) == 1.5 * 10_800


def test_capacity_is_without_the_share_of_absence() -> None:
    """1.5: minus a configured share: 4 x 28,800 x 0.85, and what is made of it."""
    away = directory_of(
        TEAMS.replace("headcount: 4", "headcount: 4\n    absence_share: 0.15")
    )
    waits: Waits = {("checkout", "platform", BLOCK, "acute"): 195_840}
    found = totals(waits)
    span = (at("Mon 00:00"), at("Mon 24:00"))
    cost = team_cost(found, "checkout", away, DEFAULT_MODEL, *span)
    assert cost.capacity == 97_920
    assert cost.scale == Fraction(1, 2)
    # All of capacity goes into coordination, a fifth of it may.
    assert cost.burn == 5
    assert cost.money is not None
    assert cost.money.central == Fraction(97_920, 36)


def test_the_payroll_cap_scales_cost_and_money_and_not_the_ratio() -> None:
    """O6: W = 100,000 + 130,400, K = 115,200, s = 0.5; burn = 50,000 / K / 0.2."""
    waits: Waits = {("checkout", "platform", BLOCK, "acute"): 100_000}
    cost = cost_of(totals(waits, checkout_feature=130_400))
    assert cost.scale == Fraction(1, 2)
    assert cost.burn == Fraction(50_000, 115_200) / Fraction(1, 5)
    assert cost.ratio is not None
    assert cost.ratio.central == Fraction(100_000, 130_400)
    # 50,000 s x 100 / 3,600
    assert cost.money == Bounds(*[Fraction(50_000 * 100, 3_600)] * 3)


def test_the_scale_never_enlarges() -> None:
    assert cost_of(totals(checkout_feature=100)).scale == 1


def test_without_a_headcount_capacity_scale_burn_and_money_are_absent() -> None:
    cost = cost_of(totals(data_feature=100), "data")
    assert cost.ratio is not None
    assert (cost.capacity, cost.scale, cost.burn, cost.money) == (None,) * 4


def test_a_team_no_file_knows_has_neither() -> None:
    cost = cost_of(totals(unknown_feature=100), "unknown")
    assert cost.capacity is None


def test_without_capacity_in_the_window_there_is_no_burn() -> None:
    cost = cost_of(totals(), span=(at("Sat 00:00"), at("Sun 00:00")))
    assert cost.capacity == 0
    assert cost.burn is None


@pytest.mark.parametrize(
    ("before", "after", "absent"),
    [
        ("  engineer_cost_per_hour: 100\n", "", "money"),
        ("budget: 0.20", "budget: 0.5", None),
    ],
)
def test_money_and_burn_need_a_rate_and_a_budget(
    before: str, after: str, absent: str | None
) -> None:
    changed = directory_of(TEAMS.replace(before, after))
    waits: Waits = {("checkout", "platform", BLOCK, "acute"): 11_520}
    cost = cost_of(totals(waits), directory=changed)
    # 11,520 of 115,200 is a tenth: half of a fifth, a fifth of a half
    assert (cost.money is None) is (absent == "money")
    assert cost.burn == (Fraction(1, 2) if absent == "money" else Fraction(1, 5))


def test_shares_of_unknown_waits_and_unclassified_work() -> None:
    found = totals(
        {
            ("checkout", "unknown", BLOCK, "chronic"): 30,
            ("checkout", "platform", BLOCK, "acute"): 70,
            ("search", "unknown", BLOCK, "acute"): 999,
        },
        checkout_feature=100,
        checkout_debt=100,
    )
    found.unclassified["checkout"] = 50 * SECOND_UNITS
    cost = cost_of(found)
    assert cost.unknown_share == Fraction(3, 10)
    assert cost.unclassified_share == Fraction(1, 4)


def test_the_organisation_is_its_stream_teams_sums_then_divided() -> None:
    """2.2: never average ratios. (900 + 100) / (1,000 + 3,000)."""
    found = totals(
        {
            ("checkout", "platform", BLOCK, "acute"): 900,
            ("search", "platform", BLOCK, "acute"): 100,
            ("platform", "search", BLOCK, "acute"): 5_000,
            ("unknown", "search", BLOCK, "acute"): 5_000,
        },
        checkout_feature=1_000,
        search_feature=3_000,
        platform_feature=7,
    )
    teams = ("checkout", "search", "platform", "unknown")
    costs = {team: cost_of(found, team) for team in teams}
    assert organisation_ratio(costs, DIRECTORY) == Bounds(*[Fraction(1, 4)] * 3)


def test_an_organisation_without_feature_work_has_no_ratio() -> None:
    assert organisation_ratio({"checkout": cost_of(totals())}, DIRECTORY) is None
    assert organisation_ratio({}, DIRECTORY) is None
