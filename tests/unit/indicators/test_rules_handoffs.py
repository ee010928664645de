"""Indicators 1.3, row `handoff`, and what it does to owner, class and counts."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, done, fact, rule_of, started

TO_PLATFORM = "checkout>platform handoff"
TO_SEARCH = "checkout>search handoff"


def ticket(kind: str, when: str, **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, "CHK-1", **fields)


def given(when: str, to_team: str = "platform") -> Fact:
    return ticket("assigned", when, to_team=to_team)


def taken_off(when: str, from_team: str) -> Fact:
    # Another person than is assigned: another fact, although of the same team.
    said = {"to_team": from_team, "how": "unassigned", "request": "somebody"}
    return ticket("assigned", when, **said)


def accepted(when: str, team: str = "platform") -> Fact:
    return ticket("accepted", when, team=team)


def begun(when: str, **fields: Any) -> Fact:
    return ticket("started", when, project="PLT", areas=[], **fields)


# Handed over 10:00, taken on 12:00, Monday ends at 17:00.
TAKEN_AT_NOON = {
    "checkout feature": 3_600,
    f"{TO_PLATFORM} acute": 900,
    f"{TO_PLATFORM} chronic": 6_300,
    "platform request": 18_000,
}
# Handed over 10:00 and never taken on.
NEVER_TAKEN = {
    "checkout feature": 3_600,
    f"{TO_PLATFORM} acute": 900,
    f"{TO_PLATFORM} chronic": 24_300,
}
GIVEN_BACK_AFTER_AN_HOUR = {
    "checkout feature": 3_600 + 21_600,
    f"{TO_PLATFORM} acute": 900,
    f"{TO_PLATFORM} chronic": 2_700,
}
OF_SEARCH: dict[str, Any] = {"team": "search", "work_class": "feature"}
BY_PLATFORM: dict[str, Any] = {"by_teams": ["platform"]}


def of_issue(kind: str, when: str, repo: str, **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, "CHK-1", repo=f"acme/{repo}", **fields)


# The bodies of the new repository tell the creation as if it had been there.
TRANSFERRED = (
    of_issue("created", "Mon 08:00", "base", revision=1, work_class="feature"),
    of_issue("created", "Mon 08:00", "shop", revision=2, work_class="feature"),
    of_issue("started", "Mon 09:00", "shop"),
    of_issue("assigned", "Mon 10:00", "base", repo_before="acme/shop"),
)
# Of the creation the new repository alone tells.
TOLD_THERE = (TRANSFERRED[0], *TRANSFERRED[2:])

CASES = [
    Case(
        "taken off again before anybody took it on: given back",
        (started(), given("Mon 10:00"), taken_off("Mon 12:00", "platform")),
        {
            "checkout feature": 3_600 + 18_000,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
        },
    ),
    Case(
        "another who is taken off changes nothing",
        (started(), given("Mon 10:00"), taken_off("Mon 12:00", "search")),
        NEVER_TAKEN,
    ),
    Case(
        "taken off after the team took it on: it stays the team's",
        (
            started(),
            given("Mon 10:00"),
            accepted("Mon 12:00"),
            taken_off("Mon 13:00", "platform"),
        ),
        TAKEN_AT_NOON,
    ),
    Case(
        "one of a team in the place of another of it: the team still has it",
        (
            started(),
            given("Mon 10:00"),
            taken_off("Mon 12:00", "platform"),
            given("Mon 12:00"),
        ),
        NEVER_TAKEN,
    ),
    Case(
        "one of the origin in the place of another of it: handed back to it",
        (
            started(),
            given("Mon 10:00"),
            accepted("Mon 12:00"),
            taken_off("Mon 13:00", "checkout"),
            given("Mon 13:00", "checkout"),
        ),
        TAKEN_AT_NOON | {"platform request": 3_600, "checkout (internal)": 14_400},
    ),
    Case(
        "a ticket that goes to another team's repository is handed to it",
        (*TRANSFERRED, of_issue("commented", "Mon 12:00", "base", **BY_PLATFORM)),
        TAKEN_AT_NOON,
        key="CHK-1",
    ),
    Case(
        "who takes it on there may say so itself",
        (*TOLD_THERE, of_issue("accepted", "Mon 12:00", "base", team="platform")),
        TAKEN_AT_NOON,
        key="CHK-1",
    ),
    Case(
        "and who had it before may have",
        (
            *TOLD_THERE,
            of_issue("accepted", "Mon 09:30", "shop", team="checkout"),
            of_issue("commented", "Mon 12:00", "base", **BY_PLATFORM),
        ),
        TAKEN_AT_NOON,
        key="CHK-1",
    ),
    Case(
        "whoever has it from its creation on had it wherever it was",
        (
            of_issue("created", "Mon 08:00", "base", **OF_SEARCH),
            *TRANSFERRED[2:],
            of_issue("commented", "Mon 12:00", "base", **BY_PLATFORM),
        ),
        {
            "search feature": 3_600,
            "search>platform handoff acute": 900,
            "search>platform handoff chronic": 6_300,
            "platform request": 18_000,
        },
        key="CHK-1",
    ),
    Case(
        "and to nobody where both repositories are one team's",
        (
            of_issue("created", "Mon 08:00", "mono", work_class="feature"),
            of_issue("started", "Mon 09:00", "base"),
            of_issue("assigned", "Mon 10:00", "mono", repo_before="acme/base"),
        ),
        {"platform feature": 28_800},
    ),
    Case(
        "there and back: nobody there took it on",
        (
            *TRANSFERRED,
            of_issue("assigned", "Mon 12:00", "shop", repo_before="acme/base"),
        ),
        {
            "checkout feature": 3_600 + 18_000,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
        },
    ),
    Case(
        "acceptance closes it; from then on the receiver owns",
        (started(), given("Mon 10:00"), accepted("Mon 12:00")),
        TAKEN_AT_NOON,
    ),
    Case(
        "in-progress by nobody known is by whose the tracker says it is",
        (started(), given("Mon 10:00"), begun("Mon 12:00")),
        TAKEN_AT_NOON,
    ),
    Case(
        "in-progress by the giver is by nobody else, whatever the tracker says",
        (started(), given("Mon 10:00"), begun("Mon 12:00", by_teams=["checkout"])),
        NEVER_TAKEN,
    ),
    Case(
        "in-progress by nobody known does not",
        (started(), given("Mon 10:00"), ticket("started", "Mon 12:00")),
        NEVER_TAKEN,
    ),
    Case(
        "in-progress by the receiver accepts",
        (
            started(),
            given("Mon 10:00"),
            ticket("started", "Mon 12:00", team="platform"),
        ),
        TAKEN_AT_NOON,
    ),
    *(
        Case(
            f"{kind} by the receiver accepts",
            (
                started(),
                given("Mon 10:00"),
                fact(kind, "Mon 12:00", thing, **BY_PLATFORM),
            ),
            TAKEN_AT_NOON,
        )
        for kind, thing in (
            ("ticket.commented", "CHK-1"),
            ("ticket.updated", "CHK-1"),
            ("change.pushed", "shop#7"),
        )
    ),
    Case(
        "a person of several teams accepts for the one that was asked",
        (
            started(),
            given("Mon 10:00"),
            ticket("commented", "Mon 12:00", by_teams=["data", "platform"]),
        ),
        TAKEN_AT_NOON,
    ),
    Case(
        "a review by the receiver is no acceptance",
        (
            started(),
            given("Mon 10:00"),
            fact(
                "change.reviewed",
                "Mon 12:00",
                "shop#7",
                reviewed_by=["platform"],
                **BY_PLATFORM,
            ),
        ),
        NEVER_TAKEN,
    ),
    Case(
        "what automation does for the receiver is no acceptance",
        (
            started(),
            given("Mon 10:00"),
            ticket("commented", "Mon 12:00", automation=True, **BY_PLATFORM),
        ),
        NEVER_TAKEN,
    ),
    *(
        Case(
            f"that it is {kind} by the receiver is so, also where a program says it",
            (
                started(),
                given("Mon 10:00"),
                ticket(kind, "Mon 12:00", team="platform", automation=True),
            ),
            TAKEN_AT_NOON,
        )
        for kind in ("accepted", "started")
    ),
    Case(
        "what another team does is no acceptance",
        (
            started(),
            given("Mon 10:00"),
            ticket("commented", "Mon 12:00", by_teams=["checkout"]),
        ),
        NEVER_TAKEN,
    ),
    Case(
        "re-tossed: the next receiver is waited for, the episode goes on",
        (started(), given("Mon 10:00"), given("Mon 12:00", "search")),
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            f"{TO_SEARCH} chronic": 18_000,
        },
    ),
    Case(
        "given back to the owner closes it, and the owner goes on",
        (started(), given("Mon 10:00"), given("Mon 12:00", "checkout")),
        {
            "checkout feature": 21_600,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
        },
    ),
    Case(
        "done closes it",
        (started(), given("Mon 10:00"), done("Mon 12:00")),
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
        },
    ),
    Case(
        "done closes it for good: the giver owns after a reopening",
        (
            started(),
            given("Mon 10:00"),
            done("Mon 12:00"),
            ticket("reopened", "Mon 16:00"),
        ),
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout rework": 3_600,
        },
    ),
    Case(
        "a third team that starts on it closes it",
        (started(), given("Mon 10:00"), accepted("Mon 12:00", "search")),
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "search request": 18_000,
        },
    ),
    Case(
        "it is charged to the origin, whoever hands it on",
        (
            started(),
            accepted("Mon 10:00"),
            given("Mon 12:00", "search"),
            accepted("Mon 13:00", "search"),
        ),
        {
            "checkout feature": 3_600,
            "platform request": 7_200,
            f"{TO_SEARCH} acute": 900,
            f"{TO_SEARCH} chronic": 2_700,
            "search request": 14_400,
        },
    ),
    Case(
        "handed to the origin it is internal, not cost",
        (
            started(),
            accepted("Mon 10:00"),
            given("Mon 12:00", "checkout"),
            accepted("Mon 13:00", "checkout"),
        ),
        {
            "checkout feature": 3_600 + 14_400,
            "platform request": 7_200,
            "checkout (internal)": 3_600,
        },
    ),
    Case(
        "assigned to the owner is no handoff",
        (started(), given("Mon 10:00", "checkout")),
        {"checkout feature": 28_800},
    ),
    Case(
        "assigned to nobody is no handoff",
        (started(), ticket("assigned", "Mon 10:00")),
        {"checkout feature": 28_800},
    ),
    Case(
        "assigned again to the team that has it open changes nothing",
        (started(), given("Mon 10:00"), given("Mon 11:00"), accepted("Mon 12:00")),
        TAKEN_AT_NOON,
    ),
    Case(
        "accepted at the instant it is assigned has no length",
        (started(), given("Mon 10:00"), accepted("Mon 10:00")),
        {"checkout feature": 3_600, "platform request": 25_200},
    ),
    Case(
        "an open one closes first and opens to the next at one instant",
        (
            started(),
            given("Mon 10:00"),
            accepted("Mon 12:00"),
            given("Mon 12:00", "search"),
        ),
        # Accepted by platform at 12:00, handed on at once: one episode.
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            f"{TO_SEARCH} chronic": 18_000,
        },
    ),
    Case(
        "a team no directory knows is waited for as unknown",
        (started(), given("Mon 10:00", "ghosts")),
        {
            "checkout feature": 3_600,
            "checkout>unknown handoff acute": 900,
            "checkout>unknown handoff chronic": 24_300,
        },
    ),
    Case(
        "other waits stay open across a change of owner, and the episode goes on",
        # 9:30-10 search alone 1,800; 10-11 halved with the handoff; then platform's.
        (
            started(),
            ticket("blocked", "Mon 09:30", on_team="search"),
            given("Mon 10:00"),
            accepted("Mon 11:00"),
            ticket("unblocked", "Mon 13:00"),
        ),
        {
            "checkout feature": 1_800,
            "checkout>search ticket_blocked acute": 900,
            "checkout>search ticket_blocked chronic": 900 + 1_800,
            f"{TO_PLATFORM} chronic": 1_800,
            "platform>search ticket_blocked chronic": 7_200,
            "platform request": 14_400,
        },
    ),
    Case(
        "a block on the new owner is no wait",
        (
            started(),
            ticket("blocked", "Mon 09:30", on_team="platform"),
            accepted("Mon 10:00"),
        ),
        {
            "checkout feature": 1_800,
            "checkout>platform ticket_blocked acute": 900,
            "checkout>platform ticket_blocked chronic": 900,
            "platform request": 25_200,
        },
    ),
    Case(
        "a team that starts a sub-task takes nothing over",
        (
            started(),
            given("Mon 10:00"),
            fact("ticket.started", "Mon 11:00", "CHK-2", team="search"),
        ),
        NEVER_TAKEN,
    ),
    Case(
        "parked suspends it and leaves it open",
        (
            started(),
            given("Mon 10:00"),
            ticket("parked", "Mon 11:00"),
            ticket("started", "Mon 13:00"),
            accepted("Mon 14:00"),
        ),
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM} acute": 1_800,
            f"{TO_PLATFORM} chronic": 5_400,
            "platform request": 10_800,
        },
    ),
    *(
        Case(
            f"{kind} says that the giver goes on with it: given back",
            (started(), given("Mon 10:00"), ticket(kind, "Mon 11:00", team="checkout")),
            GIVEN_BACK_AFTER_AN_HOUR,
        )
        for kind in ("accepted", "started")
    ),
    *(
        Case(
            f"{kind} says that it is the receiver's now",
            (started(), given("Mon 10:00"), ticket(kind, "Mon 12:00", team="platform")),
            TAKEN_AT_NOON,
        )
        for kind in ("created", "requested")
    ),
    Case(
        "started by a third team and handed on in one instant, in that order",
        (
            started(),
            ticket("started", "Mon 10:00", team="search"),
            given("Mon 10:00"),
            accepted("Mon 12:00"),
        ),
        TAKEN_AT_NOON,
    ),
    Case(
        "handed over and accepted by its giver in one instant, in that order",
        (started(), given("Mon 10:00"), accepted("Mon 10:00", "checkout")),
        {"checkout feature": 28_800},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_handoff(case: Case) -> None:
    assert case.found() == case.expected
