"""`friction teams gaps` over a state that another teams file made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from monitor.adapters.state.sqlite import SqliteState
from monitor.pipeline.restating import OTHER_TEAMS, OTHER_ZONES
from tests.harness.zone_database import ZONE, zone_database
from tests.unit.pipeline.running import CountingState, Process
from tests.unit.pipeline.test_judging_anew import ALL, EVENTS, SOME


def test_teams_gaps_asks_what_the_file_of_now_leaves_and_says_so(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, teams = tmp_path / "friction.toml", tmp_path / "teams.yaml"
    config.write_text(
        '[state]\npath = "friction.db"\n[directory]\npath = "teams.yaml"\n'
    )
    teams.write_text(SOME)
    state = SqliteState(tmp_path / "friction.db")
    process = Process(state=cast("CountingState", state), teams=SOME)
    process.send(*EVENTS)
    process.caught_up()
    state.close()

    def shown() -> tuple[str, str]:
        asked = ("--config", config, "--at", "2026-03-02T17:00:00Z")
        assert typed("teams", "gaps", *asked) == 0
        said = capsys.readouterr()
        return said.out, said.err

    out, err = shown()
    assert "3.0 h       1  - repo: acme/infra" in out
    assert OTHER_TEAMS not in err
    teams.write_text(ALL)
    out, err = shown()
    assert "no event names anybody" not in out
    assert "0.0 h          in all" in out
    assert err.count(OTHER_TEAMS) == 1


def test_teams_gaps_asks_by_the_time_zones_of_now_and_all_say_so(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change of nobody's from 9 to 12 UTC, of which work began at 9, then at 11."""
    config, teams = tmp_path / "friction.toml", tmp_path / "teams.yaml"
    config.write_text(
        '[state]\npath = "friction.db"\n[directory]\npath = "teams.yaml"\n'
    )
    there = f"organisation: {{calendar: {{zone: {ZONE}}}}}\n{SOME}"
    teams.write_text(there)
    at = ("--config", config, "--at", "2026-03-02T17:00:00Z")
    with zone_database(tmp_path) as means:
        means("Etc/GMT")
        state = SqliteState(tmp_path / "friction.db")
        process = Process(state=cast("CountingState", state), teams=there)
        process.send(*EVENTS)
        process.caught_up()
        state.close()
        for zone, hidden in (("Etc/GMT", "3.0 h"), ("Etc/GMT+2", "1.0 h")):
            means(zone)
            assert typed("teams", "gaps", *at) == 0
            said = capsys.readouterr()
            assert f"{hidden}       1  - repo: acme/infra" in said.out
            assert said.err.count(OTHER_ZONES) == (zone != "Etc/GMT")
        assert typed("explain", "--team", "checkout", *at) == 0
        assert capsys.readouterr().err.count(OTHER_ZONES) == 1


def test_a_line_of_teams_gaps_is_in_the_way_of_no_line_of_the_file(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Platform has the repository from eleven on; its change is open since nine."""
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    events.write_text("".join(f"{json.dumps(one)}\n" for one in EVENTS))
    since = "{repo: acme/infra, from: 2026-03-02T11:00:00Z}"
    dated = ALL.replace("{repo: acme/infra}", since)
    teams.write_text(dated)
    asked = (events, "--teams", teams, "--at", "2026-03-02T17:00:00Z")
    assert typed("teams", "gaps", *asked) == 0
    line = "{repo: acme/infra, to: 2026-03-02T11:00:00Z}"
    assert f"2.0 h       1  - {line}  # owner" in capsys.readouterr().out
    teams.write_text(dated.replace("{id: runners}", f"{{id: runners, owns: [{line}]}}"))
    assert typed("teams", "gaps", *asked) == 0
    assert "0.0 h          in all" in capsys.readouterr().out


def test_record_files_tell_which_address_an_event_states_as_a_team(
    typed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    said = {"schema": "friction.event.v1", "source": "s", "entity": "X-1"}
    told = (
        ("ticket.started", "2026-03-02T09:00:00Z", {"team": "checkout"}),
        ("ticket.assigned", "2026-03-02T10:00:00Z", {"to_team": "a@acme.example"}),
    )
    lines = [
        said | {"id": time, "kind": kind, "time": time} | more
        for kind, time, more in told
    ]
    events.write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    teams.write_text(
        "version: 1\norganisation: {name: Acme}\nteams: [{id: checkout}]\n"
    )
    asked = (events, "--teams", teams, "--at", "2026-03-02T17:00:00Z")
    assert typed("teams", "gaps", *asked) == 0
    line = '7.0 h       1  - id: "a@acme.example"  # handoff'
    assert line in capsys.readouterr().out
