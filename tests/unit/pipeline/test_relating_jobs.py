"""A red default branch and whom it explains find each other, whatever comes first."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.items import RedSince
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.working_time import HOUR
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.packed_rows import unpack
from tests.harness.driving import directory_of, facts_of
from tests.harness.plain_calendar import instant, text_of
from tests.unit.pipeline.test_relating import (
    TEAMS,
    body,
    drive,
    same_in_a_hundred_orders,
    timelines_of,
)
from tests.unit.pipeline.test_relating_lanes import waited

Body = dict[str, Any]
JOB = {"repo": "acme/shop", "pipeline": "acme/shop/ci/unit"}


def ran(time: str, run: str, outcome: str, **said: Any) -> Body:
    """A run of the job ended so."""
    return body("run.finished", time, run, outcome=outcome, **JOB, **said)


def ran_on_main(time: str, run: str, outcome: str, **said: Any) -> Body:
    return ran(time, run, outcome, default_branch=True, **said)


def started(item: str, team: str) -> Body:
    said = {"team": team, "work_class": "feature"}
    return body("ticket.started", "09:00", item, **said)


# Search's commit turns main red at 10:00, checkout's fails on it too; green at 13:00;
# red by checkout from 14:00 on.
BRANCH = [
    started("CHK-1", "checkout"),
    started("CHK-2", "checkout"),
    started("CHK-3", "checkout"),
    started("SRCH-1", "search"),
    body("change.opened", "09:10", "PR-9", item="SRCH-1"),
    body("change.merged", "09:50", "PR-9", item="SRCH-1", sha="m1"),
    ran_on_main("09:30", "M-0", "success"),
    ran_on_main("10:00", "M-1", "failure", sha="m1"),
    ran("11:00", "R-1", "failure", item="CHK-1"),
    ran_on_main("12:00", "M-2", "failure", item="CHK-2"),
    ran("12:30", "R-2", "failure", item="CHK-3"),
    ran_on_main("13:00", "M-3", "success"),
    ran("13:30", "R-3", "failure", item="CHK-2"),
    ran("14:00", "R-4", "success", item="CHK-1"),
    ran_on_main("14:00", "M-4", "failure", item="CHK-2"),
    # On another sha than M-1, which is on this item too: else nothing would change.
    ran("15:00", "R-5", "failure", item="SRCH-1", sha="s5"),
    body("ticket.done", "17:00", "CHK-1"),
]


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(st.permutations(BRANCH), st.randoms(use_true_random=False))
def test_who_turned_main_red_is_waited_for_by_those_who_fail_on_it(
    events: list[Body], sizes: random.Random
) -> None:
    directory = directory_of(TEAMS)
    found = timelines_of(facts_of(events, directory), sizes)
    assert waited(found, "ci_shared_failure") == {
        ("CHK-1", "search"): 3,
        # M-2 failed on the red main as well, and R-3 changes nothing of that.
        ("CHK-2", "search"): 5,
        ("CHK-3", "search"): 4.5,
        ("SRCH-1", "checkout"): 2,
    }
    assert found == timelines_of(facts_of(BRANCH, directory))


def spread(events: list[Body], chance: random.Random) -> list[Body]:
    """The same, with what is told of each run told somewhere by its start or end."""
    found: list[Body] = []
    for end in events:
        if end["kind"] != "run.finished":
            found.append(end)
            continue
        told = {**end}
        start = {**end, "kind": "run.started", "id": f"{end['id']}-start"}
        del start["outcome"]
        for name in {"repo", "pipeline", "default_branch", "sha", "item"} & {*end}:
            for silent in chance.choice(((start,), (told,), ())):
                del silent[name]
        found += [start, told]
    return found


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_run_is_what_all_of_its_events_tell_together(chance: random.Random) -> None:
    """Its name may come after its result, and from another event."""
    directory = directory_of(TEAMS)
    told = facts_of(spread(BRANCH, chance), directory)
    chance.shuffle(told)
    assert waited(timelines_of(told, chance), "ci_shared_failure") == {
        ("CHK-1", "search"): 3,
        ("CHK-2", "search"): 5,
        ("CHK-3", "search"): 4.5,
        ("SRCH-1", "checkout"): 2,
    }


# One says of main's failing run what another source says otherwise, later or earlier.
RENAMED = [
    *BRANCH[:4],
    ran_on_main("10:00", "M-1", "failure", sha="m1", team="search"),
    body("run.started", "09:58", "M-1", pipeline="acme/shop/ci/old"),
    body("run.started", "11:58", "R-1", pipeline="acme/shop/ci/old"),
    ran("12:00", "R-1", "failure", item="CHK-1"),
    body("run.started", "12:58", "R-2", **JOB),
    body("run.finished", "13:00", "R-2", outcome="failure", pipeline="acme/shop/e2e"),
    body("run.started", "13:01", "R-2", item="CHK-2", default_branch=True),
    body("ticket.done", "15:00", "CHK-1"),
    body("ticket.done", "15:00", "CHK-2"),
]


@pytest.mark.slow
def test_of_two_names_of_a_run_its_job_has_the_latest() -> None:
    found = same_in_a_hundred_orders(facts_of(RENAMED, directory_of(TEAMS)))
    assert waited(found, "ci_shared_failure") == {("CHK-1", "search"): 3}


def test_a_run_that_gets_another_name_leaves_the_job_it_was_of() -> None:
    """Whatever turned that job's branch red explains nothing of it any more."""
    driven, directory = drive(), directory_of(TEAMS)
    events = [
        ran_on_main("10:00", "M-1", "failure"),
        ran_on_main("11:00", "M-2", "failure"),
        ran("12:00", "R-1", "failure"),
        body("run.finished", "13:00", "M-1", outcome="neutral", pipeline="e2e"),
    ]
    driven.take(facts_of(events[:3], directory))
    ten, eleven, twelve = (instant(one["time"]) for one in events[:3])
    assert pointed(driven.state) == {
        ("M-2", eleven): RedSince(ten, "M-1"),
        ("R-1", twelve): RedSince(ten, "M-1"),
    }
    driven.take(facts_of(events[3:], directory))
    assert pointed(driven.state) == {("R-1", twelve): RedSince(eleven, "M-2")}


