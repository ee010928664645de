"""What an item's runs tell of whether it is worked on, and which changes were open."""

from __future__ import annotations

from collections import deque
from collections.abc import Container
from dataclasses import dataclass, field

from monitor.domain.facts import RUNS, Fact
from monitor.domain.items import ItemFacts


@dataclass(slots=True)
class RunsTold:
    """When runs were first told of: asked of few items, so worked out when asked."""

    item: ItemFacts
    _first: dict[tuple[str, ...], int] = field(default_factory=dict)
    _first_of_changes: dict[str, int] = field(default_factory=dict)
    # Changes that may be open yet, in the order in which anything first ran for them.
    _unclosed: deque[str] = field(default_factory=deque)

    def is_new_work(self, run: Fact) -> bool:
        """Whether it shows that a parked item is worked on: not what goes on of one."""
        if not self._first:
            self._tell()
        number = run.fields.get("attempt")
        same = [(run.entity, str(number)), (run.entity, str(None))]
        keys = [(run.entity,)] if number is None else same
        return all(self._first.get(key, run.time) >= run.time for key in keys)

    def ran_before(self, change: str, instant: int) -> bool:
        """Whether anything ran for a change before an instant: so it was open."""
        if not self._first:
            self._tell()
        return self._first_of_changes.get(change, instant) < instant

    def ran_for_another(self, closed: Container[str], instant: int) -> bool:
        """Whether anything ran before for a change that is not among the closed.

        What is closed once stays so from one call to the next: it is passed for good.
        """
        if not self._first:
            self._tell()
        while self._unclosed and self._unclosed[0] in closed:
            self._unclosed.popleft()
        return bool(self._unclosed) and self.ran_before(self._unclosed[0], instant)

    def _tell(self) -> None:
        """By run, by run and attempt, and by change, when it was first told."""
        changes = self.item.changes_of_runs
        for fact in self.item.of(*RUNS):
            number = str(fact.fields.get("attempt"))
            self._first.setdefault((fact.entity,), fact.time)
            self._first.setdefault((fact.entity, number), fact.time)
            if fact.entity in changes:
                self._first_of_changes.setdefault(changes[fact.entity], fact.time)
        self._unclosed.extend(self._first_of_changes)
