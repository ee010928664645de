"""GitHub tells no rollbacks: a deploy was one when an older commit came after it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact
from monitor.domain.timeline import Measured, Sort
from monitor.domain.working_time import DAY as MS_DAY
from monitor.domain.working_time import HOUR as MS_HOUR
from monitor.pipeline.ports import Changes
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.packed_rows import pack, unpack
from tests.harness.driving import directory_of, facts_of
from tests.harness.plain_calendar import instant, text_of
from tests.unit.pipeline.test_relating import (
    DAY,
    TEAMS,
    body,
    drive,
    same_in_any_order,
    timelines_of,
)
from tests.unit.pipeline.test_relating_deliveries import change, measured
from tests.unit.pipeline.test_relating_turns import counted

Body = dict[str, Any]
OK = ("deploys", "none", 1)
FAILED = ("deploys", "own", 1)


class Step(NamedTuple):
    """A deployment of a commit, asked for at a minute of the day and ended later."""

    asked: str
    ended: str
    commit: str
    state: str = "success"
    where: str = "production"
    repo: str = "acme/shop"
    run: str = ""

    @property
    def told(self) -> Body:
        """The last status of the deployment, which tells when that was made, too."""
        number, _, attempt = self.run.partition("/")
        run = {"id": int(number), "run_attempt": int(attempt)} if number else None
        return {
            "action": "created",
            "repository": {"full_name": self.repo},
            **({"workflow_run": run} if run else {}),
            "deployment": {
                "id": int(self.asked.replace(":", "") + self.ended.replace(":", "")),
                "created_at": f"{DAY}T{self.asked}:00Z",
                "environment": self.where,
                "sha": self.commit,
            },
            "deployment_status": {
                "state": self.state,
                "created_at": f"{DAY}T{self.ended}:00Z",
            },
        }

    @property
    def minute(self) -> int:
        """When it ended, of the day."""
        return minute_of(self.ended)


def minute_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def facts(steps: Sequence[Step], *others: Body) -> list[Fact]:
    return facts_of([*others, *(step.told for step in steps)], directory_of(TEAMS))


FIRST = Step("09:00", "09:10", "a", run="1/1")
SECOND = Step("10:00", "10:10", "b", run="2/1")


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        # From 10:10 until 11:10 the second did harm; what came instead is a deploy.
        ([Step("11:00", "11:10", "a")], [OK, OK, FAILED, ("recovery", "", 60)]),
        ([Step("11:00", "11:10", "c")], [OK, OK, OK]),
        ([Step("11:00", "11:10", "b")], [OK, OK, OK]),
        ([Step("11:00", "11:10", "a", where="staging")], [OK, OK]),
        ([Step("11:00", "11:10", "a", repo="acme/search")], [OK, OK, OK]),
        # What was asked for before the second was there only took longer.
        ([Step("10:09", "11:10", "a")], [OK, OK, OK]),
        ([Step("11:00", "11:10", "a", state="failure")], [OK, OK, FAILED]),
        # Another stage of the run that had brought it; and the run attempted again.
        ([Step("11:00", "11:10", "a", run="1/1")], [OK, OK, OK]),
        (
            [Step("11:00", "11:10", "a", run="1/2")],
            [OK, OK, FAILED, ("recovery", "", 60)],
        ),
        # A deploy that failed is not rolled back once more.
        (
            [Step("11:00", "11:10", "c", state="error"), Step("12:00", "12:10", "b")],
            [OK, OK, OK, FAILED, ("recovery", "", 60)],
        ),
        # Only what was there is taken back: the first again, then the second again.
        (
            [Step("11:00", "11:10", "a"), Step("12:00", "12:10", "b")],
            [OK, OK, OK, FAILED, ("recovery", "", 60)],
        ),
    ],
)
def test_a_deploy_fails_when_an_older_commit_comes_next(
    then: list[Step], expected: list[tuple[str, str, int]]
) -> None:
    found = counted(timelines_of(facts([FIRST, SECOND, *then])))
    assert found == sorted(expected)


def test_a_change_that_was_rolled_back_came_with_the_next_deploy() -> None:
    """Opened at 08:00; shipped at 10:10, taken back, and again at 13:10."""
    steps = [
        Step("09:00", "09:10", "PR-1-head"),
        Step("10:00", "10:10", "PR-2-head"),
        Step("11:00", "11:10", "PR-1-head"),
        Step("13:00", "13:10", "PR-2-head"),
    ]
    changes = [*change("PR-1", "08:00", "08:30"), *change("PR-2", "08:00", "09:30")]
    found = measured(timelines_of(facts(steps, *changes)), Measured.LEAD_TIME)
    assert found == [("PR-1", 1), ("PR-2", 5)]


def test_it_is_stored_and_read_back() -> None:
    driven = drive()
    driven.take(facts([FIRST, SECOND, Step("11:00", "11:10", "a")]))
    row = WorkingSet(driven.state).row("github.com:deploy/10001010")
    assert [section.undone for section in row.sections.values()] != [None]
    assert unpack(pack(row)) == row


def test_what_turns_out_otherwise_is_taken_back() -> None:
    """The third was asked for before the second was there, as its creation tells."""
    driven = drive()
    third = Step("11:00", "11:10", "a").told
    del third["deployment"]["created_at"]
    driven.take(facts([FIRST, SECOND], third))
    assert FAILED in counted(driven.timelines())
    third["deployment"]["created_at"] = f"{DAY}T10:00:00Z"
    driven.take(facts([], third))
    assert counted(driven.timelines()) == [OK, OK, OK]


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """Deployments of few commits, many of one minute; each is known by its times."""
    found: dict[tuple[int, int], Step] = {}
    for _ in range(draw(st.integers(2, 10))):
        ended = 60 * draw(st.integers(8, 14)) + draw(st.sampled_from([0, 30]))
        asked = ended - draw(st.sampled_from([1, 10, 70]))
        what = draw(st.sampled_from(["success", "success", "success", "failure"]))
        commit = draw(st.sampled_from(["a", "b", "c"]))
        run = draw(st.sampled_from(["", "1/1", "2/1"]))
        clocks = _clock(asked), _clock(ended)
        found[asked, ended] = Step(*clocks, commit, what, run=run)
    return list(found.values())


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def goes_on(step: Step, good: Sequence[Step]) -> bool:
    """Whether its run had brought its commit before."""
    return bool(step.run) and any(
        (one.run, one.commit) == (step.run, step.commit) and one.minute < step.minute
        for one in good
    )


def taken_back(steps: Sequence[Step]) -> dict[Step, int]:
    """Every deployment that was taken back, with the minute: by the definition."""
    good = [step for step in steps if step.state == "success"]
    first = {
        commit: min(step.minute for step in good if step.commit == commit)
        for commit in "abc"
        if any(step.commit == commit for step in good)
    }
    found: dict[Step, int] = {}
    for was in good:
        later = {step.minute for step in good if step.minute > was.minute}
        for step in good:
            if (
                step.minute == min(later, default=None)
                and minute_of(step.asked) >= was.minute
                and first[step.commit] < first[was.commit]
                and not goes_on(step, good)
            ):
                found[was] = step.minute
    return found


def repairs(steps: Sequence[Step]) -> list[int]:
    """How long each failure lasted, if a success came after its instant, not at it."""
    good = [step.minute for step in steps if step.state == "success"]
    broken = [step.minute for step in steps if step.state != "success"]
    ends = [(at, min((one for one in good if one >= at), default=at)) for at in broken]
    return [end - at for at, end in ends if end > at]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(stories(), st.randoms(use_true_random=False), st.sampled_from([1, 32]))
def test_whatever_comes_last_what_was_taken_back_has_failed(
    steps: list[Step], chance: random.Random, few: int
) -> None:
    told = facts(steps)
    with pytest.MonkeyPatch.context() as patched:
        # So that a few are many.
        patched.setattr("monitor.pipeline.relating.lines.FEW", few)
        same_in_any_order(told, chance)
    back = taken_back(steps)
    failed = sum(step.state == "failure" for step in steps)
    found = counted(timelines_of(told))
    assert found.count(FAILED) == failed + len(back)
    assert found.count(OK) == len(steps) - failed - len(back)
    spans = [value for name, _, value in found if name == "recovery"]
    harm = [minute - step.minute for step, minute in back.items()]
    assert sorted([*harm, *repairs(steps)]) == sorted(spans)


def redeployed(deploys: int) -> list[Fact]:
    """One commit, deployed ten times a day, each time by another deployment."""
    bodies: list[Body] = []
    for number in range(deploys):
        told, day = FIRST.told, number // 10
        hour = instant(f"{DAY}T00:00:00Z") + day * MS_DAY + number % 10 * MS_HOUR
        told["deployment"] |= {"id": number, "created_at": text_of(hour)}
        told["deployment_status"]["created_at"] = text_of(hour + MS_HOUR // 2)
        bodies.append(told)
    return facts_of(bodies, directory_of(TEAMS))


@pytest.mark.slow
def test_a_commit_deployed_for_ever_costs_each_deploy_the_same() -> None:
    """What finds it is written by day; of the days themselves there are lists."""
    driven, written = drive(), list[int]()
    commit = driven.state.commit

    def noted(changes: Changes) -> None:
        rows = changes.puts.get("indexes", {}).values()
        written.append(sum(map(len, filter(None, rows))))
        commit(changes)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(driven.state, "commit", noted)
        for one in redeployed(300):
            driven.take([one])
    days = 20
    assert max(written[200:]) < max(written[:100]) + 5 * days * len("20000,")


def test_what_is_taken_back_is_no_own_failure_of_its_item_in_flight() -> None:
    """It did harm until the older commit was there, and none after that."""
    item = body("ticket.started", "08:00", "CHK-1", team="checkout")
    ships = change("PR-2", "08:30", "09:30", item="CHK-1")
    back = [
        Step("09:00", "09:10", "PR-1-head"),
        Step("10:00", "10:10", "PR-2-head"),
        Step("11:00", "11:10", "PR-1-head"),
    ]
    timelines = timelines_of(facts(back, item, *ships))
    assert FAILED in counted(timelines)
    (found,) = [one for one in timelines if one.item == "CHK-1"]
    assert [s for s in found.segments if s.sort is Sort.ACTIVE] != []
    assert [s for s in found.segments if s.phase == "deploy"] == []


def merged(name: str, when: str) -> list[Body]:
    return change(name, "08:00", when)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_a_deploy_that_was_taken_back_contained_came_with_the_next(
    chance: random.Random,
) -> None:
    """Tips: the third brings the second; opened at 08:00, in production at 13:10."""
    steps = [
        Step("09:00", "09:10", "PR-1-merge"),
        Step("10:00", "10:10", "PR-3-merge"),
        Step("11:00", "11:10", "PR-1-merge"),
        Step("13:00", "13:10", "PR-3-merge"),
    ]
    changes = [
        *merged("PR-1", "08:30"),
        *merged("PR-2", "09:30"),
        *merged("PR-3", "09:45"),
    ]
    told = facts(steps, *changes)
    found = timelines_of(chance.sample(told, len(told)), chance)
    assert measured(found, Measured.LEAD_TIME) == [
        ("PR-1", 1),
        ("PR-2", 5),
        ("PR-3", 5),
    ]
