"""Every row of indicators 1.3 and every rule of 1.4, each under its name.

One history a component: checkout's ticket CHK-1 is started on Monday at 09:00, the wait
opens and closes at stated times, and names a stated team. What the specification says
of the row (opens, closes, who is named, clock, cap) is asked of all of them alike. The
finer cases of each row are in ``tests/unit/indicators``, a file a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from monitor.pipeline.batch import report_at
from tests.unit.pipeline.edge_case import (
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

STALE: Final = 10 * DAY
# Every value is a wait's two instants and the team named, then its bodies.
Bodies = Callable[[str, str], tuple[Body, ...]]


@dataclass(frozen=True)
class Row:
    """A row of 1.3: what opens it at an instant for a team, what closes it."""

    component: str
    opens: Bodies
    closes: Bodies
    limit: int
    response: bool = False
    # Whether it is counted by the wall.
    wall: bool = False
    # What is done before its instant, so that the wait may open.
    before: tuple[Body, ...] = ()
    # Whether the end of the item's flight closes it.
    in_flight_only: bool = True


def run(kind: str, when: str, entity: str = "r-1", **fields: Any) -> Body:
    return body(f"run.{kind}", when, entity, item="CHK-1", **fields)


def deploy(kind: str, when: str, entity: str = "d-1", **fields: Any) -> Body:
    about = {"item": "CHK-1", "service": "till", "environment": "production"}
    return body(f"deploy.{kind}", when, entity, **about, **fields)


def failed(when: str, **fields: Any) -> Body:
    return run("finished", when, pipeline="build", outcome="failure", **fields)


def passed(when: str, **fields: Any) -> Body:
    told = {"pipeline": "build", "outcome": "success", **fields}
    return run("finished", when, "r-2", **told)


ROWS: Final = (
    Row(
        "ci_queue",
        lambda when, team: (run("queued", when, on_team=team),),
        lambda when, _: (run("started", when),),
        limit=4 * 3_600,
    ),
    Row(
        "ci_shared_failure",
        lambda when, team: (failed(when, cause_team=team),),
        lambda when, _: (passed(when),),
        limit=10 * DAY,
    ),
    Row(
        "ci_flaky",
        lambda when, team: (failed(when, sha="a1", on_team=team),),
        lambda when, team: (passed(when, sha="a1", on_team=team),),
        limit=4 * 3_600,
    ),
    Row(
        "ticket_blocked",
        lambda when, team: (blocked(when, team),),
        lambda when, _: (body("ticket.unblocked", when),),
        limit=STALE,
    ),
    Row(
        "dependency_link",
        lambda when, team: (
            body("ticket.created", "Mon 08:00", "PLT-1", team=team),
            body("link.added", when, blocker="PLT-1"),
        ),
        lambda when, _: (body("ticket.done", when, "PLT-1"),),
        limit=STALE,
    ),
    Row(
        "ticket_request",
        lambda when, team: (
            body(
                "ticket.requested",
                when,
                "PLT-2",
                team=team,
                requester_team="checkout",
                needed_by="CHK-1",
            ),
        ),
        lambda when, _: (body("ticket.done", when, "PLT-2"),),
        limit=STALE,
    ),
    Row(
        "handoff",
        lambda when, team: (body("ticket.assigned", when, to_team=team),),
        lambda when, team: (body("ticket.accepted", when, team=team),),
        limit=STALE,
    ),
    Row(
        "reopen",
        lambda when, team: (body("ticket.reopened", when, cause_team=team),),
        lambda when, _: (body("ticket.done", when),),
        limit=5 * DAY,
        response=True,
        before=(body("ticket.done", "Mon 09:30"),),
    ),
    Row(
        "review_wait",
        lambda when, team: (
            body("change.review_requested", when, "c-1", item="CHK-1", on_team=team),
        ),
        lambda when, team: (body("change.reviewed", when, "c-1", team=team),),
        limit=STALE,
        before=(body("change.opened", "Mon 09:00", "c-1", item="CHK-1"),),
    ),
    Row(
        "deploy_approval",
        lambda when, team: (deploy("approval_requested", when, on_team=team),),
        lambda when, _: (deploy("approval_decided", when, decision="approved"),),
        limit=STALE,
        in_flight_only=False,
    ),
    Row(
        "deploy_freeze",
        lambda when, team: (
            body("freeze.started", "Mon 08:00", "f-1", on_team=team, services=["till"]),
            deploy("ready", when),
        ),
        lambda when, _: (deploy("started", when),),
        limit=STALE,
        in_flight_only=False,
    ),
    Row(
        "deploy_failure",
        lambda when, team: (
            deploy("finished", when, outcome="failure", cause_team=team),
        ),
        lambda when, _: (deploy("finished", when, "d-2", outcome="success"),),
        limit=10 * DAY,
        in_flight_only=False,
    ),
    Row(
        "incident",
        lambda when, team: (
            body("incident.opened", when, "INC-1", service="till", cause_team=team),
        ),
        lambda when, _: (body("incident.mitigated", when, "INC-1"),),
        limit=86_400,
        response=True,
        wall=True,
        in_flight_only=False,
    ),
)


def row_of(row: Row) -> str:
    return f"1.3 {row.component}"


rows = pytest.mark.parametrize("row", ROWS, ids=row_of)


def waits(
    row: Row, *more: Body, team: str = "platform", opened: str = "Mon 10:00", until: str
) -> dict[str, float]:
    """The seconds of the row's component, by who waits for whom and phase."""
    bodies = (started(), *row.before, *row.opens(opened, team), *more)
    case = Case(row.component, bodies, {}, until=until)
    batch = batch_of(case, bodies)
    assert batch.records()["rejected"] == 0
    found = spent(batch.state, case, batch.directory)
    return {key: n for key, n in found.items() if f" {row.component} " in key}


