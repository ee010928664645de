"""Indicators 4: deploys to production, their causes, recovery and rework."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import Profile, Result
from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.timeline import Measured, Timeline
from monitor.indicators.evaluate import evaluate
from tests.unit.indicators.history import DIRECTORY, HOUR, MINUTE, at, fact, item_of

Found = list[tuple[str, str, str, str, int]]
COUNTED = (Measured.DEPLOYS, Measured.UNPLANNED, Measured.RECOVERY)


def ended(when: str, outcome: str, entity: str = "D-1", **said: Any) -> Fact:
    """A deploy of the till, which checkout owns, ends in production."""
    fields = {"service": "till", "environment": "prod", "outcome": outcome, **said}
    return fact("deploy.finished", when, entity, **fields)


def rolled_back(when: str, entity: str = "D-1", **said: Any) -> Fact:
    fields = {"service": "till", "environment": "prod", **said}
    return fact("deploy.rolled_back", when, entity, **fields)


def measures_in(timelines: Iterable[Timeline], names: Iterable[Measured]) -> Found:
    """Team, measure, label, time of the day and value, in the timelines' order."""
    return [
        (one.team, str(one.name), one.label, clock(one.time), one.value)
        for timeline in timelines
        for one in timeline.measures
        if one.name in names
    ]


def clock(instant: int) -> str:
    minutes = (instant - at("Mon 00:00")) // MINUTE
    return f"{minutes // 60:02}:{minutes % 60:02}"


def counted(
    *facts: Fact,
    key: str = "D-1",
    told: dict[str, Profile] | None = None,
    model: Model = DEFAULT_MODEL,
) -> Found:
    return measures_in(evaluate(item_of(facts, key, told), DIRECTORY, model), COUNTED)


def deploy(label: str, when: str, team: str = "checkout") -> tuple[Any, ...]:
    return (team, "deploys", label, when, 1)


def recovery(when: str, length: int, team: str = "checkout") -> tuple[Any, ...]:
    return (team, "recovery", "", when, length)


