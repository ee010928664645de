"""``make bench``: the measured promises of this program, as a table and as JSON.

Needs two cores that nobody else uses and, but for ``disk`` and ``late``, the Kafka of
``make servers``. Ratios are taken in one run, the contenders taking turns, so they mean
the same everywhere; absolute values are those of the machine at hand. Ends with 1 when
a bound is missed. ``python -m tests.bench native latency`` measures only what is named.
"""

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from monitor.clock import SystemClock
from tests.bench import serving
from tests.bench.catch_up import catch_up
from tests.bench.disk import disk
from tests.bench.figures import Figure, table, write
from tests.bench.late_event import late_event
from tests.bench.latency import visible_after
from tests.bench.pages import pages
from tests.bench.refresh import refresh
from tests.bench.topics import TEAMS, fill_load
from tests.harness.local_kafka import LocalKafka, why_not
from tests.harness.reference_data import REPOSITORY
from tests.harness.topics import create_topic

RESULT: Final = REPOSITORY / "build" / "bench.json"
_ROUNDS: Final = 3

Measurement = Callable[[str, Path, int], Iterator[Figure]]


def _native(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    topic = create_topic(bootstrap)
    fill_load(topic, "native", now_ms)
    yield catch_up(
        "catch-up / bare poll(), native events of 0.5-1.2 kB",
        topic,
        folder / "native",
        teams=TEAMS,
        bound=0.18,
        aim=0.30,
        rounds=_ROUNDS,
    )
    topic.delete()


def _github(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    topic = create_topic(bootstrap)
    fill_load(topic, "github", now_ms)
    yield catch_up(
        "catch-up / bare poll(), GitHub webhooks of 13 kB",
        topic,
        folder / "github",
        teams=TEAMS,
        bound=0.20,
        aim=0.30,
        rounds=_ROUNDS,
    )
    topic.delete()


def _latency(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    del now_ms
    yield visible_after(bootstrap, folder)


def _stops(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    for contents in (serving.TEN_THOUSAND, serving.HUNDRED_THOUSAND):
        yield serving.longest_stop(bootstrap, folder, now_ms, contents)


def _disk(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    del bootstrap, now_ms
    yield from disk(folder)


def _late(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    del bootstrap, now_ms
    yield from late_event(folder)


MEASUREMENTS: Final[dict[str, Measurement]] = {
    "github": _github,
    "native": _native,
    "latency": _latency,
    "scrapes": serving.scrapes,
    "pages": pages,
    "stops": _stops,
    "refresh": refresh,
    "memory": serving.memory_and_start,
    "disk": _disk,
    "late": _late,
}
# What needs no broker.
_ALONE: Final = frozenset({"disk", "late"})


@contextlib.contextmanager
def _broker(folder: Path, *, needed: bool) -> Iterator[str]:
    """Where a Kafka answers, nowhere if none is needed."""
    if not needed:
        yield ""
        return
    with LocalKafka(folder / "kafka", lasting=True) as kafka:
        yield kafka.bootstrap


def main(names: Sequence[str]) -> int:
    """Measure what is named, else everything; 0 when every bound holds."""
    unknown = sorted(set(names) - MEASUREMENTS.keys())
    if unknown:
        known = ", ".join(MEASUREMENTS)
        sys.stderr.write(f"unknown: {', '.join(unknown)}; known: {known}\n")
        return 2
    needs_broker = not names or not _ALONE.issuperset(names)
    if needs_broker and (reason := why_not()):
        sys.stderr.write(f"no Kafka: {reason}\n")
        return 2
    figures: list[Figure] = []
    now_ms = SystemClock().now_ms()
    with tempfile.TemporaryDirectory(prefix="friction-bench-") as name:
        folder = Path(name)
        with _broker(folder, needed=needs_broker) as bootstrap:
            for what in names or MEASUREMENTS:
                sys.stderr.write(f"measuring: {what}\n")
                figures += MEASUREMENTS[what](bootstrap, folder, now_ms)
    write(figures, RESULT)
    sys.stdout.write(table(figures) + "\n")
    return 0 if all(one.ok is not False for one in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
