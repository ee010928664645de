"""Signals that tell a service to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import tomllib

import pytest

from monitor import __main__ as command_line
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


# The command, told to stop while all that it needs is being loaded. Whoever started
# the tests may have had Ctrl-C ignored.
_LOADING = """
import runpy, signal, sys

class Finder:
    def find_spec(self, name, *_):
        if name == "{loaded}":
            print(sorted(sys.modules.keys() & {{"typer", "kafka", "pydantic"}}))
            sys.stdout.flush()
            signal.raise_signal(signal.{name})

sys.meta_path.insert(0, Finder())
sys.argv = ["friction", "{command}", *{more}]
signal.signal(signal.SIGINT, signal.{interrupted})
runpy.run_module("{begun}", run_name="__main__", alter_sys=True)
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


# How it may begin, and the first of all that takes time to load.
BEGINNINGS = [("monitor.entry", "monitor.__main__"), ("monitor", "typer")]


def loading(
    begun: str,
    loaded: str,
    name: str,
    command: str,
    interrupted: str = "default_int_handler",
) -> subprocess.CompletedProcess[str]:
    """The command, told to stop as the named module is to be loaded."""
    more = [] if command == "demo" else ["--config", "nowhere.toml"]
    script = _LOADING.format(
        begun=begun,
        loaded=loaded,
        name=name,
        command=command,
        more=more,
        interrupted=interrupted,
    )
    program = [sys.executable, "-c", script]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("begun", "loaded"), BEGINNINGS)
@pytest.mark.parametrize(
    ("command", "ended"), [("run", 0), ("evaluate", -signal.SIGTERM)]
)
def test_a_service_that_is_still_loading_ends_well(
    begun: str, loaded: str, command: str, ended: int
) -> None:
    """Whoever asked for a number, and got none, is not told that all went well."""
    found = loading(begun, loaded, "SIGTERM", command)
    assert (found.stdout, found.returncode) == ("[]\n", ended), found.stderr


@pytest.mark.parametrize(("begun", "loaded"), BEGINNINGS)
@pytest.mark.parametrize(
    ("command", "ended"), [("run", 0), ("evaluate", 130), ("demo", 130), ("init", 130)]
)
def test_ctrl_c_while_it_is_loading_ends_it_as_later_without_a_word(
    begun: str, loaded: str, command: str, ended: int
) -> None:
    """128 + SIGINT, as shells have it."""
    found = loading(begun, loaded, "SIGINT", command)
    assert (found.stderr, found.stdout, found.returncode) == ("", "[]\n", ended)


@pytest.mark.parametrize(("begun", "loaded"), BEGINNINGS)
def test_who_is_to_outlive_ctrl_c_does_also_while_loading(
    begun: str, loaded: str
) -> None:
    """As what a shell starts in the background: the file that is missing ends it."""
    found = loading(begun, loaded, "SIGINT", "check", "SIG_IGN")
    assert "nowhere.toml" in found.stderr
    assert found.returncode == 2


@pytest.mark.parametrize("seen", ["monitor.bootstrap", "monitor.adapters.web.server"])
def test_ctrl_c_ends_demo_also_while_it_loads_what_it_alone_needs(seen: str) -> None:
    found = loading("monitor.entry", seen, "SIGINT", "demo")
    assert (found.stderr, found.returncode) == ("", 130)


def test_ctrl_c_before_a_command_runs_ends_it_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "app", interrupted)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")


def test_the_command_begins_there() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"friction": "monitor.entry:main"}
