"""Exemptions of teams that the teams file does not have, as each command tells them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

CONFIG = """\
[kafka]
bootstrap_servers = "127.0.0.1:1"
[directory]
path = "teams.yaml"
[[signals.exempt]]
signal = "different_ways"
team = "chekcout"
until = 2026-03-31
why = "moving"
"""
TEAMS = "version: 1\nteams: [{id: checkout}, {id: search}]\n"


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["run"],
        ["doctor"],
        ["evaluate", "events.jsonl", "--at", "2026-03-04T17:00:00Z"],
        ["explain", "--team", "checkout"],
        ["decode", "events.jsonl"],
        ["teams", "gaps"],
        ["teams", "resolve", "jira:CHK"],
    ],
    ids=" ".join,
)
def test_a_command_that_reads_both_files_stops_at_a_team_that_there_is_not(
    typed: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("friction.toml").write_text(CONFIG)
    Path("teams.yaml").write_text(TEAMS)
    Path("events.jsonl").write_text("")

    assert typed(*command, "--config", "friction.toml") == 2
    assert capsys.readouterr().err == (
        "friction.toml:7: signals.exempt[0].team: 'chekcout' is no team of teams.yaml;"
        " did you mean 'checkout'?\n"
    )


def test_the_teams_file_that_is_given_is_the_one_that_counts(
    typed: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("friction.toml").write_text(CONFIG)
    Path("teams.yaml").write_text(TEAMS)
    Path("other.yaml").write_text(TEAMS.replace("checkout", "chekcout"))

    given = ("--config", "friction.toml", "--teams", "other.yaml")
    assert typed("check", *given) == 0
