"""Deploys that CDEvents tell by their service count as those with names of their own.

Every story is told twice: as CDEvents, and natively with an id for each deploy.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Kind
from monitor.domain.making import make_fact
from monitor.domain.timeline import Sort, Timeline
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.packed_rows import pack, unpack
from tests.harness.driving import directory_of, facts_of
from tests.unit.pipeline.test_relating import DAY, TEAMS, body, drive, timelines_of
from tests.unit.pipeline.test_relating_deliveries import change

Body = dict[str, Any]
MINUTE = 60_000


class Step(NamedTuple):
    """What happens to the till somewhere: ``success``, ``failure`` or a rollback."""

    time: str
    what: str
    where: str = "prod"
    said: Mapping[str, Any] = MappingProxyType({})


def told(step: Step) -> Body:
    """The step as a CDEvent."""
    predicate = "rolledback" if step.what == "rollback" else "deployed"
    failed = {"outcome": "failure"} if step.what == "failure" else {}
    return {
        "context": {
            "specversion": "0.5.1",
            "id": f"{step.time}-{step.what}-{step.where}",
            "source": "/cd",
            "type": f"dev.cdevents.service.{predicate}.0.3.0",
            "timestamp": f"{DAY}T{step.time}:00Z",
        },
        "subject": {"id": "till", "content": {"environment": {"id": step.where}}},
        "customData": {"friction": {**failed, **step.said}},
    }


def named(steps: list[Step]) -> list[Body]:
    """The steps natively: a rollback names the deploy that ended last before it."""
    last: dict[str, str] = {}
    events: list[Body] = []
    for step in sorted(steps, key=lambda one: (one.time, one.what == "rollback")):
        said = {"service": "till", "environment": step.where, **step.said}
        if step.what == "rollback":
            deploy = last.setdefault(step.where, f"lost-{step.where}")
            events.append(body("deploy.rolled_back", step.time, deploy, **said))
        else:
            deploy = last[step.where] = f"D-{step.time}-{step.where}"
            said["outcome"] = step.what
            events.append(body("deploy.finished", step.time, deploy, **said))
    return events


def facts(events: list[Body]) -> list[Fact]:
    return facts_of(events, directory_of(TEAMS))


def delivered(timelines: list[Timeline]) -> list[tuple[str, str, str, int, int]]:
    """What was delivered, whatever it lies on."""
    return sorted(
        (str(one.name), one.team, one.label, one.time, one.value)
        for timeline in timelines
        for one in timeline.measures
    )


def counted(timelines: list[Timeline]) -> list[tuple[str, str, int]]:
    """The deploys by cause, and the minutes of the recoveries."""
    return sorted(
        (name, label, value // MINUTE if name == "recovery" else value)
        for name, _, label, _, value in delivered(timelines)
        if name in ("deploys", "recovery")
    )


def waited(timelines: list[Timeline]) -> dict[str, int]:
    """Minutes of waiting by item."""
    found: Counter[str] = Counter()
    for timeline in timelines:
        for segment in timeline.segments:
            if segment.sort is Sort.WAIT:
                found[timeline.item] += (segment.end - segment.start) // MINUTE
    return dict(found)


BLAMED = {"cause_team": "platform"}


def ticket(entity: str) -> list[Body]:
    return [
        body("ticket.started", "09:00", entity, team="checkout", work_class="feature"),
        body("ticket.done", "16:00", entity),
    ]


def test_a_deploy_elsewhere_ends_no_failure_here() -> None:
    """Indicators 1.3: closed by the next success of that service *there*."""
    steps = [
        Step("10:00", "rollback", said={**BLAMED, "item": "CHK-1"}),
        Step("11:00", "success", "staging"),
        Step("14:00", "success"),
    ]
    events = [*ticket("CHK-1"), *map(told, steps)]
    assert waited(timelines_of(facts(events))) == {"CHK-1": 4 * 60}


def test_a_rollback_elsewhere_undoes_no_deploy_here() -> None:
    steps = [Step("09:05", "success"), Step("10:00", "rollback", "staging")]
    timelines = timelines_of(facts([told(step) for step in steps]))
    assert counted(timelines) == [("deploys", "none", 1)]


def test_a_rollback_is_of_the_last_deploy_there() -> None:
    """Failed from 09:50 until 10:00, whatever was deployed elsewhere before."""
    steps = [
        Step("09:05", "success", "staging"),
        Step("09:50", "success"),
        Step("10:00", "rollback"),
    ]
    timelines = timelines_of(facts([told(step) for step in steps]))
    assert counted(timelines) == [("deploys", "own", 1), ("recovery", "", 10)]


def test_a_later_deploy_of_another_item_takes_no_wait_away() -> None:
    steps = [
        Step("10:00", "rollback", said={**BLAMED, "item": "CHK-1"}),
        Step("11:00", "success", said={"item": "CHK-1"}),
        Step("12:00", "rollback", said={**BLAMED, "item": "CHK-2"}),
        Step("14:00", "success", said={"item": "CHK-2"}),
    ]
    events = [*ticket("CHK-1"), *ticket("CHK-2"), *map(told, steps)]
    assert waited(timelines_of(facts(events))) == {"CHK-1": 60, "CHK-2": 120}


def test_two_services_of_a_team_roll_back_by_themselves() -> None:
    """One may be known by the name of the other: it is another subject all the same."""
    other = told(Step("10:00", "rollback", said={"service": "till"}))
    other["subject"] = {**other["subject"], "id": "till-worker"}
    timelines = timelines_of(facts([told(Step("09:00", "success")), other]))
    assert counted(timelines) == [("deploys", "none", 1), ("deploys", "own", 1)]


def test_the_same_told_again_is_one() -> None:
    again = told(Step("09:00", "success"))
    again["context"] = {**again["context"], "id": "another", "source": "/cd"}
    steps = [told(Step("09:00", "success")), again, told(Step("10:00", "success"))]
    timelines = timelines_of(facts(steps))
    assert counted(timelines) == [("deploys", "none", 1)] * 2


def test_a_change_that_was_rolled_back_came_with_the_next_deploy() -> None:
    """Opened at 08:00, deployed at 11:00, taken back at 12:00; again at 15:00."""
    steps = [
        Step("11:00", "success", said={"shas": ["PR-1-head", "PR-2-head"]}),
        Step("12:00", "rollback"),
        Step("15:00", "success", said={"shas": ["PR-1-head", "PR-2-head"]}),
    ]
    changes = [*change("PR-1", "08:00", "10:00"), *change("PR-2", "09:00", "10:00")]
    timelines = timelines_of(facts([*changes, *map(told, steps)]))
    spans = [
        (timeline.item, one.value // MINUTE)
        for timeline in timelines
        for one in timeline.measures
        if str(one.name) == "lead_time"
    ]
    assert sorted(spans) == [("PR-1", 7 * 60), ("PR-2", 6 * 60)]


WHERE = st.sampled_from(["prod", "prod", "prod", "staging"])
WHAT = st.sampled_from(["success", "success", "failure", "rollback", "rollback"])
SHAS = st.lists(st.sampled_from([f"PR-{n}-head" for n in range(3)]), max_size=2)


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """Steps of one cause or none; what has the same name happens once an instant."""
    blamed = draw(st.sampled_from([{}, BLAMED]))
    steps: dict[tuple[str, str, bool], Step] = {}
    for _ in range(draw(st.integers(1, 9))):
        time = f"{draw(st.integers(11, 19))}:{draw(st.sampled_from(['00', '30']))}"
        what, where = draw(WHAT), draw(WHERE)
        said: dict[str, Any] = {} if what == "success" else dict(blamed)
        if what != "rollback" and (shas := draw(SHAS)):
            said["shas"] = shas
        steps[time, where, what == "rollback"] = Step(time, what, where, said)
    return list(steps.values())


CHANGES = [one for n in range(3) for one in change(f"PR-{n}", "08:00", "10:00")]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_a_story_counts_as_if_every_deploy_had_a_name(
    steps: list[Step], chance: random.Random
) -> None:
    expected = delivered(timelines_of(facts([*CHANGES, *named(steps)])))
    events = [*CHANGES, *map(told, steps)]
    chance.shuffle(events)
    assert delivered(timelines_of(facts(events), chance)) == expected


@settings(max_examples=50, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_whatever_comes_last_the_timelines_are_the_same(
    steps: list[Step], chance: random.Random
) -> None:
    events = [*CHANGES, *map(told, steps)]
    expected = timelines_of(facts(events))
    chance.shuffle(events)
    assert timelines_of(facts(events), chance) == expected


def test_what_turns_out_to_be_earlier_brings_together_those_it_parted() -> None:
    """Its time is that of its receipt, and the earliest receipt counts."""
    driven = drive()
    driven.take(facts([told(Step("10:00", "success"))]))
    known = facts([told(Step("11:00", "success")), told(Step("09:00", "success"))])
    later, earlier = (
        make_fact(Kind.DEPLOY_FINISHED, one.time, "D", "/cd", one.fields, body_hash="b")
        for one in known
    )
    driven.take([later])
    driven.take(facts([told(Step("12:00", "rollback"))]))
    assert counted(driven.timelines())[-1] == ("recovery", "", 60)
    driven.take([earlier])
    assert counted(driven.timelines())[-1] == ("recovery", "", 120)


@pytest.mark.parametrize("what", ["success", "rollback"])
def test_turns_are_stored_and_read_back(what: str) -> None:
    driven = drive()
    steps = [Step("09:00", "success"), Step("10:00", what, said=dict(BLAMED))]
    driven.take(facts([told(step) for step in steps]))
    working = WorkingSet(driven.state)
    row = working.row("/cd#till/prod/2026-03-02T09:00:00Z")
    assert [profile.turns for profile in row.blockers.values()] != []
    assert unpack(pack(row)).blockers == row.blockers
