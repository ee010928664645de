"""A history of rules is judged by all of the shipped rules that it hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness.reference_data import REPOSITORY
from tests.harness.rule_files import alerts, recorded_names, with_what_it_asks_for

RATIO = "window_team:friction_coordination_per_feature:ratio"
COST = "window_team:friction_coordination_cost_seconds:sum"
BUILT = "window_team:friction_feature_cost_seconds:sum"
ACTIVE = "window_team_class:friction_active_seconds:max"


def kept(text: str, folder: Path) -> tuple[set[str], set[str]]:
    """The names of what is recorded, and of alerts, beside a test of this text."""
    (folder / "test.yml").write_text(text)
    beside = folder / "copy"
    beside.mkdir()
    copy = with_what_it_asks_for(folder / "test.yml", beside)
    assert copy.read_text() == text
    rules: list[dict[str, Any]] = [
        rule
        for file in beside.glob("friction-*.yml")
        for group in yaml.safe_load(file.read_text())["groups"]
        for rule in group["rules"]
    ]
    return (
        {rule["record"] for rule in rules if "record" in rule},
        {rule["alert"] for rule in rules if "alert" in rule},
    )


def test_what_is_recorded_comes_with_what_it_is_made_of(tmp_path: Path) -> None:
    recorded, fires = kept(f"expr: '{RATIO} > 1'", tmp_path)
    assert {RATIO, COST, BUILT, ACTIVE} <= recorded < recorded_names()
    assert fires == set()


@pytest.mark.parametrize(
    "text",
    [
        "{alertname: NewDependency, eval_time: 1h}",
        "alertname: NewDependency",
        'ALERTS{alertname="NewDependency", team="a"}',
        'ALERTS{team="a", alertname=~"NewDependency|NoSuchAlert"}',
        'ALERTS{alertname=~"NewDep.*"}',
    ],
)
def test_an_alert_is_kept_that_is_named(text: str, tmp_path: Path) -> None:
    assert kept(text, tmp_path)[1] == {"NewDependency"}


def test_an_alert_comes_with_what_it_and_its_texts_ask_for(tmp_path: Path) -> None:
    recorded, _ = kept("alertname: FrictionBudgetFastBurn", tmp_path)
    assert "window_team:friction_budget_burn:ratio" in recorded
    by_pair = "window_team_on_team_component:friction_coordination_cost"
    assert f"{by_pair}_capped_seconds:sum" in recorded
    assert f"{by_pair}_seconds:sum" in recorded
    assert "window_team:friction_change_fail:ratio" not in recorded


@pytest.mark.parametrize("text", ["ALERTS", 'count by (team) (ALERTS{team="a"})'])
def test_all_are_kept_for_who_asks_for_any(text: str, tmp_path: Path) -> None:
    assert kept(text, tmp_path)[1] == set(alerts())


def test_all_is_recorded_for_who_asks_for_any_name(tmp_path: Path) -> None:
    recorded, _ = kept('count({__name__=~"window.*"})', tmp_path)
    assert recorded == recorded_names()


def test_a_copy_reads_the_rules_beside_it(tmp_path: Path) -> None:
    file = REPOSITORY / "tests" / "rules" / "dependencies.yml"
    copy = yaml.safe_load(with_what_it_asks_for(file, tmp_path).read_text())
    assert [tmp_path / name for name in copy["rule_files"]] == [
        tmp_path / "friction-recording.yml",
        tmp_path / "friction-alerts.yml",
    ]
    assert all((tmp_path / name).is_file() for name in copy["rule_files"])
