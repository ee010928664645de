"""Delivery of a window: what counts, quantiles, Little's law, all teams together."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction
from typing import Any

import pytest

from monitor.domain.timeline import Measure, Measured, Timeline
from monitor.domain.working_time import DAY, HOUR
from monitor.indicators.totals.deliveries import Little, little_of, quantile
from monitor.indicators.totals.delivery_report import (
    delivered_at,
    organisation_delivery,
    organisation_flow,
    team_delivery,
    team_flow,
)
from monitor.indicators.totals.instant import Totals

NOW = 100 * DAY


def measure(name: Measured, days_ago: float, value: int = 1, **said: Any) -> Measure:
    fields = {"team": "checkout", "label": "", **said}
    return Measure(name, time=NOW - round(days_ago * DAY), value=value, **fields)


def deploy(days_ago: float, cause: str = "none", **said: Any) -> Measure:
    return measure(Measured.DEPLOYS, days_ago, label=cause, **{"place": "till", **said})


def delivery(*measures: Measure, window: int | None = 7 * DAY) -> Any:
    timelines = [Timeline("X-1", measures=measures)]
    return team_delivery(delivered_at(timelines, None, NOW, window), "checkout")


def flow(*measures: Measure, window: int | None = 7 * DAY) -> Any:
    timelines = [Timeline("X-1", measures=measures)]
    found = delivered_at(timelines, None, NOW, window)
    return team_flow(found, "checkout", Totals())


def test_rates_are_counts_over_counts() -> None:
    found = delivery(
        *(deploy(day) for day in (1, 2, 3, 4)),
        deploy(1, "own"),
        deploy(2, "other_team"),
        deploy(3, "other_team"),
        deploy(4, "external"),
        measure(Measured.UNPLANNED, 2),
    )
    assert found["deploys"] == {
        "succeeded": 4,
        "failed": {"own": 1, "other_team": 2, "external": 1},
        "unplanned": 1,
    }
    assert found["change_fail_rate"] == 4 / 8
    assert found["own_change_fail_rate"] == 1 / 8
    assert found["rework_rate"] == 1 / 8


def test_a_window_ends_with_its_instant_and_leaves_out_the_one_it_begins_with() -> None:
    found = delivery(deploy(0), deploy(6.9), deploy(7), deploy(8))
    assert found["deploys"]["succeeded"] == 2
    assert delivery(deploy(-0.1))["deploys"]["succeeded"] == 0
    assert delivery(deploy(99), window=None)["deploys"]["succeeded"] == 1


def test_deploys_a_day_are_counted_from_when_anything_was_known() -> None:
    assert delivery(deploy(1), deploy(2), deploy(2))["deploys_per_day"] == 1.5
    assert delivery(deploy(1), deploy(50))["deploys_per_day"] == pytest.approx(1 / 7)
    assert delivery(window=None)["deploys_per_day"] is None
    # Of an hour nobody knows what a day would be.
    assert delivery(deploy(1 / 24))["deploys_per_day"] is None


def test_deploys_of_before_anybody_told_of_anything_are_of_none_of_the_days() -> None:
    """Three in the five days that are known; the window itself has four."""
    measures = [deploy(day) for day in (1, 2, 5, 6)]
    timelines = [Timeline("X-1", measures=tuple(measures))]
    since = measure(Measured.DONE, 5).time
    for window in (7 * DAY, None):
        found = delivered_at(timelines, None, NOW, window, since)
        assert found.days == 5
        for one in (team_delivery(found, "checkout"), organisation_delivery(found)):
            shown: Any = one
            assert shown["deploys"]["succeeded"] == 4
            assert shown["deploys_per_day"] == 3 / 5


def test_deploys_a_day_are_not_known_of_whom_no_deploy_was_ever_told() -> None:
    """Missing is never zero: whether that team deploys, nobody told."""
    done = measure(Measured.DONE, 5, label="feature")
    others = deploy(1, team="search")
    assert delivery(done)["deploys_per_day"] is None
    assert delivery(done, others)["deploys_per_day"] is None
    assert delivery(done, deploy(-1))["deploys_per_day"] is None
    # It deploys, and did not in this window; nor what failed.
    assert delivery(done, deploy(8))["deploys_per_day"] == 0
    assert delivery(done, deploy(1, "own"))["deploys_per_day"] == 0

    def of_all(*measures: Measure) -> Any:
        timelines = [Timeline("X-1", measures=measures)]
        return organisation_delivery(delivered_at(timelines, None, NOW, 7 * DAY))

    assert of_all(done)["deploys_per_day"] is None
    assert of_all(done, others)["deploys_per_day"] == 1 / 5


def test_time_between_deploys_is_that_of_one_service() -> None:
    found = delivery(
        deploy(6),
        deploy(5),
        deploy(2),
        deploy(1, "own"),
        deploy(4.5, place="shop"),
        deploy(4, place="shop"),
    )
    assert found["median_seconds_between_deploys"] == 86_400
    assert delivery(deploy(1))["median_seconds_between_deploys"] is None


def test_what_is_not_known_is_null_and_every_key_is_there() -> None:
    found = delivery()
    assert found["change_fail_rate"] is found["rework_rate"] is None
    assert found["lead_time_seconds"] == {"count": 0, "p50": None, "p90": None}
    nothing = flow()
    assert nothing["efficiency"] is None
    assert nothing["time_seconds"] == {"count": 0, "p50": None, "p85": None}
    assert nothing["little"] == {"load": None, "expected": None, "holds": None}
    assert nothing["queue"] == {
        "opened": 0,
        "closed": 0,
        "growth": None,
        "growing": False,
    }


def test_spans_have_exact_quantiles() -> None:
    spans = [measure(Measured.LEAD_TIME, 1, hours * HOUR) for hours in (1, 2, 3, 10)]
    found = delivery(*spans, measure(Measured.LEAD_TIME, 8, HOUR))
    assert found["lead_time_seconds"] == {"count": 4, "p50": 9_000, "p90": 28_440}


@pytest.mark.parametrize("many", range(2, 12))
def test_quantiles_are_those_of_statistics(many: int) -> None:
    spans = [(7 * step) % 23 for step in range(many)]
    expected = statistics.quantiles(spans, n=20, method="inclusive")
    for part, value in ((10, expected[9]), (17, expected[16]), (18, expected[17])):
        found = quantile(spans, Fraction(part, 20))
        assert found is not None
        assert math.isclose(float(found), value)


def test_the_organisation_is_the_sum_of_teams_and_never_their_mean() -> None:
    ours = [deploy(1), deploy(2, "own"), measure(Measured.LEAD_TIME, 1, HOUR)]
    theirs = [deploy(day / 4, team="search", place="find") for day in range(1, 19)] + [
        measure(Measured.LEAD_TIME, 1, 9 * HOUR, team="search") for _ in range(9)
    ]
    done = measure(Measured.DONE, 1, label="feature")
    timelines = [Timeline("X-1", measures=(*ours, *theirs, done))]
    found = delivered_at(timelines, None, NOW, 7 * DAY)
    together: Any = organisation_delivery(found)
    assert together["change_fail_rate"] == 1 / 20
    assert together["lead_time_seconds"]["p50"] == 9 * 3_600
    totals = Totals()
    totals.active["checkout", "feature"] = 30
    totals.active["search", "debt"] = 30
    totals.waits["search", "checkout", "handoff", "chronic"] = 20
    totals.waits["search", "checkout", "reopen", "response"] = 99
    flowed: Any = organisation_flow(found, totals)
    assert flowed["efficiency"] == 60 / 80
    assert flowed["done_by_class"] == {"feature": 1}
    assert team_flow(found, "search", totals)["efficiency"] == 30 / 50


def test_items_in_flight_are_those_of_the_instant_whatever_the_window() -> None:
    entered = [measure(Measured.IN_FLIGHT, day) for day in (50, 40, 2)]
    left = measure(Measured.IN_FLIGHT, 1, -1)
    assert flow(*entered, left)["in_flight"] == 2


@pytest.mark.parametrize(
    ("opened", "closed", "growth", "growing"),
    [(11, 10, 1.1, False), (12, 10, 1.2, True), (1, 0, None, True), (0, 3, 0, False)],
)
def test_a_queue_grows_by_what_is_opened_over_what_is_closed(
    opened: int, closed: int, growth: float | None, growing: bool
) -> None:
    """Over 28 days, though the window asked for is of seven."""
    measures = [measure(Measured.REQUESTS_OPENED, 20) for _ in range(opened)]
    measures += [measure(Measured.REQUESTS_CLOSED, 19) for _ in range(closed)]
    measures.append(measure(Measured.REQUESTS_OPENED, 29))
    found = flow(*measures)["queue"]
    assert found == {
        "opened": opened,
        "closed": closed,
        "growth": growth,
        "growing": growing,
    }


def through(entered: float, left: float) -> list[Measure]:
    """An item that was in flight between two days ago and another."""
    spent = round((entered - left) * DAY)
    return [
        measure(Measured.IN_FLIGHT, entered),
        measure(Measured.IN_FLIGHT, left, -1),
        measure(Measured.FLOW_TIME, left, spent),
    ]


def test_littles_law_holds_where_what_comes_in_goes_out() -> None:
    steady = [one for day in range(0, 80, 2) for one in through(day + 4, day)]
    found = flow(*steady)["little"]
    assert found["load"] == pytest.approx(160 / 82)
    assert found == {"load": found["load"], "expected": found["load"], "holds": True}


def test_littles_law_fails_where_nothing_gets_done() -> None:
    stuck = [measure(Measured.IN_FLIGHT, day) for day in range(40, 80)]
    found = flow(*stuck, *through(80, 78))["little"]
    assert found["holds"] is False
    assert found["expected"] == pytest.approx(2 / 80)


def test_littles_law_looks_back_84_days() -> None:
    """An item of 90 days is in flight for 84 of them, and its whole time counts."""
    found = little_of(through(90, 10), NOW - 84 * DAY, NOW)["checkout"]
    assert found == (Fraction(74, 84), Fraction(80, 84))
    old = flow(*through(99, 90), *through(4, 2))["little"]
    assert (old["load"], old["expected"]) == (2 / 84, 2 / 84)


@pytest.mark.parametrize(
    ("load", "expected", "holds"),
    [(4, 5, True), (4, 3, True), (4, 6, False), (0, 1, False), (0, 0, None)],
)
def test_a_quarter_of_the_load_is_tolerated(
    load: int, expected: int, holds: bool | None
) -> None:
    assert Little(Fraction(load), Fraction(expected)).holds is holds
