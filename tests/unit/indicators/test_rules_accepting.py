"""Indicators 1.3, row `handoff`: by what a receiver takes an item on.

"accepted by u (in-progress, or a comment, transition or push by u; a review is none)".
"""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, fact, rule_of, started

CHANGE = "acme/shop#1"
BY_PLATFORM: dict[str, Any] = {"by_teams": ["platform"]}
BY_SEARCH: dict[str, Any] = {"by_teams": ["search"]}
# Handed over 10:00, Monday ends at 17:00.
TAKEN_AT_NOON = {
    "checkout feature": 3_600,
    "checkout>platform handoff acute": 900,
    "checkout>platform handoff chronic": 6_300,
    "platform request": 18_000,
}
NEVER_TAKEN = {
    "checkout feature": 3_600,
    "checkout>platform handoff acute": 900,
    "checkout>platform handoff chronic": 24_300,
}
HANDED_OVER = (
    started(),
    fact("change.opened", "Mon 09:30", CHANGE, item="CHK-1", by_teams=["checkout"]),
    fact("ticket.assigned", "Mon 10:00", "CHK-1", to_team="platform"),
)


def at_noon(kind: str, **fields: Any) -> Fact:
    entity = CHANGE if kind.startswith("change.") else "CHK-1"
    about: dict[str, Any] = {"blocker": "SRCH-9"} if kind.startswith("link.") else {}
    return fact(kind, "Mon 12:00", entity, **about, **fields)


TRANSITIONS = (
    "link.removed",
    "change.drafted",
    "change.pushed",
    "change.merged",
    "change.closed",
)
CASES = [
    *(
        Case(f"{kind} by {who}", (*HANDED_OVER, at_noon(kind, **by)), expected)
        for kind in TRANSITIONS
        for who, by, expected in (
            ("the receiver", BY_PLATFORM, TAKEN_AT_NOON),
            ("another team", BY_SEARCH, NEVER_TAKEN),
            ("a program", {**BY_PLATFORM, "automation": True}, NEVER_TAKEN),
        )
    ),
    Case(
        "what the receiver depends on: from then on it waits itself",
        (*HANDED_OVER, at_noon("link.added", **BY_PLATFORM)),
        {
            "checkout feature": 3_600,
            "checkout>platform handoff acute": 900,
            "checkout>platform handoff chronic": 6_300,
            # One episode, whoever is waited for: its first 900 s are over.
            "platform>search dependency_link chronic": 18_000,
        },
    ),
    Case(
        "a review by the receiver is none",
        (*HANDED_OVER, at_noon("change.reviewed", **BY_PLATFORM)),
        NEVER_TAKEN,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_accepting(case: Case) -> None:
    assert case.found() == case.expected
