"""Tables of the command line: hours as they are displayed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import scenarios, scenarios_life

Typed = Callable[..., int]


@pytest.fixture
def shown(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[scenarios.Scenario], str]:
    """What `friction evaluate` prints of a scenario."""

    def printed(scenario: scenarios.Scenario) -> str:
        events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
        events.write_text("\n".join(scenarios.lines(scenario.events)) + "\n")
        teams.write_text(scenarios.teams_yaml(scenario.world))
        assert typed("evaluate", events, "--teams", teams, "--at", scenario.at) == 0
        return capsys.readouterr().out

    return printed


def test_a_table_shows_no_more_hours_than_there_were(
    shown: Callable[[scenarios.Scenario], str],
) -> None:
    """6.4: C 1,937.22 s and F 26,862.78 s of 28,800 are 0.54 and 7.46 of 8 hours."""
    text = shown(scenarios_life.D2)
    (row,) = [line for line in text.splitlines() if "0.072" in line]
    cells = [cell.strip() for cell in row.split("│")]
    assert cells[1:5] == ["checkout", "0.54", "7.46", "0.072"]
    assert "C and F of checkout are times payroll_scale" in " ".join(text.split())


def test_a_table_of_hours_that_fit_says_nothing_of_a_scale(
    shown: Callable[[scenarios.Scenario], str],
) -> None:
    assert "payroll_scale" not in shown(scenarios.A)


def test_names_in_evidence_and_of_teams_that_are_scaled_are_as_they_are(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six findings of a class in three teams, and nine tickets of one of them."""
    found = [
        ("finding.opened", f"F-{number}", {"team": team, "class": "[/evil]\x1b[2J"})
        for number, team in enumerate(["[ok]x", "[ok]x", "b", "b", "c", "c"])
    ]
    work = [
        (kind, f"T-{number}", said)
        for number in range(9)
        for kind, said in (
            ("ticket.started", {"team": "[ok]x"}),
            ("ticket.blocked", {"on_team": "b"}),
        )
    ]
    bodies = [
        {
            "schema": "friction.event.v1",
            "id": f"{number}",
            "source": "tracker.example",
            "kind": kind,
            "time": "2026-03-02T10:00:00Z",
            "entity": entity,
            **said,
        }
        for number, (kind, entity, said) in enumerate([*found, *work])
    ]
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    events.write_text("".join(f"{json.dumps(body)}\n" for body in bodies))
    teams.write_text(
        'version: 1\nteams: [{id: "[ok]x", headcount: 1}, {id: b}, {id: c}]\n'
    )
    at = "2026-03-03T17:00:00Z"
    assert typed("evaluate", events, "--teams", teams, "--at", at) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "[/evil]\\x1b[2j" in text
    assert "C and F of [ok]x are times payroll_scale" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("name", ["\x9b31m", "\x7fb", "a\u202eb", "a\u200bb"])
def test_lines_to_copy_and_lines_of_json_have_no_name_that_steers_a_terminal(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    failed = {
        "schema": "friction.event.v1",
        "id": "1",
        "source": "deployer.example",
        "kind": "deploy.finished",
        "time": "2026-03-02T10:00:00Z",
        "entity": f"D{name}",
        "service": name,
        "outcome": "failure",
        "cause_team": "checkout",
    }
    file, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    file.write_text(f"{json.dumps(failed)}\n")
    teams.write_text("version: 1\nteams: [{id: checkout}]\n")
    asked = ("--teams", teams, "--at", "2026-03-02T17:00:00Z")
    assert typed("teams", "gaps", file, *asked) == 0
    gaps = capsys.readouterr().out
    assert "- service: " in gaps
    assert typed("decode", file) == 0
    decoded = capsys.readouterr().out
    assert json.loads(decoded.splitlines()[0])["facts"][0]["entity"] == f"D{name}"
    assert all(line.isprintable() for line in (gaps + decoded).split("\n"))
