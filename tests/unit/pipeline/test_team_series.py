"""Which series a team's row and page are made of."""

from __future__ import annotations

import pytest

from monitor.indicators.totals.series import Family, Key
from monitor.pipeline.showing.team_series import TeamSeries
from tests.harness.driving import Drive, directory_of
from tests.unit.pipeline.running import MONDAY

DIRECTORY = directory_of("version: 1\nteams: [{id: a}]\n")
SHOWN: list[Key] = [
    (Family.WAIT, "a", "a", "b", "handoff", "acute"),
    (Family.ACTIVE, "a", "a", "feature"),
    (Family.OWN_FAILURE, "a", "a", "ci"),
    (Family.UNCLASSIFIED, "a", "a"),
    (Family.OPEN, "", "a", "b", "handoff"),
    (Family.ITEM_FIRST, "", "a"),
    (Family.ITEM_LAST, "", "a"),
    (Family.ITEM_GAP, "", "a", "28"),
]
OTHERS: list[Key] = [
    (Family.ACTIVE, "b", "b", "feature"),
    (Family.NEGATIVES, "", "a"),
    (Family.WAITS, "", "a", "b", "handoff"),
]


@pytest.mark.parametrize("key", SHOWN, ids=lambda key: key[0])
def test_every_series_of_a_row_is_about_its_team(key: Key) -> None:
    accounts = Drive(DIRECTORY, MONDAY).books.accounts
    series, known = TeamSeries(), {accounts.series_of(one).number for one in OTHERS}
    assert not known & series.about(accounts, ["a"])
    number = accounts.series_of(key).number
    assert series.about(accounts, ["a"]) == {number}
    assert series.about(accounts, ["nobody"]) == set()


def test_a_wait_is_about_both_of_its_teams() -> None:
    accounts = Drive(DIRECTORY, MONDAY).books.accounts
    wait = accounts.series_of(SHOWN[0]).number
    series = TeamSeries()
    assert series.about(accounts, ["b"]) == {wait}
    assert series.about(accounts, ["a", "b"]) == {wait}
