"""What every other test leans on: waiting, ports, processes, reference data."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.harness.ports import free_ports
from tests.harness.processes import end_process, is_running
from tests.harness.program import clean_environment, fetch
from tests.harness.reference_data import payloads_dir
from tests.harness.waiting import eventually


def test_waiting_returns_the_first_true_value() -> None:
    answers = iter([0, None, 7, 8])

    assert eventually(lambda: next(answers)) == 7


def test_waiting_asks_again_after_a_failed_assertion() -> None:
    answers = iter([1, 2])

    def second() -> bool:
        assert next(answers) == 2
        return True

    assert eventually(second)


def test_waiting_ends_at_its_deadline_and_tells_the_last_value() -> None:
    with pytest.raises(AssertionError, match=r"the answer; last: ''"):
        eventually(lambda: "", 0.01, "the answer")


def test_free_ports_differ() -> None:
    assert len(set(free_ports(20))) == 20


def test_a_page_that_nobody_serves_has_status_zero() -> None:
    (port,) = free_ports(1)

    assert fetch(f"http://127.0.0.1:{port}/") == (0, "")


def test_an_ended_child_counts_as_ended_before_it_is_waited_for() -> None:
    child = subprocess.Popen(["sh", "-c", "exec sleep 60"])
    assert is_running(child.pid)

    end_process(child.pid, signal.SIGKILL)

    assert not is_running(child.pid)
    assert child.wait() == -signal.SIGKILL


def test_programs_get_no_configuration_of_whoever_runs_the_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRICTION_HTTP__PORT", "1")

    environment = clean_environment(tmp_path, {"FRICTION_MODEL__IDLE_DAYS": "3"})

    assert "FRICTION_HTTP__PORT" not in environment
    assert environment["FRICTION_MODEL__IDLE_DAYS"] == "3"
    assert environment["PATH"] == os.environ["PATH"]


def test_absent_payloads_are_said_loudly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRICTION_SHARED", str(tmp_path))

    with pytest.raises(FileNotFoundError, match="FRICTION_SHARED"):
        payloads_dir()
