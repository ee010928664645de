"""What a command loads: most take less time than Kafka, pages and metrics would."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import scenarios

_SLOW = {"jinja2", "kafka", "prometheus_client", "starlette", "uvicorn"}
_LOADED = """
import atexit, json, sys

atexit.register(lambda: print(json.dumps([*sys.modules]), file=sys.stderr))
from monitor.entry import main

main()
"""
_AT = ("--at", scenarios.A.at)
_TEAMS = ("--teams", "teams.yaml")
READING = [
    ("--version",),
    ("check", *_TEAMS),
    ("decode", "events.jsonl"),
    ("evaluate", "events.jsonl", *_TEAMS, *_AT),
    ("explain", "events.jsonl", *_TEAMS, *_AT, "--team", "checkout"),
    ("init", "events.jsonl", "--to", "made"),
    ("teams", "gaps", "events.jsonl", *_TEAMS),
]


def loaded(*arguments: str, folder: Path) -> set[str]:
    """The packages that are loaded when the command has ended, without a mistake."""
    command = [sys.executable, "-c", _LOADED, *arguments]
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    )
    return set(json.loads(ended.stderr.splitlines()[-1]))


@pytest.mark.parametrize("arguments", READING, ids=lambda each: each[0])
@pytest.mark.slow
def test_what_only_reads_loads_neither_kafka_nor_pages(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    lines = scenarios.lines(scenarios.A.events)
    (tmp_path / "events.jsonl").write_text("\n".join(lines))
    (tmp_path / "teams.yaml").write_text(scenarios.teams_yaml(scenarios.A.world))
    found = loaded(*arguments, folder=tmp_path)
    assert {"monitor", "pydantic"} <= found
    assert found.isdisjoint(_SLOW)


@pytest.mark.slow
def test_who_asks_a_broker_loads_its_client(tmp_path: Path) -> None:
    """The test above can fail."""
    (tmp_path / "friction.toml").write_text("[kafka]\n")
    command = [sys.executable, "-c", _LOADED, "doctor", "--config", "friction.toml"]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "kafka" in json.loads(ended.stderr.splitlines()[-1])
