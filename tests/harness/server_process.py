"""A server as a child process on loopback: started, asked until ready, ended."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.harness.program import clean_environment, fetch
from tests.harness.waiting import eventually

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_LOG_LINES = 40


class ServerProcess:
    """One run of a server, its output kept in a file so that no pipe can stop it."""

    def __init__(self, command: Sequence[str | Path], folder: Path) -> None:
        """Start the command in the folder; its output goes to ``server.log``."""
        self._log = folder / "server.log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=clean_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return self._log.read_text(errors="replace")

    def wait_until_ready(self, url: str) -> None:
        """Wait until the page answers with 200.

        Raises:
            AssertionError: it ended or does not answer; tells its last lines.
        """

        def ready_or_ended() -> bool:
            return self._process.poll() is not None or fetch(url)[0] == 200

        try:
            eventually(ready_or_ended, _START_SECONDS, f"{url} answers")
            assert self._process.poll() is None, "ended at once"
        except AssertionError as failure:
            self.stop()
            last = "\n".join(self.log.splitlines()[-_LOG_LINES:])
            raise AssertionError(f"{failure}\n{last}") from None

    def stop(self) -> None:
        """Ask it to end and wait; end it the hard way when it does not."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
