"""What a refresh of limits and verdicts costs, with a million segments in the store.

In one process and without a broker: the store, the books and the job are as shipped,
timelines are made directly. Processor time is that of the thread that refreshes.
"""

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from monitor.adapters.kafka.memory import MemorySource, MemoryTopics
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.adapters.state.sqlite import SqliteState
from monitor.bootstrap_refreshing import jobs_of
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.packed import pack_timelines, unpack_timelines
from monitor.domain.timeline import UNIT, Component, Segment, Sort, Timeline
from monitor.domain.working_time import DAY, HOUR
from monitor.indicators.totals.ledger import moved
from monitor.pipeline.accounting import accounted
from monitor.pipeline.batch import no_hint
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.evaluating import Replaced
from monitor.pipeline.intake import Intake, Taking
from monitor.pipeline.policies import Batching
from monitor.pipeline.ports import Changes
from monitor.pipeline.reading import Reading
from monitor.pipeline.restating import restated
from monitor.pipeline.runner import Runner
from monitor.pipeline.showing.readings import Reader
from monitor.pipeline.showing.refreshing import Refresher
from monitor.pipeline.stored_books import load_books
from monitor.pipeline.watching import silent_watch
from tests.bench.figures import Figure
from tests.bench.world import PLATFORMS, directory_of, team

_ITEMS: Final = 200_000
_SEGMENTS: Final = 5
_TEAMS: Final = 42
_BATCH: Final = 20_000
_REFRESHES: Final = 10
_TOUCHED: Final = 1_000
_EVERY_MS: Final = 30_000


class _Hand:
    """A clock that is moved by hand; spans are the machine's."""

    def __init__(self, ms: int) -> None:
        self.ms = ms

    def now_ms(self) -> int:
        return self.ms

    def monotonic(self) -> float:
        return time.monotonic()


def refresh(bootstrap: str, folder: Path, now_ms: int) -> Iterator[Figure]:
    """Processor time of a refresh half a minute and 1,000 items after the last."""
    del bootstrap
    for days in (400, 27):
        yield _measured(folder / f"refresh-{days}", now_ms, days)


def _measured(folder: Path, now_ms: int, days: int) -> Figure:
    folder.mkdir(parents=True)
    clock = _Hand(now_ms)
    runner = _runner(folder / "friction.db", clock, days)
    jobs = jobs_of(runner, ShownTeams(runner.books, runner.directory))
    refresher = Refresher(runner, Reader(), jobs, 30, lambda _: False)
    first, each = _took(refresher), []
    for number in range(_REFRESHES):
        clock.ms += _EVERY_MS
        newest = _ITEMS - number * _TOUCHED
        _touch(runner, range(newest - _TOUCHED, newest))
        each.append(_took(refresher))
    runner.state.close()
    told = ", ".join(f"{one:.0f}" for one in sorted(each))
    return Figure(
        f"refresh, {_ITEMS * _SEGMENTS:,} segments over {days} days",
        max(each),
        "ms",
        200.0,
        100.0,
        note=f"processor time, {_TOUCHED:,} items touched before each: {told}; the "
        f"first after a start reads the window's items: {first / 1_000:.1f} s",
    )


def _took(refresher: Refresher) -> float:
    began = time.thread_time()
    refresher.step()
    return (time.thread_time() - began) * 1_000


def _runner(path: Path, clock: _Hand, days: int) -> Runner:
    """A service that has caught up, over a store with all the items."""
    directory, state = directory_of(_TEAMS), SqliteState(path)
    books = load_books(directory, state, clock.ms)
    books = restated(state, books, directory, DEFAULT_MODEL)
    watch = silent_watch()
    taking = Taking(Decoding(directory, DecodeSettings(), no_hint), 1_000)
    source = MemorySource(MemoryTopics({"t": 1}))
    reading = Reading(source, Intake(taking, watch), Batching(), clock, watch)
    runner = Runner(reading, state, books, directory, DEFAULT_MODEL, clock, watch)
    numbers = iter(range(_ITEMS))
    while some := list(islice(numbers, _BATCH)):
        new = [_timeline(number, clock.ms, days) for number in some]
        _store(runner, [Replaced(one.item, (), (one,)) for one in new], {})
    watch.ready = True
    return runner


def _touch(runner: Runner, numbers: range) -> None:
    """These items go on for an hour longer than they did."""
    stored = runner.state.get_many("timelines", list(map(_key, numbers)))
    replaced = []
    for item, packed in stored.items():
        (old,) = unpack_timelines(packed)
        last = old.segments[-1]
        more = last._replace(start=last.end, end=last.end + HOUR)
        new = old._replace(segments=(*old.segments, more))
        replaced.append(Replaced(item, (old,), (new,)))
    _store(runner, replaced, stored)


def _store(
    runner: Runner, replaced: list[Replaced], before: Mapping[str, bytes]
) -> None:
    """What a batch stores and books of evaluated items, and no rows of facts."""
    changes, now = Changes(), runner.clock.now_ms()
    for item, old, new in replaced:
        changes.put("timelines", item, pack_timelines(new))
        changes.replaced[item] = before.get(item, b"")
        entries = moved(item, old, new)
        if entries is not None:
            changes.ledger.append(entries)
    runner.store(changes, [accounted(replaced, runner.directory, now)])
    with runner.lock:
        runner.books.advance(now)


def _key(number: int) -> str:
    return f"P{number % _TEAMS}-{number}"


def _timeline(number: int, now_ms: int, days: int) -> Timeline:
    """An item that works, waits, works, waits and works; of many, one after another."""
    owner = team(PLATFORMS + number % (_TEAMS - PLATFORMS))
    waited_for = team(number // _TEAMS % PLATFORMS)
    start = now_ms - days * DAY + number * (days * DAY // _ITEMS)
    segments = []
    for turn in range(_SEGMENTS):
        end = start + (3 + number % 17) * HOUR
        works = Segment(Sort.ACTIVE, owner, "", "", "feature", start, end, UNIT, owner)
        waits = works._replace(
            sort=Sort.WAIT,
            on_team=waited_for,
            component=Component.REVIEW_WAIT,
            phase="chronic",
        )
        segments.append(waits if turn % 2 else works)
        start = end
    return Timeline(_key(number), tuple(segments))
