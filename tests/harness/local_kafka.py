"""A real Kafka broker as a process of our own: jars, Java, a folder, free ports."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.harness.certificates import Certificates, make_certificates
from tests.harness.ports import free_ports
from tests.harness.processes import end_process, is_running
from tests.harness.reference_data import REPOSITORY
from tests.harness.server_properties import (
    Ports,
    new_cluster_id,
    scram_user,
    server_properties,
)
from tests.harness.waiting import eventually

JARS = REPOSITORY / "build" / "kafka" / "libs"
USERNAME, PASSWORD = "monitor", "a-password-of-the-tests"

# Most brokers live for seconds: what is compiled well is hardly run.
_QUICKLY = ("-XX:TieredStopAtLevel=1",)
# Classes as they lie in memory, of whoever formatted a disk first: half of a start is
# reading them. Java leaves alone what was written by another Java or of other jars.
_CLASSES = JARS.parent / "classes.jsa"
_START_SECONDS = 60.0
_LOG_LINES = 40


def find_java() -> Path | None:
    """Return a Java of version 17 or later, or nothing."""
    home = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    candidates = [
        *([Path(home) / "bin" / "java"] if home else []),
        *([Path(on_path)] if on_path else []),
        *sorted(Path("/usr/lib/jvm").glob("*/bin/java")),
    ]
    return next((java for java in candidates if _version_of(java) >= 17), None)


def _version_of(java: Path) -> int:
    if not java.is_file():
        return 0
    run = subprocess.run(
        [java, "-version"], capture_output=True, text=True, check=False
    )
    # openjdk version "17.0.15" 2025-04-15
    version = run.stderr.partition('"')[2].partition(".")[0].partition('"')[0]
    return int(version) if version.isdigit() else 0


def why_not() -> str | None:
    """Say what is missing for a local broker, or nothing."""
    if not any(JARS.glob("kafka_*.jar")):
        return f"no Kafka jars in {JARS.relative_to(REPOSITORY)}: run `make servers`"
    if find_java() is None:
        return "no Java 17 or later: run `make servers`"
    return None


class LocalKafka:
    """One broker in KRaft mode on loopback, with its own folder.

    It listens in plain text on ``bootstrap``; with ``secure`` also with TLS and SCRAM
    on ``sasl_bootstrap`` (user ``USERNAME``, ``PASSWORD``) and with TLS alone on
    ``tls_bootstrap``. It has no parent among the tests, so that whichever test process
    ends last can stop it. Topics must be created; records of up to 40 MB and of any
    time are taken and never expire. ``beside`` a running one it is the second broker
    of that one's cluster, without a vote. A ``lasting`` one starts
    slowly, and is fast then.
    """

    def __init__(
        self,
        folder: Path,
        *,
        secure: bool = False,
        heap_mb: int = 512,
        lasting: bool = False,
        beside: Self | None = None,
    ) -> None:
        """Choose ports and write the broker's configuration into the folder."""
        self.folder = folder
        self.certificates = make_certificates(folder / "tls") if secure else None
        self.pid: int | None = None
        self._java_options = (f"-Xmx{heap_mb}m", *(() if lasting else _QUICKLY))
        self._ports = Ports(*free_ports(4))
        self.cluster_id: str = beside.cluster_id if beside else new_cluster_id()
        self._joining = beside._ports.controller if beside else None
        self._write_configuration(self.certificates)

    @property
    def bootstrap(self) -> str:
        """The address of the plain listener."""
        return f"127.0.0.1:{self._ports.plain}"

    @property
    def sasl_bootstrap(self) -> str:
        """The address of the listener with TLS and SCRAM-SHA-512."""
        return f"127.0.0.1:{self._ports.sasl}"

    @property
    def tls_bootstrap(self) -> str:
        """The address of the listener with TLS."""
        return f"127.0.0.1:{self._ports.tls}"

    @property
    def log(self) -> Path:
        """What the broker wrote."""
        return self.folder / "server.log"

    def __enter__(self) -> Self:
        """Start the broker."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the broker: nothing of it is kept."""
        self.kill()

    def start(self) -> None:
        """Start the broker and wait until it answers; the first time, format its disk.

        Raises:
            AssertionError: it ended or does not answer; tells its last lines.
        """
        if not (self.folder / "data").exists():
            self._format()
        self.pid = self._spawn()
        try:
            eventually(self._answers_or_ended, _START_SECONDS, "the broker answers")
        except AssertionError:
            self.kill()
            raise
        if not self.running:
            raise AssertionError(f"the broker ended:\n{self._last_lines()}")

    def stop(self) -> None:
        """Ask the broker to end and wait for it; data and ports stay."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the broker at once, as a lost machine would; data and ports stay."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start again: same data, same ports."""
        self.stop()
        self.start()

    def move(self, *, plain: int) -> None:
        """From the next start on listen on another plain port, with the same data."""
        self._ports = replace(self._ports, plain=plain)
        self._write_configuration(self.certificates)

    def tell(self, *, tls: int | None) -> None:
        """From the next start on tell clients this TLS port, whichever is listened on.

        None is the true one.
        """
        self._ports = replace(self._ports, told_tls=tls)
        self._write_configuration(self.certificates)

    def pause(self) -> None:
        """Stop the broker's clock: connections stay open, nothing answers."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused broker go on."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGCONT)

    @property
    def running(self) -> bool:
        """Whether its process exists."""
        return self.pid is not None and is_running(self.pid)

    def _end(self, with_signal: signal.Signals) -> None:
        if self.pid is not None:
            end_process(self.pid, with_signal)
        self.pid = None

    def _write_configuration(self, certificates: Certificates | None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.folder / "data"
        lines = server_properties(self._ports, data, certificates, self._joining)
        (self.folder / "server.properties").write_text("\n".join(lines) + "\n")

    def _java(self, classes: tuple[str, ...], *arguments: str) -> list[str]:
        java = find_java()
        assert java is not None, why_not()
        return [
            *(str(java), *self._java_options, "-XX:+UseSerialGC", "-cp", f"{JARS}/*"),
            *(*classes, "-Xlog:cds*=off"),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            *arguments,
        ]

    def _format(self) -> None:
        users = scram_user(USERNAME, PASSWORD) if self.certificates else ()
        with _classes_kept() as classes:
            command = self._java(
                classes,
                *("kafka.tools.StorageTool", "format"),
                *(() if self._joining else ("--standalone",)),
                *("-t", self.cluster_id, *users),
                *("-c", str(self.folder / "server.properties")),
            )
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _spawn(self) -> int:
        # A shell starts it and ends: so it is nobody's child, leaves no zombie with a
        # test process, and does not get the Ctrl-C meant for pytest.
        properties = str(self.folder / "server.properties")
        command = self._java(_known_classes(), "kafka.Kafka", properties)
        script = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'
        shell = ["sh", "-c", script, "sh", str(self.log), *command]
        started = subprocess.run(shell, check=True, stdout=subprocess.PIPE, text=True)
        return int(started.stdout)

    def _answers_or_ended(self) -> bool:
        return not self.running or (answers(self.bootstrap))

    def _last_lines(self) -> str:
        return "\n".join(
            self.log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
        )


def _known_classes() -> tuple[str, ...]:
    return (f"-XX:SharedArchiveFile={_CLASSES}",) if _CLASSES.is_file() else ()


@contextmanager
def _classes_kept() -> Iterator[tuple[str, ...]]:
    """Java's options for who formats a disk: the first one keeps its classes."""
    if known := _known_classes():
        yield known
        return
    own = _CLASSES.with_name(f"classes-{os.getpid()}.jsa")
    yield (f"-XX:ArchiveClassesAtExit={own}",)
    if own.is_file():
        own.replace(_CLASSES)


def answers(bootstrap: str) -> bool:
    """Tell whether a broker lists its topics at this address within two seconds."""
    host, _, port = bootstrap.rpartition(":")
    try:
        # Asked first because it is quick to say no, and closes what it opened.
        socket.create_connection((host, int(port)), 1).close()
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=2000)
    except (OSError, KafkaError):
        return False
    try:
        admin.list_topics()
    except KafkaError:
        return False
    finally:
        admin.close()
    return True
