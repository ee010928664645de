"""The page's numbers are those of the window gauges, with a verdict by bounds."""

from __future__ import annotations

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.snapshot import PageModel
from monitor.pipeline.page_numbers import Freshness, page_model
from monitor.pipeline.readings import reading_of
from tests.harness import scenarios
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant


def page() -> PageModel:
    """Scenario A, an hour after its last event."""
    directory = directory_of(scenarios.teams_yaml(scenarios.WORLD))
    drive = Drive(directory, instant("2026-03-04T18:00:00Z"), served=True)
    drive.take(facts_of(scenarios.A.events, directory))
    fresh = Freshness(drive.now, {"native": drive.now}, 0, ("repo:acme/x",))
    return page_model(reading_of(drive.books), directory, DEFAULT_MODEL, fresh)


def test_teams_are_in_order_of_name_with_bounds_and_verdict() -> None:
    teams = page().teams
    assert [team.team for team in teams] == ["checkout", "platform", "search"]
    checkout = teams[0]
    assert checkout.ratio is not None
    assert round(checkout.ratio.central, 6) == 0.484043
    assert round(checkout.ratio.upper, 6) == 1.680851
    assert checkout.feature_seconds == 28_200
    assert checkout.verdict == "too few items"


def test_a_platform_team_is_not_compared() -> None:
    platform = page().teams[1]
    assert (platform.kind, platform.verdict) == ("platform", "not compared")
    assert platform.ratio is None
    assert platform.share is None
    # 6.1: 3,300 acute and 5,400 of response, and a quarter of 24,300 chronic.
    assert platform.asked_seconds == 3_300 + 5_400 + 24_300 / 4
    assert platform.capacity_share == 0


def test_coordination_is_set_against_capacity_where_there_is_a_headcount() -> None:
    checkout = page().teams[0]
    assert checkout.capacity_share == 13_650 / 345_600
    assert checkout.asked_seconds == 0


def test_the_costliest_waits_come_first_and_few_for_each_team() -> None:
    shown = page()
    costs = [wait.seconds for wait in shown.top_waits]
    assert costs == sorted(costs, reverse=True)
    # 900 + 0.25 x 27,900 for the review of search, the largest of 6.1
    assert (shown.top_waits[0].on_team, costs[0]) == ("search", 7_875)
    assert all(len(team.waits) <= 3 for team in shown.teams)


def test_gaps_and_freshness_are_shown() -> None:
    shown = page()
    assert shown.gaps == ("repo:acme/x",)
    assert [source.source for source in shown.sources] == ["native"]
    assert shown.lag_records == 0
