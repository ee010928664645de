"""Deploys and freezes find each other, in whatever order they become known."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Kind
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import Sort, Timeline
from monitor.domain.working_time import FOREVER, HOUR
from monitor.indicators.totals.instant import amount_between, seconds
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import COMPARED, Failure, lane_of
from monitor.relate.packed_rows import unpack
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.histories import History, histories
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import teams_yaml
from tests.unit.pipeline.test_relating import (
    TEAMS,
    body,
    drive,
    github,
    timelines_of,
)

Body = dict[str, Any]
FAR = 2**60


def deployed(time: str, deploy: str, outcome: str, **said: Any) -> Body:
    """A deploy of the till ended so; a failure by platform."""
    cause = {} if outcome == "success" else {"cause_team": "platform"}
    fields = {"service": "till", "outcome": outcome, **cause, **said}
    return body("deploy.finished", time, deploy, **fields)


def started(item: str) -> Body:
    said = {"team": "checkout", "work_class": "feature"}
    return body("ticket.started", "09:00", item, **said)


# D-1 holds the lane from 10:00 to 12:00, so D-2 is the same wait; D-4 from 13:00 on.
LANE = [
    started("CHK-1"),
    started("CHK-2"),
    deployed("09:30", "D-0", "success", team="search"),
    deployed("10:00", "D-1", "failure", item="CHK-1"),
    deployed("11:00", "D-2", "error", item="CHK-2"),
    deployed("12:00", "D-3", "success", team="search"),
    deployed("13:00", "D-4", "failure", item="CHK-2"),
    deployed("13:30", "D-5", "success", team="search", environment="test"),
    body("ticket.done", "17:00", "CHK-1"),
    body("ticket.done", "17:00", "CHK-2"),
]


def waited(timelines: list[Timeline], component: str) -> dict[tuple[str, str], float]:
    """Hours up to five o'clock by item and team waited for."""
    directory = directory_of(TEAMS)
    five = instant("2026-03-02T17:00:00Z")
    found: dict[tuple[str, str], float] = {}
    for timeline in timelines:
        for one in timeline.segments:
            if one.sort is Sort.WAIT and one.component == component:
                key = (timeline.item, one.on_team)
                amount = seconds(amount_between(one, directory, -FAR, five))
                found[key] = found.get(key, 0) + float(amount) / 3_600
    return found


@settings(max_examples=100, deadline=None)
@given(st.permutations(LANE), st.randoms(use_true_random=False))
def test_the_first_failure_holds_the_lane_until_the_next_success(
    events: list[Body], sizes: random.Random
) -> None:
    directory = directory_of(TEAMS)
    found = timelines_of(facts_of(events, directory), sizes)
    assert waited(found, "deploy_failure") == {
        ("CHK-1", "platform"): 2,
        ("CHK-2", "platform"): 4,
    }
    assert found == timelines_of(facts_of(LANE, directory))


def test_deploys_of_an_item_known_by_its_repositorys_name_tell_the_others() -> None:
    """Also where its key becomes known after them: nobody who waits is forgotten."""
    directory = directory_of(TEAMS)
    failed = [
        deployed("10:00", "D-1", "failure", item="acme/shop#5"),
        deployed("11:00", "D-2", "failure", team="checkout"),
        deployed("12:00", "D-3", "success", team="search"),
    ]
    issue = github(Kind.TICKET_STARTED, "09:00", "github.com:77#5")
    for order in permutations([issue, *facts_of(failed, directory)]):
        driven = drive()
        for fact in order:
            driven.take([fact], deferring=True)
        driven.catch_up()
        expected = {("github.com:77#5", "platform"): 2}
        assert waited(driven.timelines(), "deploy_failure") == expected


# A success at the instant of a failure follows it; D-3 fails after both.
TIES = [
    started("CHK-1"),
    started("CHK-2"),
    deployed("10:00", "D-1", "failure", item="CHK-1"),
    deployed("10:00", "D-2", "success", team="search"),
    deployed("11:00", "D-3", "failure", item="CHK-2"),
    body("ticket.done", "17:00", "CHK-1"),
    body("ticket.done", "17:00", "CHK-2"),
]


