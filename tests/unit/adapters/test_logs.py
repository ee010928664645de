"""What libraries log is a line like ours, and the same line once a minute."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

from monitor.adapters.terminal.logs import Repeated

_LOGGING = """
import logging
from monitor.adapters.terminal import logs

logs.configure()
try:
    raise ValueError("no such thing")
except ValueError:
    server = logging.getLogger("uvicorn.error")
    server.error("Exception in ASGI application\\n", exc_info=True)
for _ in range(3):
    server.warning("Invalid %s request received.", "HTTP")
server.info("not worth a line")
logging.getLogger("kafka.conn").error("tried again and again")
"""


def test_an_error_of_the_server_is_one_line_with_its_traceback() -> None:
    failed, invalid = logged()
    assert failed["level"] == "error"
    assert failed["logger"] == "uvicorn.error"
    assert failed["event"] == "Exception in ASGI application"
    assert failed["exception"].startswith("Traceback (most recent call last)")
    assert failed["exception"].endswith("ValueError: no such thing")
    assert failed["timestamp"]
    assert invalid["level"] == "warning"
    assert invalid["event"] == "Invalid HTTP request received."


def test_the_same_line_of_a_library_is_told_once_a_minute_with_how_often() -> None:
    passed = [0.0]
    repeated = Repeated(lambda: passed[0])
    invalid = said("Invalid HTTP request received.")
    assert repeated.filter(invalid)
    for passed[0] in (0.0, 30.0, 59.9):
        assert not repeated.filter(said("Invalid HTTP request received."))
    assert repeated.filter(said("Unsupported upgrade request."))
    passed[0] = 60.0
    again = said("Invalid HTTP request received.")
    assert repeated.filter(again)
    assert vars(again)["left_out"] == 3
    passed[0] = 120.0
    later = said("Invalid HTTP request received.")
    assert repeated.filter(later)
    assert "left_out" not in vars(later)


def test_failures_of_other_kinds_and_other_objects_of_one_kind_are_told_apart() -> None:
    repeated = Repeated(lambda: 0.0)
    told = "Task exception was never retrieved\nfuture: <Task at {}>"
    assert repeated.filter(said(told.format("0x7f01"), ValueError))
    assert repeated.filter(said(told.format("0x7f01"), OSError))
    assert not repeated.filter(said(told.format("0x7f02"), OSError))


def test_what_was_said_is_not_remembered_without_limit() -> None:
    repeated = Repeated(lambda: 0.0)
    for number in range(1_001):
        assert repeated.filter(said(f"line {number}"))
    # Said before all others, and forgotten when the last was one too many.
    assert repeated.filter(said("line 0"))


def said(line: str, failure: type[Exception] | None = None) -> logging.LogRecord:
    raised = (failure, failure(), None) if failure else None
    return logging.LogRecord("uvicorn.error", 30, "", 0, line, None, raised)


def logged() -> list[dict[str, Any]]:
    program = [sys.executable, "-c", _LOGGING]
    ended = subprocess.run(program, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ended.stderr.splitlines()]
