"""Indicators 1.6 and 1.8, each line under its name: never closed, closed twice, late.

What contradicts itself (a close before its open, negative lengths) is in
``test_edge_cases.py``.
"""

from __future__ import annotations

import pytest

from monitor.domain.model import DEFAULT_MODEL
from tests.unit.indicators.history import at
from tests.unit.pipeline.edge_case import (
    BLOCK,
    DAY,
    TEAMS,
    Body,
    Case,
    batch_of,
    blocked,
    body,
    name_of,
    spent,
    started,
)
from tests.unit.pipeline.running import HandClock, Process

ALWAYS = (
    "  - {id: always, calendar: {days: [mon, tue, wed, thu, fri, sat, sun],"
    ' hours: ["00:00", "24:00"]}}\n'
)
OF_CHK_1 = {"item": "CHK-1", "on_team": "platform"}
PLT_1 = body("ticket.created", "Mon 08:00", "PLT-1", team="platform")
LINKED = body("link.added", "Mon 10:00", blocker="PLT-1")
UNBLOCKED = body("ticket.unblocked", "Mon 16:00")


def hour_of(key: str, feature: float) -> dict[str, float]:
    acute_and_chronic = {f"{key} acute": 900.0, f"{key} chronic": 2_700.0}
    return {**acute_and_chronic, "checkout feature": feature}