CASES = {
    "a success": ([ended("Mon 10:00", "success")], [deploy("none", "10:00")]),
    "what is neither success nor failure counts nowhere": (
        [ended("Mon 10:00", one) for one in ("cancelled", "skipped", "neutral")],
        [],
    ),
    "a failure nobody is named for is the owner's": (
        [ended("Mon 10:00", "error")],
        [deploy("own", "10:00")],
    ),
    "a failure by another team": (
        [ended("Mon 10:00", "timed_out", cause_teams=["platform"])],
        [deploy("other_team", "10:00")],
    ),
    "a failure by a team nobody knows": (
        [ended("Mon 10:00", "failure", cause_teams=["who"])],
        [deploy("other_team", "10:00")],
    ),
    "a failure of the outside world": (
        [ended("Mon 10:00", "failure", cause_teams=["external"])],
        [deploy("external", "10:00")],
    ),
    "a failure of the outside world and of another team": (
        [ended("Mon 10:00", "failure", cause_teams=["external", "search"])],
        [deploy("other_team", "10:00")],
    ),
    "a failure the owner had a part in is its own": (
        [ended("Mon 10:00", "failure", cause_teams=["platform", "checkout"])],
        [deploy("own", "10:00")],
    ),
    "the same end told again": (
        [ended(f"Mon 10:{minute}", "success") for minute in ("00", "05")],
        [deploy("none", "10:00")],
    ),
    "the same service deployed anew, from other artifacts": (
        [
            ended("Mon 10:00", "success", artifact="pkg:oci/till@1"),
            ended("Mon 10:05", "success", artifact="pkg:oci/till@1"),
            ended("Mon 10:10", "success"),
            ended("Mon 11:00", "success", artifact="pkg:oci/till@2"),
            ended("Mon 12:00", "success", artifact="pkg:oci/till@3"),
            rolled_back("Mon 13:00"),
        ],
        [
            deploy("none", "10:00"),
            deploy("none", "11:00"),
            deploy("own", "12:00"),
            recovery("13:00", HOUR),
        ],
    ),
    "the latest stated cause of one failure holds": (
        [
            ended("Mon 10:00", "failure", cause_teams=["platform"]),
            ended("Mon 10:05", "error"),
            ended("Mon 10:10", "error", cause_teams=["external"]),
        ],
        [deploy("external", "10:00")],
    ),
    "a failure and its own success later": (
        [ended("Mon 10:00", "failure"), ended("Mon 10:30", "success")],
        [
            deploy("own", "10:00"),
            deploy("none", "10:30"),
            recovery("10:30", 30 * MINUTE),
        ],
    ),
    "of one instant the failure comes first, and lasts no time": (
        [ended("Mon 10:00", "success"), ended("Mon 10:00", "failure")],
        [deploy("none", "10:00"), deploy("own", "10:00")],
    ),
    "a success that is rolled back has failed from when it succeeded": (
        [ended("Mon 10:00", "success"), rolled_back("Mon 11:00")],
        [deploy("own", "10:00"), recovery("11:00", HOUR)],
    ),
    "rolled back because of another team": (
        [
            ended("Mon 10:00", "success"),
            rolled_back("Mon 11:00", cause_teams=["search"]),
        ],
        [deploy("other_team", "10:00"), recovery("11:00", HOUR)],
    ),
    "rolled back twice was over the first time": (
        [
            ended("Mon 10:00", "failure"),
            rolled_back("Mon 11:00"),
            rolled_back("Mon 12:00"),
        ],
        [deploy("own", "10:00"), recovery("11:00", HOUR)],
    ),
    "tried again, and that is rolled back: the first failure was over before": (
        [
            ended("Mon 10:00", "failure"),
            ended("Mon 10:30", "success"),
            rolled_back("Mon 12:30"),
        ],
        [
            deploy("own", "10:00"),
            deploy("own", "10:30"),
            recovery("10:30", 30 * MINUTE),
            recovery("12:30", 2 * HOUR),
        ],
    ),
    "failed again after it was rolled back": (
        [
            ended("Mon 10:00", "failure"),
            rolled_back("Mon 11:00"),
            ended("Mon 12:00", "failure"),
        ],
        [deploy("own", "10:00"), recovery("11:00", HOUR), deploy("own", "12:00")],
    ),
    "begun again under its id, and failed again before anything succeeded": (
        [
            ended("Mon 10:00", "failure"),
            fact("deploy.started", "Mon 10:15", "D-1"),
            ended("Mon 10:30", "failure"),
            ended("Mon 11:00", "success"),
        ],
        [deploy("own", "10:00"), deploy("none", "11:00"), recovery("11:00", HOUR)],
    ),
    "rolled back, and nobody knows since when it was there": (
        [rolled_back("Mon 11:00")],
        [deploy("own", "11:00")],
    ),
    "what the outside world broke nobody here recovers": (
        [
            ended("Mon 10:00", "failure", cause_teams=["external"]),
            ended("Mon 11:00", "success"),
        ],
        [deploy("external", "10:00"), deploy("none", "11:00")],
    ),
    "unplanned is said of the deploy, whichever of its facts says it": (
        [
            fact("deploy.started", "Mon 09:55", "D-1", unplanned=True),
            ended("Mon 10:00", "success"),
        ],
        [deploy("none", "10:00"), ("checkout", "unplanned", "", "10:00", 1)],
    ),
    "another environment": (
        [ended("Mon 10:00", "success", environment="staging")],
        [],
    ),
    "production in other letters": (
        [ended("Mon 10:00", "success", environment=" PRODUCTION")],
        [deploy("none", "10:00")],
    ),
    "an environment nobody named": (
        [
            fact(
                "deploy.finished",
                "Mon 10:00",
                "D-1",
                outcome="success",
                repo="acme/shop",
            )
        ],
        [deploy("none", "10:00")],
    ),
    "the service's owner, before the repository's": (
        [ended("Mon 10:00", "success", repo="acme/find")],
        [deploy("none", "10:00")],
    ),
    "the repository's owner where no service is named": (
        [
            fact(
                *("deploy.finished", "Mon 10:00", "D-1"),
                outcome="success",
                repo="acme/find",
            )
        ],
        [deploy("none", "10:00", "search")],
    ),
    "nobody's": (
        [fact("deploy.finished", "Mon 10:00", "D-1", outcome="success")],
        [deploy("none", "10:00", "unknown")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_deploy_counts(name: str) -> None:
    facts, expected = CASES[name]
    assert counted(*facts) == expected


@pytest.mark.parametrize(
    "name",
    [
        "eu-1",
        # Of a name that is not made of ordinary words, a word is kept.
        "orion",
    ],
)
def test_which_environments_are_production_is_configured(name: str) -> None:
    model = replace(DEFAULT_MODEL, production=(name,))
    facts = [
        ended("Mon 10:00", "success", "D-1", environment=name.upper()),
        ended("Mon 11:00", "success", "D-2"),
    ]
    found = counted(*facts, key="D-1", model=model)
    assert found == [deploy("none", "10:00")]


def told(*results: tuple[str, str, str, int]) -> dict[str, Profile]:
    """What another deploy tells: when, which service, where, and how much longer."""
    return {
        "D-9": Profile(
            (),
            (),
            (),
            results=tuple(
                Result(at(when), service, where, at(when) + more)
                for when, service, where, more in results
            ),
        )
    }


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([("Mon 12:00", "till", "prod", 0)], [recovery("12:00", 2 * HOUR)]),
        ([("Mon 10:00", "till", "prod", 0)], []),
        ([("Mon 09:59", "till", "prod", 0)], []),
        ([("Mon 12:00", "till", "prod", HOUR)], []),
        ([("Mon 12:00", "till", "test", 0)], []),
        ([("Mon 12:00", "shop", "prod", 0)], []),
        (
            [("Mon 15:00", "till", "prod", 0), ("Mon 13:00", "till", "prod", 0)],
            [recovery("13:00", 3 * HOUR)],
        ),
    ],
)
def test_a_failure_ends_with_the_next_success_of_the_service_there(
    results: list[tuple[str, str, str, int]], expected: Found
) -> None:
    found = counted(ended("Mon 10:00", "failure"), told=told(*results))
    assert found == [deploy("own", "10:00"), *expected]


def test_what_was_rolled_back_was_over_then_or_with_an_earlier_success() -> None:
    """What seemed to succeed does harm until then, whatever succeeds meanwhile."""
    fix = told(("Mon 11:00", "till", "prod", 0))
    failed = [ended("Mon 10:00", "failure"), rolled_back("Mon 12:00")]
    assert counted(*failed, told=fix) == [
        deploy("own", "10:00"),
        recovery("11:00", HOUR),
    ]
    seemed = [ended("Mon 10:00", "success"), rolled_back("Mon 12:00")]
    found = counted(*seemed, told=fix)
    assert found == [deploy("own", "10:00"), recovery("12:00", 2 * HOUR)]


def test_a_deploy_that_was_a_mistake_counts_nowhere() -> None:
    assert counted(ended("Mon 10:00", "success", deleted=True)) == []


@pytest.mark.parametrize(
    "root",
    [
        fact("ticket.created", "Mon 09:00", "X-1", epic=True),
        fact("change.opened", "Mon 09:00", "X-1", bot=True),
        fact("incident.opened", "Mon 09:00", "X-1", team="search"),
        fact("ticket.created", "Mon 09:00", "X-1", deleted=True),
    ],
    ids=["epic", "bot's change", "incident", "deleted"],
)
def test_a_deploy_counts_whatever_it_hangs_on(root: Fact) -> None:
    facts = [root, ended("Mon 10:00", "success", item="X-1")]
    assert counted(*facts, key="X-1") == [deploy("none", "10:00")]


@pytest.mark.parametrize("key", ["D-1", "CHK-1"])
def test_the_team_that_a_deploy_names_has_it_whatever_it_hangs_on(key: str) -> None:
    """Design 4: explicit teams win over the directory, by which checkout has the till.

    So it is by whom it failed that says whether its own team did it.
    """
    said = {"item": key} if key != "D-1" else {}
    facts = [
        ended("Mon 10:00", "failure", cause_teams=["search"], unplanned=True, **said),
        ended("Mon 11:00", "success", team="search"),
    ]
    root = [] if key == "D-1" else [fact("ticket.created", "Mon 09:00", key)]
    assert counted(*root, *facts, key=key) == [
        deploy("own", "10:00", "search"),
        ("search", "unplanned", "", "10:00", 1),
        deploy("none", "11:00", "search"),
        recovery("11:00", HOUR, "search"),
        ("search", "unplanned", "", "11:00", 1),
    ]
