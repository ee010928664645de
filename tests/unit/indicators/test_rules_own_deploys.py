"""Indicators 1.2: time after deploys of the team's own that failed is shown apart."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import Profile
from monitor.domain.timeline import UNIT, Sort
from tests.unit.indicators.history import Case, blocker, done, fact, rule_of, started

OWN = "checkout own deploy"
DAY = {"checkout feature": 28_800}


def ended(when: str, outcome: str, deploy: str = "D-1", **said: Any) -> Fact:
    fields = {"service": "shop", "environment": "production", **said}
    return fact("deploy.finished", when, deploy, outcome=outcome, **fields)


def failed(when: str, deploy: str = "D-1", *causes: str, **said: Any) -> Fact:
    stated = {"cause_teams": list(causes)} if causes else {}
    return ended(when, "failure", deploy, **stated, **said)


def passed(when: str, deploy: str = "D-1", **said: Any) -> Fact:
    return ended(when, "success", deploy, **said)


def elsewhere(*facts: Fact) -> dict[str, Profile]:
    """What a deploy of another item, D-9, has told."""
    return blocker(*facts, key="D-9")


CASES = [
    Case(
        "from a failure that states the own team to the next success of the item there",
        (started(), failed("Mon 10:00", "D-1", "checkout"), passed("Mon 11:00", "D-2")),
        {**DAY, OWN: 3_600},
    ),
    Case(
        "one that states nobody is one's own",
        (started(), failed("Mon 10:00"), passed("Mon 11:00", "D-2")),
        {**DAY, OWN: 3_600},
    ),
    Case(
        "a success of another item's deploy there ends it",
        (started(), failed("Mon 10:00")),
        {**DAY, OWN: 7_200},
        blockers=elsewhere(passed("Mon 12:00", "D-9")),
    ),
    Case(
        "nothing elsewhere does: another environment, another service",
        (
            started(),
            failed("Mon 10:00"),
            passed("Mon 11:00", "D-2", environment="test"),
            passed("Mon 12:00", "D-3", service="lamp"),
            passed("Mon 13:00", "D-4"),
        ),
        {**DAY, OWN: 10_800},
    ),
    Case(
        "a deploy that names no place is made good by itself alone",
        (
            started(),
            fact("deploy.finished", "Mon 10:00", "D-1", outcome="failure"),
            fact("deploy.finished", "Mon 11:00", "D-2", outcome="success"),
            fact("deploy.finished", "Mon 12:00", "D-1", outcome="success"),
        ),
        {**DAY, OWN: 7_200},
    ),
    Case(
        "a roll-back is a failure, and makes nothing good",
        (
            started(),
            failed("Mon 10:00"),
            fact("deploy.rolled_back", "Mon 11:00", "D-1", service="shop"),
            passed("Mon 12:00", "D-2"),
            fact("deploy.rolled_back", "Mon 13:00", "D-2", service="shop"),
            passed("Mon 14:00", "D-3"),
        ),
        {**DAY, OWN: 10_800},
    ),
    Case(
        "several deploys of a lane that fail are one failure",
        (
            started(),
            failed("Mon 10:00"),
            failed("Mon 11:00", "D-2", "checkout"),
            passed("Mon 12:00", "D-3"),
        ),
        {**DAY, OWN: 7_200},
    ),
    Case(
        "two lanes that are broken at once are one time",
        (
            started(),
            failed("Mon 10:00"),
            failed("Mon 11:00", "D-2", service="lamp"),
            passed("Mon 12:00", "D-3"),
            passed("Mon 13:00", "D-4", service="lamp"),
        ),
        {**DAY, OWN: 10_800},
    ),
    Case(
        "another team's failure is a wait, and none of one's own",
        (started(), failed("Mon 16:00", "D-1", "platform")),
        {
            "checkout feature": 25_200,
            "checkout>platform deploy_failure acute": 900,
            "checkout>platform deploy_failure chronic": 2_700,
        },
    ),
    Case(
        "nor is one that holds a lane which another item holds already",
        (started(), failed("Mon 11:00", "D-1", "platform")),
        DAY,
        blockers=elsewhere(failed("Mon 10:00", "D-9", "platform", team="search")),
    ),
    Case(
        "only while the item is active: not while it waits",
        (
            started(),
            failed("Mon 10:00"),
            failed("Mon 11:00", "D-2", "platform"),
            passed("Mon 13:00", "D-3"),
        ),
        {
            "checkout feature": 21_600,
            OWN: 3_600,
            "checkout>platform deploy_failure acute": 900,
            "checkout>platform deploy_failure chronic": 6_300,
        },
        blockers=blocker(passed("Mon 13:00", "D-3"), key="D-3"),
    ),
    Case(
        "not outside flight; there again, it goes on until it is made good",
        (
            started(),
            failed("Mon 10:00"),
            done("Mon 11:00"),
            fact("ticket.reopened", "Mon 13:00", "CHK-1"),
            passed("Mon 14:00", "D-2"),
        ),
        {"checkout feature": 7_200, "checkout rework": 14_400, OWN: 7_200},
    ),
    Case(
        "whose it is, the item's owner tells, also outside flight",
        # checkout owns the service `till`, not the item.
        (
            started(team="search"),
            done("Mon 10:00"),
            failed("Mon 11:00", "D-1", "checkout", service="till"),
            fact("ticket.reopened", "Mon 12:00", "CHK-1"),
        ),
        {"search feature": 3_600, "search rework": 18_000},
    ),
    Case(
        "what was not broken opens first, and is made good at once",
        (started(), failed("Mon 10:00")),
        DAY,
        blockers=elsewhere(passed("Mon 10:00", "D-9")),
    ),
    Case(
        "what was broken is made good first, and breaks again",
        (started(), failed("Mon 10:00"), failed("Mon 11:00", "D-2")),
        {**DAY, OWN: 10_800},
        blockers=elsewhere(passed("Mon 11:00", "D-9"), passed("Mon 13:00", "D-9")),
    ),
    Case(
        "while a run of its own is broken, too, each kind has half of it (O1)",
        (
            started(),
            failed("Mon 10:00"),
            fact(
                "run.finished",
                "Mon 11:00",
                "r",
                outcome="failure",
                pipeline="b",
                cause_teams=["checkout"],
            ),
            passed("Mon 13:00", "D-2"),
            fact("run.finished", "Mon 14:00", "s", outcome="success", pipeline="b"),
        ),
        # 10-11 the deploy, 11-13 both, 13-14 the run.
        {**DAY, OWN: 3_600 + 3_600, "checkout own failure": 3_600 + 3_600},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_own_deploys(case: Case) -> None:
    assert case.found() == case.expected


def test_the_kinds_never_come_to_more_than_the_active_time() -> None:
    (timeline,) = CASES[-1].timelines()
    parts = [one for one in timeline.segments if one.sort is Sort.OWN_FAILURE]
    for instant in {one.start for one in parts}:
        there = [one.share for one in parts if one.start <= instant < one.end]
        assert sum(there) == UNIT
