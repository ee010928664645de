"""Standard streams that are closed or full: an answer is whole, or it is told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import scenarios
from tests.harness.program import FRICTION

Run = Callable[..., subprocess.CompletedProcess[str]]
AT = ("--at", scenarios.A.at)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``friction`` as a shell does that closes or redirects its streams."""
    (tmp_path / "events.jsonl").write_text(
        "\n".join(scenarios.lines(scenarios.A.events)) + "\n"
    )
    (tmp_path / "teams.yaml").write_text(scenarios.teams_yaml(scenarios.WORLD))
    (tmp_path / "friction.toml").write_text(
        '[kafka]\nbootstrap_servers = "127.0.0.1:1"\ntopics = ["friction.tickets"]\n'
        '[directory]\npath = "teams.yaml"\n'
    )
    # Held back until its end, as where nobody asks Python otherwise.
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}

    def run(redirected: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        script = f'exec "$@" {redirected}'
        command = [*FRICTION, *arguments]
        return subprocess.run(
            ["sh", "-c", script, "sh", *command],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", "<&- >&- 2>&-"])
def test_a_configuration_without_mistakes_is_none_whoever_listens(
    run: Run, redirected: str
) -> None:
    assert run(redirected, "check", "--config", "friction.toml").returncode == 0


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    "command",
    [
        ("evaluate", *AT),
        ("explain", *AT, "--team", "checkout"),
        ("teams", "gaps"),
    ],
    ids=lambda command: command[0],
)
def test_an_answer_needs_no_standard_error(
    run: Run, command: tuple[str, ...], redirected: str
) -> None:
    """Without a teams file, so that there is something to say beside the answer."""
    without = run("", *command, "events.jsonl")
    assert "no teams file" in without.stderr
    ended = run(redirected, *command, "events.jsonl")
    assert (ended.returncode, ended.stdout) == (0, without.stdout)


def test_files_need_no_standard_input(run: Run) -> None:
    ended = run("<&-", "decode", "events.jsonl")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) == len(scenarios.A.events)


@pytest.mark.parametrize(
    ("redirected", "why"),
    [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")],
)
@pytest.mark.parametrize(
    "command",
    [
        ("--version",),
        ("decode", "events.jsonl"),
        ("evaluate", "events.jsonl", "--teams", "teams.yaml", *AT),
        ("doctor", "--config", "friction.toml"),
    ],
    ids=lambda command: command[0].strip("-"),
)
def test_an_answer_that_nobody_can_get_is_told(
    run: Run, command: tuple[str, ...], redirected: str, why: str
) -> None:
    ended = run(redirected, *command)
    assert ended.returncode == 1
    assert ended.stderr == f"friction: the output cannot be written: {why}\n"
