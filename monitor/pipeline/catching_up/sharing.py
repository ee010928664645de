"""Sharing: what is deferred is evaluated here and by the assistant at the same time.

The assistant always has some tasks ahead, so that it works on while this process
stores. It may begin with items before everything is read: what it makes of one that is
touched later is right as of then, and the item is evaluated once more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.pipeline.accounting import Accounted
from monitor.pipeline.catching_up.assistant import Assistant
from monitor.pipeline.catching_up.tasks import Outcome, Task, evaluate_stored, task_of
from monitor.pipeline.ports import Changes, StateReader

# Evaluated here in one transaction: enough to write in order, because most of them move
# the same series, and few enough to hold. The assistant does about as many meanwhile.
_MINE: Final = 3_000
# Items of a task, of the last ones fewer so that both end at about the same time.
_AT_ONCE: Final = 1_000
_FEWEST: Final = 20
# Tasks the assistant has ahead: enough for the time of a commit, and of a batch.
_AHEAD: Final = 5
_EARLY: Final = 12


class Step(NamedTuple):
    """What is to be stored and booked together; and how much was told too late."""

    changes: Changes
    accounted: list[Accounted]
    late: int = 0


_Evaluated = tuple[Task, Outcome]


@dataclass(slots=True)
class Sharing:
    """Evaluates in steps whatever the state has deferred."""

    state: StateReader
    directory: Directory
    model: Model
    assistant: Assistant
    _given: deque[Task] = field(default_factory=deque)
    _last_touched: frozenset[str] = frozenset()
    # Given, and touched since.
    _stale: set[str] = field(default_factory=set)

    def give_early(self, instant: int) -> None:
        """Give some of what waits to the assistant, while there is more to read.

        Not what was touched last, most of which will be again; nor more than half.
        """
        if not self.assistant.is_here():
            return
        waiting = self._waiting(self._last_touched)
        while len(self._given) < _EARLY and len(waiting) > self._ahead():
            if not self._give(waiting, instant):
                return

    def touched(self, keys: Iterable[str]) -> None:
        """These items have changed: whoever evaluates them now has an old state."""
        self._last_touched = frozenset(keys)
        if self._given:
            self._stale |= self._away() & self._last_touched

    def step(self, instant: int) -> Step | None:
        """Some items, evaluated; None when none waits any more.

        Waits count as open that are at the instant (ms).
        """
        waiting, found = self._waiting(()), list[_Evaluated]()
        mine = 0
        while True:
            # What it has done makes room for more: first of all, it works on.
            while self._given and self.assistant.is_done():
                found.append(self._taken_back())
            self._top_up(waiting, instant)
            if not waiting or mine >= _MINE:
                break
            task = self._next(waiting, instant)
            mine += len(task.items)
            found.append((task, self._evaluated(task)))
        if not mine:  # whatever is left, the assistant has
            found += [self._taken_back() for _ in range(len(self._given))]
        return self._step(found) if found else None

    def _waiting(self, but: Collection[str]) -> deque[str]:
        """Who waits and is not given away: at least enough for a step."""
        away = self._away().union(but)
        names = (key for key, _ in self.state.scan("deferred") if key not in away)
        return deque(islice(names, 2 * _MINE + _EARLY * _AT_ONCE))

    def _away(self) -> set[str]:
        return {stored.key for task in self._given for stored in task.items}

    def _ahead(self) -> int:
        return sum(len(task.items) for task in self._given)

    def _top_up(self, waiting: deque[str], instant: int) -> None:
        """Let the assistant have enough to do until it is looked after again."""
        while len(self._given) < _AHEAD and len(waiting) > self._ahead():
            if not self._give(waiting, instant):
                return

    def _give(self, waiting: deque[str], instant: int) -> bool:
        """Give away the next task; whether there is anybody to take it."""
        task = self._next(waiting, instant)
        if not self.assistant.give(task):
            waiting.extendleft(stored.key for stored in reversed(task.items))
            return False
        self._given.append(task)
        return True

    def _next(self, waiting: deque[str], instant: int) -> Task:
        number = min(_AT_ONCE, len(waiting) // 4 + _FEWEST, len(waiting))
        some = [waiting.popleft() for _ in range(number)]
        return task_of(some, self.state, instant)

    def _taken_back(self) -> _Evaluated:
        """The first task that was given; done here if the assistant is gone."""
        task = self._given.popleft()
        return task, self.assistant.outcome() or self._evaluated(task)

    def _evaluated(self, task: Task) -> Outcome:
        return evaluate_stored(task, self.directory, self.model)

    def _step(self, found: Iterable[_Evaluated]) -> Step:
        step = Step(Changes(), [])
        timelines = step.changes.puts["timelines"] = {}
        names = step.changes.puts["deferred"] = {}
        for task, outcome in found:
            for stored in task.items:
                if stored.key in self._stale:
                    self._stale.remove(stored.key)
                else:
                    names[stored.key] = None
            timelines.update(outcome.timelines)
            step.changes.ledger.extend(outcome.ledger)
            step.accounted.append(outcome.accounted)
        return step
