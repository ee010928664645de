"""`friction explain --on-team other`: whom metrics have no names of their own for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from monitor.adapters.state.sqlite import SqliteState
from monitor.decode.times import write_time
from tests.unit.pipeline.running import CountingState, Process
from tests.unit.prometheus.serving import EVENTS, MANY, TEAMS, Serving, on_monday

Typed = Callable[..., int]
CONFIG = '[state]\npath = "friction.db"\n[directory]\npath = "teams.yaml"\n'


@pytest.fixture
def folded(tmp_path: Path) -> tuple[dict[tuple[str, str], float], list[object]]:
    """What metrics show of checkout's waits, and the command that opens them.

    Checkout waits for more teams than have a name of their own there.
    """
    (tmp_path / "friction.toml").write_text(CONFIG)
    (tmp_path / "teams.yaml").write_text(TEAMS)
    state = SqliteState(tmp_path / "friction.db")
    process = Process(state=cast("CountingState", state), teams=TEAMS)
    serving = Serving(process)
    serving.send(*EVENTS, *MANY)
    serving.caught_up()
    serving.scrape()
    process.runner.turn()  # stores what is shown by name
    shown: dict[tuple[str, str], float] = {}
    for name in ("friction_wait_seconds_total", "friction_open_waits"):
        for labels, value in serving.shown()[name].samples:
            if labels[0] == "checkout":
                found = (name, labels[1])
                shown[found] = shown.get(found, 0) + value
    at = write_time(process.runner.books.accounts.instants[0])
    state.close()
    config = tmp_path / "friction.toml"
    return shown, ["explain", "--config", config, "--team", "checkout", "--at", at]


def test_other_opens_to_what_metrics_call_so(
    folded: tuple[dict[tuple[str, str], float], list[object]],
    typed: Typed,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every number opens to its intervals (indicators 8, safeguard 7).

    Checkout waits for 17 teams by seven hours each, for platform and search by less.
    So 15 of the 17 have names of their own, by the alphabet.
    """
    shown, command = folded
    asked = [*command, "--on-team", "other", "--format", "json"]
    assert typed(*asked) == 0
    lines = json.loads(capsys.readouterr().out)
    total = shown["friction_wait_seconds_total", "other"]
    assert sum(line["seconds"] for line in lines) == total > 0
    beyond = {"counterpart-15", "counterpart-16", "platform", "search"}
    assert {line["on_team"] for line in lines} == beyond
    assert typed(*asked, "--open") == 0
    found = json.loads(capsys.readouterr().out)
    assert {wait["on_team"] for wait in found} == beyond
    assert len(found) == shown["friction_open_waits", "other"]


@pytest.fixture
def of_records(tmp_path: Path) -> list[object]:
    """The same teams and events, of a file."""
    events, teams = tmp_path / "events.jsonl", tmp_path / "teams.yaml"
    events.write_text("".join(f"{json.dumps(one)}\n" for one in MANY))
    teams.write_text(TEAMS)
    return ["explain", events, "--teams", teams, "--team", "checkout"]


@pytest.mark.parametrize("more", [(), ("--open",)])
def test_records_name_every_team_and_know_no_other(
    more: tuple[str, ...],
    of_records: list[object],
    typed: Typed,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A sum of 0 would say that nothing waits for those beyond the fifteenth."""
    assert typed(*of_records, "--on-team", "other", *more) == 2
    told = capsys.readouterr().err
    assert "--on-team other: it is a name of /metrics" in told
    assert "--config without files asks the state" in told
    listed = told.split("teams: ")[1]
    assert "counterpart-16" in listed
    assert "other" not in listed


def test_an_event_may_name_other_itself(
    of_records: list[object],
    typed: Typed,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Work may wait for `other` (indicators 1.3): here it is blocked for an hour."""
    asked = [*of_records, "--on-team", "other", "--format", "json"]
    events = [
        on_monday("ticket.started", 0, "X-1", team="checkout"),
        on_monday("ticket.blocked", 1, "X-1", on_team="other"),
        on_monday("ticket.unblocked", 2, "X-1", on_team="other"),
    ]
    Path(str(of_records[1])).write_text("".join(f"{json.dumps(e)}\n" for e in events))
    assert typed(*asked) == 0
    lines = json.loads(capsys.readouterr().out)
    assert {line["on_team"] for line in lines} == {"other"}
    assert sum(line["seconds"] for line in lines) == 3_600
    # Nothing of it is in this time, but such a team there is.
    assert typed(*asked, "--to", "2026-01-01T00:00:00Z") == 0
    assert capsys.readouterr().out == "[]\n"
