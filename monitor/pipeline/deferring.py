"""Deferred evaluation: while catching up, items are evaluated once, at the end.

Nobody sees a number before everything in the log is read, so evaluating an item
with every batch that touches it would be work for nobody. A batch stores its facts
and the names of the items it touched; when the positions reach the ends, those are
evaluated and accounted, some thousand in a transaction, and then the service is
ready. A crash loses nothing: the names are stored with the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from monitor.pipeline.accounting import Accounted
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.tasks import Crew, News, Outcome, Stored, Task
from monitor.pipeline.working_set import WorkingSet

_DEFERRED: Final = b""
# Evaluated in one task: few enough to share out evenly.
_AT_ONCE: Final = 1_000
# Stored together: every step stores each series that moved, and most do.
_TOGETHER: Final = 10_000


class Step(NamedTuple):
    """What is to be stored and booked together."""

    changes: Changes
    accounted: list[Accounted]


def defer(keys: Iterable[str], changes: Changes) -> None:
    """Store the names of items instead of evaluating them."""
    names = changes.puts.setdefault("deferred", {})
    names.update(dict.fromkeys(keys, _DEFERRED))


def deferred_in(state: StateReader) -> int:
    """How many items wait to be evaluated."""
    return sum(1 for _ in state.scan("deferred"))


def evaluate_deferred(state: StateReader, crew: Crew, instant: int) -> Iterator[Step]:
    """Evaluate every item that waits for it. Each step is stored before the next.

    A blocker whose profile is news to its dependents defers those: they are
    evaluated once more. A profile depends on the blocker's own facts only, so
    nothing cascades further. Nobody else may write to the state meanwhile.
    """
    while keys := [key for key, _ in state.scan("deferred")]:
        news: list[News] = []
        outcomes = crew.evaluate(_tasks(keys, state, instant))
        while some := list(islice(outcomes, _TOGETHER // _AT_ONCE)):
            news += [one for outcome in some for one in outcome.news]
            yield _step(some)
        if news:
            yield Step(_passed_on(news, state), [])


def _step(outcomes: Iterable[Outcome]) -> Step:
    step = Step(Changes(), [])
    timelines = step.changes.puts["timelines"] = {}
    deferred = step.changes.puts["deferred"] = {}
    for outcome in outcomes:
        timelines.update(outcome.timelines)
        step.accounted.append(outcome.accounted)
        telling = {one.item for one in outcome.news}
        # Whoever still has to tell something stays named, should we be killed.
        deferred.update({key: None for key in outcome.keys if key not in telling})
    return step


def _tasks(keys: Sequence[str], state: StateReader, instant: int) -> Iterator[Task]:
    rest = iter(keys)
    while chunk := list(islice(rest, _AT_ONCE)):
        rows = state.get_many("items", chunk)
        timelines = state.get_many("timelines", chunk)
        yield Task(
            [Stored(key, rows.get(key), timelines.get(key)) for key in chunk], instant
        )


def _passed_on(news: Sequence[News], state: StateReader) -> Changes:
    """Give each dependent its blocker's profile, and defer it."""
    working, changes = WorkingSet(state), Changes()
    told: dict[str, None] = {}
    working.load_rows(one.item for one in news)
    for item, blocker, sent, profile in news:
        row = working.row(item)
        row.dependents[blocker].sent = sent
        working.touch(row)
        for other in working.tell(row, blocker, profile):
            told[other] = None
    working.collect(changes)
    changes.puts["deferred"] = dict.fromkeys(one.item for one in news)
    defer(told, changes)
    return changes
