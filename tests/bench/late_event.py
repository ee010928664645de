"""What one late event costs on an item of fifty facts, from row to books.

Items of fifty facts lie in a state file, and each gets one event more that should have
come in the middle. Processor time, everything but reading and committing the file's
pages; the commit of one such event is told beside it.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from monitor.adapters.state.sqlite import SqliteState
from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.teams import Directory
from monitor.pipeline.accounting import accounted
from monitor.pipeline.books import Books
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.ports import Changes
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.stored_books import load_books
from monitor.pipeline.working_set import WorkingSet
from tests.bench.figures import Figure
from tests.bench.world import directory_of
from tests.harness.driving import facts_of

_TEAMS: Final = 60
_ITEMS: Final = 300
_FACTS: Final = 50
_BEGIN: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_NOW_MS: Final = int((_BEGIN + timedelta(days=30)).timestamp()) * 1_000
Body = dict[str, Any]


def late_event(folder: Path) -> Iterator[Figure]:
    """The median over the items."""
    directory = directory_of(_TEAMS)
    names = sorted(directory.teams)
    state = SqliteState(folder / "late.db")
    books = load_books(directory, state, _NOW_MS)
    books.served = True
    for number in range(_ITEMS):
        told = facts_of(_life(number, names), directory)
        assert len(told) == _FACTS, len(told)
        _take(told, directory, state, books)
    each: list[float] = []
    commits: list[float] = []
    for number in range(_ITEMS):
        late = facts_of([_late(number, names)], directory)
        work, commit = _take(late, directory, state, books)
        each.append(work)
        commits.append(commit)
    state.close()
    yield Figure(
        "one late event on an item of 50 facts, processor time",
        median(each) * 1_000,
        "ms",
        bound=1.0,
        aim=0.5,
        note=f"its commit {median(commits) * 1_000:.2f} ms more",
    )


def _take(
    facts: list[Fact], directory: Directory, state: SqliteState, books: Books
) -> tuple[float, float]:
    """Seconds of processor time up to the commit, and of the commit."""
    began = time.process_time()
    working, changes = WorkingSet(state), Changes()
    relate(facts, working)
    replaced = evaluate_touched(working, directory, DEFAULT_MODEL)
    found = [accounted(replaced, directory, books.accounts.instants[0])]
    working.collect(changes)
    books.enter(found, directory)
    books.collect(changes)
    ready = time.process_time()
    state.commit(changes)
    return ready - began, time.process_time() - ready


def _life(number: int, names: list[str]) -> Iterator[Body]:
    """Fifty facts: four rounds of being blocked, reviewed and built, then done."""
    item, change = f"T-{number}", f"C-{number}"
    team, other = names[number % _TEAMS], names[(number + 7) % _TEAMS]
    yield _body("ticket.started", 0, item, team=team, work_class="feature")
    yield _body("change.opened", 1, change, item=item)
    for turn in range(5):
        hour, sha, run = 2 + turn * 10, f"s{number}-{turn}", f"R-{number}-{turn}"
        built = {"change": change, "pipeline": "build", "sha": sha, "item": item}
        yield _body("ticket.blocked", hour, item, on_team=other)
        yield _body("ticket.unblocked", hour + 1, item, on_team=other)
        yield _body("change.pushed", hour + 2, change, sha=sha, item=item)
        yield _body("run.queued", hour + 3, run, on_team=other, **built)
        yield _body("run.started", hour + 4, run, **built)
        yield _body("run.finished", hour + 5, run, outcome="success", **built)
        yield _body("change.review_requested", hour + 6, change, on_team=other)
        yield _body("change.reviewed", hour + 7, change, team=other)
        yield _body("ticket.commented", hour + 8, item)
    yield _body("change.merged", 70, change, item=item)
    yield _body("ticket.done", 71, item)
    yield _body("ticket.commented", 72, item)


def _late(number: int, names: list[str]) -> Body:
    """In the second round somebody else was waited for, too."""
    other = names[(number + 9) % _TEAMS]
    return _body("ticket.blocked", 13, f"T-{number}", on_team=other)


def _body(kind: str, hour: int, entity: str, **fields: Any) -> Body:
    about = {"schema": "friction.event.v1", "id": "1", "source": "bench.example"}
    moment = (_BEGIN + timedelta(hours=hour)).isoformat()
    return {**about, "kind": kind, "time": moment, "entity": entity, **fields}
