"""What a repository delivers while it is renamed, or its name is used again.

Expected is by indicators 4 of the hours told: lead time from the opening to the first
success in production of a tip that contains the change, recovery to the next success.
"""

from __future__ import annotations

import pytest

from monitor.domain.timeline import Measured
from tests.unit.pipeline.renamed_repositories import (
    HOUR,
    NEW_SHOP,
    SHOP,
    STORE,
    Repository,
    Told,
    at,
    deployed,
    driven,
    measured,
    merged,
    native,
    orders,
    own_failures,
    pull,
    spent,
)

BOTH = pytest.mark.parametrize("later", [SHOP, STORE], ids=["kept", "renamed"])
TIP = "8" * 40


def tip(home: Repository) -> Told:
    """Merged at eleven, and the commit that is deployed."""
    head = {"ref": "till", "sha": "b" * 40}
    return merged(home, at("11:00"), number=8, head=head, merge_commit_sha=TIP)


@BOTH
def test_a_tip_brings_what_was_merged_under_the_other_name(later: Repository) -> None:
    told = [
        merged(SHOP, at("10:00")),
        tip(later),
        deployed(later, 1, at("14:00"), "success", TIP),
    ]
    for order in orders(told):
        assert measured(order, Measured.LEAD_TIME) == [
            ("github.com:11#7", "14:00", 5 * 60),
            ("github.com:11#8", "14:00", 5 * 60),
        ]


@BOTH
@pytest.mark.slow
def test_of_tips_under_two_names_the_first_that_succeeds_counts(
    later: Repository,
) -> None:
    """The deploy of the tip was told to have failed at first."""
    told = [
        merged(SHOP, at("10:00")),
        tip(SHOP),
        deployed(SHOP, 1, at("12:00"), "failure", TIP),
        deployed(later, 2, at("13:00"), "success", TIP),
        deployed(later, 3, at("14:00"), "success", TIP),
    ]
    for order in orders(told):
        assert measured(order, Measured.LEAD_TIME) == [
            ("github.com:11#7", "13:00", 4 * 60),
            ("github.com:11#8", "13:00", 4 * 60),
        ]


def test_a_tip_brings_nothing_of_the_repository_that_had_its_name() -> None:
    told = [
        merged(SHOP, at("10:00")),
        tip(NEW_SHOP),
        deployed(NEW_SHOP, 1, at("14:00"), "success", TIP),
    ]
    for order in orders(told):
        assert measured(order, Measured.LEAD_TIME) == [
            ("github.com:44#8", "14:00", 5 * 60)
        ]


@pytest.mark.parametrize(("home", "brought"), [(SHOP, 2), (STORE, 1)])
def test_a_tip_that_tells_only_the_name_brings_what_was_told_under_it(
    home: Repository, brought: int
) -> None:
    said = {"repo": "acme/shop", "team": "shop"}
    told = [
        merged(home, at("10:00")),
        native("change.opened", at("09:00"), "PR-8", branch="till", **said),
        native("change.merged", at("11:00"), "PR-8", sha=TIP, **said),
        native(
            "deploy.finished",
            at("14:00"),
            "D-1",
            outcome="success",
            environment="production",
            shas=[TIP],
        ),
    ]
    for order in orders(told):
        assert len(measured(order, Measured.LEAD_TIME)) == brought


@BOTH
def test_a_failure_lasts_until_the_next_success_under_any_name(
    later: Repository,
) -> None:
    told = [
        deployed(SHOP, 1, at("12:00"), "failure", TIP),
        deployed(later, 2, at("13:00"), "success", TIP),
        deployed(later, 3, at("14:00"), "success", TIP),
    ]
    for order in orders(told):
        assert measured(order, Measured.RECOVERY) == [
            ("github.com:deploy/1", "13:00", 60)
        ]


def test_a_success_of_the_repository_that_has_the_name_now_ends_nothing() -> None:
    told = [
        deployed(SHOP, 1, at("12:00"), "failure", TIP),
        deployed(NEW_SHOP, 2, at("13:00"), "success", "c" * 40),
        deployed(STORE, 3, at("14:00"), "success", TIP),
    ]
    for order in orders(told):
        assert measured(order, Measured.RECOVERY) == [
            ("github.com:deploy/1", "14:00", 2 * 60)
        ]


@pytest.mark.parametrize(
    ("failing", "ending", "ends"),
    [(SHOP, None, True), (None, SHOP, True), (STORE, None, False)],
)
def test_deploys_that_tell_only_the_name_are_of_what_has_it(
    failing: Repository | None, ending: Repository | None, ends: bool
) -> None:
    told = [
        ended(failing, 1, at("12:00"), "failure"),
        ended(ending, 2, at("13:00"), "success"),
    ]
    for order in orders(told):
        found = measured(order, Measured.RECOVERY)
        assert [minutes for _, _, minutes in found] == [60] * ends


def ended(home: Repository | None, number: int, time: str, outcome: str) -> Told:
    """A deployment of GitHub, or one that another source tells of."""
    if home is not None:
        return deployed(home, number, time, outcome, TIP)
    said = {"repo": "acme/shop", "environment": "production", "outcome": outcome}
    return native("deploy.finished", time, f"D-{number}", **said)


@BOTH
def test_a_failure_by_another_team_holds_up_until_the_next_success(
    later: Repository,
) -> None:
    """Its cause is stated apart; the change is merged later, so in flight."""
    told = [
        pull(SHOP, at("09:00")),
        deployed(SHOP, 1, at("12:00"), "failure", "a" * 40),
        native(
            "deploy.finished",
            at("12:00"),
            "github.com:deploy/1",
            outcome="failure",
            cause_team="platform",
        ),
        deployed(later, 2, at("14:00"), "success", TIP),
        merged(later, at("15:00")),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("shop", "platform", "deploy_failure"): 2 * HOUR,
            ("shop", "", "feature"): 4 * HOUR,
        }


@BOTH
def test_the_own_failures_of_a_lane_are_one(later: Repository) -> None:
    """From noon to two, though it failed again."""
    told = [
        pull(SHOP, at("09:00")),
        deployed(SHOP, 1, at("12:00"), "failure", "a" * 40),
        deployed(later, 2, at("13:00"), "failure", "a" * 40),
        deployed(later, 3, at("14:00"), "success", TIP),
        merged(later, at("15:00")),
    ]
    for order in orders(told):
        assert own_failures(order) == {"github.com:11#7": 2 * HOUR}


@BOTH
def test_time_between_deploys_is_that_of_one_place(later: Repository) -> None:
    told = [
        deployed(SHOP, 1, at("12:00"), "success", TIP),
        deployed(later, 2, at("13:00"), "success", TIP),
    ]
    places = {
        measure.place
        for timeline in driven(told, at("17:00")).timelines()
        for measure in timeline.measures
        if measure.name is Measured.DEPLOYS
    }
    assert places == {"repo:github.com:11/production"}


@BOTH
def test_an_older_version_takes_a_newer_one_back_under_any_name(
    later: Repository,
) -> None:
    """The commit that had been there at ten comes again after that of noon."""
    told = [
        deployed(SHOP, 1, at("10:00"), "success", "1" * 40, at("09:30")),
        deployed(SHOP, 2, at("12:00"), "success", "2" * 40, at("11:30")),
        deployed(later, 3, at("14:00"), "success", "1" * 40, at("13:30")),
    ]
    for order in orders(told):
        assert measured(order, Measured.RECOVERY) == [
            ("github.com:deploy/2", "14:00", 2 * 60)
        ]
