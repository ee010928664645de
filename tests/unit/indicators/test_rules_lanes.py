"""Indicators 1.3, row `deploy_failure`: a lane that another team has broken."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import Profile
from tests.unit.indicators.history import Case, blocker, done, fact, rule_of, started

BY_PLATFORM = "checkout>platform deploy_failure"
BY_SEARCH = "checkout>search deploy_failure"


def ended(when: str, outcome: str, deploy: str = "D-1", **said: Any) -> Fact:
    fields = {"service": "shop", "outcome": outcome, **said}
    return fact("deploy.finished", when, deploy, **fields)


def failed(
    when: str, deploy: str = "D-1", cause: str = "platform", **said: Any
) -> Fact:
    return ended(when, "failure", deploy, cause_teams=[cause], **said)


def rolled_back(deploy: str, cause: str = "search") -> Fact:
    fields: dict[str, Any] = {"service": "shop", "cause_teams": [cause]}
    return fact("deploy.rolled_back", "Mon 15:00", deploy, **fields)


def elsewhere(*facts: Fact) -> dict[str, Profile]:
    """What a deploy of another item, D-9, has told."""
    return blocker(*facts, key="D-9")


def waited(key: str, length: int) -> dict[str, float]:
    """One episode on Monday, all else feature."""
    return {
        f"{key} acute": 900,
        f"{key} chronic": length - 900,
        "checkout feature": 28_800 - length,
    }


ALL_FEATURE = {"checkout feature": 28_800}
AT_TEN = failed("Mon 10:00")

CASES = [
    Case(
        "open from the failure until the next success of another deploy there",
        (started(), AT_TEN),
        waited(BY_PLATFORM, 7_200),
        blockers=elsewhere(ended("Mon 12:00", "success", "D-9")),
    ),
    Case(
        "its own success closes it as well",
        (started(), AT_TEN, ended("Mon 12:00", "success")),
        waited(BY_PLATFORM, 7_200),
    ),
    *(
        Case(
            f"{outcome} counts as a failure",
            (started(), ended("Mon 15:00", outcome, cause_teams=["platform"])),
            waited(BY_PLATFORM, 7_200),
        )
        for outcome in ("failure", "error", "timed_out")
    ),
    *(
        Case(
            f"{outcome} is none",
            (started(), ended("Mon 15:00", outcome, cause_teams=["platform"])),
            ALL_FEATURE,
        )
        for outcome in ("cancelled", "skipped", "neutral", "success")
    ),
    Case(
        "a roll-back counts as a failure",
        (
            started(),
            fact(
                "deploy.rolled_back",
                "Mon 15:00",
                "D-1",
                service="shop",
                cause_teams=["search"],
            ),
        ),
        waited(BY_SEARCH, 7_200),
    ),
    *(
        Case(
            f"of one deploy that failed and was rolled back at once, by {first}",
            # The order of kinds (design 11.11), not that of names.
            (
                started(),
                failed("Mon 15:00", cause=first),
                fact(
                    "deploy.rolled_back",
                    "Mon 15:00",
                    "D-1",
                    service="shop",
                    cause_teams=[then],
                ),
            ),
            waited(f"checkout>{first} deploy_failure", 7_200),
        )
        for first, then in (("platform", "search"), ("search", "platform"))
    ),
    Case(
        "without a stated cause it is one's own",
        (started(), ended("Mon 10:00", "failure")),
        {**ALL_FEATURE, "checkout own deploy": 25_200},
    ),
    Case(
        "one's own failure is no wait",
        (started(), failed("Mon 10:00", cause="checkout")),
        {**ALL_FEATURE, "checkout own deploy": 25_200},
    ),
    Case(
        "a team nobody knows is unknown",
        (started(), failed("Mon 15:00", cause="ghosts")),
        waited("checkout>unknown deploy_failure", 7_200),
    ),
    Case(
        "several causes share",
        (
            started(),
            ended("Mon 15:00", "failure", cause_teams=["platform", "search"]),
        ),
        {
            f"{BY_PLATFORM} acute": 450,
            f"{BY_PLATFORM} chronic": 3_150,
            f"{BY_SEARCH} acute": 450,
            f"{BY_SEARCH} chronic": 3_150,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "success in another environment closes nothing",
        (started(), failed("Mon 15:00", environment="prod")),
        waited(BY_PLATFORM, 7_200),
        blockers=elsewhere(ended("Mon 16:00", "success", "D-9", environment="test")),
    ),
    Case(
        "success of another service closes nothing",
        (started(), failed("Mon 15:00")),
        waited(BY_PLATFORM, 7_200),
        blockers=elsewhere(ended("Mon 16:00", "success", "D-9", service="lamp")),
    ),
    Case(
        "names of services are compared without case",
        (started(), failed("Mon 15:00", service="Shop")),
        waited(BY_PLATFORM, 3_600),
        blockers=elsewhere(ended("Mon 16:00", "success", "D-9", service="shop ")),
    ),
    Case(
        "without a service the repository is the lane",
        (
            started(),
            fact(
                "deploy.finished",
                "Mon 15:00",
                "D-1",
                repo="acme/shop",
                outcome="failure",
                cause_teams=["platform"],
            ),
        ),
        waited(BY_PLATFORM, 3_600),
        blockers=elsewhere(
            fact(
                "deploy.finished",
                "Mon 16:00",
                "D-9",
                repo="acme/shop",
                outcome="success",
            )
        ),
    ),
    Case(
        "without either the deploy is a lane of its own",
        (
            started(),
            fact(
                "deploy.finished",
                "Mon 15:00",
                "D-1",
                outcome="failure",
                cause_teams=["platform"],
            ),
            fact("deploy.finished", "Mon 16:00", "D-1", outcome="success"),
        ),
        waited(BY_PLATFORM, 3_600),
    ),
    Case(
        "an earlier failure of another item holds the lane: one wait, the earliest",
        (started(), failed("Mon 11:00")),
        ALL_FEATURE,
        blockers=elsewhere(failed("Mon 10:00", "D-9", team="search")),
    ),
    Case(
        "an earlier failure of its own making holds nothing",
        (started(), failed("Mon 15:00")),
        waited(BY_PLATFORM, 7_200),
        blockers=elsewhere(failed("Mon 10:00", "D-9", cause="search", team="search")),
    ),
    Case(
        "an earlier failure that was made good holds nothing any more",
        (started(), failed("Mon 15:00")),
        waited(BY_PLATFORM, 7_200),
        blockers=elsewhere(
            failed("Mon 10:00", "D-9", team="search"),
            ended("Mon 11:00", "success", "D-9", team="search"),
        ),
    ),
    Case(
        "an earlier failure beyond its cap holds nothing any more",
        (started("Mon+2 09:00"), failed("Mon+2 15:00")),
        waited(BY_PLATFORM, 7_200),
        until="Mon+2 17:00",
        # Ten working days from Monday 10:00 are over on Monday 10:00.
        blockers=elsewhere(failed("Mon 10:00", "D-9", team="search")),
    ),
    Case(
        "up to its cap it does",
        (started("Mon+2 09:00"), failed("Mon+2 15:00")),
        ALL_FEATURE,
        until="Mon+2 17:00",
        blockers=elsewhere(failed("Mon 15:30", "D-9", team="search")),
    ),
    Case(
        "at the end of a cap a failure that is made good has no length",
        (started("Mon+2 09:00"), failed("Mon+2 10:00")),
        ALL_FEATURE,
        until="Mon+2 17:00",
        blockers={
            **elsewhere(failed("Mon 10:00", "D-9", team="search")),
            **blocker(ended("Mon+2 10:00", "success", "D-8"), key="D-8"),
        },
    ),
    Case(
        "a later failure is the same wait, whoever caused it",
        (started(), failed("Mon 15:00"), failed("Mon 16:00", cause="search")),
        waited(BY_PLATFORM, 7_200),
    ),
    Case(
        "what was open closes first at one instant, then the next one opens",
        (started(), failed("Mon 15:00"), failed("Mon 16:00", "D-2", cause="search")),
        {
            f"{BY_PLATFORM} acute": 900,
            f"{BY_PLATFORM} chronic": 2_700,
            # The same episode goes on.
            f"{BY_SEARCH} chronic": 3_600,
            "checkout feature": 21_600,
        },
        blockers={
            **elsewhere(ended("Mon 16:00", "success", "D-9")),
            **blocker(failed("Mon 15:00"), key="D-1"),
            **blocker(failed("Mon 16:00", "D-2", cause="search"), key="D-2"),
        },
    ),
    *(
        Case(
            f"of two deploys that fail at one instant the first by name: {first.kind}",
            (started(), first, second),
            waited(f"checkout>{cause} deploy_failure", 7_200),
            blockers={
                **blocker(first, key=first.entity),
                **blocker(second, key=second.entity),
            },
        )
        for cause, first, second in (
            ("platform", failed("Mon 15:00", "D-1"), rolled_back("D-2")),
            ("search", rolled_back("D-1"), failed("Mon 15:00", "D-2")),
        )
    ),
    Case(
        "what was not open opens first and has no length",
        (started(), failed("Mon 15:00")),
        ALL_FEATURE,
        blockers=elsewhere(ended("Mon 15:00", "success", "D-9")),
    ),
    Case(
        "the cap is ten working days from its opening",
        (
            started(),
            failed("Mon 10:00"),
            fact("ticket.commented", "Fri+1 09:00", "CHK-1"),
        ),
        {
            f"{BY_PLATFORM} acute": 900,
            f"{BY_PLATFORM} chronic": 288_000 - 900,
            # Monday's first hour, and seven hours from Monday 10:00 two weeks later.
            "checkout feature": 3_600 + 25_200,
        },
        until="Mon+2 17:00",
    ),
    Case(
        "leaving flight closes it for the item; outside it is the service's owner's",
        (started(), failed("Mon 15:00", service="till"), done("Mon 16:00")),
        {
            f"{BY_PLATFORM} acute": 900 + 900,
            f"{BY_PLATFORM} chronic": 2_700 + 2_700,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "the instant at which the item leaves flight is outside",
        (
            started(team="search"),
            failed("Mon 16:00", cause="search", service="till"),
            done("Mon 16:00"),
        ),
        {
            "search feature": 25_200,
            f"{BY_SEARCH} acute": 900,
            f"{BY_SEARCH} chronic": 2_700,
        },
    ),
    Case(
        "a deploy of no item is charged to its service's owner",
        (failed("Mon 15:00", service="till"),),
        {f"{BY_PLATFORM} acute": 900, f"{BY_PLATFORM} chronic": 6_300},
        key="D-1",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_broken_lanes(case: Case) -> None:
    assert case.found() == case.expected
