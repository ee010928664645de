"""The one broker that all tests of a run share, and the order of looking for it.

First the one named by ``FRICTION_TEST_BOOTSTRAP``, then Docker, then the jars that
``make servers`` fetched. Test processes share it through a lock and a note in a
common folder; the last one to leave stops it.
"""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from monitor.adapters.kafka.connection import Connection
from tests.harness import docker_kafka, requirements
from tests.harness.local_kafka import PASSWORD, USERNAME, LocalKafka, why_not
from tests.harness.processes import end_process, is_running


@dataclass(frozen=True, slots=True)
class SecureAccess:
    """How to reach a broker with TLS and a password. The files are PEM."""

    sasl_bootstrap: str
    tls_bootstrap: str
    username: str
    password: str
    ca_file: str
    other_ca_file: str


def with_password(access: SecureAccess) -> Connection:
    """Return the connection of the user who may log in."""
    return Connection(
        access.sasl_bootstrap,
        "SASL_SSL",
        "SCRAM-SHA-512",
        access.username,
        access.password,
        Path(access.ca_file),
    )


@dataclass(frozen=True, slots=True)
class Broker:
    """A running broker; ``secure`` only where this run made it from jars."""

    bootstrap: str
    secure: SecureAccess | None = None


@dataclass(frozen=True, slots=True)
class _Note:
    """What test processes tell each other about the broker."""

    users: int
    broker: Broker
    pid: int | None = None
    container: str | None = None

    def gone(self) -> bool:
        """Whether a run that was killed left this note about a broker long ended."""
        return self.pid is not None and not is_running(self.pid)


def secure_access(kafka: LocalKafka) -> SecureAccess | None:
    """Return how to reach a broker's secure listeners, where it has them."""
    if kafka.certificates is None:
        return None
    return SecureAccess(
        sasl_bootstrap=kafka.sasl_bootstrap,
        tls_bootstrap=kafka.tls_bootstrap,
        username=USERNAME,
        password=PASSWORD,
        ca_file=str(kafka.certificates.ca),
        other_ca_file=str(kafka.certificates.other_ca),
    )


@contextmanager
def shared_broker(folder: Path) -> Iterator[Broker]:
    """Join the broker of this run, started now if this is its first user.

    ``folder`` is the same for every process of the run. Without any way to a broker
    the test is skipped, or failed when ``FRICTION_REQUIRE_KAFKA`` is set.
    """
    if named := os.environ.get("FRICTION_TEST_BOOTSTRAP"):
        yield Broker(named)
        return
    lock, path = FileLock(folder / "broker.lock"), folder / "broker.json"
    with lock:
        found = _read(path)
        note = found if found and not found.gone() else _start(folder)
        _write(path, note, note.users + 1)
    try:
        yield note.broker
    finally:
        with lock:
            _leave(path)


def _start(folder: Path) -> _Note:
    if docker_kafka.docker_answers():
        bootstrap, container = docker_kafka.start_container()
        return _Note(0, Broker(bootstrap), container=container)
    if reason := why_not():
        requirements.absent(f"no Kafka: {reason}", requirements.KAFKA)
    kafka = LocalKafka(folder / "broker", secure=True)
    kafka.start()
    return _Note(0, Broker(kafka.bootstrap, secure_access(kafka)), pid=kafka.pid)


def _leave(path: Path) -> None:
    note = _read(path)
    if note is None or note.users > 1:
        if note is not None:
            _write(path, note, note.users - 1)
        return
    path.unlink()
    if note.pid is not None:
        # Nothing of it is kept, so it need not end in good order.
        end_process(note.pid, signal.SIGKILL)
    if note.container is not None:
        docker_kafka.remove_container(note.container)


def _read(path: Path) -> _Note | None:
    if not path.exists():
        return None
    fields = json.loads(path.read_text())
    secure = fields["broker"]["secure"]
    fields["broker"] = Broker(
        fields["broker"]["bootstrap"], SecureAccess(**secure) if secure else None
    )
    return _Note(**fields)


def _write(path: Path, note: _Note, users: int) -> None:
    path.write_text(json.dumps(asdict(note) | {"users": users}))