LINES = (
    Case(
        "1.6 a wait without a cap is stale 10 working days after the last human event",
        (started(), blocked("Mon 10:00"), body("ticket.commented", "Tue 10:00")),
        # Until Tuesday week after next, 10:00; the rest of that day is stale.
        {
            "checkout feature": 3_600,
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 11 * DAY - 900,
            "checkout (stale)": 25_200,
        },
        until="Tue+2 17:00",
    ),
    Case(
        "1.6 the blocker's last human event counts as well",
        (started(), PLT_1, LINKED, body("ticket.commented", "Tue 10:00", "PLT-1")),
        {
            "checkout feature": 3_600,
            "checkout>platform dependency_link acute": 900,
            "checkout>platform dependency_link chronic": 11 * DAY - 900,
            "checkout (stale)": 25_200,
        },
        until="Tue+2 17:00",
    ),
    Case(
        "1.6 the next event resumes it, without a back-charge",
        (started(), blocked("Mon 10:00"), body("ticket.commented", "Mon+2 12:00")),
        {
            "checkout feature": 3_600,
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 10 * DAY - 900 + 18_000,
            "checkout (stale)": 7_200,
        },
        until="Mon+2 17:00",
    ),
    Case(
        "1.6 a cap is counted on the calendar of who is charged when it opens",
        # Four hours of checkout's: Mon 16-17, Tue 9-12; from 16:30 they are always's.
        (
            started(),
            body("run.queued", "Mon 16:00", "r-1", item="CHK-1", on_team="platform"),
            body("ticket.accepted", "Mon 16:30", team="always"),
        ),
        {
            "checkout feature": 25_200,
            "checkout>platform ci_queue acute": 900,
            "checkout>platform ci_queue chronic": 900,
            "always>platform ci_queue chronic": 70_200,
            "always request": 3_600,
        },
        until="Tue 13:00",
        teams=TEAMS + ALWAYS,
    ),
    Case(
        "1.6 a second open is idempotent, and of two closes the first counts",
        (
            started(),
            blocked("Mon 10:00"),
            blocked("Mon 10:30"),
            body("ticket.unblocked", "Mon 11:00"),
            body("ticket.unblocked", "Mon 12:00"),
        ),
        hour_of(BLOCK, 25_200),
    ),
    Case(
        "1.6 an attempt opens once, the next attempt is another",
        (
            started(),
            *(
                body(
                    f"run.{kind}",
                    when,
                    "r-1",
                    item="CHK-1",
                    attempt=n,
                    on_team="platform",
                )
                for kind, when, n in (
                    ("queued", "Mon 10:00", 1),
                    ("started", "Mon 10:15", 1),
                    ("queued", "Mon 10:30", 1),
                    ("queued", "Mon 11:00", 2),
                    ("started", "Mon 11:15", 2),
                )
            ),
        ),
        {"checkout>platform ci_queue acute": 1_800, "checkout feature": DAY - 1_800},
    ),
    Case(
        "1.6 a wait opened before flight counts from entry",
        (blocked("Mon 09:00"), started("Mon 15:00"), UNBLOCKED),
        hour_of(BLOCK, 3_600),
    ),
    Case(
        "1.6 done closes every flag for good",
        (
            started(),
            blocked("Mon 10:00"),
            body("ticket.done", "Mon 11:00"),
            body("ticket.reopened", "Mon 12:00"),
        ),
        {**hour_of(BLOCK, 3_600), "checkout rework": 18_000},
    ),
    Case(
        "1.6 links are states and revive on re-entry",
        (
            started(),
            PLT_1,
            LINKED,
            body("ticket.done", "Mon 11:00"),
            body("ticket.reopened", "Mon 16:45"),
        ),
        {
            "checkout feature": 3_600,
            "checkout>platform dependency_link acute": 1_800,
            "checkout>platform dependency_link chronic": 2_700,
        },
    ),
    Case(
        "1.6 requests are states and revive on re-entry",
        (
            started(),
            body(
                "ticket.requested",
                "Mon 10:00",
                "PLT-2",
                team="platform",
                requester_team="checkout",
                needed_by="CHK-1",
            ),
            body("ticket.done", "Mon 11:00"),
            body("ticket.reopened", "Mon 16:45"),
        ),
        {
            "checkout feature": 3_600,
            "checkout>platform ticket_request acute": 1_800,
            "checkout>platform ticket_request chronic": 2_700,
        },
    ),
    Case(
        "1.6 parked suspends a wait",
        (
            started(),
            blocked("Mon 10:00"),
            body("ticket.parked", "Mon 10:15"),
            started("Mon 15:45"),
            UNBLOCKED,
        ),
        {f"{BLOCK} acute": 1_800, "checkout feature": 7_200},
    ),
    Case(
        "1.6 between done and reopened is nothing, afterwards rework, never feature",
        (
            started(),
            body("ticket.done", "Mon 10:00"),
            body("ticket.reopened", "Mon 12:00"),
            body("ticket.done", "Mon 13:00"),
            started("Mon 14:00"),
        ),
        {"checkout feature": 3_600, "checkout rework": 3_600 + 10_800},
    ),
    Case(
        "1.6 reopened with a foreign cause is response, a start changes only the owner",
        (
            started(),
            body("ticket.done", "Mon 10:00"),
            body("ticket.reopened", "Mon 12:00", cause_team="platform"),
            started("Mon 13:00", team="search"),
        ),
        {
            "checkout feature": 3_600,
            "checkout>platform reopen response": 3_600,
            "search>platform reopen response": 14_400,
        },
    ),
    Case(
        "1.6 cancelled keeps what it accrued",
        (started(), blocked("Mon 10:00"), body("ticket.cancelled", "Mon 11:00")),
        hour_of(BLOCK, 3_600),
    ),
)


@pytest.mark.parametrize("case", LINES, ids=name_of)
def test_never_closed_closed_twice_reopened_cancelled(case: Case) -> None:
    batch = batch_of(case, case.bodies)
    assert batch.records()["rejected"] == 0
    assert spent(batch.state, case, batch.directory) == dict(case.expected)


FEATURE = ("checkout", "feature")
WINDOW = ("28d", *FEATURE)
ACTIVE, ACTIVE_NOW = "friction_active_seconds_total", "friction_window_active_seconds"
WAITED = "friction_window_wait_seconds"
DEBT = "friction_correction_debt_seconds"


