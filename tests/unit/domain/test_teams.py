"""Dated schedules of teams, and the model's limits."""

import pytest

from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.teams import BEGINNING, Since, always, team_at

MOVED = (Since(BEGINNING, "checkout"), Since(10, "search"), Since(20, "platform"))


@pytest.mark.parametrize(
    ("instant", "team"),
    [
        (-5, "checkout"),
        (9, "checkout"),
        (10, "search"),
        (19, "search"),
        (99, "platform"),
    ],
)
def test_a_schedule_names_the_team_from_its_start_on(instant: int, team: str) -> None:
    assert team_at(MOVED, instant) == team


def test_a_schedule_that_never_changes_holds_before_all_time() -> None:
    assert team_at(always("checkout"), BEGINNING) == "checkout"


def test_a_working_day_in_limits_has_eight_hours() -> None:
    assert DEFAULT_MODEL.idle_ms == 5 * 28_800_000
    assert DEFAULT_MODEL.stale_ms == 10 * 28_800_000
    assert Model(idle_days=1).idle_ms == 28_800_000
