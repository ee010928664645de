"""What one strange item costs to measure: counted by looks, which no clock disturbs."""

from __future__ import annotations

import pytest

from monitor.indicators.items import flight
from monitor.indicators.items.flight import flights_of
from tests.unit.indicators.history import fact, item_of, started


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
