"""Indicators 1.3, row `reopen`, and 1.6: what comes after done."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, done, fact, rule_of, started

ON_PLATFORM = "checkout>platform reopen response"


def ticket(kind: str, when: str, **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, "CHK-1", **fields)


def reopened(when: str, *causes: str) -> Fact:
    return ticket("reopened", when, **({"cause_teams": list(causes)} if causes else {}))


# Done at 10:00: an hour of feature work.
CASES = [
    Case(
        "a foreign cause makes the time until done again response",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00", "platform"),
            done("Mon 14:00"),
        ),
        {"checkout feature": 3_600, ON_PLATFORM: 7_200},
    ),
    Case(
        "a response that goes idle leaves the wait that was beneath it",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 11:00", "platform"),
            ticket("blocked", "Mon 12:00", on_team="search"),
        ),
        # Five working days after the last word are 41 h after it came back.
        {
            "checkout feature": 3_600,
            ON_PLATFORM: 147_600,
            "checkout>search ticket_blocked acute": 900,
            "checkout>search ticket_blocked chronic": 143_100,
        },
        until="Mon+2 12:00",
    ),
    Case(
        "without a cause it is rework",
        (started(), done("Mon 10:00"), reopened("Mon 12:00"), done("Mon 14:00")),
        {"checkout feature": 3_600, "checkout rework": 7_200},
    ),
    *(
        Case(
            f"cancelled in the backlog it keeps its class until it is done, {how}",
            (
                ticket("created", "Mon 09:00", team="checkout", work_class="feature"),
                ticket("cancelled", "Mon 11:00"),
                again,
                done("Mon 16:00"),
                reopened("Mon 16:30"),
            ),
            {"checkout feature": 14_400, "checkout rework": 1_800},
        )
        for how, again in (
            ("started", ticket("started", "Mon 12:00")),
            ("reopened", reopened("Mon 12:00")),
            ("reopened by another team's doing", reopened("Mon 12:00", "platform")),
        )
    ),
    Case(
        "cancelled in the instant in which it is begun it was never begun",
        (started(), ticket("cancelled", "Mon 09:00"), reopened("Mon 10:00")),
        {"checkout feature": 25_200},
    ),
    *(
        Case(
            f"cancelled once it was begun it is reopened, {how}",
            (
                started(),
                *before,
                ticket("cancelled", "Mon 11:00"),
                reopened("Mon 13:00", *causes),
                done("Mon 14:00"),
            ),
            {"checkout feature": worked, key: 3_600},
        )
        for how, before, causes, worked, key in (
            ("in flight", (), (), 7_200, "checkout rework"),
            ("with a cause", (), ("platform",), 7_200, ON_PLATFORM),
            (
                "put back before",
                (ticket("parked", "Mon 10:00"),),
                (),
                3_600,
                "checkout rework",
            ),
        )
    ),
    Case(
        "put back while worked on again, a foreign cause counts as it comes back",
        (
            started(),
            done("Mon 10:00"),
            started("Mon 11:00"),
            ticket("parked", "Mon 12:00"),
            reopened("Mon 13:00", "platform"),
            done("Mon 15:00"),
        ),
        {"checkout feature": 3_600, "checkout rework": 3_600, ON_PLATFORM: 7_200},
    ),
    Case(
        "an own cause stays one while the item is handed on",
        (
            started(),
            ticket("accepted", "Mon 09:30", team="platform"),
            done("Mon 10:00"),
            reopened("Mon 11:00", "platform"),
            ticket("assigned", "Mon 13:00", to_team="search"),
            done("Mon 15:00"),
        ),
        {
            "checkout feature": 1_800,
            "platform request": 1_800,
            "platform rework": 7_200,
            "checkout>search handoff acute": 900,
            "checkout>search handoff chronic": 6_300,
        },
    ),
    Case(
        "an own cause is rework",
        (started(), done("Mon 10:00"), reopened("Mon 12:00", "checkout")),
        {"checkout feature": 3_600, "checkout rework": 18_000},
    ),
    Case(
        "a cause no directory knows is unknown's response",
        (started(), done("Mon 10:00"), reopened("Mon 16:00", "ghosts")),
        {"checkout feature": 3_600, "checkout>unknown reopen response": 3_600},
    ),
    Case(
        "several causes share it equally, one's own leaves it to the others",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 16:00", "checkout", "platform", "search"),
        ),
        {
            "checkout feature": 3_600,
            ON_PLATFORM: 1_800,
            "checkout>search reopen response": 1_800,
        },
    ),
    Case(
        "the cause is foreign to the current owner, it may be the origin",
        (
            started(),
            ticket("accepted", "Mon 10:00", team="platform"),
            done("Mon 11:00"),
            reopened("Mon 16:00", "checkout"),
        ),
        {
            "checkout feature": 3_600,
            "platform request": 3_600,
            "platform>checkout reopen response": 3_600,
        },
    ),
    Case(
        "started after done is reopened without a cause",
        (started(), done("Mon 10:00"), ticket("started", "Mon 16:00")),
        {"checkout feature": 3_600, "checkout rework": 3_600},
    ),
    Case(
        "started while reopened changes only the owner",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00", "platform"),
            ticket("started", "Mon 14:00", team="search"),
        ),
        {
            "checkout feature": 3_600,
            ON_PLATFORM: 7_200,
            "search>platform reopen response": 10_800,
        },
    ),
    Case(
        "reopened in flight and never done is an activity (design 11.16)",
        (started(), reopened("Mon 12:00", "platform")),
        {"checkout feature": 28_800},
    ),
    Case(
        "reopened again in flight with another cause names it from then on",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00", "platform"),
            reopened("Mon 15:00", "search"),
        ),
        {
            "checkout feature": 3_600,
            ON_PLATFORM: 10_800,
            "checkout>search reopen response": 7_200,
        },
    ),
    Case(
        "reopened again in flight without a cause changes nothing",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00", "platform"),
            reopened("Mon 15:00"),
        ),
        {"checkout feature": 3_600, ON_PLATFORM: 18_000},
    ),
    Case(
        "never feature again: after a second done and start it is rework",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00", "platform"),
            done("Mon 13:00"),
            ticket("started", "Mon 16:00"),
        ),
        {"checkout feature": 3_600, ON_PLATFORM: 3_600, "checkout rework": 3_600},
    ),
    Case(
        "response beats waiting (O5)",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00", "platform"),
            ticket("blocked", "Mon 13:00", on_team="search"),
        ),
        {"checkout feature": 3_600, ON_PLATFORM: 18_000},
    ),
    Case(
        "rework yields to a wait",
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00"),
            ticket("blocked", "Mon 13:00", on_team="platform"),
        ),
        {
            "checkout feature": 3_600,
            "checkout rework": 3_600,
            "checkout>platform ticket_blocked acute": 900,
            "checkout>platform ticket_blocked chronic": 13_500,
        },
    ),
    Case(
        "response ends by the idle rule, 5 working days after the last activity",
        # Mon 12:00 + 144,000 = Mon+1 12:00, then idle until Mon+1 17:00.
        (started(), done("Mon 10:00"), reopened("Mon 12:00", "platform")),
        {"checkout feature": 3_600, ON_PLATFORM: 144_000, "checkout (idle)": 18_000},
        until="Mon+1 17:00",
    ),
    Case(
        "an idle reopened item still waits for others",
        # Response until Mon+1 12:00; the block of Mon 13:00 holds from then on:
        # stale only 10 working days after Mon 13:00, its episode begins at idle.
        (
            started(),
            done("Mon 10:00"),
            reopened("Mon 12:00", "platform"),
            ticket("blocked", "Mon 12:00", on_team="search"),
        ),
        {
            "checkout feature": 3_600,
            ON_PLATFORM: 144_000,
            "checkout>search ticket_blocked acute": 900,
            "checkout>search ticket_blocked chronic": 17_100,
        },
        until="Mon+1 17:00",
    ),
    Case(
        "accepted after done does not reopen",
        (
            started(),
            done("Mon 10:00"),
            ticket("accepted", "Mon 12:00", team="checkout"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "a change opened after done does not reopen",
        (started(), done("Mon 10:00"), fact("change.opened", "Mon 12:00", "shop#7")),
        {"checkout feature": 3_600},
    ),
    Case(
        "done, parked, then accepted: it stays done",
        (
            started(),
            done("Mon 10:00"),
            ticket("parked", "Mon 11:00"),
            ticket("accepted", "Mon 12:00", team="checkout"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "done, parked, then a change: it stays done",
        (
            started(),
            done("Mon 10:00"),
            ticket("parked", "Mon 11:00"),
            fact("change.opened", "Mon 12:00", "shop#7"),
        ),
        {"checkout feature": 3_600},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_reopen(case: Case) -> None:
    assert case.found() == case.expected