def serving(when: str, *bodies: Body) -> Process:
    """A live process whose clock shows an instant, caught up with the bodies."""
    process = Process(teams=TEAMS, clock=HandClock(at(when)))
    process.send(*bodies)
    process.caught_up()
    return process


def test_1_8_totals_run_up_to_now_less_settle() -> None:
    process = serving("Mon 12:00", started())
    settle = DEFAULT_MODEL.settle_ms / 1_000
    assert settle == 300
    assert process.shown(ACTIVE)[FEATURE] == 3 * 3_600 - settle


def test_1_8_open_intervals_accrue_without_a_new_event() -> None:
    process = serving("Mon 12:00", started())
    before = process.shown(ACTIVE)[FEATURE]
    process.clock.ms += 60_000
    process.runner.turn()
    assert process.shown(ACTIVE)[FEATURE] == before + 60


def test_1_8_the_instant_is_never_earlier_than_the_last_one_served() -> None:
    process = serving("Mon 12:00", started())
    before = process.shown(ACTIVE)[FEATURE]
    process.clock.ms -= 3_600_000
    process.runner.turn()
    assert process.shown(ACTIVE)[FEATURE] == before


def test_1_8_a_late_event_moves_windows_at_once_and_holds_the_counter() -> None:
    # Scenario B-1: five hours of work, one of which turns out to have been waited.
    process = serving(
        "Mon 16:00",
        started(),
        body("ticket.unblocked", "Mon 12:00"),
        body("ticket.done", "Mon 14:00"),
    )
    assert process.shown(ACTIVE_NOW)[WINDOW] == process.shown(ACTIVE)[FEATURE] == 18_000
    process.send(blocked("Mon 11:00"))
    process.runner.turn()
    assert process.shown(ACTIVE_NOW)[WINDOW] == 14_400
    waited = process.shown(WAITED)
    key = ("28d", "checkout", "platform", "ticket_blocked")
    assert (waited[(*key, "acute")], waited[(*key, "chronic")]) == (900, 2_700)
    assert process.shown(ACTIVE)[FEATURE] == 18_000
    assert 3_600 in process.shown(DEBT).values()


def test_1_8_windows_are_exact_the_other_way_too() -> None:
    process = serving("Mon 16:00", started(), blocked("Mon 11:00"))
    process.send(body("ticket.unblocked", "Mon 12:00"))
    process.runner.turn()
    waited = process.shown(WAITED)
    assert sum(n for key, n in waited.items() if key[0] == "28d") == 3_600
    # Until 15:55, less an hour.
    assert process.shown(ACTIVE_NOW)[WINDOW] == 24_900 - 3_600


def test_1_8_a_late_event_moves_its_item_and_who_depends_on_it_alone() -> None:
    other = started("Mon 09:00", "SRCH-1", team="search")
    process = serving("Mon 16:00", started(), other, PLT_1, LINKED)
    before = process.shown(ACTIVE_NOW)
    process.send(body("ticket.done", "Mon 11:00", "PLT-1"))
    process.runner.turn()
    after = process.shown(ACTIVE_NOW)
    moved = {
        key: after[key] - before[key] for key in after if after[key] != before[key]
    }
    # The link held up from 10:00 to 15:55, and now until 11:00.
    windows = {"3d", "7d", "14d", "28d"}
    assert moved == {(window, *FEATURE): 21_300 - 3_600 for window in windows}


def test_1_8_counters_stay_when_a_replay_gives_the_same() -> None:
    bodies = (started(), blocked("Mon 10:00"), UNBLOCKED)
    process = serving("Mon 17:00", *bodies)
    before = process.shown(ACTIVE), process.shown(WAITED), process.shown(DEBT)
    process.send(*bodies, *bodies)
    process.runner.turn()
    after = process.shown(ACTIVE), process.shown(WAITED), process.shown(DEBT)
    assert after == before
