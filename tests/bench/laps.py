"""Where the time of catching up goes in the running service, its assistant beside it.

``python -m tests.bench.laps native|github`` fills a topic as ``make bench`` does, lets
the service catch up with it, and prints wall and processor time of its own thread by
what it did, in microseconds for each record; time inside another line is not counted
twice. ``tests.bench.stages`` prints the stages of one process without a broker.
"""

import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from monitor import bootstrap_kafka
from monitor.adapters.assistant import process
from monitor.adapters.kafka.source import KafkaSource
from monitor.adapters.state.sqlite import SqliteState
from monitor.clock import SystemClock
from monitor.pipeline import runner
from monitor.pipeline.books import Books
from monitor.pipeline.catching_up import sharing
from monitor.pipeline.intake import Taking
from monitor.pipeline.working_set import WorkingSet
from tests.bench.catch_up import UntilReady, configured
from tests.bench.topics import TEAMS, fill_load
from tests.bench.world import write_config
from tests.harness.local_kafka import LocalKafka
from tests.harness.topics import create_topic

# What is timed: whose attribute, its name, and the line it belongs to.
_TIMED: Final[tuple[tuple[Any, str, str], ...]] = (
    (KafkaSource, "poll", "read here"),
    (Taking, "take", "decode, attribute here"),
    (process.AssistantProcess, "next", "wait for the assistant"),
    (process, "unpacked", "take over facts"),
    (runner, "relate", "read, unpack, relate"),
    (WorkingSet, "collect", "pack"),
    (SqliteState, "commit", "commit"),
    (sharing, "evaluate_stored", "evaluate, account here"),
    (process.AssistantProcess, "outcome", "wait for the assistant's share"),
    (Books, "enter", "book"),
    (Books, "collect", "write totals"),
    (runner.Runner, "turn", "the rest"),
)


class Laps:
    """Own time by line: (wall, processor) seconds."""

    def __init__(self) -> None:
        self.wall: defaultdict[str, float] = defaultdict(float)
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self._inner: list[list[float]] = []

    @contextmanager
    def lap(self, line: str) -> Iterator[None]:
        """Time the block, less what is timed inside of it."""
        wall, cpu = time.perf_counter(), time.thread_time()
        self._inner.append([0.0, 0.0])
        try:
            yield
        finally:
            wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
            inner_wall, inner_cpu = self._inner.pop()
            self.wall[line] += wall - inner_wall
            self.cpu[line] += cpu - inner_cpu
            if self._inner:
                self._inner[-1][0] += wall
                self._inner[-1][1] += cpu

    def timed(self, function: Callable[..., Any], line: str) -> Callable[..., Any]:
        """The function, timed."""

        def call(*arguments: Any, **named: Any) -> Any:
            with self.lap(line):
                return function(*arguments, **named)

        return call


def caught_up(config_path: Path, laps: Laps) -> int:
    """Let the service catch up; how many records it read."""
    config, directory = configured(config_path)
    for owner, name, line in _TIMED:
        setattr(owner, name, laps.timed(getattr(owner, name), line))
    service = bootstrap_kafka.kafka_service(config, directory, threading.Event())
    reading = service.runner.reading
    service.run(UntilReady(lambda: service.runner.watch.ready))
    return sum(reading.targets.values())


def main(load_name: str) -> None:
    """Fill a topic, catch up with it, and print the lines."""
    now, laps = SystemClock().now_ms(), Laps()
    with tempfile.TemporaryDirectory(prefix="friction-laps-") as name:
        folder = Path(name)
        with LocalKafka(folder / "kafka", lasting=True) as kafka:
            topic = create_topic(kafka.bootstrap)
            fill_load(topic, load_name, now)
            config = write_config(
                folder / "service",
                kafka.bootstrap,
                topic.name,
                teams=TEAMS,
                state=folder / "friction.db",
                port=0,
            )
            records = caught_up(config, laps)
    sys.stdout.write(f"{'us for each record':34}{'wall':>8}{'processor':>11}\n")
    for _, _, line in _TIMED:
        wall, cpu = laps.wall[line] / records * 1e6, laps.cpu[line] / records * 1e6
        sys.stdout.write(f"{line:34}{wall:8.1f}{cpu:11.1f}\n")
    whole = sum(laps.wall.values()) / records * 1e6
    sys.stdout.write(f"{'all':34}{whole:8.1f}\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "native")
