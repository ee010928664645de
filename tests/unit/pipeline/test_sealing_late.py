"""What is not sealed yet, and what comes of words that come too late."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Kind
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.opaque import branch_word
from monitor.domain.working_time import DAY
from monitor.pipeline.evaluating import tell_dependents
from monitor.pipeline.relating.relate import Related, relate
from monitor.pipeline.sealing import Sealing
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.code_index import pushes_on
from monitor.relate.packed_rows import unpack
from tests.unit.pipeline.running import HOUR, MONDAY, Process, event
from tests.unit.pipeline.test_relating import drive, github
from tests.unit.pipeline.test_sealing import (
    CLOSED,
    KEPT,
    LATER,
    Counting,
    heard,
    keys,
    lately,
    settled,
    shown,
    waited,
)


def test_what_belongs_to_a_late_part_is_late_too_in_one_batch() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    assert keys(process, "sealed") == {"T-1"}
    before = shown(process)
    meter = process.runner.watch.meter = Counting()
    new = [
        event("change.opened", 3, "shop!9", item="T-1"),
        event("run.queued", 4, "r-9", change="shop!9", on_team="platform"),
        event("run.started", 5, "r-9", change="shop!9"),
    ]
    heard(process, *new, time=LATER)
    assert meter.counted["friction_late_dropped_total"] == 3
    assert shown(process) == before


LINKED = (
    event("ticket.started", 0, team="checkout", work_class="feature"),
    event("link.added", 1, blocker="B-1"),
    event("ticket.done", 6),
)
BLOCKER = (
    event("ticket.started", -9, "B-1", team="platform"),
    event("ticket.done", 3, "B-1"),
)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_sealed_item_whose_blocker_is_heard_of_only_then_is_counted_once(
    restarted: bool,
) -> None:
    """Another topic is read from now on, say: it stays charged to nobody known."""
    process = Process(retention=KEPT)
    process.caught_up()
    heard(process, *LINKED)
    settled(process)
    assert keys(process, "sealed") == {"T-1"}
    before = process.shown("friction_wait_seconds_total")
    assert sum(before.values()) == 5 * 3_600
    if restarted:
        process.start()
    meter = process.runner.watch.meter = Counting()
    process.send(*BLOCKER, timestamp=LATER)
    process.caught_up()
    process.runner.turn()
    assert meter.counted["friction_late_dropped_total"] == 1
    heard(process, lately("ticket.updated", 1, "B-1"), time=LATER + 2 * HOUR)
    assert meter.counted["friction_late_dropped_total"] == 1
    assert process.shown("friction_wait_seconds_total") == before


def test_what_a_sealed_blocker_told_goes_along_with_whom_it_told() -> None:
    """A sub-ticket's blocker was done after five hours; then it is another ticket's."""
    process = Process(retention=KEPT)
    process.caught_up()
    heard(
        process,
        event("ticket.started", 0, "PLT-1", team="platform"),
        event("ticket.done", 6, "PLT-1"),
        event("ticket.started", 0, "T-2", team="checkout"),
        event("ticket.started", 0, "T-3", team="checkout"),
        event("link.added", 1, "SUB-1", item="T-2", blocker="PLT-1"),
    )
    settled(process)
    assert keys(process, "sealed") == {"PLT-1"}
    before = process.shown("friction_wait_seconds_total")
    assert sum(before.values()) == 5 * 3_600
    heard(process, event("ticket.commented", 8, "SUB-1", item="T-3"), time=LATER)
    settled(process, LATER + DAY)
    assert "SUB-1" in unpack(dict(process.state.scan("items"))["T-3"]).sections
    assert process.shown("friction_wait_seconds_total") == before


def test_a_blocker_that_its_dependent_heard_before_tells_nothing_too_late() -> None:
    """Nor where it gets another key, and all are to be told anew."""
    driven = drive()
    driven.take(
        [
            github(Kind.TICKET_STARTED, "09:00", "T-1", team="checkout"),
            github(Kind.LINK_ADDED, "09:30", "T-1", blocker="O-1"),
            github(Kind.TICKET_STARTED, "09:10", "O-1", team="platform"),
            github(Kind.TICKET_DONE, "10:00", "T-1"),
        ]
    )
    walk = Sealing(driven.state, driven.directory, DEFAULT_MODEL, KEPT)
    for instant in (*[LATER] * 4, LATER + DAY):
        chunk = walk.step(instant)
        assert chunk is not None
        driven.state.commit(chunk.changes)
    driven.recent.clear()
    assert dict(driven.state.scan("items")).keys() == {"O-1"}
    moved = github(Kind.TICKET_UPDATED, "11:00", "N-1", aliases=["O-1"])
    working = WorkingSet(driven.state)
    relate([moved], working)
    tell_dependents([working.row("N-1")], working, driven.directory)
    assert working.row("N-1").dependents["N-1"].entities == {"T-1": None}
    assert working.told_late == 0


def test_what_begins_after_an_item_was_sealed_is_new_work() -> None:
    """A change of its ticket, with a run; and a deploy that waited for an approval."""
    process = Process(retention=KEPT)
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    assert keys(process, "sealed") == {"T-1"}
    before = waited(process)
    meter = process.runner.watch.meter = Counting()
    service = {"service": "api", "team": "checkout"}
    new = [
        lately("change.opened", -11.5, "shop!9", item="T-1", team="checkout"),
        lately("run.queued", -11, "r-9", item="T-1", change="shop!9", on_team="search"),
        lately("run.started", -10, "r-9", item="T-1", change="shop!9"),
        lately("change.merged", -9.5, "shop!9"),
        lately("deploy.approval_requested", -7, "d-9", items=["T-1"], on_team="search"),
        lately(
            "deploy.finished", -6, "d-9", items=["T-1"], outcome="success", **service
        ),
    ]
    heard(process, *new, time=LATER)
    settled(process, LATER + HOUR)
    assert meter.counted["friction_late_dropped_total"] == 0
    assert keys(process, "items") - {"BEAT"} >= {"shop!9", "d-9"}
    assert "r-9" not in keys(process, "items")
    assert "T-1" not in keys(process, "items")
    # An hour of the queue and an hour of the approval.
    assert waited(process) == before + 2 * 3_600
    deploys = shown(process)["friction_window_deploys"]
    assert deploys["7d", "checkout", "success", "none"] == 1


def test_what_was_heard_just_now_is_not_sealed_however_old_it_is() -> None:
    """History that comes while live comes in parts; more may be on its way."""
    told = Process(retention=KEPT)
    told.caught_up()
    settled(told)
    whole = Process(retention=None)
    whole.caught_up()
    for one in (told, whole):
        # The first part begins another day of the broker's clock, and so a walk.
        heard(one, CLOSED[0], CLOSED[-1], time=LATER + DAY + HOUR)
        settled(one, LATER + DAY + 2 * HOUR)
        heard(one, *CLOSED[1:-1], time=LATER + DAY + 3 * HOUR)
        settled(one, LATER + DAY + 4 * HOUR)
    assert waited(told) == waited(whole) > 0


def test_a_record_stamped_far_in_the_future_seals_nothing() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    heard(process, *CLOSED)
    beat = event("ticket.commented", 9, "BEAT")
    process.send(beat, timestamp=(MONDAY + DAY) * 1_000)
    for day in (1, 2, 3):
        process.clock.ms = MONDAY + day * DAY
        for _ in range(6):
            process.runner.turn()
    assert keys(process, "sealed") == set()
    assert "T-1" in keys(process, "items")


def test_a_sealed_item_under_a_new_key_makes_no_new_one() -> None:
    driven = drive()
    lived = [
        github(Kind.TICKET_STARTED, "09:00", "O-1", aliases=["num:1"], team="checkout"),
        github(Kind.TICKET_DONE, "10:00", "O-1"),
    ]
    driven.take(lived)
    walk = Sealing(driven.state, driven.directory, DEFAULT_MODEL, KEPT)
    for instant in (*[LATER] * 4, LATER + DAY):
        chunk = walk.step(instant)
        assert chunk is not None
        driven.state.commit(chunk.changes)
    driven.recent.clear()
    moved = github(Kind.TICKET_UPDATED, "11:00", "N-1", aliases=["num:1", "O-1"])
    assert driven.take([moved]) == Related(0, 0, 1)
    again = github(Kind.TICKET_STARTED, "09:00", "N-1", team="checkout")
    assert driven.take([again]) == Related(0, 0, 1)
    assert not list(driven.state.scan("items"))


def test_a_failed_deploy_is_kept_for_the_one_that_repairs_it() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    where = {"service": "till", "environment": "production", "team": "checkout"}
    broken = event("deploy.finished", 3, "d-1", outcome="failure", **where)
    fine = event("deploy.finished", 4, "d-2", outcome="success", **where)
    other = {**where, "service": "shop"}
    heard(
        process,
        broken,
        event("deploy.finished", 3, "d-3", outcome="failure", **other),
        event("deploy.finished", 5, "d-3", outcome="success", **other),
        fine,
    )
    settled(process)
    settled(process, LATER + 2 * DAY)
    left = {key for key in keys(process, "items") if not key.startswith("BEAT")}
    assert left == {"d-1"}


def test_a_sealed_change_asks_for_no_name_any_more() -> None:
    driven = drive()
    named = {"repo": "acme/search", "tickets": ["acme/shop#5"]}
    driven.take(
        [
            github(Kind.CHANGE_OPENED, "09:00", "github.com:12#7", **named),
            github(Kind.CHANGE_MERGED, "10:00", "github.com:12#7", repo="acme/search"),
            github(Kind.TICKET_DONE, "10:30", "acme/shop#5"),
        ]
    )
    assert driven.state.get_many("indexes", ["asked:acme/shop"])
    walk = Sealing(driven.state, driven.directory, DEFAULT_MODEL, KEPT)
    sealed: list[str] = []
    for instant in (*[LATER] * 8, LATER + DAY):
        if (chunk := walk.step(instant)) is not None:
            driven.state.commit(chunk.changes)
            sealed += chunk.sealed
    assert sealed == ["acme/shop#5"]
    assert not driven.state.get_many("indexes", ["asked:acme/shop"])


def test_a_push_that_met_no_pull_request_is_sealed_with_its_index_rows() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    branch = {"repo": "acme/shop", "branch": "wip"}
    pushed = event("change.pushed", 1, "acme/shop@wip", sha="a1", **branch)
    heard(process, pushed)
    asked = ("sha:a1", pushes_on(f"branch:acme/shop@{branch_word('wip')}"))
    assert process.state.get_many("indexes", asked).keys() == {*asked}
    settled(process)
    settled(process, LATER + 2 * DAY)
    assert process.state.get_many("indexes", asked) == {}
    left = {key for key in keys(process, "items") if not key.startswith("BEAT")}
    assert left == set()
    heard(process, pushed, time=LATER + 2 * DAY)
    assert process.state.get_many("indexes", asked) == {}


def test_runs_of_a_long_lived_branch_leave_nothing_when_they_are_sealed() -> None:
    process = Process(retention=KEPT)
    process.caught_up()
    branch = {"repo": "acme/shop", "branch": "develop"}
    runs = [f"r-{number}" for number in range(50)]
    heard(
        process,
        *(event("run.finished", 1, run, outcome="success", **branch) for run in runs),
        # More is told of it on another day.
        event("run.queued", -9.5, "r-49", **branch),
    )
    node = f"branch:acme/shop@{branch_word('develop')}"
    days = [f"{node}\x1f{MONDAY // DAY - before}" for before in (0, 1)]
    assert len(process.state.get_many("indexes", [node, *days])) == 3
    for day in range(3):
        settled(process, LATER + day * DAY)
    assert process.state.any_gone()
    assert process.state.get_many("indexes", [node, *days]) == {}


@pytest.mark.parametrize("named", [{}, {"item": "T-1"}, {"change": "shop!7"}])
def test_a_run_that_names_what_is_sealed_belongs_to_what_else_it_names(
    named: dict[str, str],
) -> None:
    """By its sha, to the change of a new ticket, which waits for the runner an hour."""
    process = Process(retention=KEPT)
    process.caught_up()
    heard(process, *CLOSED)
    settled(process)
    before = waited(process)
    ran = {"sha": "s9", "repo": "acme/shop", "branch": "new", **named}
    new = [
        lately("ticket.started", -12, "N-1", team="checkout", work_class="feature"),
        lately("change.opened", -12, "shop!9", item="N-1", sha="s9", repo="acme/shop"),
        lately("run.queued", -11, "r-9", on_team="search", **ran),
        lately("run.started", -10, "r-9", **ran),
    ]
    heard(process, *new, time=LATER)
    settled(process, LATER + HOUR)
    assert keys(process, "sealed") == {"T-1"}
    assert waited(process) == before + 3_600
