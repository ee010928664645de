"""Signals that tell a service to stop."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_STOPPING = """
import signal
from monitor.adapters.terminal.stopping import stop_on_signals

if {ignored}:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
stop = stop_on_signals()
signal.raise_signal(signal.{name})
print(stop.is_set())
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
