"""Indicators 1.3, row `ticket_request`: tickets filed with others, for an item."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.indicators.timelines.profile import Telling
from tests.unit.indicators.history import (
    DIRECTORY,
    Case,
    blocker,
    done,
    fact,
    item_of,
    rule_of,
    started,
)

ON_PLATFORM = "checkout>platform ticket_request"
ON_SEARCH = "checkout>search ticket_request"


def requested(
    when: str, needed_by: str = "CHK-1", entity: str = "PLT-1", **more: Any
) -> Fact:
    fields = {"requester_team": "checkout", "needed_by": needed_by, **more}
    return fact("ticket.requested", when, entity, **fields)


FILED = requested("Mon 10:00", team="platform")
# 10:00-12:00: 7,200 = 900 + 6,300
TWO_HOURS = {
    f"{ON_PLATFORM} acute": 900,
    f"{ON_PLATFORM} chronic": 6_300,
    "checkout feature": 21_600,
}
# Handed over at 11:00, so that whom it is assigned to is not who is charged.
NEEDS_ITSELF = (
    started(),
    requested("Mon 10:00", entity="CHK-1"),
    fact("ticket.assigned", "Mon 11:00", "CHK-1", to_team="platform"),
)

# Assigned to search from 11:00 to 12:00, else platform's, done at 13:00.
GIVEN = fact("ticket.assigned", "Mon 11:00", "PLT-1", to_team="search")
GIVEN_BACK = {
    f"{ON_PLATFORM} acute": 900,
    f"{ON_PLATFORM} chronic": 2_700 + 3_600,
    f"{ON_SEARCH} chronic": 3_600,
    "checkout feature": 18_000,
}
UNASSIGNED: dict[str, Any] = {"to_team": "search", "how": "unassigned", "request": "x"}

CASES = [
    Case(
        "open from the request until it is done",
        (started(),),
        TWO_HOURS,
        blockers=blocker(FILED, done("Mon 12:00", "PLT-1")),
    ),
    Case(
        "a ticket that says it is needed by itself does not wait for itself",
        NEEDS_ITSELF,
        {
            "checkout feature": 7_200,
            "checkout>platform handoff acute": 900,
            "checkout>platform handoff chronic": 20_700,
        },
        blockers=blocker(*NEEDS_ITSELF, key="CHK-1"),
    ),
    Case(
        "cancelling it closes it as well",
        (started(),),
        TWO_HOURS,
        blockers=blocker(FILED, fact("ticket.cancelled", "Mon 12:00", "PLT-1")),
    ),
    Case(
        "filed before the flight it counts from entry",
        (started("Mon 11:00"),),
        {
            f"{ON_PLATFORM} acute": 900,
            f"{ON_PLATFORM} chronic": 2_700,
            "checkout feature": 18_000,
        },
        blockers=blocker(FILED, done("Mon 12:00", "PLT-1")),
    ),
    Case(
        "whoever it is assigned to is waited for, accepted or not",
        (started(),),
        {
            f"{ON_PLATFORM} acute": 900,
            f"{ON_PLATFORM} chronic": 2_700,
            f"{ON_SEARCH} chronic": 3_600,
            "checkout feature": 21_600,
        },
        blockers=blocker(
            FILED,
            fact("ticket.assigned", "Mon 11:00", "PLT-1", to_team="search"),
            done("Mon 12:00", "PLT-1"),
        ),
    ),
    *(
        Case(
            f"handed over and {how}, the giver is waited for again",
            (started(),),
            GIVEN_BACK,
            blockers=blocker(FILED, GIVEN, back, done("Mon 13:00", "PLT-1")),
        )
        for how, back in {
            "accepted by the giver": fact(
                "ticket.accepted", "Mon 12:00", "PLT-1", team="platform"
            ),
            "started by the giver": started("Mon 12:00", "PLT-1", "platform"),
            "taken off again": fact(
                "ticket.assigned", "Mon 12:00", "PLT-1", **UNASSIGNED
            ),
            "assigned back": fact(
                "ticket.assigned", "Mon 12:00", "PLT-1", to_team="platform"
            ),
        }.items()
    ),
    Case(
        "done by whoever it was while handed over, and reopened, it is the giver's",
        (started(),),
        {
            f"{ON_PLATFORM} acute": 1_800,
            f"{ON_PLATFORM} chronic": 2_700 + 2_700,
            f"{ON_SEARCH} chronic": 3_600,
            "checkout feature": 18_000,
        },
        blockers=blocker(
            FILED,
            GIVEN,
            done("Mon 12:00", "PLT-1"),
            fact("ticket.reopened", "Mon 13:00", "PLT-1"),
            done("Mon 14:00", "PLT-1"),
        ),
    ),
    Case(
        "assigned to the team that needs it, it is its own business",
        (started(),),
        {
            f"{ON_PLATFORM} acute": 900,
            f"{ON_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
        blockers=blocker(
            FILED,
            fact("ticket.assigned", "Mon 11:00", "PLT-1", to_team="checkout"),
        ),
    ),
    Case(
        "needed by another item from then on, it holds up this one no longer",
        (started(),),
        TWO_HOURS,
        blockers=blocker(FILED, requested("Mon 12:00", "SRCH-1")),
    ),
    Case(
        "needed by the same item again, nothing changes",
        (started(),),
        TWO_HOURS,
        blockers=blocker(FILED, requested("Mon 11:00"), done("Mon 12:00", "PLT-1")),
    ),
    Case(
        "a request that no item needs holds up none",
        (started(),),
        {"checkout feature": 28_800},
        blockers=blocker(
            fact("ticket.requested", "Mon 10:00", "PLT-1", requester_team="checkout")
        ),
    ),
    Case(
        "reopened it holds the item up again",
        (started(),),
        {
            f"{ON_PLATFORM} acute": 1_800,
            f"{ON_PLATFORM} chronic": 5_400,
            "checkout feature": 21_600,
        },
        blockers=blocker(
            FILED,
            done("Mon 11:00", "PLT-1"),
            fact("ticket.reopened", "Mon 14:00", "PLT-1"),
            done("Mon 15:00", "PLT-1"),
        ),
    ),
    Case(
        "beside a flag of the same team each component has half",
        (
            started(),
            fact("ticket.blocked", "Mon 11:00", "CHK-1", on_team="platform"),
            fact("ticket.unblocked", "Mon 12:00", "CHK-1"),
        ),
        {
            f"{ON_PLATFORM} acute": 900,
            f"{ON_PLATFORM} chronic": 4_500,
            "checkout>platform ticket_blocked chronic": 1_800,
            "checkout feature": 21_600,
        },
        blockers=blocker(FILED, done("Mon 12:00", "PLT-1")),
    ),
    Case(
        "where links are exposure only, requests are waits all the same",
        (started(),),
        TWO_HOURS,
        blockers=blocker(FILED, done("Mon 12:00", "PLT-1")),
        model=replace(DEFAULT_MODEL, link_blocks=False),
    ),
    Case(
        "ten working days after the last event of either it is stale",
        (started(),),
        {
            "checkout feature": 3_600,
            f"{ON_PLATFORM} acute": 900,
            # Mon 10:00 to Mon two weeks later 11:00, where its comment's ten days end.
            f"{ON_PLATFORM} chronic": 291_600 - 900,
            # From there to 17:00.
            "checkout (stale)": 21_600,
        },
        until="Mon+2 17:00",
        blockers=blocker(FILED, fact("ticket.commented", "Mon 11:00", "PLT-1")),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_requests(case: Case) -> None:
    assert case.found() == case.expected


def test_a_request_needed_by_what_belongs_to_the_item_holds_it_up() -> None:
    """The entity it names may be the item's sub-task."""
    told = blocker(requested("Mon 10:00", "CHK-2", team="platform"))
    facts = (started(), fact("ticket.created", "Mon 09:00", "CHK-2", parent="CHK-1"))
    case = Case("", facts, {}, until="Mon 12:00", blockers=told)
    assert item_of(facts).key == "CHK-1"
    assert case.found()[f"{ON_PLATFORM} chronic"] == 6_300


