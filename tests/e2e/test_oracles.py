"""The command reproduces every number of the specification's worked scenarios."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness import oracles, scenarios
from tests.harness.scenarios import Scenario

Output = dict[str, Any]
WINDOW = "28d"


def evaluated(folder: Path, scenario: Scenario, files: Sequence[list[str]]) -> Output:
    """What ``friction evaluate`` prints for record files with these lines."""
    teams = folder / "teams.yaml"
    teams.write_text(scenarios.teams_yaml(scenario.world), encoding="utf-8")
    paths = [folder / f"events-{number}.jsonl" for number in range(len(files))]
    for path, lines in zip(paths, files, strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "monitor", "evaluate", *map(str, paths)]
    options = ["--teams", str(teams), "--at", scenario.at, "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    output: Output = json.loads(done.stdout)
    return output


def differences(scenario: Scenario, output: Output) -> list[str]:
    """Every number that is not the expected one."""
    waits = {
        (w["team"], w["on_team"], w["component"], w["phase"]): w["seconds"]
        for w in output["waits"]
    }
    return oracles.differences(scenario, waits, output)


@pytest.mark.parametrize("scenario", oracles.ALL, ids=lambda s: s.name)
def test_the_command_prints_the_numbers_of_the_specification(
    scenario: Scenario, tmp_path: Path
) -> None:
    output = evaluated(tmp_path, scenario, [scenarios.lines(scenario.events)])
    assert differences(scenario, output) == []
    assert output["records"]["rejected"] == 0


@pytest.mark.parametrize("scenario", oracles.ALL, ids=lambda s: s.name)
def test_shuffled_duplicated_and_split_files_give_the_same_numbers(
    scenario: Scenario, tmp_path: Path
) -> None:
    chance = random.Random(scenario.name)
    lines = scenarios.lines(scenario.events)
    lines += chance.choices(lines, k=5)
    chance.shuffle(lines)
    middle = len(lines) // 2
    output = evaluated(tmp_path, scenario, [lines[:middle], lines[middle:]])
    assert differences(scenario, output) == []
    known = {json.dumps({**json.loads(line), "id": ""}) for line in lines}
    assert output["records"]["facts"] <= len(known)


def test_who_is_named_and_the_total_of_scenario_a(tmp_path: Path) -> None:
    output = evaluated(tmp_path, scenarios.A, [scenarios.lines(scenarios.A.events)])
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