def two_hours(row: Row, team: str = "platform") -> dict[str, float]:
    named = f"checkout>{team} {row.component}"
    if row.response:
        return {f"{named} response": 7_200}
    return {f"{named} acute": 900, f"{named} chronic": 6_300}


@rows
def test_opens_and_closes(row: Row) -> None:
    closed = row.closes("Mon 12:00", "platform")
    assert waits(row, *closed, until="Mon 17:00") == two_hours(row)


@rows
@pytest.mark.parametrize(
    ("stated", "named"),
    [("search", "search"), ("external", "external"), ("ghosts", "unknown")],
)
def test_names_who_is_waited_for(row: Row, stated: str, named: str) -> None:
    closed = row.closes("Mon 12:00", stated)
    found = waits(row, *closed, team=stated, until="Mon 17:00")
    assert found == two_hours(row, named)


@rows
def test_is_no_cost_where_the_team_waits_for_itself(row: Row) -> None:
    closed = row.closes("Mon 12:00", "checkout")
    assert waits(row, *closed, team="checkout", until="Mon 17:00") == {}


@rows
def test_is_counted_on_its_clock(row: Row) -> None:
    """A night costs nobody, but for an incident."""
    closed = row.closes("Tue 08:00", "platform")
    found = waits(row, *closed, opened="Mon 18:00", until="Tue 17:00")
    assert sum(found.values()) == (14 * 3_600 if row.wall else 0)


@rows
def test_ends_at_its_limit(row: Row) -> None:
    """Its cap, the stale rule, or the idle rule. Flaky it is once the retry passes."""
    flaky = row.component == "ci_flaky"
    closed = row.closes("Mon 16:00", "platform") if flaky else ()
    assert sum(waits(row, *closed, until="Fri+4 17:00").values()) == row.limit


@rows
def test_ends_with_the_item(row: Row) -> None:
    """What a deploy or an incident waits for goes on outside the item's flight."""
    done = body("ticket.done", "Mon 12:00", by_team="checkout")
    found = waits(row, done, until="Mon 17:00")
    if row.component == "ci_flaky":
        assert found == {}  # left without a retry, it was the team's own
    else:
        length = 7_200 if row.in_flight_only else 25_200
        assert sum(found.values()) == length


