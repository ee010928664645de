"""What a repository delivers while it is renamed, or its name is used again.

Expected is by indicators 4 of the hours told: lead time from the opening to the first
success in production of a tip that contains the change, recovery to the next success.
"""

from __future__ import annotations

import pytest

from monitor.domain.timeline import Measured
from tests.unit.pipeline.renamed_repositories import (
    NEW_SHOP,
    SHOP,
    STORE,
    Repository,
    Told,
    at,
    deployed,
    measured,
    merged,
    native,
    orders,
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
