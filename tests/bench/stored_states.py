"""States of known size, made by the pipeline's own stages without a broker.

Decoding is left out, because the facts are what counts here; everything after it,
and the file, are as shipped. A state is kept in ``build/bench`` as long as neither
the program nor this file changes and it is not older than some hours.
"""

import gc
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from monitor.adapters.state.sqlite import SqliteState
from monitor.config.model import ModelSection
from monitor.config.sections import Config
from monitor.config.values import model_of
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.teams import Directory
from monitor.domain.timeline import Component
from monitor.pipeline.accounting import accounted
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.ports import Changes
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.restating import restated
from monitor.pipeline.stored_books import load_books
from monitor.pipeline.working_set import WorkingSet
from tests.bench.world import PLATFORMS, directory_of, project, team
from tests.harness.reference_data import REPOSITORY

CACHE: Final = REPOSITORY / "build" / "bench"
_FRESH_MS: Final = 6 * 3_600_000
_BATCH: Final = 20_000
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
# As tests/bench/world.py configures the service that reads the state.
_MODEL = model_of(Config(model=ModelSection(settle_seconds=Decimal(0))))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a state holds: items by what became of them, among so many teams.

    Pairs of teams are taken in turn, so ``items`` above ``teams x 15 x 2`` shows
    every pair in both components, and the number of series follows from ``teams``.
    ``busy_items`` are closed ones of one team, with what pages show of them below.
    """

    name: str
    teams: int
    open_items: int
    closed_items: int = 0
    busy_items: int = 0


# Whose pages are asked for; all its items wait on the first platform, and few of them
# for this component.
BUSY: Final = team(PLATFORMS)
BUSY_ON: Final = team(0)
RARE: Final = Component.REVIEW_WAIT
_RARE_OF: Final = 1_000


def stored_state(contents: Contents, now_ms: int) -> Path:
    """The file of a state with these contents; made when there is no fresh one."""
    path = CACHE / f"{contents.name}-{_basis(contents)}.db"
    if path.exists() and now_ms - path.stat().st_mtime * 1_000 < _FRESH_MS:
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in CACHE.glob(f"{contents.name}-*"):
        old.unlink()
    unfinished = path.with_suffix(".part")
    _make(contents, unfinished, now_ms)
    unfinished.rename(path)
    unfinished.with_name(unfinished.name + ".lock").unlink()
    return path


def copy_of(state: Path, folder: Path) -> Path:
    """A copy to work on: every measurement starts from the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(state, folder / "friction.db"))


def _make(contents: Contents, path: Path, now_ms: int) -> None:
    directory = directory_of(contents.teams)
    begun = 0
    if contents.closed_items and contents.open_items:
        only_open = replace(contents, name="open", closed_items=0)
        shutil.copy(stored_state(only_open, now_ms), path)
        begun = contents.open_items
    state = SqliteState(path)
    books = restated(state, load_books(directory, state, now_ms), directory, _MODEL)
    books.served = True
    facts = iter(_facts(contents, directory, now_ms, begun))
    gc.disable()
    while batch := list(islice(facts, _BATCH)):
        working, changes = WorkingSet(state), Changes()
        relate(batch, working)
        replaced = list(evaluate_touched(working, directory, _MODEL))
        books.enter([accounted(replaced, directory, now_ms)], directory)
        working.collect(changes)
        books.collect(changes)
        state.commit(changes)
        gc.collect()
    gc.enable()
    state.close()


def _facts(
    contents: Contents, directory: Directory, now_ms: int, begun: int
) -> Iterator[Fact]:
    for number in range(begun, contents.open_items + contents.closed_items):
        closed = number >= contents.open_items
        for fact in _life(number, contents.teams, now_ms, closed=closed):
            yield attribute(fact, directory)
    for number in range(contents.busy_items):
        for fact in _busy_life(number, now_ms):
            yield attribute(fact, directory)


def _busy_life(number: int, now_ms: int) -> Iterable[Fact]:
    """An item of the busy team: blocked by three platforms in turn, then done."""
    key = f"{project(PLATFORMS)}-B{number}"
    begun = now_ms - (5 + number % 21) * _DAY - number % 1_440 * _MINUTE
    own: Fields = {"team": BUSY, "work_class": "feature"}
    yield _fact(Kind.TICKET_STARTED, begun, key, own)
    for turn in range(3):
        on = BUSY_ON if turn == 0 else team(1 + (number + turn) % (PLATFORMS - 1))
        start = begun + (1 + turn * 24) * _HOUR
        yield _fact(Kind.TICKET_BLOCKED, start, key, {"on_team": on})
        yield _fact(Kind.TICKET_UNBLOCKED, start + 12 * _HOUR, key, {"on_team": on})
    if number % _RARE_OF == 0:
        asked = Fields(item=key, on_team=BUSY_ON)
        change, time = f"PR-B{number}", begun + 14 * _HOUR
        yield _fact(Kind.CHANGE_OPENED, time, change, {"item": key})
        yield _fact(Kind.CHANGE_REVIEW_REQUESTED, time + _HOUR, change, asked)
        yield _fact(Kind.CHANGE_MERGED, time + 20 * _HOUR, change, {"item": key})
    yield _fact(Kind.TICKET_DONE, begun + 72 * _HOUR, key, {})


def _life(number: int, teams: int, now_ms: int, *, closed: bool) -> Iterable[Fact]:
    """An item of the last weeks that waited once, and waits again if it is open."""
    streams = teams - PLATFORMS
    owner = PLATFORMS + number % streams
    platform = team(number // streams % PLATFORMS)
    key, reviewed = f"{project(owner)}-{number}", number // (streams * PLATFORMS) % 2
    begun = now_ms - (2 + number % 24) * _DAY - number % 1_440 * _MINUTE
    own: Fields = {"team": team(owner), "work_class": "feature"}
    on: Fields = {"on_team": platform}
    yield _fact(Kind.TICKET_STARTED, begun, key, own)
    if reviewed:
        change, asked = f"PR-{number}", Fields(item=key, on_team=platform)
        yield _fact(Kind.CHANGE_OPENED, begun + _HOUR, change, {"item": key})
        yield _fact(Kind.CHANGE_REVIEW_REQUESTED, begun + 2 * _HOUR, change, asked)
        if closed:
            yield _fact(Kind.CHANGE_MERGED, begun + 20 * _HOUR, change, {"item": key})
    else:
        yield _fact(Kind.TICKET_BLOCKED, begun + _HOUR, key, on)
        yield _fact(Kind.TICKET_UNBLOCKED, begun + 16 * _HOUR, key, on)
        yield _fact(Kind.TICKET_BLOCKED, begun + 20 * _HOUR, key, on)
    if closed:
        yield _fact(Kind.TICKET_DONE, begun + 30 * _HOUR, key, {})


def _fact(kind: Kind, time_ms: int, entity: str, fields: Fields) -> Fact:
    return make_fact(kind, time_ms, entity, "tracker.example", fields, {})


def _basis(contents: Contents) -> str:
    """A hash of the program's own text and of what is asked for."""
    told = hashlib.sha256(repr(contents).encode())
    for path in sorted(_sources()):
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _sources() -> Sequence[Path]:
    folders = ("domain", "indicators", "relate", "directory", "pipeline")
    monitor = REPOSITORY / "monitor"
    found = [path for name in folders for path in (monitor / name).glob("*.py")]
    return [*found, *(monitor / "adapters" / "state").glob("*.py"), Path(__file__)]
