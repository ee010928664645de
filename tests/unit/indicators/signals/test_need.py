"""Staffing as a range, and the need for a Platform PM as a conjunction."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.indicators.signals.need import judge
from monitor.indicators.signals.staffing import staffing, staffing_of
from tests.harness.driving import directory_of
from tests.unit.indicators.signals.story import TEAMS

MORE = Fraction(11, 10)
TOO_FEW = staffing(14, 3, 1)


@pytest.mark.parametrize(
    ("teams", "domains", "minimum", "high"),
    [
        # The two of the specification.
        (14, 3, 2, 3),
        (3, 1, 1, 1),
        (0, 0, 0, 0),
        (0, 2, 0, 2),
        (1, 0, 1, 1),
        (6, 1, 1, 1),
        (7, 1, 1, 2),
        (10, 1, 1, 2),
        (11, 1, 2, 2),
        (30, 9, 3, 9),
    ],
)
def test_the_range_by_teams_and_domains(
    teams: int, domains: int, minimum: int, high: int
) -> None:
    found = staffing(teams, domains, None)
    assert (found.minimum, found.high) == (minimum, high)
    assert found.gap is None


@pytest.mark.parametrize(
    ("current", "gap"), [(0, (2, 3)), (2, (0, 1)), (3, (0, 0)), (5, (0, 0))]
)
def test_the_gap_is_what_is_missing_to_either_end(
    current: int, gap: tuple[int, int]
) -> None:
    assert staffing(14, 3, current).gap == gap


def test_platform_teams_and_domains_are_those_of_the_directory() -> None:
    found = staffing_of(directory_of(TEAMS))
    assert (found.current, found.domain, found.teams_low) == (1, 1, 1)
    silent = directory_of(TEAMS.replace("pms: 1, ", ""))
    assert staffing_of(silent).current is None


@pytest.mark.parametrize(
    ("active", "month", "week", "current", "needed"),
    [
        (3, MORE, MORE, 1, True),
        (7, MORE, MORE, 0, True),
        (2, MORE, MORE, 1, False),
        # Exactly 1 does not exceed.
        (3, Fraction(1), MORE, 1, False),
        (3, MORE, Fraction(1), 1, False),
        (3, MORE, MORE, 2, False),
        # What is not known leaves it open, unless something else is false.
        (3, None, MORE, 1, None),
        (3, MORE, None, 1, None),
        (3, MORE, MORE, None, None),
        (2, None, None, None, False),
        (3, None, MORE, 2, False),
    ],
)
def test_every_part_is_needed(
    active: int,
    month: Fraction | None,
    week: Fraction | None,
    current: int | None,
    *,
    needed: bool | None,
) -> None:
    assert judge(active, month, week, staffing(14, 3, current)).needed is needed


def test_the_reason_names_every_part() -> None:
    assert judge(3, MORE, None, TOO_FEW).reason == (
        "3 of 7 signals on, 3 needed; R of 28 days is 1.10, above 1 needed; "
        "R of 7 days is not known; 1 Platform PMs, the minimum is 2"
    )
    unstated = judge(3, MORE, MORE, staffing(14, 3, None)).reason
    assert unstated.endswith("the number of Platform PMs is not stated")