def test_so_does_one_whose_start_is_told_anew() -> None:
    driven, directory = drive(), directory_of(TEAMS)
    named = body("run.started", "10:50", "R-1", **JOB)
    events = [
        ran_on_main("10:00", "M-1", "failure"),
        named,
        body("run.finished", "11:00", "R-1", outcome="failure"),
    ]
    driven.take(facts_of(events, directory))
    red = RedSince(instant(events[0]["time"]), "M-1")
    assert pointed(driven.state) == {("R-1", instant(events[2]["time"])): red}
    again = {**named, "pipeline": "acme/shop/e2e", "revision": 1}
    driven.take(facts_of([again], directory))
    assert pointed(driven.state) == {}


def test_an_owner_learnt_late_is_told_to_who_failed_on_the_commit() -> None:
    """The run is nobody's, then a merge says whose commit it was."""
    driven, directory = drive(), directory_of(TEAMS)
    # Of a key whose project nobody owns.
    told = [
        {name: "T-9" if said == "SRCH-1" else said for name, said in one.items()}
        for one in BRANCH
    ]
    early = [one for one in told if one["entity"] not in ("T-9", "PR-9", "R-5")]
    driven.take(facts_of(early, directory))
    # Nobody in particular: the repository's owner, whose own it then is.
    assert waited(driven.timelines(), "ci_shared_failure") == {}
    late = [one for one in told if one["entity"] == "PR-9"]
    driven.take(facts_of(late, directory))
    # Checkout's still: a change without a ticket is the repository's owner's.
    assert waited(driven.timelines(), "ci_shared_failure") == {}
    driven.take(facts_of([started("T-9", "search")], directory))
    assert waited(driven.timelines(), "ci_shared_failure") == {
        ("CHK-1", "search"): 3,
        ("CHK-2", "search"): 5,
        ("CHK-3", "search"): 4.5,
    }


def test_a_run_that_moves_to_another_item_takes_along_what_was_red() -> None:
    driven, directory = drive(), directory_of(TEAMS)
    events = [
        started("CHK-1", "checkout"),
        started("CHK-2", "checkout"),
        ran_on_main("10:00", "M-1", "failure", team="search"),
        ran("11:00", "R-1", "failure", sha="a"),
    ]
    for one in events:
        driven.take(facts_of([one], directory))
    for item in ("CHK-1", "CHK-2"):
        moved = body("run.started", "10:50", "R-1", item=item, **JOB)
        moved["time"] = moved["time"].replace("50:00", f"50:0{item[-1]}")
        driven.take(facts_of([moved], directory))
        hours = waited(driven.timelines(), "ci_shared_failure")
        assert hours == {(item, "search"): 6}
    # Kept behind it would stay as it was, whatever M-1 says later.
    rows = [unpack(packed) for _, packed in driven.state.scan("items")]
    assert [row.key for row in rows if row.blockers] == ["CHK-2"]