@settings(max_examples=60, deadline=None)
@given(st.permutations(TIES), st.randoms(use_true_random=False))
def test_a_failure_made_good_at_once_holds_nothing(
    events: list[Body], sizes: random.Random
) -> None:
    found = timelines_of(facts_of(events, directory_of(TEAMS)), sizes)
    assert waited(found, "deploy_failure") == {("CHK-2", "platform"): 6}


# F-1 goes on at once when it ends, F-2 names a service, and teams: it may hold up all.
SCOPES = [
    started("CHK-1"),
    body("deploy.ready", "12:00", "D-1", item="CHK-1", service="till"),
    body("freeze.started", "09:30", "F-1", on_team="platform", services=["till"]),
    body("freeze.ended", "11:00", "F-1", on_team="platform"),
    body("freeze.started", "11:00", "F-1", on_team="platform", services=["till"]),
    body(
        "freeze.started",
        "10:00",
        "F-2",
        on_team="search",
        services=["lamp"],
        teams=["checkout"],
    ),
    body("ticket.done", "17:00", "CHK-1"),
]


@settings(max_examples=60, deadline=None)
@given(st.permutations(SCOPES), st.randoms(use_true_random=False))
def test_a_freeze_may_go_on_at_once_and_name_both_services_and_teams(
    events: list[Body], sizes: random.Random
) -> None:
    found = timelines_of(facts_of(events, directory_of(TEAMS)), sizes)
    assert waited(found, "deploy_freeze") == {
        ("CHK-1", "platform"): 2.5,
        ("CHK-1", "search"): 2.5,
    }


# F-1 stops the till from 10:30 to 12:00, F-2 checkout's deploys from 13:00 on.
FREEZES = [
    started("CHK-1"),
    started("CHK-2"),
    body("deploy.ready", "10:00", "D-1", item="CHK-1", service="Till"),
    body("deploy.started", "13:00", "D-1", item="CHK-1"),
    body("deploy.ready", "12:30", "D-2", item="CHK-2", service="lamp"),
    body("deploy.started", "15:00", "D-2", item="CHK-2"),
    body("freeze.started", "10:30", "F-1", on_team="platform", services=["till"]),
    body("freeze.ended", "12:00", "F-1", on_team="platform"),
    body("freeze.started", "13:00", "F-2", on_team="search", teams=["checkout"]),
    body("ticket.done", "17:00", "CHK-1"),
    body("ticket.done", "17:00", "CHK-2"),
]


@settings(max_examples=100, deadline=None)
@given(st.permutations(FREEZES), st.randoms(use_true_random=False))
def test_a_freeze_holds_up_what_is_ready_in_its_scope(
    events: list[Body], sizes: random.Random
) -> None:
    directory = directory_of(TEAMS)
    found = timelines_of(facts_of(events, directory), sizes)
    assert waited(found, "deploy_freeze") == {
        ("CHK-1", "platform"): 1.5,
        ("CHK-2", "search"): 2,
    }
    assert found == timelines_of(facts_of(FREEZES, directory))


# Thirty tickets of two teams, each with a deploy that is ready on the hour, and a
# freeze of checkout's deploys from 11:30 to 14:00.
MANY = [f"CHK-{n}" for n in range(10, 25)] + [f"SRCH-{n}" for n in range(10, 25)]
FREEZE = [
    body("freeze.started", "11:30", "F-1", on_team="platform", teams=["checkout"]),
    body("freeze.ended", "14:00", "F-1", on_team="platform"),
]


def with_a_deploy(item: str) -> list[Body]:
    hour = 10 + int(item[-1]) % 5
    team = "checkout" if item.startswith("CHK") else "search"
    deploy = {"item": item, "service": f"s{item[-1]}"}
    return [
        body("ticket.started", "09:00", item, team=team, work_class="feature"),
        body("deploy.ready", f"{hour}:00", f"D-{item}", **deploy),
        body("deploy.started", f"{hour + 2}:00", f"D-{item}", item=item),
    ]


