"""Indicators 3, row 3: one failure of another team's making is one trouble.

However many waits it makes: one for each flight, one for each name it is given.
"""

from __future__ import annotations

import pytest

from monitor.domain.marks import Sort
from tests.unit.indicators.signals.story import Story, instant

KEY = "BASKET-1"


def begun() -> Story:
    """A ticket of `basket`, in flight from 09:00 on."""
    story = Story()
    story.tell("ticket.started", 0, "09:00", KEY, team="basket")
    return story


def fails(story: Story, clock: str, run: str, *causes: str, pipeline: str) -> None:
    fields = {"item": KEY, "pipeline": pipeline, "cause_team": list(causes)}
    story.tell("run.finished", 0, clock, run, outcome="failure", **fields)


def passes(story: Story, clock: str, run: str, pipeline: str) -> None:
    fields = {"item": KEY, "pipeline": pipeline}
    story.tell("run.finished", 0, clock, run, outcome="success", **fields)


def parked_and_taken_up_again(story: Story) -> None:
    story.tell("ticket.parked", 0, "11:00", KEY)
    story.tell("ticket.started", 0, "12:00", KEY)


def troubles(story: Story) -> list[tuple[str, int]]:
    """Who caused one, and when it began to be felt."""
    found = (mark for mark in story.marks() if mark.sort is Sort.TROUBLE)
    return [(mark.on_team, mark.start) for mark in found]


def test_a_failure_outlives_the_flight_it_began_in() -> None:
    story = begun()
    fails(story, "10:00", "r", "platform", pipeline="build")
    parked_and_taken_up_again(story)
    assert troubles(story) == [("platform", instant(0, "10:00"))]


def test_a_failure_outlives_the_change_it_was_seen_on() -> None:
    story = Story()
    story.tell("ticket.created", 0, "08:00", KEY, team="basket")
    story.tell("change.opened", 0, "09:00", "acme/shop#1", item=KEY)
    fails(story, "10:00", "r", "platform", pipeline="build")
    story.tell("change.merged", 0, "11:00", "acme/shop#1", item=KEY)
    story.tell("change.opened", 0, "12:00", "acme/shop#2", item=KEY)
    assert troubles(story) == [("platform", instant(0, "10:00"))]


def test_a_deploy_that_stays_broken_until_its_ticket_is_reopened_is_one() -> None:
    """It waits in flight, then for the service's owner, then in flight again."""
    story = begun()
    deploy = {"item": KEY, "service": KEY, "environment": "production"}
    broken = deploy | {"outcome": "failure", "cause_team": "platform"}
    story.tell("deploy.finished", 0, "10:00", "d", **broken)
    story.tell("ticket.done", 0, "11:00", KEY)
    story.tell("ticket.reopened", 0, "12:00", KEY)
    assert troubles(story) == [("platform", instant(0, "10:00"))]


def test_it_failed_again_after_it_had_passed_while_nobody_worked_on_it() -> None:
    story = begun()
    fails(story, "10:00", "r-1", "platform", pipeline="build")
    story.tell("ticket.parked", 0, "11:00", KEY)
    passes(story, "11:30", "r-2", pipeline="build")
    story.tell("ticket.started", 0, "12:00", KEY)
    fails(story, "12:00", "r-3", "platform", pipeline="build")
    expected = [instant(0, "10:00"), instant(0, "12:00")]
    assert troubles(story) == [("platform", time) for time in expected]


@pytest.mark.parametrize("clock", ["11:00", "11:01"])
def test_two_pipelines_fail_one_after_the_other(clock: str) -> None:
    """The second one may fail in the instant in which the first one passes."""
    story = begun()
    fails(story, "10:00", "r-1", "platform", pipeline="build")
    passes(story, "11:00", "r-2", pipeline="build")
    fails(story, clock, "r-3", "platform", pipeline="test")
    expected = [instant(0, "10:00"), instant(0, clock)]
    assert troubles(story) == [("platform", time) for time in expected]


def test_two_pipelines_that_fail_at_once_are_two_in_every_flight() -> None:
    story = begun()
    fails(story, "10:00", "r-1", "platform", pipeline="build")
    fails(story, "10:00", "r-2", "platform", pipeline="test")
    parked_and_taken_up_again(story)
    assert troubles(story) == [("platform", instant(0, "10:00"))] * 2


def test_a_failure_that_is_given_more_names_is_one_of_each() -> None:
    """One pipeline's failure on an item is one, and renamed (indicators 1.3)."""
    story = begun()
    fails(story, "10:00", "r-1", "platform", pipeline="build")
    fails(story, "11:00", "r-2", "data", "platform", pipeline="build")
    fails(story, "12:00", "r-3", "data", pipeline="build")
    fails(story, "13:00", "r-4", "platform", pipeline="build")
    assert troubles(story) == [
        ("platform", instant(0, "10:00")),
        ("data", instant(0, "11:00")),
    ]
