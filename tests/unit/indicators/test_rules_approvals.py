"""Indicators 1.3, row `deploy_approval`, inside and outside an item's flight."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.timeline import Tally
from tests.unit.indicators.history import Case, at, done, fact, rule_of, started

TO_PLATFORM = "checkout>platform deploy_approval"
TO_SEARCH = "checkout>search deploy_approval"


def asked(when: str, deploy: str = "D-1", **fields: Any) -> Fact:
    return fact("deploy.approval_requested", when, deploy, **fields)


def decided(when: str, decision: str = "approved", **fields: Any) -> Fact:
    return fact("deploy.approval_decided", when, "D-1", decision=decision, **fields)


def waited(key: str, length: int) -> dict[str, float]:
    """One episode on Monday, all else feature."""
    return {
        f"{key} acute": 900,
        f"{key} chronic": length - 900,
        "checkout feature": 28_800 - length,
    }


PLATFORM_10 = asked("Mon 10:00", on_team="platform")

CASES = [
    *(
        Case(
            f"{decision} closes it",
            (started(), PLATFORM_10, decided("Mon 12:00", decision)),
            waited(TO_PLATFORM, 7_200),
        )
        for decision in ("approved", "rejected", "cancelled")
    ),
    *(
        Case(
            f"{kind} without a decision: nobody is waited for any more",
            (
                started(),
                PLATFORM_10,
                asked("Mon 10:00", on_team="search"),
                fact(f"deploy.{kind}", "Mon 12:00", "D-1", revision=0, **said),
            ),
            {
                # 7,200 = 900 + 6,300, halved
                f"{TO_PLATFORM} acute": 450,
                f"{TO_PLATFORM} chronic": 3_150,
                f"{TO_SEARCH} acute": 450,
                f"{TO_SEARCH} chronic": 3_150,
                "checkout feature": 28_800 - 7_200,
            },
        )
        for kind, said in (
            ("started", {}),
            ("finished", {"outcome": "success"}),
            ("finished", {"outcome": "cancelled"}),
        )
    ),
    Case(
        "what is asked after a deploy has begun is waited for",
        (
            started(),
            fact("deploy.started", "Mon 09:30", "D-1"),
            PLATFORM_10,
            decided("Mon 12:00"),
            fact("deploy.finished", "Mon 13:00", "D-1", outcome="success"),
        ),
        waited(TO_PLATFORM, 7_200),
    ),
    Case(
        "let go, by whom is not told: it was open before the gate after it",
        (
            started(),
            PLATFORM_10,
            decided("Mon 09:30", "let go"),
            decided("Mon 10:00", "let go"),
            decided("Mon 11:00", "let go"),
            asked("Mon 11:00", on_team="search"),
            decided("Mon 12:00", "let go"),
        ),
        # 10-11 and 11-12, one episode
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            f"{TO_SEARCH} chronic": 3_600,
            "checkout feature": 28_800 - 7_200,
        },
    ),
    Case(
        "another deploy's start changes nothing",
        (
            started(),
            PLATFORM_10,
            fact("deploy.started", "Mon 11:00", "D-2"),
            decided("Mon 12:00"),
        ),
        waited(TO_PLATFORM, 7_200),
    ),
    Case(
        "a decision that names a team closes that team's request alone",
        (
            started(),
            PLATFORM_10,
            asked("Mon 10:00", on_team="search"),
            decided("Mon 11:00", on_team="platform"),
            decided("Mon 12:00", on_team="search"),
        ),
        # 10-11 halved (450 + 1,350 each), 11-12 search alone
        {
            f"{TO_PLATFORM} acute": 450,
            f"{TO_PLATFORM} chronic": 1_350,
            f"{TO_SEARCH} acute": 450,
            f"{TO_SEARCH} chronic": 1_350 + 3_600,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a decision that names nobody closes every open request of the deploy",
        (
            started(),
            PLATFORM_10,
            asked("Mon 10:00", on_team="search"),
            decided("Mon 11:00"),
        ),
        {
            f"{TO_PLATFORM} acute": 450,
            f"{TO_PLATFORM} chronic": 1_350,
            f"{TO_SEARCH} acute": 450,
            f"{TO_SEARCH} chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a decision that names nobody ends no later request",
        (
            started(),
            PLATFORM_10,
            decided("Mon 11:00"),
            asked("Mon 15:00", on_team="search"),
            decided("Mon 16:00"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            f"{TO_SEARCH} acute": 900,
            f"{TO_SEARCH} chronic": 2_700,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "another deploy's decision closes nothing",
        (
            started(),
            asked("Mon 16:00", "D-2", on_team="platform"),
            decided("Mon 16:30"),
        ),
        waited(TO_PLATFORM, 3_600),
    ),
    Case(
        "an approval opens once (1.6)",
        (
            started(),
            PLATFORM_10,
            decided("Mon 11:00", on_team="platform"),
            asked("Mon 13:00", on_team="platform"),
        ),
        waited(TO_PLATFORM, 3_600),
    ),
    Case(
        "a group's request is its team's",
        (
            started(),
            asked("Mon 10:00", group="@acme/platform"),
            decided("Mon 11:00", group="@acme/platform"),
        ),
        waited(TO_PLATFORM, 3_600),
    ),
    Case(
        "an approval asked of the owner is no wait",
        (started(), asked("Mon 10:00", on_team="checkout")),
        {"checkout feature": 28_800},
    ),
    Case(
        "a decision as it is asked waits for nobody",
        (started(), PLATFORM_10, decided("Mon 10:00")),
        {"checkout feature": 28_800},
    ),
]

TO_PLATFORM_OUTSIDE = "search>platform deploy_approval"
NIGHT = {"service": "seek", "repo": "acme/find", "on_team": "platform"}
# Outside the item's flight: Mon 16:30-17:00 and Tue 9-10, 1,800 + 3,600.
OUTSIDE = [
    Case(
        "outside the item's flight it is the repository's owner's, a new episode",
        (
            started(),
            asked("Mon 16:00", **NIGHT),
            done("Mon 16:30"),
            decided("Tue 10:00"),
        ),
        {
            "checkout feature": 25_200,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 900,
            "search>platform deploy_approval acute": 900,
            "search>platform deploy_approval chronic": 4_500,
        },
        until="Tue 17:00",
    ),
    Case(
        "the service's owner comes before the repository's",
        (
            started(team="search"),
            asked("Mon 16:30", service="till", repo="acme/find", on_team="platform"),
            done("Mon 16:30"),
            decided("Tue 10:00"),
        ),
        {
            "search feature": 27_000,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 4_500,
        },
        until="Tue 17:00",
    ),
    Case(
        "else the item's last owner's: whoever owns it later did not wait",
        (
            started(),
            done("Mon 16:30"),
            asked("Mon 16:30", on_team="platform"),
            decided("Tue 10:00"),
            fact("ticket.started", "Tue 16:00", "CHK-1", team="search"),
        ),
        {
            "checkout feature": 27_000,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 4_500,
            "search rework": 3_600,
        },
        until="Tue 17:00",
    ),
    Case(
        "else the item's last owner's",
        (
            started(),
            fact("ticket.accepted", "Mon 16:00", "CHK-1", team="search"),
            done("Mon 16:30"),
            asked("Mon 16:30", on_team="platform"),
            decided("Tue 10:00"),
        ),
        {
            "checkout feature": 25_200,
            "search request": 1_800,
            "search>platform deploy_approval acute": 900,
            "search>platform deploy_approval chronic": 4_500,
        },
        until="Tue 17:00",
    ),
    Case(
        "what it waits for next, after a pause at night, is a new episode",
        (
            started(),
            done("Mon 10:00"),
            asked("Mon 16:00", **NIGHT),
            decided("Mon 20:00"),
            asked("Mon 20:01", **NIGHT | {"on_team": "checkout"}),
            decided("Tue 10:00"),
        ),
        # In flight only while it waits (1.2), and leaving flight ends it (O5).
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM_OUTSIDE} acute": 900,
            f"{TO_PLATFORM_OUTSIDE} chronic": 2_700,
            "search>checkout deploy_approval acute": 900,
            "search>checkout deploy_approval chronic": 2_700,
        },
        until="Tue 17:00",
    ),
    Case(
        "of automation alone its first word on the deploy is an activity",
        (
            fact("ticket.created", "Mon 09:00", "CHK-1", automation=True),
            asked("Mon+3 10:00", **NIGHT, automation=True),
            decided("Mon+3 12:00", automation=True),
        ),
        {
            f"{TO_PLATFORM_OUTSIDE} acute": 900,
            f"{TO_PLATFORM_OUTSIDE} chronic": 6_300,
        },
        until="Mon+3 17:00",
    ),
    Case(
        "two waits that touch at night are one episode",
        (
            started(),
            done("Mon 10:00"),
            asked("Mon 16:00", **NIGHT),
            decided("Mon 20:00", on_team="platform"),
            asked("Mon 20:00", **NIGHT | {"on_team": "checkout"}),
            decided("Tue 10:00"),
        ),
        {
            "checkout feature": 3_600,
            f"{TO_PLATFORM_OUTSIDE} acute": 900,
            f"{TO_PLATFORM_OUTSIDE} chronic": 2_700,
            "search>checkout deploy_approval chronic": 3_600,
        },
        until="Tue 17:00",
    ),
    Case(
        "two deploys of one item have each a time of their own outside it",
        (
            started(),
            done("Mon 10:00"),
            asked("Mon 10:00", "D-1", **NIGHT),
            asked("Mon 10:00", "D-2", **NIGHT),
            decided("Mon 11:00"),
            fact("deploy.approval_decided", "Mon 11:00", "D-2", decision="approved"),
        ),
        {
            "checkout feature": 3_600,
            "search>platform deploy_approval acute": 1_800,
            "search>platform deploy_approval chronic": 5_400,
        },
    ),
    Case(
        "before the item's flight it is the service's owner's",
        (
            asked("Mon 09:00", **NIGHT),
            started("Mon 10:00"),
            decided("Mon 11:00"),
        ),
        {
            "search>platform deploy_approval acute": 900,
            "search>platform deploy_approval chronic": 2_700,
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a deploy of its own accrues its waits and no active time",
        (
            fact("deploy.ready", "Mon 09:00", "D-1", service="till"),
            PLATFORM_10,
            decided("Mon 11:00"),
            fact("deploy.started", "Mon 11:00", "D-1"),
            fact("deploy.finished", "Mon 12:00", "D-1", outcome="success"),
        ),
        {f"{TO_PLATFORM} acute": 900, f"{TO_PLATFORM} chronic": 2_700},
        key="D-1",
    ),
    Case(
        "a deploy of its own may name its team",
        (
            fact("deploy.ready", "Mon 09:00", "D-1", service="till", team="search"),
            PLATFORM_10,
            decided("Mon 11:00"),
        ),
        {
            "search>platform deploy_approval acute": 900,
            "search>platform deploy_approval chronic": 2_700,
        },
        key="D-1",
    ),
    Case(
        "a deploy of an item names its team: design 4, explicit teams win",
        (
            started(),
            done("Mon 10:00"),
            asked("Mon 11:00", on_team="platform", service="till", team="search"),
            decided("Mon 12:00"),
        ),
        {
            "checkout feature": 3_600,
            "search>platform deploy_approval acute": 900,
            "search>platform deploy_approval chronic": 2_700,
        },
    ),
    Case(
        "in flight it is the item's all the same",
        (
            started(),
            asked("Mon 11:00", on_team="platform", service="till", team="search"),
            decided("Mon 12:00"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a deploy nobody owns is unknown's",
        (PLATFORM_10, decided("Mon 11:00")),
        {
            "unknown>platform deploy_approval acute": 900,
            "unknown>platform deploy_approval chronic": 2_700,
        },
        key="D-1",
    ),
    Case(
        "outside flight the stale rule ends it after 10 working days",
        (fact("deploy.ready", "Mon 10:00", "D-1", service="till"), PLATFORM_10),
        # Until Mon two weeks on, 10:00; then Mon 7 h and four days: 140,400
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 287_100,
            "checkout (stale)": 140_400,
        },
        key="D-1",
        until="Fri+2 17:00",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_deploy_approval(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("case", OUTSIDE, ids=rule_of)
def test_deploy_outside_flight(case: Case) -> None:
    assert case.found() == case.expected


def test_a_decision_before_the_request_it_names_is_counted_and_has_no_length() -> None:
    """1.6: negative lengths become 0 and are counted."""
    early = decided("Mon 09:30", on_team="platform")
    case = Case("", (started(), early, PLATFORM_10), {})
    (timeline,) = case.timelines()
    assert case.found() == {"checkout feature": 28_800}
    assert timeline.tallies == (
        Tally("negative", "checkout", "deploy_approval", at("Mon 10:00")),
    )


def test_what_a_deploy_waits_for_outside_flight_is_of_the_same_item() -> None:
    timelines = OUTSIDE[0].timelines()
    assert [timeline.item for timeline in timelines] == ["CHK-1", "CHK-1"]
