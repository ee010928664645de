"""A rollback that names no deploy is of the last that ended before it there."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.deploys import turns_of
from monitor.domain.facts import Fact
from monitor.domain.items import Profile, Shipped, Turn
from monitor.indicators.delivery.turns import Turned, lasting
from tests.unit.indicators.history import HOUR, at
from tests.unit.indicators.test_rules_shipping import (
    counted,
    deploy,
    ended,
    recovery,
    rolled_back,
)

TILL = {"deployed": "/cd#till"}
DEPLOYED, ROLLED_BACK = 1, 2


def told(when: str, rank: int, **more: Any) -> Profile:
    """What another deploy of the till told."""
    turn = Turn(at(when), "/cd#till", "prod", rank, tuple(more.get("causes", ())))
    return Profile((), (), (), turns=(turn,))


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (told("Mon 11:00", ROLLED_BACK), [deploy("own", "10:00")]),
        (
            told("Mon 11:00", ROLLED_BACK, causes=["search"]),
            [deploy("other_team", "10:00")],
        ),
    ],
)
def test_a_deploy_that_was_rolled_back_has_failed(
    profile: Profile, expected: list[tuple[Any, ...]]
) -> None:
    found = counted(ended("Mon 10:00", "success", **TILL), told={"R-1": profile})
    assert found == [*expected, recovery("11:00", HOUR)]


@pytest.mark.parametrize(
    "others",
    [
        {"D-0": told("Mon 09:00", DEPLOYED)},
        {"R-0": told("Mon 09:00", ROLLED_BACK)},
        {"D-2": told("Mon 10:30", DEPLOYED), "R-2": told("Mon 11:00", ROLLED_BACK)},
    ],
)
def test_a_rollback_of_another_deploy_leaves_it(others: dict[str, Profile]) -> None:
    found = counted(ended("Mon 10:00", "success", **TILL), told=others)
    assert found == [deploy("none", "10:00")]


def test_a_rollback_is_no_deploy_beside_the_one_it_undid() -> None:
    before = {"D-0": told("Mon 09:00", DEPLOYED)}
    assert counted(rolled_back("Mon 10:00", **TILL), told=before) == []
    assert counted(rolled_back("Mon 10:00", **TILL)) == [deploy("own", "10:00")]


def test_of_another_deploy_what_no_rollback_follows_lasts() -> None:
    shipped = Shipped(at("Mon 10:00"), ("production",), "checkout")
    turn = Turn(at("Mon 10:00"), "/cd#till", "prod", DEPLOYED)
    told_of = Profile((), (), (), shipped=(shipped,), turns=(turn,))
    own = Turned(at("Mon 10:00"), DEPLOYED, "D-1", ())
    for rank, found in ((DEPLOYED, [shipped]), (ROLLED_BACK, [])):
        after = Turned(at("Mon 11:00"), rank, "D-2", ())
        orders = {("/cd#till", "prod"): [own, after]}
        assert list(lasting("D-1", told_of, orders)) == found


@pytest.mark.parametrize(
    "silent",
    [
        ended("Mon 10:00", "success"),
        ended("Mon 10:00", "cancelled", **TILL),
    ],
)
def test_a_deploy_with_a_name_or_without_an_end_has_no_turn(silent: Fact) -> None:
    assert turns_of([silent]) == ()
