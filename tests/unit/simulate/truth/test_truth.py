"""The true ledger of tiny plans, held to numbers worked out by hand.

The plans are the scenarios of the specification's oracles, written as intervals.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from monitor.domain.working_time import Hours, calendar_of, to_ms
from monitor.simulate.life import (
    INTERNAL,
    RESPONSE,
    Failure,
    Life,
    Moment,
    Outage,
    Span,
    Stretch,
    Wait,
)
from monitor.simulate.truth.costs import Key, entries, totals

CALENDARS = dict.fromkeys(
    ("checkout", "search", "platform", "data"), calendar_of(Hours())
)
MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
CAP_4H = 4 * 3_600_000


def at(clock: str, day: int = 0) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    return to_ms(MONDAY + dt.timedelta(days=day, hours=hours, minutes=minutes))


def touched(*instants: int) -> tuple[Moment, ...]:
    return tuple(
        Moment(time, "native", "ticket.commented", "X-1", {}) for time in instants
    )


def in_flight(start: int, end: int, doing: str = "feature") -> tuple[Stretch, ...]:
    return (Stretch(start, end, "checkout", doing),)


def ledger(life: Life, until: int | None = None) -> dict[Key, Fraction]:
    return totals(entries(life, CALENDARS, at("17:00", 60) if until is None else until))


def wait(on_team: str, component: str, phase: str, team: str = "checkout") -> Key:
    return ("wait", team, on_team, component, phase)


def active(work_class: str = "feature", team: str = "checkout") -> Key:
    return ("active", team, "", "", work_class)


def unaccrued(why: str, team: str = "checkout") -> Key:
    return ("unaccrued", team, "", "", why)


def test_overlapping_waits_share_the_second_over_teams_then_components() -> None:
    life = Life(
        "D-1",
        in_flight(at("9:00"), at("17:00")),
        (
            Wait("ticket_blocked", "platform", at("10:00"), at("12:00")),
            Wait("ticket_blocked", "search", at("11:00"), at("13:00")),
            Wait("ci_queue", "platform", at("11:30"), at("11:40"), cap=CAP_4H),
        ),
        moments=touched(at("9:00")),
    )
    assert ledger(life) == {
        active(): 18_000,
        wait("platform", "ticket_blocked", "acute"): 900,
        wait("platform", "ticket_blocked", "chronic"): 4_350,
        wait("platform", "ci_queue", "chronic"): 150,
        wait("search", "ticket_blocked", "chronic"): 5_400,
    }


def test_change_waits_halt_only_while_every_open_change_has_one() -> None:
    life = Life(
        "E-1",
        in_flight(at("9:00"), at("17:00")),
        (
            Wait("review_wait", "search", at("10:00"), at("15:00"), "PR-1"),
            Wait("review_wait", "search", at("13:00"), at("16:00"), "PR-2"),
        ),
        changes=(
            Span("PR-1", at("10:00"), at("17:00")),
            Span("PR-2", at("11:00"), at("17:00")),
        ),
        moments=touched(at("9:00")),
    )
    assert ledger(life) == {
        active(): 18_000,
        wait("search", "review_wait", "acute"): 1_800,
        wait("search", "review_wait", "chronic"): 9_000,
    }


def test_a_handoff_is_one_episode_charged_to_the_origin() -> None:
    life = Life(
        "C-2",
        (
            Stretch(at("9:00"), at("13:00"), "checkout", "feature"),
            Stretch(at("13:00"), at("15:00"), "search", "request"),
            Stretch(at("15:00"), at("15:30"), "checkout", INTERNAL),
            Stretch(at("15:30"), at("17:00"), "checkout", "feature"),
        ),
        (
            Wait("handoff", "platform", at("10:00"), at("12:00")),
            Wait("handoff", "search", at("12:00"), at("13:00")),
        ),
        moments=touched(at("9:00")),
    )
    assert ledger(life) == {
        active(): 9_000,
        active("request", "search"): 7_200,
        unaccrued("internal"): 1_800,
        wait("platform", "handoff", "acute"): 900,
        wait("platform", "handoff", "chronic"): 6_300,
        wait("search", "handoff", "chronic"): 3_600,
    }


def forgotten() -> Life:
    return Life(
        "C-3",
        in_flight(at("9:00"), at("17:00", 40)),
        (Wait("ticket_blocked", "platform", at("10:00"), at("17:00", 40)),),
        moments=touched(at("9:00"), at("10:00")),
    )


def test_a_forgotten_wait_accrues_until_it_is_clipped() -> None:
    assert ledger(forgotten(), at("17:00", 4)) == {
        active(): 3_600,
        wait("platform", "ticket_blocked", "acute"): 900,
        wait("platform", "ticket_blocked", "chronic"): 139_500,
    }


def test_a_forgotten_wait_is_stale_after_ten_working_days() -> None:
    assert ledger(forgotten(), at("17:00", 25)) == {
        active(): 3_600,
        wait("platform", "ticket_blocked", "acute"): 900,
        wait("platform", "ticket_blocked", "chronic"): 287_100,
        unaccrued("stale"): 284_400,
    }


def test_a_touched_blocker_keeps_a_wait_from_going_stale() -> None:
    link = Wait(
        "dependency_link",
        "platform",
        at("10:00"),
        at("10:00", 21),
        blocker=(at("10:00", 7),),
    )
    life = Life(
        "L-1",
        in_flight(at("10:00"), at("10:00", 21)),
        (link,),
        moments=touched(at("10:00")),
    )
    # Three weeks of 144,000 s; ten working days from the blocker's event reach them.
    assert ledger(life) == {
        wait("platform", "dependency_link", "acute"): 900,
        wait("platform", "dependency_link", "chronic"): 431_100,
    }


def test_a_silent_item_is_idle_after_five_working_days() -> None:
    life = Life(
        "I-1",
        in_flight(at("9:00"), at("17:00", 11)),
        moments=(
            *touched(at("9:00")),
            Moment(at("9:00", 3), "native", "ticket.updated", "I-1", {}, None, False),
        ),
    )
    assert ledger(life) == {active(): 144_000, unaccrued("idle"): 144_000}


def flaky(until: int) -> dict[Key, Fraction]:
    life = Life(
        "F-1",
        in_flight(at("9:00"), at("12:00")),
        failures=(Failure(at("10:00"), at("10:20"), "platform", ""),),
        moments=touched(at("9:00")),
    )
    return ledger(life, until)


def test_a_retry_that_passes_makes_the_failure_the_pipeline_owners() -> None:
    assert flaky(at("12:00")) == {
        active(): 9_600,
        wait("platform", "ci_flaky", "acute"): 900,
        wait("platform", "ci_flaky", "chronic"): 300,
    }


def test_a_failure_not_yet_settled_is_nobodys() -> None:
    assert flaky(at("10:10")) == {active(): 3_600, unaccrued("pending"): 600}


def test_an_own_failure_settled_after_a_working_day_leaves_that_day_pending() -> None:
    life = Life(
        "F-2",
        in_flight(at("9:00"), at("17:00", 2)),
        failures=(Failure(at("10:00"), at("12:00", 1), "", ""),),
        moments=touched(at("9:00")),
    )
    assert ledger(life) == {active(): 57_600, unaccrued("pending"): 28_800}


def test_the_wait_for_a_runner_stops_at_its_cap() -> None:
    life = Life(
        "Q-1",
        in_flight(at("9:00"), at("17:00")),
        (Wait("ci_queue", "platform", at("10:00"), at("16:00"), cap=CAP_4H),),
        moments=touched(at("9:00")),
    )
    assert ledger(life) == {
        active(): 14_400,
        wait("platform", "ci_queue", "acute"): 900,
        wait("platform", "ci_queue", "chronic"): 13_500,
    }


def test_a_night_between_two_waits_continues_the_episode() -> None:
    life = Life(
        "N-1",
        in_flight(at("16:00"), at("10:00", 1)),
        (
            Wait("ticket_blocked", "platform", at("16:50"), at("18:00")),
            Wait("ticket_blocked", "search", at("8:00", 1), at("9:10", 1)),
        ),
        moments=touched(at("16:00")),
    )
    assert ledger(life) == {
        active(): 3_000 + 3_000,
        wait("platform", "ticket_blocked", "acute"): 600,
        wait("search", "ticket_blocked", "acute"): 300,
        wait("search", "ticket_blocked", "chronic"): 300,
    }


def test_a_reopening_because_of_another_team_is_its_response() -> None:
    life = Life(
        "C-1",
        (
            Stretch(at("9:00"), at("11:00"), "search", "feature"),
            Stretch(at("14:00"), at("16:00"), "search", RESPONSE, "platform"),
        ),
        moments=touched(at("9:00"), at("14:00")),
    )
    assert ledger(life) == {
        active(team="search"): 7_200,
        wait("platform", "reopen", "response", "search"): 7_200,
    }


def outage(
    *causes: tuple[int, tuple[str, ...]], hours: int, responders: int = 1
) -> Life:
    opened = at("20:00", 1)
    end = opened + hours * 3_600_000
    return Life("INC-1", outage=Outage("search", opened, end, causes, responders))


def test_an_incident_runs_by_the_wall_times_its_responders() -> None:
    life = outage((at("20:00", 1), ("platform",)), hours=2, responders=3)
    key = wait("platform", "incident", "response", "search")
    assert ledger(life) == {key: 21_600}


def test_an_incident_stops_after_a_day_and_splits_over_its_causes() -> None:
    life = outage((at("20:00", 1), ("platform", "data")), hours=30)
    assert ledger(life) == {
        wait("platform", "incident", "response", "search"): 43_200,
        wait("data", "incident", "response", "search"): 43_200,
    }


def test_a_cause_stated_later_holds_for_the_whole_incident() -> None:
    life = outage((at("22:00", 1), ("platform",)), hours=2)
    assert ledger(life, at("21:00", 1)) == {}
    key = wait("platform", "incident", "response", "search")
    assert ledger(life, at("23:00", 1)) == {key: 7_200}


def test_own_and_uncaused_incidents_cost_nothing_here() -> None:
    assert ledger(outage(hours=2)) == {}
    assert ledger(outage((at("20:00", 1), ("search",)), hours=2)) == {}