@pytest.mark.parametrize("first", ["the freeze", "the items"])
def test_a_freeze_over_many_items_holds_up_each_for_its_own_time(first: str) -> None:
    """Of one team; also where its end becomes known when all were told of it."""
    items = [one for item in MANY for one in with_a_deploy(item)]
    directory, driven = directory_of(TEAMS), drive()
    start, end = ([one] for one in FREEZE)
    for bodies in (start, items, end) if first == "the freeze" else (items, start, end):
        driven.take(facts_of(bodies, directory))
    # Ready and not begun between 11:30 and 14:00, by the hour at which each was ready.
    hours = {10: 0.5, 11: 1.5, 12: 2, 13: 1}
    assert waited(driven.timelines(), "deploy_freeze") == {
        (item, "platform"): hours[10 + int(item[-1]) % 5]
        for item in MANY
        if item.startswith("CHK") and 10 + int(item[-1]) % 5 in hours
    }


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), st.randoms(use_true_random=False))
def test_batches_and_order_change_no_timeline(
    history: History, chance: random.Random
) -> None:
    """Over all kinds, evaluated at once or as while catching up."""
    directory = directory_of(teams_yaml(history.world))
    at = max(instant(one["time"]) for one in history.events)
    whole, split = Drive(directory, at), Drive(directory, at)
    facts = facts_of(history.events, directory)
    whole.take(list(facts))
    chance.shuffle(facts)
    while facts:
        size = chance.randint(1, 5)
        deferring = chance.random() < 0.3
        if not deferring:
            split.catch_up()
        split.take(facts[:size], deferring=deferring)
        del facts[:size]
    split.catch_up()
    assert split.timelines() == whole.timelines()


def told(state: StateReader, key: str) -> dict[str, tuple[Any, ...]]:
    """What others have told the item of deploys and freezes."""
    row = unpack(state.get_many("items", [key])[key])
    return {
        name: profile.freezes or profile.results
        for name, profile in row.blockers.items()
    }


def test_a_deploy_that_leaves_takes_what_it_was_told_along() -> None:
    """Kept behind it would stay as it was, and hold up other deploys one day."""
    driven = drive()
    directory = directory_of(TEAMS)
    early = [
        started("CHK-1"),
        started("CHK-2"),
        body("deploy.ready", "10:00", "D-1", item="CHK-1", service="till"),
        body("freeze.started", "10:30", "F-1", on_team="platform"),
    ]
    driven.take(facts_of(early, directory))
    assert told(driven.state, "CHK-1").keys() == {"F-1"}
    moved = body("deploy.started", "11:00", "D-1", item="CHK-2")
    driven.take(facts_of([moved], directory))
    assert told(driven.state, "CHK-1") == {}
    assert told(driven.state, "CHK-2").keys() == {"F-1"}
    ended = body("freeze.ended", "12:00", "F-1", on_team="platform")
    driven.take(facts_of([ended], directory))
    (frozen,) = told(driven.state, "CHK-2")["F-1"]
    assert frozen[1] - frozen[0] == 1.5 * HOUR


def test_what_a_blocker_says_reaches_an_item_to_which_a_part_returns() -> None:
    """Meanwhile the item was told nothing, and still had what it was told before."""
    parts = [
        started("CHK-1"),
        started("CHK-3"),
        body("ticket.started", "09:00", "CHK-2", item="CHK-1"),
        body("link.added", "10:00", "CHK-2", blocker="PLT-1"),
        body("ticket.created", "08:00", "PLT-1", team="platform"),
        body("ticket.commented", "11:00", "CHK-2", item="CHK-3"),
        body("ticket.done", "12:00", "PLT-1"),
        body("ticket.commented", "13:00", "CHK-2", item="CHK-1"),
    ]
    directory = directory_of(TEAMS)
    driven = drive()
    for one in parts:
        driven.take(facts_of([one], directory))
    assert waited(driven.timelines(), "dependency_link") == {("CHK-1", "platform"): 2}


