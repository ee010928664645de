"""Evaluating stored items: bytes in, bytes out, so that any process can do it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice, starmap
from typing import NamedTuple

from monitor.domain.model import Model
from monitor.domain.packed import pack_timelines, unpack_timelines
from monitor.domain.teams import Directory
from monitor.indicators.evaluate import evaluate_each
from monitor.indicators.totals.ledger import Moved, moved
from monitor.pipeline.accounting import Accounted, account
from monitor.pipeline.evaluating import AT_ONCE, Replaced
from monitor.pipeline.ports import StateReader
from monitor.relate.packed_rows import unpack
from monitor.relate.rows import Row


class Stored(NamedTuple):
    """An item as it is stored: its row and its timelines, None where there is none."""

    key: str
    row: bytes | None
    timelines: bytes | None


class Task(NamedTuple):
    """Items to evaluate; waits count as open that are at the instant (ms)."""

    items: list[Stored]
    instant: int


class Outcome(NamedTuple):
    """What a task came to; ``timelines`` are those that changed, None for none."""

    timelines: dict[str, bytes | None]
    accounted: Accounted
    ledger: list[Moved]


def task_of(keys: Iterable[str], state: StateReader, instant: int) -> Task:
    """The task to evaluate these items as they are stored now."""
    wanted = list(keys)
    rows = state.get_many("items", wanted)
    timelines = state.get_many("timelines", wanted)
    items = [Stored(key, rows.get(key), timelines.get(key)) for key in wanted]
    return Task(items, instant)


def evaluate_stored(task: Task, directory: Directory, model: Model) -> Outcome:
    """Evaluate and account every item of the task. Pure."""
    timelines: dict[str, bytes | None] = {}
    found = Outcome(timelines, Accounted({}, [], []), [])
    items = iter(task.items)
    while some := list(islice(items, AT_ONCE)):
        changed = _replaced(some, directory, model)
        for key, _, new in changed:
            timelines[key] = pack_timelines(new) if new else None
        found.ledger.extend(filter(None, starmap(moved, changed)))
        account(found.accounted, changed, directory, task.instant)
    return found


def _replaced(
    items: Collection[Stored], directory: Directory, model: Model
) -> list[Replaced]:
    """Which of the items come to other timelines than are stored."""
    rows = [
        unpack(packed) if packed is not None else Row(key) for key, packed, _ in items
    ]
    facts = [row.item(directory) for row in rows]
    evaluated = evaluate_each(facts, directory, model)
    replaced = [
        Replaced(key, unpack_timelines(before) if before is not None else (), new)
        for (key, _, before), new in zip(items, evaluated, strict=True)
    ]
    return [one for one in replaced if one.old != one.new]