def test_a_sub_task_that_is_needed_is_handed_around_by_itself() -> None:
    """Who works on it is not who has its parent."""
    part = requested("Mon 10:00", item="PLT-9")
    taken_off = fact(
        "ticket.assigned", "Mon 12:00", "PLT-1", item="PLT-9", **UNASSIGNED
    )
    facts = (
        fact("ticket.created", "Mon 09:00", "PLT-9", team="platform"),
        part,
        GIVEN,
        taken_off,
        done("Mon 13:00", "PLT-1"),
    )
    told = Telling(item_of(facts, "PLT-9"), DIRECTORY).profile("PLT-1")
    case = Case("", (started(),), {}, blockers={"PLT-1": told})
    assert case.found() == GIVEN_BACK


# Its parent is platform's, and handed to search at 12:00, which begins it at 13:00.
PARENT_MOVES = (
    fact("ticket.created", "Mon 09:00", "PLT-9", team="platform"),
    requested("Mon 10:00", item="PLT-9"),
    fact("ticket.assigned", "Mon 12:00", "PLT-9", to_team="search"),
    started("Mon 13:00", "PLT-9", "search"),
    done("Mon 14:00", "PLT-1"),
)
STAYS = {
    f"{ON_PLATFORM} acute": 900,
    f"{ON_PLATFORM} chronic": 13_500,
    "checkout feature": 14_400,
}
MOVES = {
    f"{ON_PLATFORM} acute": 900,
    f"{ON_PLATFORM} chronic": 9_900,
    f"{ON_SEARCH} chronic": 3_600,
    "checkout feature": 14_400,
}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, MOVES),
        ({"to_team": "platform"}, STAYS),
        # It never was search's: nobody was given it.
        (UNASSIGNED, MOVES),
    ],
    ids=["not assigned", "assigned to who has it", "taken off a team that had it not"],
)
def test_a_sub_task_that_is_needed_moves_with_its_parent_until_it_is_assigned(
    said: dict[str, Any], expected: dict[str, float]
) -> None:
    given = fact("ticket.assigned", "Mon 11:00", "PLT-1", item="PLT-9", **said)
    facts = (*PARENT_MOVES, given) if said else PARENT_MOVES
    told = Telling(item_of(facts, "PLT-9"), DIRECTORY).profile("PLT-1")
    case = Case("", (started(),), {}, blockers={"PLT-1": told})
    assert case.found() == expected
