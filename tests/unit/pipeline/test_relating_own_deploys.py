"""Failed deploys of one's own learn of what made them good, in whatever order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.timeline import Sort, Timeline
from monitor.indicators.totals.instant import amount_between, seconds
from tests.harness.driving import directory_of, facts_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.running import HOUR, Process, event
from tests.unit.pipeline.test_relating import TEAMS, body, timelines_of
from tests.unit.pipeline.test_relating_lanes import Body, deployed, started

NOBODY = {"cause_team": None}
ITSELF = {"cause_team": "checkout"}


def history(said: dict[str, str | None]) -> list[Body]:
    """CHK-1 breaks its lane at ten, and again as another item's deploy succeeds.

    CHK-2 breaks it at noon, just as it is made good; and at four, until later.
    """
    events = [
        started("CHK-1"),
        started("CHK-2"),
        deployed("10:00", "D-1", "failure", item="CHK-1", **said),
        deployed("11:00", "D-2", "success", team="search"),
        deployed("11:00", "D-3", "failure", item="CHK-1", **said),
        deployed("12:00", "D-4", "success", team="search"),
        deployed("12:00", "D-5", "failure", item="CHK-2", **said),
        deployed("13:00", "D-6", "success", item="CHK-2"),
        deployed("16:00", "D-7", "failure", item="CHK-2", **said),
        deployed("16:30", "D-8", "success", team="search", environment="test"),
        body("ticket.done", "17:00", "CHK-1"),
        body("ticket.done", "17:00", "CHK-2"),
    ]
    return [{k: v for k, v in one.items() if v is not None} for one in events]


def broken(timelines: list[Timeline]) -> dict[str, float]:
    """Hours up to five o'clock by item."""
    directory = directory_of(TEAMS)
    five = instant("2026-03-02T17:00:00Z")
    found: dict[str, float] = {}
    for timeline in timelines:
        for one in timeline.segments:
            if one.sort is Sort.OWN_FAILURE and one.phase == "deploy":
                amount = seconds(amount_between(one, directory, -(2**60), five))
                found[timeline.item] = found.get(timeline.item, 0) + float(amount)
    return {item: amount / 3_600 for item, amount in found.items()}


@pytest.mark.parametrize("said", [NOBODY, ITSELF], ids=["nobody", "itself"])
@settings(max_examples=60, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_own_deploys_are_made_good_by_whoever_succeeds_there_next(
    said: dict[str, str | None], chance: random.Random
) -> None:
    facts = facts_of(history(said), directory_of(TEAMS))
    found = timelines_of(chance.sample(facts, len(facts)), chance)
    # 10 to 12 and, after no time at noon, 16 to 17.
    assert broken(found) == {"CHK-1": 2, "CHK-2": 1}
    assert found == timelines_of(facts)


def test_a_deploy_of_ones_own_that_fails_has_a_sample_of_its_own() -> None:
    process = Process()
    said = {"item": "T-1", "service": "till", "environment": "production"}
    process.send(
        event("ticket.started", 0, team="checkout", work_class="feature"),
        event("deploy.finished", 1, "D-1", outcome="failure", **said),
        event("deploy.finished", 2, "D-2", outcome="success", **said),
    )
    process.caught_up()
    name = "friction_own_failure_seconds_total"
    assert process.shown(name) == {("checkout", "deploy"): HOUR / 1_000}
    active = process.shown("friction_active_seconds_total")
    assert active == {("checkout", "feature"): (4 * HOUR - 300_000) / 1_000}
