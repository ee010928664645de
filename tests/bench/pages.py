"""How fast pages answer beside live load, and how long they stop the consumer."""

import http.client
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Final, NamedTuple

from monitor.adapters.prometheus.books_ledger import position_of
from monitor.adapters.state.sqlite import SqliteReader
from monitor.domain.working_time import DAY
from monitor.pipeline.showing.charged_items import Asked, items_behind
from tests.bench.figures import Figure
from tests.bench.live_load import SteadyLoad, ordinary
from tests.bench.service import asked, scraped
from tests.bench.serving import observed, told
from tests.bench.stored_states import (
    BUSY,
    BUSY_ON,
    RARE,
    Contents,
    copy_of,
    stored_state,
)
from tests.bench.world import directory_of, write_config
from tests.harness.ports import free_port
from tests.harness.program import fetch
from tests.harness.topics import create_topic
from tests.harness.waiting import eventually

# One team with more than 100,000 segments in its window, and a hundred others.
CONTENTS: Final = Contents("pages", teams=115, open_items=20_000, busy_items=20_000)
_SECONDS: Final = 60
_RATE: Final = 1_000
# How often the first page is opened; it is mostly given as it was made last.
_KEPT_SECONDS: Final = 1.1
_BETWEEN_SECONDS: Final = 0.05


class _Busy(NamedTuple):
    """What the busy team has in the window, and where the middle of its items is."""

    segments: int
    items: int
    middle: str


def pages(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    """The slowest kind of page by its p95, and the longest stop meanwhile."""
    folder = folder / CONTENTS.name
    state = copy_of(stored_state(CONTENTS, now_ms), folder)
    busy = _busy(state, now_ms)
    topic, port = create_topic(bootstrap), free_port()
    config = write_config(
        folder, bootstrap, topic.name, teams=CONTENTS.teams, state=state, port=port
    )
    child = observed(str(config), folder, _SECONDS)
    ready = f"http://127.0.0.1:{port}/readyz"
    eventually(lambda: fetch(ready)[0] == 200, 120, "the service is ready")
    idle = observed("-", folder, _SECONDS)
    took: dict[str, list[float]] = defaultdict(list)
    with SteadyLoad(bootstrap, topic.name, _RATE, ordinary(CONTENTS.teams)):
        while child.poll() is None:
            _ask_all(port, busy, took)
    stops, machine = told(child), told(idle)
    topic.delete()
    yield _slowest(took, busy)
    silence, lock, held = (stops[k] * 1_000 for k in ("silence", "lock", "held"))
    count = sum(map(len, took.values()))
    yield Figure(
        "longest stop of the consumer, pages asked",
        max(silence, lock),
        "ms",
        100.0,
        50.0,
        note=f"{count} pages; interpreter held {silence:.0f} ms, books held "
        f"{lock:.0f} ms, by one page or scrape at most {held:.1f} ms; the machine "
        f"stopped an idle process for {machine['silence'] * 1_000:.0f} ms meanwhile",
    )


def _ask_all(port: int, busy: _Busy, took: dict[str, list[float]]) -> None:
    """Scrape, ask for the first page, and for all others until it is due again."""
    pause = Event()
    items = f"/team/{BUSY}/items"
    kinds = {
        "team": f"/team/{BUSY}",
        "items": items,
        "middle of items": f"{items}?after={busy.middle}",
        "rare component": f"/pair/{BUSY}/{BUSY_ON}?component={RARE}",
    }
    if not (scraped(port) and _timed(port, "/", took["/"])):
        return
    began = perf_counter()
    while perf_counter() - began < _KEPT_SECONDS:
        for kind, path in kinds.items():
            if not _timed(port, path, took[kind]):
                return
            pause.wait(_BETWEEN_SECONDS)


def _timed(port: int, path: str, took: list[float]) -> bool:
    """Ask, and tell whether there still was anybody to answer."""
    try:
        took.append(asked(port, path).seconds * 1_000)
    except (OSError, http.client.HTTPException):
        return False
    return True


def _slowest(took: dict[str, list[float]], busy: _Busy) -> Figure:
    p95 = {kind: statistics.quantiles(all_, n=20)[-1] for kind, all_ in took.items()}
    kinds = ", ".join(
        f"{kind} {p95[kind]:.0f} ({len(all_)} asked, median "
        f"{statistics.median(all_):.0f}, worst {max(all_):.0f})"
        for kind, all_ in took.items()
    )
    return Figure(
        "page, p95",
        max(p95.values()),
        "ms",
        150.0,
        80.0,
        note=f"{kinds}; of one team with {busy.segments:,} segments of {busy.items:,} "
        f"items in the window, among {CONTENTS.teams} teams",
    )


def _busy(state: Path, now_ms: int) -> _Busy:
    reader = SqliteReader(state)
    pairs = frozenset(pair for pair in reader.pairs() if pair[0] == BUSY)
    asked_for = Asked(pairs, None, now_ms - 28 * DAY, now_ms)
    behind = items_behind(reader, asked_for, directory_of(CONTENTS.teams))
    found = [(len(one.lines), one.place) for one in behind]
    reader.close()
    middle = position_of(found[len(found) // 2][1])
    return _Busy(sum(count for count, _ in found), len(found), middle)
