"""A measured `friction run`: started on a state, asked over HTTP, watched."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tests.bench.world import write_config
from tests.harness.ports import free_port
from tests.harness.program import Program, fetch
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

_START_SECONDS = 120.0


class Answer(NamedTuple):
    """One answer over HTTP: its bytes as sent, and the seconds until the last."""

    body: bytes
    seconds: float


def scrape(port: int, *, zipped: bool = False) -> Answer:
    """One scrape as Prometheus makes it, over a connection of its own."""
    return asked(port, "/metrics", zipped=zipped)


def asked(port: int, path: str, *, zipped: bool = False) -> Answer:
    """One answer, in full, over a connection of its own."""
    encoding = "gzip" if zipped else "identity"
    began = perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    assert answer.status == 200, body
    return Answer(body, perf_counter() - began)


def scraped(port: int) -> bool:
    """Scrape, and tell whether there still was anybody to answer."""
    try:
        scrape(port, zipped=True)
    except (OSError, http.client.HTTPException):
        return False
    return True


class Running(NamedTuple):
    """A ready service and how long it took to become ready."""

    program: Program
    port: int
    start_seconds: float

    @property
    def resident_mb(self) -> float:
        """Resident memory at present, in MB (10^6 bytes)."""
        return self._memory("VmRSS")

    @property
    def peak_mb(self) -> float:
        """The most resident memory there ever was."""
        return self._memory("VmHWM")

    def _memory(self, name: str) -> float:
        for line in Path(f"/proc/{self.program.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
        raise LookupError(name)

    def scrape(self, *, zipped: bool = False) -> Answer:
        """One scrape of this service."""
        return scrape(self.port, zipped=zipped)


@contextmanager
def running(topic: Topic, folder: Path, state: Path, teams: int) -> Iterator[Running]:
    """The command as shipped, ready, on this state; killed afterwards."""
    port = free_port()
    config = write_config(
        folder, topic.bootstrap, topic.name, teams=teams, state=state, port=port
    )
    began = perf_counter()
    with Program(["run", "--config", config], folder) as program:

        def ready() -> bool:
            assert program.running, f"it ended: {program.errors}"
            return fetch(f"http://127.0.0.1:{port}/readyz")[0] == 200

        eventually(ready, _START_SECONDS, "the service is ready")
        yield Running(program, port, perf_counter() - began)


def series_in(body: bytes) -> int:
    """How many samples an exposition holds."""
    return sum(1 for line in body.splitlines() if line and not line.startswith(b"#"))