def test_a_job_that_never_failed_on_main_makes_nobody_depend_on_anybody() -> None:
    driven, directory = drive(), directory_of(TEAMS)
    events = [
        *(ran_on_main(f"09:{n}", f"M-{n}", "success") for n in range(10, 40)),
        *(ran(f"09:{n}", f"R-{n}", "failure", item="CHK-1") for n in range(10, 40)),
    ]
    driven.take(facts_of(events, directory))
    rows = [unpack(packed) for _, packed in driven.state.scan("items")]
    assert [row.key for row in rows if row.dependents or row.blockers] == []


def pointed(state: StateReader) -> dict[tuple[str, int], RedSince]:
    """Which run turned main red before each failure, as rows have it."""
    return {
        (section.entity, time): red
        for _, packed in state.scan("items")
        for section in unpack(packed).sections.values()
        for (time, _), red in (section.reds or {}).items()
    }


def expected_of(results: list[Body]) -> dict[tuple[str, int], RedSince]:
    """The same by walking every result up to each failure."""
    found: dict[tuple[str, int], RedSince] = {}
    for one in results:
        if one["outcome"] != "failure":
            continue
        at = instant(one["time"])
        red: RedSince | None = None
        for moment in sorted({instant(other["time"]) for other in results}):
            here = [
                other
                for other in results
                if other.get("default_branch") and instant(other["time"]) == moment
            ]
            if moment > at:
                break
            if any(other["outcome"] == "success" for other in here):
                red = None
            elif red is None and here:
                red = RedSince(moment, min(other["entity"] for other in here))
        if red is not None and red.time < at:
            found[one["entity"], at] = red
    return found


@st.composite
def results(draw: st.DrawFn) -> list[Body]:
    """Results of few instants and many ties, on days on end and far apart."""
    found: dict[tuple[object, ...], Body] = {}
    base = instant("2026-02-20T22:00:00Z")
    for _ in range(draw(st.integers(1, 14))):
        steps = draw(st.sampled_from((0, 1, 2, 3, 4, 30, 80)))
        at = base + steps * HOUR
        outcome = draw(st.sampled_from(("failure", "failure", "success")))
        run = f"R-{draw(st.integers(1, 9))}"
        one = ran("00:00", run, outcome, default_branch=draw(st.booleans()))
        one["time"] = text_of(at)
        found[run, at, outcome] = one
    return list(found.values())


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(results(), st.randoms(use_true_random=False))
def test_every_failure_points_at_what_had_turned_main_red(
    events: list[Body], chance: random.Random
) -> None:
    """Also where another word on a run comes to count: on which branch it was."""
    driven, directory = drive(), directory_of(TEAMS)
    # Some were first told with the other branch, in a lower revision.
    false = [
        {**one, "default_branch": not one["default_branch"]}
        for one in events
        if chance.random() < 0.3
    ]
    told = facts_of([*({**one, "revision": 1} for one in events), *false], directory)
    chance.shuffle(told)
    while told:
        size = chance.randint(1, 4)
        driven.take(told[:size], deferring=chance.random() < 0.5)
        del told[:size]
    driven.catch_up()
    assert pointed(driven.state) == expected_of(events)


def test_a_success_told_twice_takes_nothing_from_a_failure_of_its_instant() -> None:
    driven, directory = drive(), directory_of(TEAMS)
    events = [
        ran_on_main("10:00", "M-1", "failure"),
        ran("11:00", "R-1", "failure"),
        ran_on_main("11:00", "R-1", "success"),
        {**ran("11:00", "R-1", "success", default_branch=False), "revision": 1},
    ]
    driven.take(facts_of(events[:2], directory))
    driven.take(facts_of(events[2:], directory))
    red = RedSince(instant(events[0]["time"]), "M-1")
    assert pointed(driven.state) == {("R-1", instant(events[1]["time"])): red}


def test_one_more_failure_on_a_red_main_reaches_its_own_item_alone() -> None:
    driven, directory = drive(), directory_of(TEAMS)
    red = ran_on_main("10:00", "M-1", "failure", team="search")
    failed = [
        ran(f"11:{n}", f"R-{n}", "failure", item=f"CHK-{n}") for n in range(10, 59)
    ]
    driven.take(facts_of([red, *failed], directory))
    working, changes = WorkingSet(driven.state), Changes()
    late = ran("12:00", "R-99", "failure", item="CHK-99")
    relate(facts_of([late], directory), working)
    list(evaluate_touched(working, directory, DEFAULT_MODEL))
    working.collect(changes)
    assert sorted(changes.puts["items"]) == ["CHK-99", "M-1"]
    assert working.stored == {"M-1"}
