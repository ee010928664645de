"""What sealing takes out of the indexes of jobs, freezes and merges, and what not."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.items import RedSince
from monitor.domain.working_time import DAY
from monitor.indicators.totals.report import rfc3339
from monitor.pipeline.ports import Changes
from monitor.pipeline.relating.jobs import forget_results
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.jobs import Job, job_from
from tests.harness.driving import Drive
from tests.unit.pipeline.running import MONDAY, Process, event
from tests.unit.pipeline.test_relating import drive
from tests.unit.pipeline.test_relating_branches import FIRST, on, told
from tests.unit.pipeline.test_relating_jobs import Body, expected_of, pointed
from tests.unit.pipeline.test_sealing import KEPT, LATER, heard, keys, settled

JOB = {"repo": "acme/shop", "pipeline": "acme/shop/ci/unit"}
KEY = "job\x1facme/shop\x1facme/shop/ci/unit"


def ran(day: float, run: str, outcome: str, **said: Any) -> Body:
    return on(day, "run.finished", run, outcome=outcome, **JOB, **said)


def ran_on_main(day: float, run: str, outcome: str) -> Body:
    return ran(day, run, outcome, default_branch=True)


def forget(driven: Drive, run: str, day: float) -> None:
    """What a sealed run does to its job, so many days after the first."""
    working, changes = WorkingSet(driven.state), Changes()
    section = working.row(working.home(run)).sections[run]
    forget_results(section, FIRST + round(day * DAY), working)
    working.collect_indexes(changes)
    driven.state.commit(changes)


def job_in(driven: Drive) -> Job:
    return job_from(WorkingSet(driven.state).plain(KEY))


def test_of_old_results_stays_what_later_failures_are_judged_by() -> None:
    driven = drive()
    told(
        driven,
        ran_on_main(0, "M-0", "success"),
        ran_on_main(1, "M-1", "failure"),
        ran_on_main(2, "M-2", "success"),
        ran_on_main(3, "M-3", "failure"),
        ran_on_main(4, "M-4", "failure"),
        ran(5, "R-5", "failure"),
        ran_on_main(6, "M-6", "failure"),
    )
    forget(driven, "M-0", 5.5)
    first, third = FIRST // DAY, FIRST + 3 * DAY
    assert job_in(driven) == Job(
        [RedSince(third, "M-3"), RedSince(FIRST + 6 * DAY, "M-6")],
        [first + 2],
        [first + 5, first + 6],
        FIRST + 5 * DAY,
    )
    days = [(what, first + day) for what in ("green", "failed") for day in range(7)]
    known = driven.state.get_many("indexes", [f"{KEY}\x1f{w}\x1f{d}" for w, d in days])
    assert len(known) == 3
    told(driven, ran(7, "R-7", "failure"))
    assert pointed(driven.state)["R-7", FIRST + 7 * DAY] == RedSince(third, "M-3")


def test_a_failure_that_is_forgotten_keeps_what_it_points_at() -> None:
    driven = drive()
    told(driven, ran_on_main(1, "M-1", "failure"), ran(2, "R-2", "failure", attempt=1))
    told(driven, ran_on_main(3, "M-3", "success"))
    expected = {("R-2", FIRST + 2 * DAY): RedSince(FIRST + DAY, "M-1")}
    assert pointed(driven.state) == expected
    forget(driven, "M-1", 50)
    before = job_in(driven)
    told(driven, ran(60, "R-2", "failure", attempt=2), ran_on_main(4, "M-4", "failure"))
    assert pointed(driven.state) == expected
    assert job_in(driven).reds == before.reds == []
    assert job_in(driven).failed_days == [FIRST // DAY + 60]


def results(chance: random.Random, days: range) -> list[Body]:
    """Results of a job, on the default branch and elsewhere."""
    found: list[Body] = []
    for number in range(chance.randrange(12)):
        day = chance.randrange(days.start * 4, days.stop * 4) / 4
        outcome = chance.choice(("success", "failure", "failure"))
        run = f"{days.start}-{number}"
        main = chance.random() < 0.6
        found.append((ran_on_main if main else ran)(day, run, outcome))
    return found


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_what_fails_later_points_where_it_would_if_all_were_known(seed: int) -> None:
    chance = random.Random(seed)
    old, new = results(chance, range(10)), results(chance, range(10, 20))
    sealed = ran_on_main(0, "M-0", chance.choice(("success", "failure")))
    driven = drive()
    told(driven, sealed, *old)
    before = pointed(driven.state)
    for day in sorted(chance.sample(range(1, 11), 2)):
        forget(driven, "M-0", day)
    chance.shuffle(new)
    for one in new:
        told(driven, one)
    expected = expected_of([sealed, *old, *new])
    assert pointed(driven.state) == expected
    assert before.items() <= expected.items()


def indexes(process: Process, *asked: str) -> set[str]:
    return {*process.state.get_many("indexes", asked)}


def test_sealed_builds_leave_two_rows_of_their_job() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    outcomes = ("success", "failure", "success", "success", "failure", "success")
    main = {**JOB, "default_branch": True}
    heard(
        process,
        *(
            {
                **event("run.finished", 0, f"m-{ago}", outcome=outcome, **main),
                "time": rfc3339(MONDAY - ago * DAY),
            }
            for ago, outcome in zip(range(5, -1, -1), outcomes, strict=True)
        ),
    )
    today = MONDAY // DAY
    rows = [
        f"{KEY}\x1f{what}\x1f{today - ago}"
        for what in ("green", "failed")
        for ago in range(6)
    ]
    assert len(indexes(process, KEY, *rows)) == 7
    for day in range(3):
        settled(process, LATER + day * DAY)
    left = {key for key in keys(process, "items") if not key.startswith("BEAT")}
    assert left == set()
    assert indexes(process, KEY, *rows) == {KEY, f"{KEY}\x1fgreen\x1f{today}"}


def test_sealed_deploys_and_changes_wait_for_nothing_that_comes() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    where = {"service": "till", "environment": "production", "team": "checkout"}
    day, repo = MONDAY // DAY, "acme/shop"
    heard(
        process,
        event("deploy.ready", 1, "d-1", **where),
        event("deploy.finished", 2, "d-1", outcome="success", **where),
        event("change.opened", 1, "shop!7", team="checkout", repo=repo),
        event("change.merged", 2, "shop!7", repo=repo, sha="a1"),
        event("deploy.finished", 3, "d-2", outcome="success", shas=["a1"]),
    )
    rows = [
        f"ready\x1f{day}",
        f"merged\x1f{repo}\x1f{day}",
        f"merged\x1f{repo}",
        "tip of\x1fd-2",
    ]
    assert indexes(process, *rows) == {*rows}
    for later in range(3):
        settled(process, LATER + later * DAY)
    left = {key for key in keys(process, "items") if not key.startswith("BEAT")}
    assert left == set()
    assert indexes(process, *rows) == set()
    # A freeze that comes finds nobody, and no day to look at.
    freezes, days = WorkingSet(process.state).plain("freezes")
    assert (freezes, days) == ({}, [])


def test_by_sealed_items_no_deploy_that_carried_them_is_found() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    both = {"items": ["T-1", "T-2"], "team": "checkout"}
    heard(
        process,
        event("ticket.started", 0, "T-1", team="checkout"),
        event("ticket.started", 0, "T-2", team="checkout"),
        event("deploy.started", 1, "D-1", **both),
        event("deploy.finished", 2, "D-1", outcome="success", **both),
        event("ticket.done", 3, "T-1"),
        event("ticket.done", 3, "T-2"),
    )
    rows = ("carried:T-1", "carried:T-2")
    assert indexes(process, *rows) == {*rows}
    for day in range(3):
        settled(process, LATER + day * DAY)
    assert not {"T-1", "T-2"} & keys(process, "items")
    assert indexes(process, *rows) == set()


def test_by_a_bare_name_nobody_is_found_who_is_sealed() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    named = "acme/till#5"
    heard(
        process,
        event(
            "ticket.started", 0, "github.com:11#5", team="checkout", repo="acme/till"
        ),
        event("change.opened", 1, "C-1", item=named, team="checkout"),
        event("change.merged", 2, "C-1", item=named),
        event("ticket.done", 3, named),
    )
    rows = (f"called:{named}", "repo:acme/till")
    assert indexes(process, *rows) == {*rows}
    assert WorkingSet(process.state).node(rows[1]).followers
    for day in range(3):
        settled(process, LATER + day * DAY)
    assert "github.com:11#5" not in keys(process, "items")
    assert indexes(process, *rows) == {rows[1]}
    assert not WorkingSet(process.state).node(rows[1]).followers


def test_of_sealed_deploys_the_last_stays_for_the_next_to_be_judged_by() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    repo = {"full_name": "acme/shop"}

    def deployed(day: int, commit: str) -> Body:
        time = rfc3339(MONDAY + (day - 5) * DAY)
        made = {"id": day, "created_at": time, "sha": commit, "environment": "prod"}
        status = {"state": "success", "created_at": time}
        return {
            "action": "created",
            "repository": repo,
            "deployment": made,
            "deployment_status": status,
        }

    heard(process, *(deployed(day, commit) for day, commit in enumerate("abbcc", 1)))
    lane = "rollbacks\x1frepo:acme/shop\x1fprod"
    today = MONDAY // DAY
    rows = [f"{lane}\x1f{today + day - 5}" for day in range(1, 6)]
    rows += [f"{lane}\x1fcommit\x1f{commit}" for commit in "abc"]
    assert indexes(process, lane, *rows) == {lane, *rows}
    for day in range(6):
        settled(process, LATER + day * DAY)
    left = {key for key in keys(process, "items") if not key.startswith("BEAT")}
    assert left == set()
    kept = {lane, f"{lane}\x1f{today}", f"{lane}\x1fcommit\x1fc"}
    assert indexes(process, lane, *rows) == kept
