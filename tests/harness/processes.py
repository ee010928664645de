"""Processes by their id, whoever started them."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.harness.waiting import eventually


def is_running(pid: int) -> bool:
    """Tell whether anything of the process still runs.

    A zombie counts as ended, unless threads of it are still ending: until they have,
    its sockets accept connections.
    """
    place = Path(f"/proc/{pid}")
    try:
        status = (place / "stat").read_text()
        threads = len(list((place / "task").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return False
    # The name in brackets may itself hold spaces and brackets.
    state = status.rpartition(")")[2].split()[0]
    return state not in {"Z", "X"} or threads > 1


def end_process(
    pid: int, with_signal: signal.Signals, deadline_seconds: float = 30.0
) -> None:
    """Send the signal and wait until the process is gone.

    Raises:
        AssertionError: still there at the deadline.
    """
    with suppress(ProcessLookupError):
        os.kill(pid, with_signal)
    eventually(
        lambda: not is_running(pid), deadline_seconds, f"process {pid} has ended"
    )
