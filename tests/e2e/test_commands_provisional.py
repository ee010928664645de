"""The commands where no teams file is: the same teams, and they say so."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.adapters.state.sqlite import SqliteState
from monitor.directory.proposal_rows import packed
from monitor.directory.proposing import propose
from monitor.domain.facts import Kind
from monitor.pipeline.ports import Changes
from tests.harness.ports import free_ports
from tests.unit.directory.sighted import fact, seen
from tests.unit.pipeline.running import event

Typed = Callable[..., int]
SAID = "no teams file: the teams are provisional"
AT = "2026-03-02T17:00:00Z"
# A ticket that belongs to one team by its project and waits for another.
BODIES = [
    event("ticket.created", 0, "CHK-1"),
    event("ticket.started", 1, "CHK-1", work_class="feature"),
    event("ticket.blocked", 2, "CHK-1", on_team="platform"),
]


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A record file."""
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(body) + "\n" for body in BODIES))
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration that names no teams file, nor a broker that is there."""
    path = tmp_path / "friction.toml"
    port, http = free_ports(2)
    path.write_text(
        f'[kafka]\nbootstrap_servers = "127.0.0.1:{port}"\ntopics = ["t"]\n'
        f'[state]\npath = "friction.db"\n[http]\nport = {http}\n'
    )
    return path


def test_a_pipe_is_read_once(
    typed: Typed, events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As from standard input: no teams are made of it beforehand."""
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(events.read_bytes(),))
    writer.start()
    assert typed("evaluate", pipe, "--at", AT, "--format", "json") == 0
    writer.join()
    shown = capsys.readouterr()
    assert json.loads(shown.out)["records"]["facts"] == len(BODIES)
    assert SAID in shown.err


def test_evaluate_uses_the_teams_that_init_would_write(
    typed: Typed, events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("evaluate", events, "--at", AT, "--format", "json")
    assert typed(*asked) == 0
    provisional = capsys.readouterr()
    assert SAID in provisional.err
    assert typed("init", events, "--to", tmp_path / "first") == 0
    capsys.readouterr()
    assert typed(*asked, "--teams", tmp_path / "first" / "teams.yaml") == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert written.out == provisional.out
    waits = json.loads(written.out)["waits"]
    assert {(wait["team"], wait["on_team"]) for wait in waits} == {("chk", "platform")}


def test_check_and_doctor_say_that_teams_will_be_provisional(
    typed: Typed, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("check", "--config", config) == 0
    assert SAID in capsys.readouterr().err
    assert typed("doctor", "--config", config) == 1  # there is no broker
    assert SAID in capsys.readouterr().out
    (config.parent / "teams.yaml").write_text("version: 1\nteams: [{id: a}]\n")
    config.write_text(config.read_text() + '[directory]\npath = "teams.yaml"\n')
    assert typed("check", "--config", config) == 0
    assert SAID not in capsys.readouterr().err


@pytest.fixture
def started(config: Path) -> Path:
    """The configuration of a service that has written down a team of CHK."""
    state = SqliteState(config.parent / "friction.db")
    changes = Changes()
    proposal = propose(seen([fact(Kind.TICKET_CREATED, "CHK-1")]))
    changes.put("meta", "provisional teams", packed(proposal))
    state.commit(changes)
    state.close()
    return config


def test_questions_to_the_state_use_the_teams_stored_in_it(
    typed: Typed, started: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("explain", "--config", started, "--at", AT, "--team")
    assert typed(*asked, "nobody") == 2
    shown = capsys.readouterr().err
    assert SAID in shown
    assert "teams: chk" in shown


@pytest.mark.parametrize(
    ("reference", "team", "why"),
    [
        ("jira:CHK", "chk", "decides   chk: project chk (provisional)"),
        ("jira:NEW", "new", "it is not written down, that is a rule's word"),
        ("repo:acme/shop", "unknown", "it is not written down, no rule names a team"),
    ],
)
def test_resolve_says_whose_a_reference_is_without_a_teams_file(
    reference: str,
    team: str,
    why: str,
    typed: Typed,
    started: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """docs/directory.md, "Without a file": written down first, then by rule."""
    asked = ("teams", "resolve", reference, "--at", AT, "--config", started)
    assert typed(*asked) == 0
    shown = capsys.readouterr()
    assert SAID in shown.err
    first, second, *_ = shown.out.splitlines()
    assert first.endswith(f"  at {AT}  is  {team}")
    assert why in second
