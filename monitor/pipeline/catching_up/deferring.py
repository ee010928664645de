"""Deferred evaluation: while catching up, items are evaluated once, at the end.

Nobody sees a number before everything in the log is read, so evaluating an item
with every batch that touches it would be work for nobody. A batch stores its facts
and the names of the items it touched; when the positions reach the ends, blockers
tell their dependents, then the named items are evaluated and accounted, some thousand
in a transaction, and the service is ready. A crash loses nothing: the names are
stored with the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from monitor.pipeline.catching_up.sharing import Sharing, Step
from monitor.pipeline.evaluating import tell_dependents
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.recent import Recent
from monitor.pipeline.working_set import WorkingSet

_DEFERRED: Final = b""
# The item has dependents, to be told before anything is evaluated.
_BLOCKER: Final = b"b"
_TOLD: Final = 5_000


def defer(
    keys: Iterable[str], changes: Changes, *, blockers: Iterable[str] = ()
) -> None:
    """Store the names of items, and of those with dependents, instead of evaluating."""
    names = changes.puts.setdefault("deferred", {})
    names.update(dict.fromkeys(keys, _DEFERRED))
    names.update(dict.fromkeys(blockers, _BLOCKER))


def defer_touched(
    working: WorkingSet, changes: Changes, recent: Recent | None = None
) -> list[str]:
    """Defer what the batch touched, if no recent batch did; returns all touched."""
    touched = working.to_evaluate()
    names = touched if recent is None else recent.newly_deferred(touched)
    blockers = [key for key in touched if working.row(key).dependents]
    defer(names, changes, blockers=blockers)
    return touched


def deferred_in(state: StateReader) -> int:
    """How many items wait to be evaluated."""
    return sum(1 for _ in state.scan("deferred"))


def evaluate_deferred(sharing: Sharing, instant: int) -> Iterator[Step]:
    """Evaluate every item that waits for it, and who depends on it.

    Each step is stored before the next is asked for, and nobody else writes to the
    state meanwhile. Waits count as open that are at the instant (ms).
    """
    yield from _tell(sharing)
    while (step := sharing.step(instant)) is not None:
        yield step


def _tell(sharing: Sharing) -> Iterator[Step]:
    """Let blockers tell their dependents, so that all evaluate by themselves.

    Whoever is told something new waits to be evaluated too. A profile depends on the
    blocker's own facts only, so nothing cascades further.
    """
    state = sharing.state
    blockers = [key for key, mark in state.scan("deferred") if mark == _BLOCKER]
    keys, left = iter(blockers), set(blockers)
    while some := list(islice(keys, _TOLD)):
        left.difference_update(some)
        working, changes = WorkingSet(state), Changes()
        working.load_rows(some)
        tell_dependents(map(working.row, some), working, sharing.directory)
        # Who is told and has yet to tell others must do so also after a crash.
        defer(working.touched, changes, blockers=left & working.touched.keys())
        sharing.touched(working.touched)
        working.collect(changes)
        yield Step(changes, [], working.told_late)
