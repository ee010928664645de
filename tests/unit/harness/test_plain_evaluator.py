"""The second opinion must itself reproduce the specification first."""

from __future__ import annotations

import random

import pytest

from tests.harness import oracles, scenarios, scenarios_life
from tests.harness.plain_calendar import PlainCalendar, instant
from tests.harness.plain_evaluator import measure, report
from tests.harness.scenarios import Scenario, agrees


@pytest.mark.parametrize("scenario", oracles.ALL, ids=lambda scenario: scenario.name)
def test_every_number_of_the_specification(scenario: Scenario) -> None:
    output = report(measure(scenario.events, scenario.world, scenario.at))
    assert oracles.differences(scenario, output["waits"], output) == []
    for name, expected in scenario.top.items():
        assert output[name] == expected


@pytest.mark.parametrize("seed", range(5))
def test_order_and_duplicates_change_nothing(seed: int) -> None:
    events = [*scenarios.THREE_TEAMS, *scenarios.THREE_TEAMS[:5]]
    random.Random(seed).shuffle(events)
    scenario = scenarios.A
    output = report(measure(events, scenario.world, scenario.at))
    assert oracles.differences(scenario, output["waits"], output) == []


def test_named_totals() -> None:
    for scenario, named in (
        (scenarios.A, scenarios.A_NAMED),
        (scenarios_life.C2, scenarios_life.C2_NAMED),
    ):
        output = report(measure(scenario.events, scenario.world, scenario.at))
        assert oracles.named_central(output["waits"]) == named


def test_daylight_saving_weekend() -> None:
    berlin = PlainCalendar(zone="Europe/Berlin")
    start = instant("2026-03-27T16:00:00+01:00")
    end = instant("2026-03-30T10:00:00+02:00")
    assert berlin.worked(start, end) == 7_200_000
    assert end - start == 234_000_000
    assert berlin.after(start, 7_200_000) == end


def test_payroll_cap_as_shown() -> None:
    scenario = scenarios_life.D2
    team = report(measure(scenario.events, scenario.world, scenario.at))["teams"][
        "checkout"
    ]
    scale = team["payroll_scale"]
    shown = scale * team["coordination_seconds"]["central"]
    feature = scale * team["feature_seconds"]
    assert agrees(float(shown), scenarios_life.D2_SHOWN["coordination"])
    assert agrees(float(feature), scenarios_life.D2_SHOWN["feature"])
    assert shown + feature == scenarios_life.D2_SHOWN["sum"]
