"""Teams that came after the sample: listed in the order of their coming."""

from __future__ import annotations

import pytest

from monitor.adapters.prometheus import shown_teams
from monitor.adapters.prometheus.books_snapshots import BooksSnapshots
from monitor.adapters.prometheus.shown_teams import ShownTeams
from monitor.directory.growing import NOTHING
from monitor.directory.provisional import directory_of
from monitor.domain.snapshot import Bounds, Family
from monitor.domain.teams import Directory
from monitor.indicators.totals.series import Family as Kept
from monitor.pipeline.books import Books
from tests.harness.driving import Drive
from tests.harness.driving import directory_of as file_of
from tests.unit.pipeline.running import MONDAY, Process, event

RULES = directory_of(NOTHING)


def books(directory: Directory, *keys: tuple[str, ...]) -> Books:
    """Books with series of these keys."""
    found = Drive(directory, MONDAY).books
    for key in keys:
        found.accounts.series_of(key)
    return found


def test_teams_are_met_in_the_order_of_the_series_that_name_them() -> None:
    known = books(
        RULES,
        (Kept.ACTIVE, "wall", "zebra", "feature"),
        (Kept.WAIT, "wall", "zebra", "ape", "review_wait", "acute"),
        (Kept.NEGATIVES, "", "review_wait"),
        (Kept.OPEN, "", "unknown", "external", "ci_queue"),
        (Kept.BUCKET, "", "zebra", "handoff", "3"),
    )
    teams = ShownTeams(known, RULES)
    assert [team.id for team in teams.at(MONDAY).teams] == ["zebra", "ape"]
    known.accounts.series_of((Kept.STALE, "", "bear"))
    assert [team.id for team in teams.at(MONDAY).teams] == ["zebra", "ape", "bear"]


def test_a_teams_file_leaves_nobody_to_be_met() -> None:
    file = file_of("version: 1\nteams: [{id: checkout}]\n")
    known = books(file, (Kept.ACTIVE, "wall", "gone", "feature"))
    assert [team.id for team in ShownTeams(known, file).at(MONDAY).teams] == [
        "checkout"
    ]


def test_teams_beyond_the_most_are_shown_as_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shown_teams, "MOST_TEAMS", 2)
    process = Process(directory=RULES)
    process.caught_up()
    for number, team in enumerate(("zebra", "ape", "bear", "cat")):
        entity = f"T-{number}"
        process.send(
            event("ticket.created", 0, entity, team=team),
            event("ticket.started", 1, entity, work_class="feature"),
        )
        process.runner.turn()
    teams = ShownTeams(process.runner.books, RULES)
    snapshots = BooksSnapshots(process.runner, process.clock, teams, "1")
    health, business = snapshots.snapshot().health, snapshots.snapshot().business
    shown = {labels[0] for labels, _ in family(health, "friction_team_info").samples}
    assert shown == {"zebra", "ape"}
    active = dict(family(business, "friction_active_seconds_total").samples)
    by_team = {labels[0]: value for labels, value in active.items() if value}
    assert by_team.keys() == {"zebra", "ape", "other"}
    assert by_team["other"] == 2 * by_team["zebra"]
    page = snapshots.page()
    assert page is not None
    assert page.provisional
    assert {row.team for row in page.teams} == {"zebra", "ape", "other"}
    kinds = {row.team: row.kind for row in page.teams}
    assert kinds["zebra"] == "stream"
    # All of it is feature cost of stream teams, and nobody waits.
    assert page.organisation_ratio == Bounds(0, 0, 0)


def family(families: tuple[Family, ...], name: str) -> Family:
    """One family of a snapshot."""
    return next(one for one in families if one.name == name)
