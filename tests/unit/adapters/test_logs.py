"""What libraries log is a line like ours."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

_LOGGING = """
import logging
from monitor.adapters.terminal import logs

logs.configure()
try:
    raise ValueError("no such thing")
except ValueError:
    server = logging.getLogger("uvicorn.error")
    server.error("Exception in ASGI application\\n", exc_info=True)
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


def logged() -> list[dict[str, Any]]:
    program = [sys.executable, "-c", _LOGGING]
    ended = subprocess.run(program, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ended.stderr.splitlines()]