def test_a_lane_that_never_succeeds_does_not_tell_everybody_of_everybody() -> None:
    directory = directory_of(TEAMS)
    driven = drive()
    failed = [
        deployed(f"{9 + n // 60:02}:{n % 60:02}", f"D-{n}", "failure", team="checkout")
        for n in range(200)
    ]
    driven.take(facts_of(failed, directory))
    rows = [unpack(packed) for _, packed in driven.state.scan("items")]
    links = sum(len(d.entities) for row in rows for d in row.dependents.values())
    assert 199 <= links <= 200 * COMPARED
    assert len(waited(driven.timelines(), "deploy_failure")) == 1


def test_one_more_failure_reaches_the_few_it_is_compared_with_alone() -> None:
    """However many failures hold on to the same ones: else all cost the square."""
    directory = directory_of(TEAMS)
    driven = drive()
    failed = [
        deployed(f"{9 + n // 60:02}:{n % 60:02}", f"D-{n}", "failure", team="checkout")
        for n in range(101)
    ]
    driven.take(facts_of(failed[:100], directory))
    working, changes = WorkingSet(driven.state), Changes()
    relate(facts_of(failed[100:], directory), working)
    list(evaluate_touched(working, directory, DEFAULT_MODEL))
    working.collect(changes)
    assert "D-100" in changes.puts["items"]
    assert len(changes.puts["items"]) <= 1 + COMPARED
    # Nor were the others read.
    assert len(working.stored) <= COMPARED


def test_a_success_tells_only_the_failures_it_lies_between() -> None:
    directory = directory_of(TEAMS)
    driven = drive()
    events = [
        deployed("09:00", "D-1", "failure", team="checkout"),
        deployed("10:00", "D-2", "success", team="search"),
        deployed("11:00", "D-3", "failure", team="checkout"),
        deployed("12:00", "D-4", "failure", team="checkout"),
        deployed("13:00", "D-5", "success", team="search"),
        deployed("14:00", "D-6", "failure", team="checkout"),
        deployed("11:30", "D-7", "success", team="search"),
    ]
    for one in events:
        driven.take(facts_of([one], directory))
    rows = [unpack(packed) for _, packed in driven.state.scan("items")]
    (told_by,) = (r.dependents["D-7"] for r in rows if "D-7" in r.dependents)
    assert set(told_by.entities) == {"D-3", "D-4"}


def test_a_lane_lists_its_failures_as_earlier_rows_did() -> None:
    failures: list[list[object]] = [[10, "D-1", 0, 90], [95, "D-2", 90, FOREVER]]
    lane = lane_of([failures, []])
    assert lane.failures == [Failure(10, "D-1"), Failure(95, "D-2")]
    assert lane.has(Failure(95, "D-2"))
    assert not lane.has(Failure(95, "D-1"))
    assert not lane.has(Failure(96, "D-2"))
    assert lane.has_any_at(10)
    assert not lane.has_any_at(11)
    assert [one.time for one in lane.between(10, 94)] == [10]


def test_environments_of_a_lane_are_one_in_any_letters() -> None:
    directory, production = directory_of(TEAMS), {"service": "till", "team": "checkout"}
    broken = {"outcome": "failure", "cause_team": "platform", "items": ["CHK-1"]}
    events = [
        body("ticket.started", "09:00", "CHK-1", team="checkout"),
        body(
            "deploy.finished",
            "10:00",
            "D-1",
            environment="Production",
            **production,
            **broken,
        ),
        body(
            "deploy.finished",
            "12:00",
            "D-2",
            environment="production",
            outcome="success",
            **production,
        ),
        body("ticket.done", "17:00", "CHK-1"),
    ]
    found = timelines_of(facts_of(events, directory))
    assert waited(found, "deploy_failure") == {("CHK-1", "platform"): 2}
