"""The `friction` command as a child process, as a person or a machine starts it."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from tests.harness.reference_data import REPOSITORY
from tests.harness.waiting import eventually

# The command as it is installed, of this checkout.
FRICTION: Final = (sys.executable, "-m", "monitor.entry")


def clean_environment(
    home: Path, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the least a program needs: no configuration of whoever runs the tests.

    The time zone is one that nobody uses by accident: local time shows.
    """
    coverage = {
        name: value for name, value in os.environ.items() if name.startswith("COVERAGE")
    }
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Kathmandu",
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
        **coverage,
        **(more or {}),
    }


class Program:
    """One run of `friction ARGUMENTS` in a folder of its own.

    Standard output and standard error are kept in two files, so that a full pipe can
    never stop it. Leaving the ``with`` block kills it.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it; ``environment`` is added to a clean one."""
        folder.mkdir(parents=True, exist_ok=True)
        self._output, self._errors = folder / "stdout.txt", folder / "stderr.txt"
        command = [*FRICTION, *map(str, arguments)]
        with self._output.open("ab") as output, self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=clean_environment(folder, environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )

    def __enter__(self) -> Self:
        """Give the running program."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill it if it still runs."""
        self.kill()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def output(self) -> str:
        """What it wrote to standard output so far."""
        return self._output.read_text(errors="replace")

    @property
    def errors(self) -> str:
        """What it wrote to standard error so far."""
        return self._errors.read_text(errors="replace")

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def wait_for_line(self, fragment: str, deadline_seconds: float = 30.0) -> str:
        """Return the first line, of either stream, that holds the fragment.

        Raises:
            AssertionError: it ended or the deadline passed before; tells both streams.
        """

        def line_or_end() -> str:
            ended = not self.running
            lines = (self.output + "\n" + self.errors).splitlines()
            found = next((line for line in lines if fragment in line), "")
            return found or ("\0" if ended else "")

        found = eventually(line_or_end, deadline_seconds, f"a line with {fragment!r}")
        assert found != "\0", f"ended without {fragment!r}:\n{self.output}{self.errors}"
        return found

    def exit_code(self, deadline_seconds: float = 30.0) -> int:
        """Wait until it ends by itself and return its exit code.

        Raises:
            subprocess.TimeoutExpired: still running at the deadline.
        """
        return self._process.wait(deadline_seconds)

    def terminate(self, deadline_seconds: float = 30.0) -> int:
        """Send SIGTERM and return the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.exit_code(deadline_seconds)

    def kill(self) -> None:
        """End it at once, as a lost machine would."""
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """Stop it where it is (SIGSTOP)."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""
        self._process.send_signal(signal.SIGCONT)


def fetch(
    url: str, headers: Mapping[str, str] | None = None, deadline_seconds: float = 5.0
) -> tuple[int, str]:
    """Return status and text of a page on loopback; status 0 when nothing answers."""
    request = urllib.request.Request(url, headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=deadline_seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()
    except OSError:
        return 0, ""
