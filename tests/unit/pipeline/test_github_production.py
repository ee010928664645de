"""Environments that GitHub calls production, whatever they are named (indicators 4)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.timeline import Measured, Timeline
from tests.harness.driving import Drive
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_github_items import DAY, DIRECTORY, facts_of, time

LIVE = Model(production=("live",))
MINUTE = 60_000
# Opened at 09:00 and 10:30, in production at 14:00.
LED = [
    ("github.com:11#7", "14:00", 5 * 60),
    ("github.com:11#8", "14:00", 3 * 60 + 30),
]
Told = tuple[str, dict[str, Any]]


def deployed(
    number: int, clock: str, environment: str | None, *, flag: bool | None
) -> Told:
    """The tip, which pull request 8 was merged with, was brought somewhere."""
    made = {
        "id": number,
        "sha": "8" * 40,
        "environment": environment,
        "created_at": time("11:30"),
        "production_environment": flag,
    }
    status = {"state": "success", "created_at": time(clock)}
    return "deployment_status", {"deployment": made, "deployment_status": status}


def merged(number: int, opened: str, clock: str) -> Told:
    shown = {
        "number": number,
        "created_at": time(opened),
        "updated_at": time(clock),
        "closed_at": time(clock),
        "merged_at": time(clock),
        "merge_commit_sha": str(number) * 40,
        "head": {"ref": f"topic-{number}", "sha": "ab"},
    }
    return "pull_request", {"action": "closed", "pull_request": shown}


def measured(
    told: list[Told], name: Measured, model: Model = DEFAULT_MODEL
) -> list[tuple[str, str, int]]:
    """Item, at what time and how many minutes, of every such measure."""
    driven = Drive(DIRECTORY, instant(f"{DAY}T17:00:00Z"), model)
    for body in told:
        driven.take(facts_of([body]))
    timelines: list[Timeline] = driven.timelines()
    midnight = instant(f"{DAY}T00:00:00Z")
    return sorted(
        (one.item, f"{clock // 60:02}:{clock % 60:02}", measure.value // MINUTE)
        for one in timelines
        for measure in one.measures
        if measure.name is name
        for clock in [(measure.time - midnight) // MINUTE]
    )


@pytest.mark.parametrize(
    ("environment", "flag", "model", "counts"),
    [
        ("prod-eu", True, DEFAULT_MODEL, True),
        ("Production \N{EN DASH} checkout", True, DEFAULT_MODEL, True),
        ("staging", True, LIVE, True),
        # False is what GitHub says of every other name, whatever is configured.
        ("prod-eu", False, DEFAULT_MODEL, False),
        ("prod-eu", None, DEFAULT_MODEL, False),
        ("prod", False, DEFAULT_MODEL, True),
        ("live", False, LIVE, True),
        # True is what GitHub says unasked of this one, so the configuration decides.
        ("production", True, DEFAULT_MODEL, True),
        ("production", True, LIVE, False),
    ],
)
def test_whose_deploys_count(
    environment: str, flag: bool | None, model: Model, counts: bool
) -> None:
    told = [deployed(1, "12:00", environment, flag=flag)]
    found = measured(told, Measured.DEPLOYS, model)
    assert [clock for _, clock, _ in found] == ["12:00"] * counts


def test_what_one_body_tells_holds_for_the_deploy() -> None:
    """Older bodies do not have the field."""
    success = deployed(1, "14:00", "prod-eu", flag=None)
    event, flagged = deployed(1, "14:00", "prod-eu", flag=True)
    running = {"state": "in_progress", "created_at": time("13:00")}
    told = [
        merged(7, "09:00", "10:00"),
        merged(8, "10:30", "11:00"),
        success,
        (event, {**flagged, "deployment_status": running}),
    ]
    for order in permutations(told):
        assert len(measured(list(order), Measured.DEPLOYS)) == 1
        assert measured(list(order), Measured.LEAD_TIME) == LED


@pytest.mark.slow
def test_a_change_is_delivered_by_the_first_deploy_that_counts() -> None:
    """Of two to one environment only the later one is said to be production."""
    told = [
        merged(7, "09:00", "10:00"),
        merged(8, "10:30", "11:00"),
        deployed(1, "12:00", "prod-eu", flag=None),
        deployed(2, "14:00", "prod-eu", flag=True),
        deployed(3, "15:00", "prod-us", flag=True),
    ]
    for order in permutations(told):
        assert measured(list(order), Measured.LEAD_TIME) == LED
