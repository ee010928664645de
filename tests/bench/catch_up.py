"""How fast a topic is caught up with, against reading it and nothing else.

Run as a child process, so that neither contender inherits the other's memory:
``python -m tests.bench.catch_up poll|pipeline CONFIG`` prints one JSON object. Both
use the client that ``friction run`` uses, with its options; the pipeline is the
service as shipped, its HTTP server included, until it is ready.
"""

import gc
import json
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

from monitor import bootstrap_kafka
from monitor.adapters.kafka.reader import Fetching, Reader
from monitor.bootstrap_connection import connection_of
from monitor.config.loading import load
from monitor.config.loading import load_directory as directory_at
from monitor.config.sections import Config
from monitor.domain.teams import Directory
from monitor.pipeline.ports import Changes, State
from tests.bench.figures import Figure
from tests.bench.world import write_config
from tests.harness.program import clean_environment
from tests.harness.reference_data import REPOSITORY
from tests.harness.topics import Topic

_AT_ONCE: Final = 1_000
Measured = dict[str, float]


def catch_up(
    name: str,
    topic: Topic,
    folder: Path,
    *,
    teams: int,
    bound: float,
    aim: float,
    rounds: int,
    provider: str | None = None,
) -> Figure:
    """The ratio of the two rates, the contenders taking turns; medians of rounds."""
    polls: list[Measured] = []
    pipelines: list[Measured] = []
    for number in range(rounds):
        state = folder / f"round-{number}.db"
        config = write_config(
            folder,
            topic.bootstrap,
            topic.name,
            teams=teams,
            state=state,
            port=0,
            provider=provider,
        )
        polls.append(_child("poll", config))
        pipelines.append(_child("pipeline", config))
        for path in folder.glob(state.name + "*"):
            path.unlink()
    poll = statistics.median(one["rate"] for one in polls)
    pipeline = statistics.median(one["rate"] for one in pipelines)
    cpu = statistics.median(one["cpu_rate"] for one in pipelines) / statistics.median(
        one["cpu_rate"] for one in polls
    )
    last = pipelines[-1]
    note = (
        f"pipeline {pipeline:,.0f}/s of {poll:,.0f}/s polled; {last['records']:.0f} "
        f"records, {last['events_per_item']:.1f} facts per touched item and batch of "
        f"{last['per_batch']:,.0f}; {rounds} rounds; by processor time {cpu:.3f}; "
        f"service busy {last['busy']:.0%}, peak {last['peak_mb']:.0f} MB; assistant "
        f"busy {last['assistant_busy']:.0%}, at most {last['assistant_peak_mb']:.0f} MB"
    )
    return Figure(name, pipeline / poll, "", bound, aim, "higher", note)


def _child(what: str, config: Path) -> Measured:
    command = [sys.executable, "-m", "tests.bench.catch_up", what, str(config)]
    done = subprocess.run(
        command,
        check=True,
        cwd=REPOSITORY,
        env=clean_environment(config.parent),
        capture_output=True,
        text=True,
    )
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def _poll(config: Config) -> Measured:
    """Read the topic with the client alone, as fast as it gives records."""
    reader = Reader(connection_of(config), Fetching())
    topics = [topic.name for topic in config.kafka.topics]
    reader.await_metadata(topics)
    bounds = reader.bounds(reader.partitions(topics))
    consumer = reader._consumer  # the same client and options, by construction
    wanted = sum(newest - oldest for oldest, newest in bounds.values())
    reader.take({at: oldest for at, (oldest, _) in bounds.items()})
    gc.collect()
    began, worked, seen = time.perf_counter(), time.process_time(), 0
    while seen < wanted:
        answer = consumer.poll(timeout_ms=250, max_records=_AT_ONCE)
        seen += sum(map(len, answer.values()))
    took, worked = time.perf_counter() - began, time.process_time() - worked
    reader.close()
    return {"rate": wanted / took, "cpu_rate": wanted / worked, "records": wanted}


def _pipeline(config: Config, directory: Directory) -> Measured:
    """Read the topic into a fresh state until the service is ready."""
    service = bootstrap_kafka.kafka_service(config, directory, threading.Event())
    runner = service.runner
    counted = _Counting(runner.state)
    runner.state = cast("State", counted)
    until = UntilReady(lambda: runner.watch.ready)
    service.run(until)
    records = sum(runner.reading.targets.values())
    assert runner.stored == dict(runner.reading.targets), "everything is committed"
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rate": records / until.seconds,
        "cpu_rate": records / until.cpu_seconds,
        "records": records,
        "events_per_item": records / counted.items,
        "per_batch": records / counted.batches,
        "peak_mb": _peak_mb(),
        "assistant_peak_mb": children.ru_maxrss / 1024,
        "busy": until.cpu_seconds / until.seconds,
        "assistant_busy": (children.ru_utime + children.ru_stime) / until.seconds,
    }


def _peak_mb() -> float:
    """The largest resident memory so far.

    ``getrusage`` would also count that of whoever started this process; so of the
    assistant it tells an upper bound.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


class UntilReady(threading.Event):
    """Stops a runner when it has caught up; times it from its first turn on."""

    def __init__(self, ready: Callable[[], bool]) -> None:
        super().__init__()
        self._ready = ready
        self._began: float | None = None
        self._worked = 0.0
        self.seconds = self.cpu_seconds = 0.0

    def is_set(self) -> bool:
        now = time.perf_counter()
        if self._began is None:
            gc.collect()
            self._began = now = time.perf_counter()
            self._worked = time.process_time()
        self.seconds = now - self._began
        self.cpu_seconds = time.process_time() - self._worked
        return self._ready()


class _Counting:
    """A state that counts the batches stored in it, and the items they touched."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.batches = 0
        self.items = 0

    def commit(self, changes: Changes) -> None:
        touched = len(changes.puts.get("items", ()))
        self.items += touched
        self.batches += touched > 0
        self._state.commit(changes)

    def __getattr__(self, name: str) -> object:
        return getattr(self._state, name)


def configured(path: Path) -> tuple[Config, Directory]:
    """The configuration at the path, and the directory it names."""
    config = load(path, {}, serving=True)
    assert not isinstance(config, tuple), config
    directory = directory_at(config.directory.path)
    assert not isinstance(directory, tuple), directory
    return config, directory


def main(what: str, path: Path) -> None:
    """Measure one contender and print what was measured."""
    config, directory = configured(path)
    measured: Mapping[str, float]
    measured = _poll(config) if what == "poll" else _pipeline(config, directory)
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
