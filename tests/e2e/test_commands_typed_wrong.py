"""Names and values that are mistyped: refused, and told by their own option."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import scenarios

Typed = Callable[..., int]
AT = ("--at", scenarios.A.at)


@pytest.fixture
def asked(tmp_path: Path) -> list[object]:
    """``friction explain`` of scenario A's record file."""
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    events.write_text("\n".join(scenarios.lines(scenarios.A.events)) + "\n")
    teams.write_text(scenarios.teams_yaml(scenarios.WORLD))
    return ["explain", events, "--teams", teams, "--team", "checkout"]


def test_an_unknown_component_is_told_with_those_there_are(
    typed: Typed, asked: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*asked, *AT, "--component", "reviewwait") == 2
    told = capsys.readouterr().err
    assert "--component reviewwait: there is none; did you mean 'review_wait'?" in told
    assert "active" in told
    assert "deploy_freeze" in told


@pytest.mark.parametrize(
    "component", ["deploy_freeze", "active", "unaccrued", "own_failure", "unclassified"]
)
def test_a_component_that_nothing_is_in_has_a_true_sum_of_zero(
    component: str, typed: Typed, asked: list[object]
) -> None:
    assert typed(*asked, *AT, "--component", component, "--format", "json") == 0


def test_an_unknown_team_that_is_waited_for_is_told(
    typed: Typed, asked: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*asked, *AT, "--on-team", "nosuch") == 2
    told = capsys.readouterr().err
    assert "--on-team nosuch: nothing waits for it; teams: checkout, " in told


@pytest.mark.parametrize("name", ["external", "unknown", "other", "search"])
def test_known_teams_that_nothing_waits_for_have_a_sum_of_zero(
    name: str,
    typed: Typed,
    asked: list[object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    span = ("--to", "2026-01-01T00:00:00Z")  # before the first event
    assert typed(*asked, *span, "--on-team", name, "--format", "json") == 0
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.parametrize("option", ["--at", "--to", "--from"])
def test_a_time_that_is_none_is_told_by_its_option(
    option: str,
    typed: Typed,
    asked: list[object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert typed(*asked, option, "2026-13-01") == 2
    assert capsys.readouterr().err.startswith(f"{option} 2026-13-01: not a time")


def test_topics_that_kafka_has_none_of_are_told_by_their_option(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    code = typed("init", "--bootstrap", "localhost:9092", "--topics", "..")
    assert code == 2
    assert capsys.readouterr().err.startswith("--topics: '..' is no name of a topic")


def test_the_demo_takes_ports_only(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("demo", "--port", "99999") == 2
    assert "65535" in capsys.readouterr().err
