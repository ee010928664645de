"""Indicators 1.3, row `deploy_freeze`: ready, and not allowed to begin."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, blocker, done, fact, rule_of, started

BY_PLATFORM = "checkout>platform deploy_freeze"


def ready(when: str = "Mon 10:00", **said: Any) -> Fact:
    return fact("deploy.ready", when, "D-1", **{"service": "shop", **said})


def begun(when: str, kind: str = "deploy.started", **said: Any) -> Fact:
    return fact(kind, when, "D-1", **said)


def freeze(start: str, end: str | None = None, **scope: Any) -> dict[str, Any]:
    """What the freeze F-1 of platform has told."""
    said = {"on_team": "platform", **scope}
    facts = [fact("freeze.started", start, "F-1", **said)]
    if end is not None:
        facts.append(fact("freeze.ended", end, "F-1", on_team="platform"))
    return blocker(*facts, key="F-1")


def waited(length: int, key: str = BY_PLATFORM) -> dict[str, float]:
    """One episode on Monday, all else feature."""
    return {
        f"{key} acute": 900,
        f"{key} chronic": length - 900,
        "checkout feature": 28_800 - length,
    }


ALL_FEATURE = {"checkout feature": 28_800}
FROZEN = freeze("Mon 11:00", "Mon 13:00")

CASES = [
    Case(
        "opens with the freeze where the deploy was ready before",
        (started(), ready("Mon 10:00"), begun("Mon 15:00")),
        waited(7_200),
        blockers=FROZEN,
    ),
    Case(
        "opens with the deploy's being ready where the freeze was on before",
        (started(), ready("Mon 12:00"), begun("Mon 15:00")),
        waited(3_600),
        blockers=FROZEN,
    ),
    Case(
        "a deploy is ready from the first that says so",
        (started(), ready("Mon 12:00"), ready("Mon 11:30"), begun("Mon 15:00")),
        waited(5_400),
        blockers=FROZEN,
    ),
    Case(
        "another team that starts it again while it is on changes nothing",
        (started(), ready("Mon 10:00")),
        waited(7_200),
        blockers=blocker(
            fact("freeze.started", "Mon 11:00", "F-1", on_team="platform"),
            fact("freeze.started", "Mon 11:00", "F-1", on_team="search"),
            fact("freeze.started", "Mon 12:00", "F-1", on_team="data"),
            fact("freeze.ended", "Mon 13:00", "F-1", on_team="data"),
            key="F-1",
        ),
    ),
    Case(
        "closes when the deploy begins all the same",
        (started(), ready("Mon 10:00"), begun("Mon 12:00")),
        waited(3_600),
        blockers=FROZEN,
    ),
    *(
        Case(
            f"{kind} says that it has begun",
            (started(), ready("Mon 10:00"), begun("Mon 12:00", kind, **said)),
            {**waited(3_600), **broken},
            blockers=FROZEN,
        )
        for kind, said, broken in (
            ("deploy.finished", {"outcome": "success"}, {}),
            ("deploy.rolled_back", {}, {"checkout own deploy": 18_000}),
        )
    ),
    Case(
        "a freeze that goes on holds up what is not begun",
        (started(), ready("Mon 10:00")),
        waited(21_600),
        blockers=freeze("Mon 11:00"),
    ),
    Case(
        "a deploy that began before it was ready waits for nothing",
        (started(), ready("Mon 12:00"), begun("Mon 11:30")),
        ALL_FEATURE,
        blockers=FROZEN,
    ),
    Case(
        "a deploy that is not said to be ready waits for nothing",
        (started(), begun("Mon 12:00")),
        ALL_FEATURE,
        blockers=FROZEN,
    ),
    Case(
        "a freeze of the service holds it up, without case",
        (started(), ready("Mon 10:00", service="Shop")),
        waited(7_200),
        blockers=freeze("Mon 11:00", "Mon 13:00", services=["lamp", "shop"]),
    ),
    Case(
        "a freeze of another service does not",
        (started(), ready("Mon 10:00")),
        ALL_FEATURE,
        blockers=freeze("Mon 11:00", services=["lamp"]),
    ),
    Case(
        "a freeze of the team that owns the item holds it up",
        (started(), ready("Mon 10:00")),
        waited(7_200),
        blockers=freeze("Mon 11:00", "Mon 13:00", teams=["data", "checkout"]),
    ),
    Case(
        "a freeze of another team does not",
        (started(), ready("Mon 10:00")),
        ALL_FEATURE,
        blockers=freeze("Mon 11:00", teams=["search"]),
    ),
    Case(
        "a freeze of teams nobody knows holds up nobody",
        (started(team="ghosts"), ready("Mon 10:00")),
        {"unknown feature": 28_800},
        blockers=freeze("Mon 11:00", teams=["phantoms"]),
    ),
    Case(
        "service or team, either is enough",
        (started(), ready("Mon 10:00")),
        waited(7_200),
        blockers=freeze("Mon 11:00", "Mon 13:00", services=["shop"], teams=["search"]),
    ),
    Case(
        "only while the team owns the item",
        (
            started(team="search"),
            ready("Mon 10:00"),
            fact("ticket.accepted", "Mon 12:00", "CHK-1", team="checkout"),
        ),
        {
            "search feature": 10_800,
            # Checkout has it from 12:00 on, away from home; frozen until 13:00.
            f"{BY_PLATFORM} acute": 900,
            f"{BY_PLATFORM} chronic": 2_700,
            "checkout request": 14_400,
        },
        blockers=freeze("Mon 11:00", "Mon 13:00", teams=["checkout"]),
    ),
    Case(
        "one's own freeze is no wait",
        (started(), ready("Mon 10:00")),
        ALL_FEATURE,
        blockers=freeze("Mon 11:00", "Mon 13:00", on_team="checkout"),
    ),
    Case(
        "twice on is two waits of one freeze",
        (started(), ready("Mon 10:00")),
        {
            f"{BY_PLATFORM} acute": 1_800,
            f"{BY_PLATFORM} chronic": 1_800 + 2_700 - 900,
            "checkout feature": 28_800 - 3_600 - 1_800,
        },
        blockers=blocker(
            *(
                fact(f"freeze.{kind}", when, "F-1", on_team="platform")
                for kind, when in (
                    ("started", "Mon 11:00"),
                    ("ended", "Mon 12:00"),
                    ("started", "Mon 14:00"),
                    ("ended", "Mon 14:30"),
                )
            ),
            key="F-1",
        ),
    ),
    Case(
        "it pauses ten working days after the last that was heard of either",
        (started(), ready("Mon 10:00")),
        {
            "checkout feature": 7_200,
            f"{BY_PLATFORM} acute": 900,
            # The freeze was heard of last, at 11:00: up to 11:00 two weeks later.
            f"{BY_PLATFORM} chronic": 288_000 - 900,
            "checkout (stale)": 21_600,
        },
        until="Mon+2 17:00",
        blockers=freeze("Mon 11:00"),
    ),
    Case(
        "outside the item's flight it is the service's owner's",
        (started(), ready("Mon 10:00", service="till"), done("Mon 12:00")),
        {
            f"{BY_PLATFORM} acute": 900 + 900,
            f"{BY_PLATFORM} chronic": 2_700 + 2_700,
            "checkout feature": 7_200,
        },
        blockers=FROZEN,
    ),
    Case(
        "a freeze of the item's team holds up a deploy that states another",
        (started(), ready("Mon 10:00", team="search"), done("Mon 12:00")),
        {
            f"{BY_PLATFORM} acute": 900,
            f"{BY_PLATFORM} chronic": 2_700,
            "search>platform deploy_freeze acute": 900,
            "search>platform deploy_freeze chronic": 2_700,
            "checkout feature": 7_200,
        },
        blockers=freeze("Mon 11:00", "Mon 13:00", teams=["checkout"]),
    ),
    Case(
        "a freeze of the team that it states does not, whether the item is done or not",
        (started(), ready("Mon 10:00", team="search"), done("Mon 12:00")),
        {"checkout feature": 10_800},
        blockers=freeze("Mon 11:00", "Mon 13:00", teams=["search"]),
    ),
    Case(
        "one of its service's owner holds it up outside the item's flight",
        (
            started(team="search"),
            ready("Mon 10:00", service="till"),
            done("Mon 12:00"),
        ),
        {
            "search feature": 10_800,
            f"{BY_PLATFORM} acute": 900,
            f"{BY_PLATFORM} chronic": 2_700,
        },
        blockers=freeze("Mon 11:00", "Mon 13:00", teams=["checkout"]),
    ),
    Case(
        "a deploy of no item is of the team that it states",
        (ready("Mon 10:00", service="till", team="search"),),
        {
            "search>platform deploy_freeze acute": 900,
            "search>platform deploy_freeze chronic": 6_300,
        },
        key="D-1",
        blockers=freeze("Mon 11:00", "Mon 13:00", teams=["search"]),
    ),
    Case(
        "a deploy of no item is charged to its service's owner",
        (ready("Mon 10:00", service="till"),),
        {f"{BY_PLATFORM} acute": 900, f"{BY_PLATFORM} chronic": 6_300},
        key="D-1",
        blockers=FROZEN,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_freezes(case: Case) -> None:
    assert case.found() == case.expected
