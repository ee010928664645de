"""Deferred evaluation: while catching up, items are evaluated once, at the end.

Nobody sees a number before everything in the log is read, so evaluating an item
with every batch that touches it would be work for nobody. A batch stores its facts
and the names of the items it touched; when the positions reach the ends, those are
evaluated and accounted, some thousand in a transaction, and then the service is
ready. A crash loses nothing: the names are stored with the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.pipeline.accounting import Accounted, accounted
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.working_set import WorkingSet

_DEFERRED: Final = b""
# Evaluated in one transaction: enough to write in order, few enough to hold.
_AT_ONCE: Final = 5_000


class Step(NamedTuple):
    """What is to be stored and booked together."""

    changes: Changes
    accounted: Accounted


def defer(keys: Iterable[str], changes: Changes) -> None:
    """Store the names of items instead of evaluating them."""
    names = changes.puts.setdefault("deferred", {})
    names.update(dict.fromkeys(keys, _DEFERRED))


def deferred_in(state: StateReader) -> int:
    """How many items wait to be evaluated."""
    return sum(1 for _ in state.scan("deferred"))


def evaluate_deferred(
    state: StateReader, directory: Directory, model: Model, instant: int
) -> Iterator[Step]:
    """Evaluate every item that waits for it, and who depends on it.

    Each step is stored before the next is asked for, and nobody else writes to the
    state meanwhile. Waits count as open that are at the instant (ms).
    """
    while keys := [key for key, _ in islice(state.scan("deferred"), _AT_ONCE)]:
        working, changes = WorkingSet(state), Changes()
        working.reconsider(keys)
        replaced = evaluate_touched(working, directory, model)
        found = accounted(replaced, directory, instant)
        working.collect(changes)
        changes.puts["deferred"] = dict.fromkeys(keys)
        yield Step(changes, found)
