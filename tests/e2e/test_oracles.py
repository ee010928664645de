"""The command reproduces every number of the specification's worked scenarios."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness import oracles, scenarios
from tests.harness.scenarios import Scenario

Output = dict[str, Any]
WINDOW = "28d"


@pytest.fixture
def evaluated(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Output]:
    """What ``friction evaluate`` prints for record files with these lines."""

    def evaluate(scenario: Scenario, *files: list[str]) -> Output:
        teams = tmp_path / "teams.yaml"
        teams.write_text(scenarios.teams_yaml(scenario.world), encoding="utf-8")
        paths = [tmp_path / f"events-{number}.jsonl" for number in range(len(files))]
        for path, lines in zip(paths, files, strict=True):
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        asked = ("--teams", teams, "--at", scenario.at, "--format", "json")
        assert typed("evaluate", *paths, *asked) == 0
        output: Output = json.loads(capsys.readouterr().out)
        return output

    return evaluate


def differences(scenario: Scenario, output: Output) -> list[str]:
    """Every number that is not the expected one."""
    waits = {
        (w["team"], w["on_team"], w["component"], w["phase"]): w["seconds"]
        for w in output["waits"]
    }
    return oracles.differences(scenario, waits, output)


@pytest.mark.parametrize("scenario", oracles.ALL, ids=lambda s: s.name)
def test_the_command_prints_the_numbers_of_the_specification(
    scenario: Scenario, evaluated: Callable[..., Output]
) -> None:
    output = evaluated(scenario, scenarios.lines(scenario.events))
    assert differences(scenario, output) == []
    assert output["records"]["rejected"] == 0


@pytest.mark.parametrize("scenario", oracles.ALL, ids=lambda s: s.name)
def test_shuffled_duplicated_and_split_files_give_the_same_numbers(
    scenario: Scenario, evaluated: Callable[..., Output]
) -> None:
    chance = random.Random(scenario.name)
    lines = scenarios.lines(scenario.events)
    lines += chance.choices(lines, k=5)
    chance.shuffle(lines)
    middle = len(lines) // 2
    output = evaluated(scenario, lines[:middle], lines[middle:])
    assert differences(scenario, output) == []
    known = {json.dumps({**json.loads(line), "id": ""}) for line in lines}
    assert output["records"]["facts"] <= len(known)


def test_who_is_named_and_the_total_of_scenario_a(
    evaluated: Callable[..., Output],
) -> None:
    output = evaluated(scenarios.A, scenarios.lines(scenarios.A.events))
    waits = {
        (w["team"], w["on_team"], w["component"], w["phase"]): w["seconds"]
        for w in output["waits"]
    }
    named = oracles.named_central(waits)
    assert named == pytest.approx(scenarios.A_NAMED)
    assert sum(named.values()) == pytest.approx(scenarios.A_TOTAL)
    verdicts = {team: found["verdict"] for team, found in output["teams"].items()}
    assert verdicts == {
        "checkout": "too few items",
        "search": "too few items",
        "platform": "no feature work",
    }
    assert output["from"] == "2026-03-02T09:00:00Z"
    assert output["records"] == {
        "read": 20,
        "facts": 20,
        "rejected": 0,
        "ignored": 0,
        "duplicates": 0,
    }
