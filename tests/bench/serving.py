"""What serving costs: scrapes, stops of the consumer, memory, and a start."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

from tests.bench.figures import Figure
from tests.bench.live_load import SteadyLoad, ordinary
from tests.bench.service import Running, running, scraped, series_in
from tests.bench.stored_states import Contents, copy_of, stored_state
from tests.bench.world import write_config
from tests.harness.ports import free_port
from tests.harness.program import clean_environment, fetch
from tests.harness.reference_data import REPOSITORY
from tests.harness.topics import create_topic
from tests.harness.waiting import eventually

_SCRAPES: Final = 15
_STARTS: Final = 3
_LIVE_SECONDS: Final = 15
_RATE: Final = 1_000

# So many teams show about 10,000 and 100,000 series.
TEN_THOUSAND: Final = Contents("open", teams=42, open_items=200_000)
HUNDRED_THOUSAND: Final = Contents("series", teams=285, open_items=24_300)
CLOSED_TOO: Final = Contents(
    "closed", teams=42, open_items=200_000, closed_items=400_000
)


def scrapes(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    """The median time of a scrape over HTTP, plain and gzipped, by series."""
    for contents, bound, aim in (
        (TEN_THOUSAND, 25.0, 10.0),
        (HUNDRED_THOUSAND, 150.0, 80.0),
    ):
        state = copy_of(stored_state(contents, now_ms), folder / contents.name)
        topic = create_topic(bootstrap)
        with running(topic, folder / contents.name, state, contents.teams) as service:
            first = service.scrape()
            series = series_in(first.body)
            name = f"/metrics, {series:,} series"
            for zipped in (False, True):
                took = [service.scrape(zipped=zipped) for _ in range(_SCRAPES)]
                median = statistics.median(one.seconds for one in took) * 1_000
                size = len(took[-1].body) / 1e6
                note = f"{size:.2f} MB; first scrape {first.seconds * 1_000:.0f} ms"
                what = f"{name}, {'gzip' if zipped else 'plain'}"
                yield Figure(what, median, "ms", bound, aim, note=note)
        topic.delete()


def longest_stop(
    bootstrap: str, folder: Path, now_ms: int, contents: Contents
) -> Figure:
    """The longest stop of the consumer, live at 1,000 records/s, a scrape a second."""
    folder = folder / f"stops-{contents.name}"
    state = copy_of(stored_state(contents, now_ms), folder)
    topic, port = create_topic(bootstrap), free_port()
    config = write_config(
        folder, bootstrap, topic.name, teams=contents.teams, state=state, port=port
    )
    child = observed(str(config), folder)
    address = f"http://127.0.0.1:{port}"
    eventually(
        lambda: fetch(f"{address}/readyz")[0] == 200, 120, "the service is ready"
    )
    idle = observed("-", folder)
    with SteadyLoad(bootstrap, topic.name, _RATE, ordinary(contents.teams)):
        pause, made = Event(), 0
        while child.poll() is None:
            made += scraped(port)
            pause.wait(1.0)
    measured, machine = told(child), told(idle)
    topic.delete()
    silence, lock = measured["silence"] * 1_000, measured["lock"] * 1_000
    return Figure(
        f"longest stop of the consumer, state '{contents.name}'",
        max(silence, lock),
        "ms",
        100.0,
        50.0,
        note=f"{contents.open_items:,} open items, {made} scrapes; interpreter held "
        f"{silence:.0f} ms, books held {lock:.0f} ms; the machine stopped an "
        f"idle process for {machine['silence'] * 1_000:.0f} ms meanwhile",
    )


def observed(
    config: str, folder: Path, seconds: float = _LIVE_SECONDS
) -> subprocess.Popen[bytes]:
    """The service of the configuration, or nothing, with observers for so long."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.stops", config, str(seconds)],
        cwd=REPOSITORY,
        env=clean_environment(folder),
        stdout=subprocess.PIPE,
    )


def told(child: subprocess.Popen[bytes]) -> dict[str, float]:
    """What it measured, once it has ended."""
    output = child.communicate()[0]
    assert child.returncode == 0, "the measured process failed"
    measured: dict[str, float] = json.loads(output.splitlines()[-1])
    return measured


def memory_and_start(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    """Resident memory after live work and scrapes; the time from start to ready."""
    for contents, bound, aim in (
        (TEN_THOUSAND, 450.0, 250.0),
        (CLOSED_TOO, 600.0, 350.0),
    ):
        place = folder / f"memory-{contents.name}"
        state = copy_of(stored_state(contents, now_ms), place)
        topic = create_topic(bootstrap)
        starts: list[float] = []
        resident = peak = 0.0
        for number in range(_STARTS if contents is CLOSED_TOO else 1):
            with running(topic, place, state, contents.teams) as service:
                starts.append(service.start_seconds)
                if number == 0:
                    _work(bootstrap, topic.name, service, contents.teams)
                    resident, peak = service.resident_mb, service.peak_mb
        items = contents.open_items + contents.closed_items
        closed = f", {contents.closed_items:,} closed" if contents.closed_items else ""
        yield Figure(
            f"resident memory, {contents.open_items:,} open items{closed}",
            resident,
            "MB",
            bound,
            aim,
            note=f"after {_LIVE_SECONDS} s live and scrapes; peak {peak:.0f} MB",
        )
        if contents is CLOSED_TOO:
            note = f"{items:,} items; each of {_STARTS}: " + ", ".join(
                f"{one:.2f}" for one in starts
            )
            median = statistics.median(starts)
            yield Figure("start to ready", median, "s", 6.0, 2.0, note=note)
        topic.delete()


def _work(bootstrap: str, topic: str, service: Running, teams: int) -> None:
    with SteadyLoad(bootstrap, topic, _RATE, ordinary(teams)):
        for _ in range(_LIVE_SECONDS):
            Event().wait(1.0)
            service.scrape(zipped=True)
