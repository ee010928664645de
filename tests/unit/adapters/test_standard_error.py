"""A reader of the log that leaves, or does not read: the service goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from monitor.adapters.terminal.standard_error import StandardError

_TOLD = """
import sys
import structlog
from monitor.adapters.terminal import logs

logs.configure()
sys.stdin.read()
for _ in range(3):
    structlog.get_logger().warning("records were rejected")
print("goes on")
"""


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe; a test may have closed the first."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(writing)


def test_lines_are_written_whole(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    text = "ä" * 5_000
    StandardError(writing).write(text)
    with os.fdopen(reading, "rb") as end:
        assert end.read(10_000).decode() == text


def test_a_reader_that_left_fails_nobody(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.close(reading)
    StandardError(writing).write("a line\n")


def test_a_reader_that_does_not_read_is_waited_for_once(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    output = StandardError(writing, patience_seconds=0.05)

    def write() -> None:
        for _ in range(1_000):
            output.write("x" * 999 + "\n")

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    writer.join(20)
    assert not writer.is_alive()
    # Once it reads again, it is written for again.
    with os.fdopen(reading, "rb", buffering=0) as end:
        while len(end.read(65_536)) == 65_536:
            pass
        output.write("again\n")
        assert end.read(100).endswith(b"again\n")


def test_without_any_standard_error_nothing_is_written() -> None:
    assert StandardError(None).write("a line") == 6


@pytest.mark.parametrize("closed_at_start", [False, True])
def test_a_program_goes_on_when_nobody_hears_its_log(closed_at_start: bool) -> None:
    command = [sys.executable, "-c", _TOLD]
    if closed_at_start:
        command = ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, _TOLD]
    program = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdin is not None
    assert program.stdout is not None
    assert program.stderr is not None
    with program, program.stdin as told:
        program.stderr.close()
        told.close()
        assert program.stdout.read() == b"goes on\n"
    assert program.returncode == 0
