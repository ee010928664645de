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
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.pipeline.accounting import Accounted
from monitor.pipeline.assistant import Assistant, Nobody
from monitor.pipeline.evaluating import tell_dependents
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.tasks import Outcome, Task, evaluate_stored, task_of
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.rows import has_dependents

_DEFERRED: Final = b""
# Evaluated in one transaction, here and by the assistant: enough to write in order,
# because most of them move the same series, and few enough to hold.
_MINE: Final = 5_000
_GIVEN: Final = 5_000
_TOLD: Final = 5_000


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


def evaluate_deferred(
    state: StateReader,
    directory: Directory,
    model: Model,
    instant: int,
    assistant: Assistant | None = None,
) -> Iterator[Step]:
    """Evaluate every item that waits for it, and who depends on it.

    Each step is stored before the next is asked for, and nobody else writes to the
    state meanwhile. Waits count as open that are at the instant (ms).
    """
    yield from _tell(state, directory)
    sharing = _Sharing(state, directory, model, instant, assistant or Nobody())
    while (step := sharing.step()) is not None:
        yield step


def _tell(state: StateReader, directory: Directory) -> Iterator[Step]:
    """Let blockers tell their dependents, so that all evaluate by themselves.

    Whoever is told something new waits to be evaluated too. A profile depends on the
    blocker's own facts only, so nothing cascades further.
    """
    blockers: list[str] = []
    names = (key for key, _ in state.scan("deferred"))
    while some := list(islice(names, _TOLD)):
        rows = state.get_many("items", some)
        blockers += [key for key, packed in rows.items() if has_dependents(packed)]
    keys = iter(blockers)
    while some := list(islice(keys, _TOLD)):
        working, changes = WorkingSet(state), Changes()
        working.load_rows(some)
        tell_dependents(map(working.row, some), working, directory)
        defer(working.touched, changes)
        working.collect(changes)
        yield Step(changes, [])


@dataclass(slots=True)
class _Sharing:
    """Evaluates in steps; the assistant does meanwhile what it was given before."""

    state: StateReader
    directory: Directory
    model: Model
    instant: int
    assistant: Assistant
    _given: Task | None = None

    def step(self) -> Step | None:
        """Some items, evaluated; None when none waits any more."""
        waiting = self._waiting()
        if not waiting and self._given is None:
            return None
        mine = waiting[: min(_MINE, (len(waiting) + 1) // 2)]
        others = waiting[len(mine) :]
        if self._given is None:
            self._given = self._give(others[:_GIVEN])
            others = others[_GIVEN:]
        given = self._given
        if given is None:
            mine = waiting[:_MINE]
        outcomes = [self._evaluated(task_of(mine, self.state, self.instant))]
        if given is not None:
            outcomes.append(self.assistant.outcome() or self._evaluated(given))
        self._given = self._give(others[:_GIVEN])
        return _step([*mine, *_keys(given)], outcomes)

    def _waiting(self) -> list[str]:
        """Who waits and is not given away: enough for this step and the next."""
        away = frozenset(_keys(self._given))
        names = (key for key, _ in self.state.scan("deferred") if key not in away)
        return list(islice(names, _MINE + 2 * _GIVEN))

    def _give(self, keys: list[str]) -> Task | None:
        """The task of these items, if the assistant takes it."""
        if not keys:
            return None
        task = task_of(keys, self.state, self.instant)
        return task if self.assistant.give(task) else None

    def _evaluated(self, task: Task) -> Outcome:
        return evaluate_stored(task, self.directory, self.model)


def _keys(task: Task | None) -> list[str]:
    return [] if task is None else [stored.key for stored in task.items]


def _step(keys: Iterable[str], outcomes: Iterable[Outcome]) -> Step:
    step = Step(Changes(), [])
    timelines = step.changes.puts["timelines"] = {}
    for outcome in outcomes:
        timelines.update(outcome.timelines)
        step.accounted.append(outcome.accounted)
    step.changes.puts["deferred"] = dict.fromkeys(keys)
    return step