# 900 acute and 6,300 chronic from 10:00 to 12:00, over three teams.
THIRDS = {
    f"checkout>{team} ticket_blocked {phase}": seconds
    for team in ("platform", "external", "unknown")
    for phase, seconds in (("acute", 300.0), ("chronic", 2_100.0))
}
UNBLOCKED = body("ticket.unblocked", "Mon 12:00")
PLATFORMS = started("Mon 09:00", "PLT-1", team="platform", work_class="request")
LINKED = body("link.added", "Mon 10:00", blocker="PLT-1")
OVERLAPS = (
    Case(
        "O1: one item-second, split over the teams and then over their components",
        (
            started(),
            blocked("Mon 10:00"),
            run("queued", "Mon 10:00", on_team="platform"),
            blocked("Mon 10:00", "search"),
            run("started", "Mon 12:00"),
            UNBLOCKED,
        ),
        {
            "checkout>platform ticket_blocked acute": 225,
            "checkout>platform ticket_blocked chronic": 1_575,
            "checkout>platform ci_queue acute": 225,
            "checkout>platform ci_queue chronic": 1_575,
            "checkout>search ticket_blocked acute": 450,
            "checkout>search ticket_blocked chronic": 3_150,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "O2: external is in no bound, unknown in the upper, and both are waited for",
        (
            started(),
            blocked("Mon 10:00"),
            blocked("Mon 10:00", "external"),
            blocked("Mon 10:00", "ghosts"),
            UNBLOCKED,
        ),
        {**THIRDS, "checkout feature": 21_600},
        said={
            "teams.checkout.coordination_seconds.lower": 300,
            "teams.checkout.coordination_seconds.central": 825,
            "teams.checkout.coordination_seconds.upper": 4_800,
        },
    ),
    Case(
        "O3: no transitive charge",
        (
            started(),
            PLATFORMS,
            LINKED,
            body("ticket.blocked", "Mon 10:00", "PLT-1", on_team="search"),
        ),
        {
            "checkout feature": 3_600,
            "checkout>platform dependency_link acute": 900,
            "checkout>platform dependency_link chronic": 24_300,
            "platform request": 3_600,
            "platform>search ticket_blocked acute": 900,
            "platform>search ticket_blocked chronic": 24_300,
        },
    ),
    Case(
        "O4: several items of a team that wait for one cause count each",
        (
            started(),
            started("Mon 09:00", "CHK-2"),
            body("ticket.created", "Mon 09:00", "PLT-1", team="platform"),
            LINKED,
            body("link.added", "Mon 10:00", "CHK-2", blocker="PLT-1"),
            body("ticket.done", "Mon 12:00", "PLT-1"),
        ),
        {
            "checkout>platform dependency_link acute": 1_800,
            "checkout>platform dependency_link chronic": 12_600,
            "checkout feature": 2 * 21_600,
        },
    ),
    Case(
        "O5: response beats waiting beats active",
        (
            started(),
            body("ticket.done", "Mon 10:00"),
            body("ticket.reopened", "Mon 11:00", cause_team="search"),
            blocked("Mon 12:00"),
        ),
        {"checkout feature": 3_600, "checkout>search reopen response": 21_600},
    ),
    Case(
        "O5: a night continues the episode",
        (started(), blocked("Mon 16:50"), body("ticket.unblocked", "Tue 09:10")),
        {
            "checkout feature": 2 * DAY - 1_200,
            "checkout>platform ticket_blocked acute": 900,
            "checkout>platform ticket_blocked chronic": 300,
        },
        until="Tue 17:00",
    ),
    Case(
        "O6: what is shown is scaled to the payroll, ratio and totals are not",
        # One person on two items: W = 900 + 0.25 x 6,300 + 50,400 = 52,875.
        (started(), started("Mon 09:00", "CHK-2"), blocked("Mon 10:00"), UNBLOCKED),
        {
            "checkout>platform ticket_blocked acute": 900,
            "checkout>platform ticket_blocked chronic": 6_300,
            "checkout feature": 50_400,
        },
        teams=TEAMS.replace("headcount: 4", "headcount: 1"),
        said={
            "teams.checkout.capacity_seconds": 28_800,
            "teams.checkout.payroll_scale": 28_800 / 52_875,
            "teams.checkout.coordination_seconds.central": 2_475,
            "teams.checkout.cost.central": 2_475 * 28_800 / 52_875 / 36,
            "teams.checkout.ratio.central": 2_475 / 50_400,
        },
    ),
)


@pytest.mark.parametrize("case", OVERLAPS, ids=name_of)
def test_overlap(case: Case) -> None:
    batch = batch_of(case, case.bodies)
    assert spent(batch.state, case, batch.directory) == dict(case.expected)
    document: Any = report_at(batch, None)
    for path, expected in case.said.items():
        found = document
        for name in path.split("."):
            found = found[name]
        assert found == pytest.approx(expected), path
