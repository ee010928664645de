"""Signals that tell a service to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import tomllib

import pytest

from tests.harness.reference_data import REPOSITORY

_STOPPING = """
import signal
from monitor.adapters.terminal.stopping import stop_on_signals

if {ignored}:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
stop = stop_on_signals()
signal.raise_signal(signal.{name})
print(stop.is_set())
"""


# The command, told to stop while all that it needs is being loaded.
_LOADING = """
import signal, sys
from monitor.entry import main

class Finder:
    def find_spec(self, name, *_):
        if name == "monitor.__main__":
            print(sorted(sys.modules.keys() & {{"typer", "kafka", "pydantic"}}))
            sys.stdout.flush()
            signal.raise_signal(signal.{name})

sys.meta_path.insert(0, Finder())
sys.argv = ["friction", "{command}", "--config", "nowhere.toml"]
main()
"""


def set_by(name: str, *, ignored: bool = False) -> str:
    """What a program of its own says after a signal."""
    program = [sys.executable, "-c", _STOPPING.format(name=name, ignored=ignored)]
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    if ended.returncode < 0:
        return f"ended by {signal.Signals(-ended.returncode).name}"
    return ended.stdout.strip()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_it_is_told_to_stop(name: str) -> None:
    assert set_by(name) == "True"


def test_who_is_to_outlive_its_terminal_does() -> None:
    assert set_by("SIGHUP", ignored=True) == "False"


@pytest.mark.parametrize(
    ("command", "ended"), [("run", 0), ("evaluate", -signal.SIGTERM)]
)
def test_a_service_that_is_still_loading_ends_well(command: str, ended: int) -> None:
    """Whoever asked for a number, and got none, is not told that all went well."""
    script = _LOADING.format(name="SIGTERM", command=command)
    program = [sys.executable, "-c", script]
    found = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("[]\n", ended), found.stderr


def test_the_command_begins_there() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"friction": "monitor.entry:main"}
