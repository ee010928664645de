"""What is said anew: a deploy takes back what it said, a change keeps its names."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.timeline import Measured
from tests.harness.driving import directory_of, facts_of
from tests.unit.pipeline.test_relating import (
    TEAMS,
    body,
    drive,
    same_in_any_order,
    timelines_of,
)
from tests.unit.pipeline.test_relating_lanes import deployed, started, waited

Body = dict[str, Any]
# D-2 never was a deploy of the till.
CORRECTED = [
    started("CHK-1"),
    deployed("10:00", "D-1", "failure", item="CHK-1"),
    deployed("11:00", "D-2", "success", team="search", revision=1),
    deployed("11:00", "D-2", "success", team="search", revision=2, service="other"),
    deployed("12:00", "D-3", "success", team="search"),
    body("ticket.done", "17:00", "CHK-1"),
]


def test_a_success_of_another_service_after_all_ends_nothing() -> None:
    directory = directory_of(TEAMS)
    for order in permutations(CORRECTED[1:5]):
        driven = drive()
        for one in (CORRECTED[0], *order, CORRECTED[5]):
            driven.take(facts_of([one], directory))
        found = driven.timelines()
        assert waited(found, "deploy_failure") == {("CHK-1", "platform"): 2}
        spans = [m.value for one in found for m in one.measures]
        assert 2 * 3_600_000 in spans
        names = [m.name for one in found for m in one.measures]
        assert names.count(Measured.RECOVERY) == 1


@st.composite
def told(draw: st.DrawFn) -> tuple[list[Body], list[Body]]:
    """Deploys as they were, and what was said of some of them before."""
    true: list[Body] = [started(f"CHK-{number}") for number in (1, 2, 3)]
    false: list[Body] = []
    for number in range(draw(st.integers(2, 7))):
        hour = draw(st.integers(10, 15))
        outcome = draw(st.sampled_from(("success", "failure", "failure")))
        item = draw(st.sampled_from(("CHK-1", "CHK-2", "CHK-3")))
        place = st.sampled_from(("till", "other"))
        one = deployed(f"{hour}:00", f"D-{number}", outcome, item=item)
        one |= {"service": draw(place), "revision": 1}
        true.append(one)
        if draw(st.booleans()):
            false.append({**one, "service": draw(place), "revision": 0})
        if draw(st.integers(0, 3)) == 0:
            # Only another fact says of which service it is.
            true.append(
                body("deploy.started", f"{hour}:00", f"D-{number}", **where(one))
            )
            one["repo"] = "acme/till"
            del one["service"]
    return true, false


def where(one: Body) -> Body:
    return {"service": one["service"], "item": one["item"]}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(told(), st.randoms(use_true_random=False))
def test_what_was_said_first_leaves_no_trace(
    events: tuple[list[Body], list[Body]], chance: random.Random
) -> None:
    true, false = events
    directory = directory_of(TEAMS)
    facts = facts_of([*true, *false], directory)
    chance.shuffle(facts)
    assert timelines_of(facts, chance) == timelines_of(facts_of(true, directory))


FIRST, SECOND = "a" * 40, "b" * 40
SHOP: Body = {"repo": "acme/shop"}
RUN = [
    body("run.queued", "11:00", "r-1", on_team="platform", sha=FIRST),
    body("run.started", "12:00", "r-1"),
]
# As every webhook of a change does, each tells the commit of its own time.
PUSHED_TO = [
    body("change.opened", "09:30", "shop!1", item="CHK-1", revision=n, sha=sha, **SHOP)
    for n, sha in enumerate((FIRST, SECOND))
]


def test_a_run_of_a_commit_that_was_told_once_belongs_to_the_change() -> None:
    directory = directory_of(TEAMS)
    events = [started("CHK-1"), *PUSHED_TO, *RUN]
    for order in permutations(facts_of(events, directory)):
        for sizes in (None, random.Random(1)):
            found = timelines_of(list(order), sizes)
            assert waited(found, "ci_queue") == {("CHK-1", "platform"): 1}


def test_a_run_of_a_branch_belongs_to_the_change_that_was_still_open() -> None:
    directory = directory_of(TEAMS)
    fix: Body = {**SHOP, "branch": "fix"}
    events = [
        started("CHK-1"),
        started("CHK-2"),
        body("change.opened", "09:10", "shop!1", item="CHK-2", number=1, **fix),
        body("change.closed", "09:20", "shop!1", repo="acme/shop"),
        body("change.opened", "09:30", "shop!2", item="CHK-1", number=2, **fix),
        body("run.queued", "11:00", "r-1", on_team="platform", **fix),
        body("run.started", "12:00", "r-1"),
    ]
    told = facts_of(events, directory)
    for order in permutations(told[2:]):
        driven = drive()
        for fact in (*told[:2], *order):
            driven.take([fact])
        found = waited(driven.timelines(), "ci_queue")
        assert found == {("CHK-1", "platform"): 1}


@st.composite
def changes(draw: st.DrawFn) -> list[Body]:
    """Changes of few shas and branches, each told several times, and runs of them."""
    names = st.fixed_dictionaries(
        {"sha": st.sampled_from((FIRST, SECOND, "c" * 40))},
        optional={"branch": st.sampled_from(("fix", "more"))},
    )
    hours = st.sampled_from([f"{hour}:00" for hour in range(10, 15)])
    events = [started("CHK-1"), started("CHK-2")]
    for number in range(draw(st.integers(1, 3))):
        about = {"item": f"CHK-{draw(st.integers(1, 2))}", **SHOP}
        times = st.lists(names, min_size=1, max_size=3)
        for revision, named in enumerate(draw(times)):
            more = {**about, **named, "number": number, "revision": revision}
            events.append(body("change.opened", "09:30", f"shop!{number}", **more))
        if draw(st.booleans()):
            events.append(body("change.closed", draw(hours), f"shop!{number}", **SHOP))
    for number in range(draw(st.integers(1, 3))):
        named = {**SHOP, **draw(names), "on_team": "platform"}
        events.append(body("run.queued", draw(hours), f"r-{number}", **named))
        events.append(body("run.started", "15:00", f"r-{number}"))
    return events


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(changes(), st.randoms(use_true_random=False))
def test_changes_told_several_times_come_to_the_same_in_any_order(
    events: list[Body], chance: random.Random
) -> None:
    same_in_any_order(facts_of(events, directory_of(TEAMS)), chance)


def test_a_deploy_that_tells_two_services_is_in_the_lane_of_one() -> None:
    """It stands between no failure and the success of the other service's lane."""
    directory = directory_of(TEAMS)
    failed = deployed("10:00", "D-1", "failure", team="search")
    del failed["cause_team"]
    events = [
        failed,
        body("deploy.started", "09:30", "D-2", service="till", team="search"),
        deployed("10:30", "D-2", "success", service="other"),
        deployed("11:00", "D-3", "success", team="search"),
    ]
    for order in permutations(facts_of(events, directory)):
        driven = drive()
        for fact in order:
            driven.take([fact])
        found = [each for one in driven.timelines() for each in one.measures]
        recovered = [one.value for one in found if one.name is Measured.RECOVERY]
        assert recovered == [3_600_000]


@pytest.mark.slow
def test_a_push_asks_for_its_change_until_anything_tells_that_it_is_one() -> None:
    """A draft does, and then runs of its commit find it; a comment does not."""
    directory = directory_of(TEAMS)
    pushed = body("change.pushed", "09:30", "shop!1", item="CHK-1", sha=FIRST, **SHOP)
    drafted = body("change.drafted", "10:30", "shop!1")
    commented = body("ticket.commented", "10:30", "shop!1")
    for said, expected in ((drafted, {("CHK-1", "platform"): 1}), (commented, {})):
        events = [started("CHK-1"), pushed, said, *RUN]
        for order in permutations(facts_of(events, directory)):
            for sizes in (None, random.Random(1)):
                waits = waited(timelines_of(list(order), sizes), "ci_queue")
                of_item = {pair: h for pair, h in waits.items() if pair[0] == "CHK-1"}
                assert of_item == expected
