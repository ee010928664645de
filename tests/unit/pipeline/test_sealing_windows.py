"""No window notices what a short retention forgets, also after all is worked out anew.

Expected is what reading every record comes to, without sealing: as `evaluate` would.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.domain.working_time import DAY
from monitor.pipeline.books import BOOKS
from monitor.pipeline.ports import Changes
from monitor.pipeline.sealing import Retention
from tests.harness.driving import Samples
from tests.unit.pipeline.running import MONDAY, TEAMS, Process, event
from tests.unit.pipeline.test_sealing import heard, keys, settled, shown

SHORT = Retention(35 * DAY, 35 * DAY)
MORE_HEADS = TEAMS.replace("headcount: 4", "headcount: 9")
SHOP: dict[str, Any] = {"repo": "acme/shop"}


def change(ticket: str, entity: str, begun: float) -> list[dict[str, Any]]:
    """A ticket that is done in six hours, with its change."""
    of: dict[str, Any] = {"item": ticket, **SHOP}
    return [
        event("ticket.started", begun, ticket, team="checkout", work_class="feature"),
        event("change.opened", begun + 1, entity, sha=f"{entity}-head", **of),
        event("change.merged", begun + 5, entity, sha=f"{entity}-merge", **SHOP),
        event("ticket.done", begun + 6, ticket),
    ]


FIRST = change("T-1", "shop!7", 0)
# Twenty days later the merge of another ticket's change is deployed: a tip, which
# brings whatever was merged before it.
TIP = [
    *change("T-2", "shop!8", 20 * 24),
    event(
        *("deploy.finished", 20 * 24 + 7, "D-1"),
        outcome="success",
        environment="production",
        sha="shop!8-merge",
        **SHOP,
    ),
]


def windows(process: Process) -> dict[str, Samples]:
    found = shown(process)
    return {name: found[name] for name in found if name.startswith("friction_window")}


def read_whole(process: Process) -> Process:
    """All its records, read at once by the same clock and file, and nothing sealed."""
    fresh = Process(topics=process.topics, teams=process.teams, clock=process.clock)
    fresh.caught_up()
    return fresh


def begun() -> Process:
    process = Process(retention=SHORT)
    process.caught_up()
    heard(process, *FIRST)
    return process


def restarted(process: Process, teams: str = MORE_HEADS) -> None:
    process.start(teams)
    process.caught_up()


def forgotten() -> Process:
    """A process that has forgotten T-1, and works on T-3 since the last week."""
    process = begun()
    heard(
        process,
        event("ticket.started", 30 * 24, "T-3", team="checkout", work_class="feature"),
        time=MONDAY + 30 * DAY,
    )
    for days in (36, 37):
        settled(process, MONDAY + days * DAY)
    kept = keys(process, "items") | keys(process, "timelines") | keys(process, "sealed")
    assert "T-1" not in kept
    return process


def test_what_is_deployed_with_another_items_tip_is_kept_as_long_as_that() -> None:
    """The lead time of T-1 is told twenty days after it was done."""
    process = begun()
    heard(process, *TIP, time=MONDAY + 21 * DAY)
    for days in (36, 40):
        settled(process, MONDAY + days * DAY)
    restarted(process)
    lead_times = {
        labels[3]: count
        for labels, count in process.shown("friction_window_spans").items()
        if labels[:3] == ("28d", "checkout", "lead_time")
    }
    assert lead_times["+Inf"] == 2
    assert windows(process) == windows(read_whole(process))
    settled(process, MONDAY + 56 * DAY)
    assert not {"T-1", "T-2"} & keys(process, "items")


@pytest.mark.parametrize("restarts", [1, 2])
def test_capacity_runs_from_before_the_window_when_all_of_that_is_forgotten(
    restarts: int,
) -> None:
    """Since T-1, which is of five weeks ago, and not since T-3, of a week ago."""
    process = forgotten()
    for number in range(restarts):
        restarted(process, MORE_HEADS.replace("Acme", f"Acme {number}"))
    month = process.shown("friction_window_capacity_seconds")["28d", "checkout"]
    assert month == 9 * 20 * 8 * 3_600
    assert windows(process) == windows(read_whole(process))


def test_the_counter_of_capacity_goes_on_from_what_was_forgotten() -> None:
    process = forgotten()
    restarted(process)
    counters = "friction_capacity_seconds_total"
    assert process.shown(counters) == read_whole(process).shown(counters)


def test_a_state_from_before_keeps_the_first_of_what_was_forgotten() -> None:
    """It does not tell since when anything is known, so all that is kept is read."""
    process = forgotten()
    stored = json.loads(process.state.get_many("meta", [BOOKS])[BOOKS])
    changes = Changes()
    changes.put("meta", BOOKS, json.dumps(stored[:6]).encode())
    process.state.commit(changes)
    restarted(process, TEAMS)
    assert process.runner.books.first == MONDAY
    assert windows(process) == windows(read_whole(process))


def test_what_is_told_later_may_be_earlier_than_what_was_forgotten() -> None:
    """A ticket of the week before; the books go on from it, and after it."""
    process = forgotten()
    restarted(process)
    before = event("ticket.started", -7 * 24, "T-0", team="checkout")
    heard(process, before, time=process.clock.ms)
    assert process.runner.books.first == MONDAY - 7 * DAY
    restarted(process, TEAMS)
    assert process.runner.books.first == MONDAY - 7 * DAY


def test_what_is_kept_begins_when_the_new_file_says() -> None:
    """Monday is a holiday now: the one item there is accrues from Tuesday, 09:00."""
    process = Process(retention=SHORT)
    process.caught_up()
    heard(process, FIRST[0], time=MONDAY + 2 * DAY)
    assert process.runner.books.first == MONDAY
    holiday = "organisation: {name: Acme, calendar: {holidays: [2026-03-02]}}"
    restarted(process, TEAMS.replace("organisation: {name: Acme}", holiday))
    assert process.runner.books.first == MONDAY + DAY
    assert windows(process) == windows(read_whole(process))
