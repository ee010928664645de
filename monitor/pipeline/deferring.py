"""Deferred evaluation: while catching up, items are evaluated once, at the end.

Nobody sees a number before everything in the log is read, so evaluating an item
with every batch that touches it would be work for nobody. A batch stores its facts
and the names of the items it touched; when the positions reach the ends, those are
evaluated and accounted, some thousand in a transaction, and then the service is
ready. A crash loses nothing: the names are stored with the facts.
"""

from __future__ import annotations

from itertools import islice
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.pipeline.evaluating import Replaced, evaluate_touched
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.working_set import WorkingSet

DEFERRED: Final = b""
# Evaluated in one transaction: enough to write in order, few enough to hold.
_CHUNK: Final = 5_000


def defer(working: WorkingSet, changes: Changes) -> None:
    """Store the names of what the batch touched instead of evaluating it."""
    changes.puts["deferred"] = dict.fromkeys(working.touched, DEFERRED)


def deferred_in(state: StateReader) -> int:
    """How many items wait to be evaluated."""
    return sum(1 for _ in state.scan("deferred"))


class Evaluated(NamedTuple):
    """What some deferred items came to, and whether no others wait any more."""

    replaced: list[Replaced]
    is_last: bool


def evaluate_deferred(
    state: StateReader, directory: Directory, model: Model, changes: Changes
) -> Evaluated:
    """Evaluate some of the items that wait for it."""
    keys = [key for key, _ in islice(state.scan("deferred"), _CHUNK)]
    working = WorkingSet(state)
    working.reconsider(keys)
    replaced = list(evaluate_touched(working, directory, model))
    working.collect(changes)
    changes.puts["deferred"] = dict.fromkeys(keys)
    return Evaluated(replaced, len(keys) < _CHUNK)
