"""Names and values that are mistyped: refused, and told by their own option."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import scenarios
from tests.harness.program import FRICTION

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


@pytest.mark.parametrize("name", ["external", "unknown", "search"])
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


def test_what_is_open_is_so_at_an_instant(
    typed: Typed, asked: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    early = "2026-03-01T00:00:00Z"
    assert typed(*asked, *AT, "--open", "--from", early) == 2
    told = capsys.readouterr().err
    assert told == (
        f"--from {early}: --open asks about an instant, --at; leave it out\n"
    )


def test_two_last_instants_are_refused_where_they_differ(
    typed: Typed, asked: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    noon = "2026-03-05T12:00:00Z"
    assert typed(*asked, "--to", noon, "--at", "2026-03-05T12:00:01Z") == 2
    told = capsys.readouterr().err
    assert f"--to {noon} and --at 2026-03-05T12:00:01Z are two last instants" in told
    assert typed(*asked, "--to", noon, "--at", "noon") == 2
    assert capsys.readouterr().err.startswith("--at noon: not a time")
    assert typed(*asked, "--to", noon, "--at", "2026-03-05T13:00:00+01:00") == 0


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


def test_the_demo_on_a_port_that_is_taken_names_what_can_be_done(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert typed("demo", "--port", port) == 1
    told = capsys.readouterr()
    assert f"port {port} is taken by another process" in told.err
    assert f"--port {port + 100}" in told.err
    assert "simulating" not in told.out + told.err


@pytest.mark.parametrize("to", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_told(
    to: str, typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    small = ("--teams", 3, "--days", 1)
    assert typed("simulate", *small, "--to", tmp_path / to) == 1
    assert f"{tmp_path / to} cannot be written: " in capsys.readouterr().err


def test_a_simulation_spares_the_teams_file_of_somebody_else(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "teams.yaml"
    mine.write_text("mine")
    small = ("simulate", "--teams", 3, "--days", 1, "--to", tmp_path)
    assert typed(*small) == 2
    assert f"{mine} is there already" in capsys.readouterr().err
    assert mine.read_text() == "mine"
    assert typed(*small, "--force") == 0
    assert typed(*small) == 0  # its own, from then on
    assert mine.read_text() != "mine"


def test_an_interval_that_ends_before_it_begins_is_told(
    typed: Typed, asked: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    span = ("--from", "2026-03-05T00:00:00Z", "--to", "2026-03-01T00:00:00Z")
    assert typed(*asked, *span) == 2
    told = capsys.readouterr().err
    assert "--from 2026-03-05T00:00:00Z is after the last instant" in told


def test_a_configuration_that_lies_beside_is_named(
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert typed("run") == 2
    assert "friction.toml" not in capsys.readouterr().err
    (tmp_path / "friction.toml").touch()
    assert typed("run") == 2
    assert "give --config friction.toml" in capsys.readouterr().err


def test_records_that_are_rejected_are_told_beside_the_numbers(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, teams = tmp_path / "bad.jsonl", tmp_path / "teams.yaml"
    bad.write_text('{"topic": "t", "headers": {}, "value": "no event"}\n')
    teams.write_text(scenarios.teams_yaml(scenarios.WORLD))
    assert typed("evaluate", bad, "--teams", teams, *AT) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "1 of 1 records were rejected" in told
    assert f"Nothing that counts before {scenarios.A.at}" in told
    assert "None" not in told


@pytest.mark.parametrize("command", ["decode", "evaluate"])
def test_a_full_disk_is_told_and_no_traceback_shown(
    command: str, asked: list[object]
) -> None:
    _, events, *teams = asked
    at = AT if command == "evaluate" else ()
    arguments = [command, events, *teams[:2], *at]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*FRICTION, *map(str, arguments)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert "the output cannot be written: No space left" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_address_is_no_name_of_a_repository(
    typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teams = tmp_path / "teams.yaml"
    teams.write_text(scenarios.teams_yaml(scenarios.WORLD))
    asked = "repo:https://github.com/acme/x"
    assert typed("teams", "resolve", asked, "--teams", teams) == 2
    assert "is an address: write acme/x" in capsys.readouterr().err


def test_a_simulation_writes_to_no_topic_that_is_not_configured(
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody listens at the broker: nothing is looked at, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "friction.toml"
    config.write_text(
        '[kafka]\nbootstrap_servers = "127.0.0.1:1"\n'
        'topics = ["nothere", "friction.tickets"]\n'
    )
    small = ("--teams", 3, "--days", 1, "--to", "kafka")
    assert typed("simulate", *small, "--config", config) == 2
    told = capsys.readouterr().err
    assert "kafka.topics does not name friction.ci, friction.deploys: " in told
    assert list(tmp_path.iterdir()) == [config]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nowhere/friction.db", "the folder {} is missing: make it, or correct"),
        ("", "{} is a folder: [state] path must name a file in it"),
    ],
)
def test_a_state_file_that_cannot_be_there_is_wrong_input(
    path: str,
    text: str,
    typed: Typed,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config, where = tmp_path / "friction.toml", tmp_path / path
    config.write_text(
        '[kafka]\nbootstrap_servers = "127.0.0.1:1"\n'
        f'[state]\npath = "{where}"\n[http]\nport = 0\n'
    )
    assert typed("run", "--config", config) == 2
    named = text.format(where.parent if path else where)
    assert f"state.path: {named}" in capsys.readouterr().err


def test_a_file_that_may_not_be_read_is_a_mistake_among_others(
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Root reads it all the same, and is told what is wrong with it."""
    config, teams = tmp_path / "friction.toml", tmp_path / "teams.yaml"
    config.write_text("nonsense = 1\n")
    teams.write_text("version: 2\n")
    config.chmod(0)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert typed("check", "--config", config, "--teams", teams) == 2
    told = capsys.readouterr().err
    assert told.startswith(str(config))
    assert f"{teams}:1: version: " in told


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_key_in_a_file_neither_steers_the_terminal_nor_begins_a_line(
    command: str, typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teams, settings = tmp_path / "teams.yaml", tmp_path / "friction.toml"
    teams.write_text(
        "version: 1\norganisation: {name: A}\n"
        'teams:\n  - {id: a, "x\\n::error::a\\e[31m": 1}\n'
    )
    settings.write_text(
        '[kafka]\nbootstrap_servers = "127.0.0.1:1"\ntopics = ["x"]\n'
        '"\\u001b[31mb\\n::error::c" = 1\n'
        f'[directory]\npath = "{teams}"\n'
    )
    assert typed(command, "--config", settings) == 2
    told = capsys.readouterr().err.splitlines()
    assert all(line.isprintable() for line in told)
    assert not any(line.startswith("::") for line in told)
    assert any(r"teams[0].x\n::error::a\x1b[31m: unknown key" in one for one in told)
    assert any(r"kafka.\x1b[31mb\n::error::c: unknown key" in one for one in told)
