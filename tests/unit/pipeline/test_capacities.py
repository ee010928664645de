"""Capacity of several spans at once is that of each span alone."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.working_time import DAY
from monitor.indicators.totals.cost import capacity_between
from monitor.pipeline.showing.capacities import Capacities
from tests.harness.driving import directory_of
from tests.unit.indicators.history import at

NOW = at("Wed 15:30")
TEAMS = directory_of(
    """
version: 1
organisation: {name: Acme}
teams:
  - {id: one, headcount: 4}
  - {id: half, headcount: 2.5}
  - id: grown
    headcount: [{from: 2026-02-20, value: 3}, {from: 2026-03-03, value: 4.25}]
  - id: later
    headcount: [{from: 2026-03-04, value: 1.1}, {from: 2030-01-01, value: 9}]
  - {id: away, headcount: 2.5, absence_share: 0.15}
  - {id: silent}
"""
).teams

spans = st.lists(st.integers(NOW - 40 * DAY, NOW), max_size=6)


@given(spans, st.sampled_from(sorted(TEAMS)))
def test_each_span_has_the_capacity_it_has_alone(starts: list[int], name: str) -> None:
    amounts, units = Capacities(NOW, starts).of(TEAMS[name])
    assert [Fraction(amount, units) for amount in amounts] == [
        capacity_between(TEAMS[name], start, NOW) or 0 for start in starts
    ]


def test_every_team_is_asked_by_its_own_calendar() -> None:
    capacities = Capacities(NOW, [NOW - DAY])
    found = {name: capacities.of(team) for name, team in TEAMS.items()}
    for name, ((amount,), units) in found.items():
        alone = capacity_between(TEAMS[name], NOW - DAY, NOW)
        assert Fraction(amount, units) == (alone or 0)
