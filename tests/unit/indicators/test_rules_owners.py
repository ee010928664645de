"""Indicators 1.2 and design 11.9: who owns an item, as of event time."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.harness.driving import directory_of
from tests.unit.indicators.history import HANDED_ON, TEAMS, Case, fact, rule_of, started

DATED = directory_of(
    TEAMS.replace(
        "{service: till}",
        "{service: till}, {repo: acme/moved, to: 2026-03-03}",
    ).replace(
        "{repo: acme/find}",
        "{repo: acme/find}, {repo: acme/moved, from: 2026-03-03}",
    )
)


def ticket(kind: str, when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, entity, **fields)


def opened(entity: str = "shop#7", **fields: Any) -> Fact:
    return fact("change.opened", "Mon 09:00", entity, work_class="feature", **fields)


def goes_to(rule: str, team: str, *facts: Fact, key: str = "CHK-1") -> Case:
    return Case(rule, facts, {f"{team} feature": 28_800}, key=key)


FEATURE: dict[str, Any] = {"work_class": "feature"}
CASES = [
    goes_to(
        "an explicit team wins over the directory",
        "search",
        ticket("started", "Mon 09:00", team="search", **FEATURE),
    ),
    goes_to(
        "a team no directory knows is unknown (design 10.1)",
        "unknown",
        ticket("started", "Mon 09:00", team="ghosts", **FEATURE),
    ),
    goes_to(
        "the project of the ticket's key",
        "search",
        ticket("started", "Mon 09:00", "SRCH-9", **FEATURE),
        key="SRCH-9",
    ),
    goes_to(
        "the project of a key that only a change of another team's names",
        "search",
        opened(author_team="checkout", repo="acme/shop"),
        key="SRCH-9",
    ),
    goes_to(
        "the repository of an issue that only a change of another team's names",
        "search",
        opened(author_team="checkout", repo="acme/shop"),
        key="acme/find#9",
    ),
    goes_to(
        "the same by the repository's number, which the change is in, too",
        "search",
        opened("github.com:77#7", author_team="checkout", repo="acme/find"),
        key="github.com:77#9",
    ),
    goes_to(
        "another repository's number says nothing",
        "checkout",
        opened("github.com:78#7", author_team="checkout", repo="acme/find"),
        key="github.com:77#9",
    ),
    goes_to(
        "the repository of a ticket's name, where nothing else is told of it",
        "search",
        ticket("started", "Mon 09:00", "acme/find#9", **FEATURE),
        key="acme/find#9",
    ),
    goes_to(
        "and not where it says in which it is",
        "checkout",
        ticket("started", "Mon 09:00", "acme/find#9", repo="acme/shop", **FEATURE),
        key="acme/find#9",
    ),
    goes_to(
        "a project's key, also in a repository that nobody claims",
        "search",
        ticket("started", "Mon 09:00", "SRCH-9", repo="acme/none", **FEATURE),
        key="SRCH-9",
    ),
    goes_to(
        "a change without a project, as it is",
        "checkout",
        opened(author_team="checkout"),
        key="T-9",
    ),
    goes_to(
        "the project a fact names",
        "search",
        ticket("started", "Mon 09:00", "T-9", project="SRCH", **FEATURE),
        key="T-9",
    ),
    goes_to(
        "the service comes before the project",
        "checkout",
        ticket("started", "Mon 09:00", "SRCH-9", service="till", **FEATURE),
        key="SRCH-9",
    ),
    goes_to(
        "a ticket nobody claims is unknown",
        "unknown",
        ticket("started", "Mon 09:00", "T-9", **FEATURE),
        key="T-9",
    ),
    goes_to(
        "a team elsewhere fills an owner nobody named (design 11.9)",
        "search",
        ticket("started", "Mon 09:00", **FEATURE),
        ticket("updated", "Mon 12:00", team="search"),
    ),
    goes_to(
        "a team elsewhere changes no owner (design 11.9)",
        "checkout",
        started(),
        ticket("updated", "Mon 12:00", team="search"),
    ),
    goes_to(
        "the first that is named elsewhere fills it",
        "search",
        ticket("started", "Mon 09:00", **FEATURE),
        ticket("updated", "Mon 12:00", team="search"),
        ticket("commented", "Mon 13:00", team="data"),
    ),
    Case(
        "it fills it until an owner is stated, which takes nothing back",
        (
            ticket("started", "Mon 09:00", **FEATURE),
            ticket("updated", "Mon 11:00", team="search"),
            ticket("accepted", "Mon 12:00", team="platform"),
        ),
        {"search feature": 10_800, "platform request": 18_000},
    ),
    Case(
        "named elsewhere when an owner is stated, or later, it fills nothing",
        (
            ticket("started", "Mon 09:00", **FEATURE),
            ticket("blocked", "Mon 12:00", team="search", on_team="platform"),
            ticket("unblocked", "Mon 12:00", team="search"),
            ticket("accepted", "Mon 12:00", team="platform"),
            ticket("updated", "Mon 13:00", team="data"),
        ),
        {"checkout feature": 10_800, "platform request": 18_000},
    ),
    goes_to(
        "time before the first fact that names an owner is the same owner's",
        "search",
        ticket("started", "Mon 09:00", "T-9", **FEATURE),
        ticket("accepted", "Mon 12:00", "T-9", team="search"),
        key="T-9",
    ),
    Case(
        "a rule that names an owner before anybody is named holds until then",
        (
            ticket("started", "Mon 09:00", **FEATURE),
            ticket("accepted", "Mon 12:00", team="search"),
        ),
        {"checkout feature": 10_800, "search request": 18_000},
    ),
    Case(
        "an owner that changes in mid-interval splits it",
        (started(), ticket("accepted", "Mon 12:00", team="search")),
        {"checkout feature": 10_800, "search request": 18_000},
    ),
    goes_to(
        "teams named on a sub-task do not change its parent's owner",
        "checkout",
        started(),
        ticket("started", "Mon 10:00", "CHK-2", team="search"),
    ),
    goes_to(
        "what the ticket does not say its change may",
        "search",
        ticket("started", "Mon 09:00", "T-9", **FEATURE),
        opened(team="search"),
        key="T-9",
    ),
    goes_to(
        "what neither says a deploy may",
        "checkout",
        ticket("started", "Mon 09:00", "T-9", **FEATURE),
        fact("deploy.started", "Mon 10:00", "D-1", service="till"),
        key="T-9",
    ),
    goes_to(
        "and at last a run may",
        "search",
        ticket("started", "Mon 09:00", "T-9", **FEATURE),
        fact("run.finished", "Mon 10:00", "r", outcome="success", repo="acme/find"),
        key="T-9",
    ),
    goes_to(
        "a change's explicit team comes before its author's",
        "search",
        opened(team="search", author_team="data", repo="acme/shop"),
        key="shop#7",
    ),
    goes_to(
        "a change's author's team comes before its repository's owner",
        "data",
        opened(author_team="data", repo="acme/shop"),
        key="shop#7",
    ),
    goes_to(
        "also where somebody says something on the change",
        "data",
        opened(author_team="data", repo="acme/shop"),
        fact("ticket.commented", "Mon 11:00", "shop#7", repo="acme/shop"),
        key="shop#7",
    ),
    goes_to(
        "a comment on a ticket's change does not decide before its author",
        "data",
        ticket("started", "Mon 09:00", "T-9", **FEATURE),
        opened(author_team="data", repo="acme/shop"),
        fact("ticket.commented", "Mon 11:00", "shop#7", repo="acme/shop"),
        key="T-9",
    ),
    goes_to(
        "else a change is its repository's owner's",
        "checkout",
        opened(repo="acme/shop"),
        key="shop#7",
    ),
    goes_to(
        "the team that reviewed is not the owner",
        "checkout",
        opened(repo="acme/shop"),
        fact("change.reviewed", "Mon 10:00", "shop#7", team="search"),
        key="shop#7",
    ),
    goes_to(
        "the paths of its pushes decide where a path is claimed (design 11.10)",
        "data",
        opened(repo="acme/mono"),
        fact("change.pushed", "Mon 10:00", "shop#7", paths=["/reports/q1.sql"]),
        key="shop#7",
    ),
    goes_to(
        "paths nobody claims leave it to the repository",
        "platform",
        opened(repo="acme/mono"),
        fact("change.pushed", "Mon 10:00", "shop#7", paths=["/readme"]),
        key="shop#7",
    ),
    goes_to(
        "a ticket known only by its change is its project's",
        "search",
        opened(),
        key="SRCH-9",
    ),
    Case(
        "a dated rule hands the item on at its date",
        # acme/moved is checkout's until Tuesday, then search's.
        (opened(repo="acme/moved"),),
        {"checkout feature": 28_800, "search request": 28_800},
        until="Tue 17:00",
        key="shop#7",
        directory=DATED,
    ),
    Case(
        "a dated rule of before the item's first fact is past",
        (fact("change.opened", "Wed 09:00", "shop#7", repo="acme/moved", **FEATURE),),
        {"search feature": 28_800},
        until="Wed 17:00",
        key="shop#7",
        directory=DATED,
    ),
    Case(
        "a team that took it over keeps it, whatever a dated rule says",
        (
            opened(repo="acme/moved"),
            fact("ticket.assigned", "Mon 10:00", "shop#7", to_team="data"),
            fact("ticket.commented", "Mon 12:00", "shop#7", by_teams=["data"]),
        ),
        {
            "checkout feature": 3_600,
            "checkout>data handoff acute": 900,
            "checkout>data handoff chronic": 6_300,
            "data request": 18_000 + 28_800,
        },
        until="Tue 17:00",
        key="shop#7",
        directory=DATED,
    ),
    Case(
        "its origin is charged while it is handed on: its last owner is another team",
        HANDED_ON,
        {
            "checkout feature": 3_600,
            "checkout>platform handoff acute": 900,
            "checkout>platform handoff chronic": 2_700,
            "platform request": 3_600,
            # An hour alone, then four of which half is of what platform broke.
            "checkout>search handoff acute": 900,
            "checkout>search handoff chronic": 2_700 + 7_200,
            "checkout>platform ci_shared_failure chronic": 7_200,
        },
    ),
    Case(
        "a dated rule at the instant of a fact holds from there",
        (
            opened(repo="acme/moved"),
            fact("ticket.assigned", "Tue 00:00", "shop#7", to_team="search"),
        ),
        {"checkout feature": 28_800, "search request": 28_800},
        until="Tue 17:00",
        key="shop#7",
        directory=DATED,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_owner(case: Case) -> None:
    assert case.found() == case.expected
