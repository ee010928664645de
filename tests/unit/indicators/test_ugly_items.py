"""What one strange item costs to measure: counted by looks, which no clock disturbs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.indicators.items import flight
from monitor.indicators.items.flight import flights_of
from monitor.indicators.timelines.profile import Telling
from tests.unit.indicators.history import DIRECTORY, fact, item_of, started


class Asked(frozenset[str]):
    """Kinds that count how often one is looked for among them."""

    times = 0

    def __contains__(self, kind: object) -> bool:
        self.times += 1
        return super().__contains__(kind)


def looks_of_merges(many: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a fact is asked whether it opens, of so many merges at one instant."""
    asked = Asked(flight._CHILD_OPENS)
    monkeypatch.setattr(flight, "_CHILD_OPENS", asked)
    merges = [fact("change.merged", "Mon 10:00", f"shop#{n}") for n in range(many)]
    flights_of(item_of([started(), *merges]))
    return asked.times


def test_merges_at_one_instant_whose_openings_nobody_told_are_looked_through_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twice as many: twice the looks, not four times."""
    few, many = (looks_of_merges(number, monkeypatch) for number in (100, 200))
    assert 0 < many < 3 * few


def counting(facts: Sequence[Fact], looked: list[None]) -> tuple[Fact, ...]:
    """The facts, which note each time that they are gone through."""

    class Counting(tuple[Fact, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[Fact]:
            looked.append(None)
            return super().__iter__()

    return Counting(facts)


def test_each_sub_task_that_is_needed_looks_through_its_own_facts_alone() -> None:
    parts = [f"PLT-{number}" for number in range(10, 60)]
    of: dict[str, Any] = {"item": "PLT-9"}
    needed = {**of, "needed_by": "CHK-1", "requester_team": "checkout"}
    facts = [fact("ticket.created", "Mon 09:00", "PLT-9", team="platform")]
    for part in parts:
        facts += [
            fact("ticket.requested", "Mon 10:00", part, **needed),
            fact("ticket.assigned", "Mon 11:00", part, **of, to_team="search"),
        ]
    item = item_of(facts, "PLT-9")
    looked: list[None] = []
    telling = Telling(replace(item, facts=counting(item.facts, looked)), DIRECTORY)
    telling.profile(parts[0])
    looked.clear()
    for part in parts[1:]:
        assert telling.profile(part).needs
    assert not looked
