"""What an item costs on disk: closed and not yet sealed, and sealed.

A simulated organisation, read by the runner as shipped from topics in memory into a
file. First it stands at its last day, when nothing is old enough to be sealed; then the
brokers' clocks go on by the days it takes. Pages of the file are counted, whatever is
free in them included, since that is what a disk holds.
"""

import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor.adapters.kafka.memory import MemorySource, MemoryTopics
from monitor.adapters.state.sqlite import SqliteState
from monitor.clock import SystemClock
from monitor.decode.settings import DecodeSettings
from monitor.directory.teams_file import parse
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.packed import unpack_timelines
from monitor.domain.teams import Directory
from monitor.domain.working_time import DAY
from monitor.indicators.timelines.closing import closed_since
from monitor.pipeline.batch import no_hint
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Intake, Taking
from monitor.pipeline.policies import Batching
from monitor.pipeline.ports import Named
from monitor.pipeline.reading import Reading
from monitor.pipeline.restating import restated
from monitor.pipeline.runner import Runner
from monitor.pipeline.sealing import Retention, Sealing
from monitor.pipeline.stored_books import load_books
from monitor.pipeline.watching import silent_watch
from monitor.relate.packed_rows import unpack
from monitor.simulate.settings import Simulation
from monitor.simulate.world import SimulatedWorld, simulate
from tests.bench.figures import Figure, table

_WORLD: Final = Simulation(teams=12, days=60, seed=1)
_BEFORE: Final = 1_500
_AFTER: Final = 300
# Rows of items, of what they are found by, and of sealed ones. Series, hours and dead
# letters grow with teams and time.
_ROWS: Final[tuple[Named, ...]] = ("items", "timelines")
_FINDING: Final = ("homes", "indexes", "ledger")
_SEALED: Final = ("sealed", "gone")
_MOST_TURNS: Final = 5_000
_STOP_AFTER: Final = 1_000


def disk(folder: Path) -> Iterator[Figure]:
    """Both figures, of one file."""
    path, world = folder / "friction.db", simulate(_WORLD)
    topics = _topics(world)
    state = SqliteState(path)
    runner = _runner(state, topics, world)
    runner.start()
    while not runner.watch.ready:
        runner.turn()
    _walk(runner)
    closed, all_items = (
        _closed(state, runner.directory),
        sum(1 for _ in state.scan("timelines")),
    )
    own = sum(_bytes(path, one) * _share(state, one, closed) for one in _ROWS)
    finding = sum(_bytes(path, one) for one in _FINDING) * len(closed) / all_items
    whole = sum(_bytes(path, one) for one in (*_ROWS, *_FINDING))
    yield Figure(
        "bytes on disk for a closed item, not sealed",
        (own + finding) / len(closed),
        "B",
        bound=_BEFORE,
        aim=_BEFORE,
        note=f"{len(closed)} closed of {all_items} items; with the open ones and what "
        f"is of no item {whole / len(closed):.0f} B",
    )
    later = _WORLD.until_ms + (Retention().after_ms + 30 * DAY)
    for topic, number in list(topics.logs):
        topics.append(topic, number, [None], later)
    _walk(runner)
    sealed = sum(1 for _ in state.scan("sealed"))
    yield Figure(
        "bytes on disk for a sealed item",
        sum(_bytes(path, one) for one in _SEALED) / sealed,
        "B",
        bound=_AFTER,
        aim=_AFTER,
        note=f"{sealed} sealed items, and the numbers of all their parts",
    )
    state.close()


def _topics(world: SimulatedWorld) -> MemoryTopics:
    topics = MemoryTopics({})
    for record in world.records():
        topics.grow(record.topic, record.partition + 1)
        log = topics.logs[record.topic, record.partition]
        log.append(record._replace(offset=len(log)))
    return topics


def _runner(state: SqliteState, topics: MemoryTopics, world: SimulatedWorld) -> Runner:
    directory = parse(world.teams_yaml)
    assert not isinstance(directory, tuple), directory
    clock, watch = SystemClock(), silent_watch()
    books = load_books(directory, state, _WORLD.until_ms)
    decoding = Decoding(directory, DecodeSettings(projects=directory.projects), no_hint)
    reading = Reading(
        MemorySource(topics),
        Intake(Taking(decoding, _STOP_AFTER), watch),
        Batching(),
        clock,
        watch,
    )
    return Runner(
        reading,
        state,
        restated(state, books, directory, DEFAULT_MODEL),
        directory,
        DEFAULT_MODEL,
        clock,
        watch,
        stop=threading.Event(),
        sealing=Sealing(state, directory, DEFAULT_MODEL, Retention()),
    )


def _walk(runner: Runner) -> None:
    """Turn until the walk over all items is done."""
    assert runner.sealing is not None
    for _ in range(_MOST_TURNS):
        runner.turn()
        if not runner.sealing.is_walking:
            return
    raise AssertionError(f"not done after {_MOST_TURNS} turns")


def _closed(state: SqliteState, directory: Directory) -> set[str]:
    """Items that are closed, whenever that was."""
    timelines = dict(state.scan("timelines"))
    return {
        key
        for key, packed in state.scan("items")
        if key in timelines
        and closed_since(
            unpack(packed).item(directory), unpack_timelines(timelines[key])
        )
    }


def _share(state: SqliteState, of: Named, closed: set[str]) -> float:
    """How much of what a table holds is of closed items."""
    sizes = {key: len(value) for key, value in state.scan(of)}
    return sum(sizes[key] for key in closed) / sum(sizes.values())


def _bytes(path: Path, table_name: str) -> int:
    """All pages of a table, with what is free in them."""
    connection = sqlite3.connect(path)
    query = "SELECT sum(pgsize) FROM dbstat WHERE name = ?"
    found: int = connection.execute(query, (table_name,)).fetchone()[0]
    connection.close()
    return found


def main() -> None:
    """Measure this alone; no broker is needed."""
    with tempfile.TemporaryDirectory(prefix="friction-bench-") as name:
        sys.stdout.write(table(list(disk(Path(name)))) + "\n")


if __name__ == "__main__":
    main()
