"""How a service ends: everything is closed, whatever fails, and the cause is told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from kafka.future import Future
from structlog.testing import capture_logs

from monitor.adapters.files.replay import ReplaySource
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.publisher import DeadLetterPublisher
from monitor.adapters.state.memory import MemoryState
from monitor.adapters.state.sqlite import SqliteReader, SqliteState
from monitor.bootstrap_service import in_turn, make_service, meters_for
from monitor.clock import SystemClock
from monitor.config.sections import Config, HttpSection
from monitor.pipeline.ports import Changes, StateUnavailable
from monitor.pipeline.watching import Watch, silent_watch
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import TEAMS, record

SOMEWHERE = Connection("127.0.0.1:1")


@dataclass
class Producer:
    """A client of a broker that has acknowledged everything."""

    closed: list[float] = field(default_factory=list)

    def flush(self, timeout: float) -> None:
        """Nothing is under way."""

    def close(self, timeout: float) -> None:
        self.closed.append(timeout)


class InFlight(DeadLetterPublisher):
    """A letter is under way when somebody moves the state file."""

    def __init__(self, state: SqliteState, path: Path) -> None:
        super().__init__(SOMEWHERE, "dead", state, silent_watch())
        self._path = path

    def step(self) -> int:
        if self._producer is None:
            self._producer = Producer()
            self._flying = {1: ("t/0/0", Future().success(None))}
            self._path.rename(self._path.with_name("moved.db"))
        return 0


def test_a_state_file_moved_while_letters_are_in_flight_is_whole(
    tmp_path: Path,
) -> None:
    """docs/exactly-once.md: "the log is copied into the file it belongs to"."""
    state, clock = SqliteState(path := tmp_path / "friction.db"), SystemClock()
    directory, stop = directory_of(TEAMS), threading.Event()
    config = Config(http=HttpSection(port=0))
    meters = meters_for(directory, config)
    service = make_service(
        config,
        directory,
        ReplaySource([record(b"no event")], stop.wait),
        state,
        clock,
        (Watch(meters, clock.monotonic), meters),
        publisher=InFlight(state, path),
    )
    with pytest.raises(StateUnavailable, match="deleted, moved or replaced"):
        service.run(stop)
    # Without its log, which stayed where it was.
    alone = tmp_path / "elsewhere"
    alone.mkdir()
    (tmp_path / "moved.db").rename(alone / "friction.db")
    reader = SqliteReader(alone / "friction.db")
    assert (reader.offsets(), reader.letters_kept()) == ({("demo", 0): 1}, 1)
    reader.close()


def test_a_letter_that_cannot_be_forgotten_leaves_no_client_behind() -> None:
    class Broken(MemoryState):
        def commit(self, changes: Changes) -> None:
            raise StateUnavailable(f"the disk is full: {changes}")

    publisher = DeadLetterPublisher(SOMEWHERE, "dead", Broken(), silent_watch())
    publisher._producer = producer = Producer()
    publisher._flying = {1: ("t/0/0", Future().success(None))}
    with pytest.raises(StateUnavailable):
        publisher.close()
    assert producer.closed == [1]


def test_each_step_is_done_and_the_first_error_is_raised_and_others_told() -> None:
    done: list[str] = []

    def failing(text: str) -> None:
        done.append(text)
        raise StateUnavailable(text)

    with capture_logs() as lines, pytest.raises(StateUnavailable, match=r"^moved$"):
        in_turn(
            lambda: failing("moved"),
            lambda: done.append("stopped"),
            lambda: failing("moved"),
            lambda: failing("full"),
        )
    assert done == ["moved", "stopped", "moved", "full"]
    # The same again says nothing.
    assert [line["problem"] for line in lines] == ["full"]
