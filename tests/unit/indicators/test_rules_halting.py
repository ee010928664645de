"""Indicators 1.2: the halting rule, of waits that hold up a change only."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, fact, rule_of, started


def ticket(kind: str, when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, entity, **fields)


def change(kind: str, when: str, entity: str = "shop#7", **fields: Any) -> Fact:
    return fact(f"change.{kind}", when, entity, **fields)


SHOP_7 = change("opened", "Mon 09:30")
SHOP_8 = change("opened", "Mon 09:30", "shop#8")


def asked(when: str, entity: str = "shop#7") -> Fact:
    return change("review_requested", when, entity, on_team="search")


def waited(key: str, length: int) -> dict[str, float]:
    """One episode on Monday, all else feature."""
    return {
        f"{key} acute": 900,
        f"{key} chronic": length - 900,
        "checkout feature": 28_800 - length,
    }


REVIEW = "checkout>search review_wait"
QUEUE = "checkout>platform ci_queue"
HALTING = [
    Case(
        "a change's wait does not halt beside another open change",
        (started(), SHOP_7, SHOP_8, asked("Mon 10:00")),
        {"checkout feature": 28_800},
    ),
    Case(
        "it halts when every open change waits",
        (started(), SHOP_7, SHOP_8, asked("Mon 10:00"), asked("Mon 16:00", "shop#8")),
        waited(REVIEW, 3_600),
    ),
    Case(
        "it halts once the other change is closed",
        (
            started(),
            SHOP_7,
            SHOP_8,
            asked("Mon 10:00"),
            change("closed", "Mon 16:00", "shop#8"),
        ),
        waited(REVIEW, 3_600),
    ),
    Case(
        "a change that was merged is open no more, whatever opens it again",
        (
            started(),
            SHOP_7,
            SHOP_8,
            change("merged", "Mon 10:00"),
            change("opened", "Mon 11:00"),
            asked("Mon 16:00", "shop#8"),
        ),
        waited(REVIEW, 3_600),
    ),
    Case(
        "different waits on all open changes halt together",
        (
            started(),
            SHOP_7,
            SHOP_8,
            asked("Mon 16:00"),
            fact("run.queued", "Mon 16:00", "r", on_team="platform", change="shop#8"),
        ),
        # One hour halved between two teams.
        {
            f"{REVIEW} acute": 450,
            f"{REVIEW} chronic": 1_350,
            f"{QUEUE} acute": 450,
            f"{QUEUE} chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a change closed and opened at one instant is open, and does not wait",
        (
            started(),
            SHOP_7,
            SHOP_8,
            change("closed", "Mon 10:00"),
            change("opened", "Mon 10:00"),
            asked("Mon 11:00", "shop#8"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "a run of no change does not halt an item that has open changes",
        (started(), SHOP_7, fact("run.queued", "Mon 10:00", "r", on_team="platform")),
        {"checkout feature": 28_800},
    ),
    Case(
        "a run of no change joins no halt either",
        (
            started(),
            SHOP_7,
            asked("Mon 16:00"),
            fact("run.queued", "Mon 16:00", "r", on_team="platform"),
        ),
        waited(REVIEW, 3_600),
    ),
    Case(
        "a run of no change halts an item without open changes",
        (started(), fact("run.queued", "Mon 16:00", "r", on_team="platform")),
        waited(QUEUE, 3_600),
    ),
    Case(
        "a ticket's wait always halts, and change waits that do not stay out of it",
        (
            started(),
            SHOP_7,
            SHOP_8,
            asked("Mon 10:00"),
            ticket("blocked", "Mon 16:00", on_team="platform"),
        ),
        waited("checkout>platform ticket_blocked", 3_600),
    ),
    Case(
        "a wait on the owner covers no open change",
        (
            started(),
            SHOP_7,
            SHOP_8,
            asked("Mon 16:00"),
            change("review_requested", "Mon 16:00", "shop#8", on_team="checkout"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "external and unknown do not make the item active (O2)",
        (
            started(),
            SHOP_7,
            SHOP_8,
            asked("Mon 16:00"),
            change("review_requested", "Mon 16:00", "shop#8", on_team="external"),
        ),
        {
            f"{REVIEW} acute": 450,
            f"{REVIEW} chronic": 1_350,
            "checkout>external review_wait acute": 450,
            "checkout>external review_wait chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
]


@pytest.mark.parametrize("case", HALTING, ids=rule_of)
def test_halting(case: Case) -> None:
    assert case.found() == case.expected
