"""Indicators 1.2: what is an item, and when it is in flight."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.indicators.items.flight import flights_of
from tests.unit.indicators.history import (
    Case,
    at,
    done,
    fact,
    item_of,
    rule_of,
    started,
)

TEAM = {"team": "checkout", "work_class": "feature"}


def ticket(kind: str, when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, entity, **fields)


def change(kind: str, when: str, entity: str = "shop#7", **fields: Any) -> Fact:
    return fact(f"change.{kind}", when, entity, **fields)


BACKLOG = ticket("created", "Mon 09:00", **TEAM)
OPENED = change("opened", "Mon 10:00")

FLIGHT = [
    Case("a ticket in the backlog is not in flight", (BACKLOG,), {}),
    Case(
        "in-progress starts it, done ends it",
        (started("Mon 10:00"), done("Mon 11:00")),
        {"checkout feature": 3_600},
    ),
    *(
        Case(
            f"{kind} ends it",
            (started("Mon 10:00"), ticket(kind, "Mon 11:00")),
            {"checkout feature": 3_600},
        )
        for kind in ("cancelled", "parked")
    ),
    Case(
        "accepted on a ticket in the backlog starts it",
        (BACKLOG, ticket("accepted", "Mon 16:00", team="checkout")),
        {"checkout feature": 3_600},
    ),
    Case(
        "a change opened starts it, its last change merged ends it",
        (
            BACKLOG,
            change("opened", "Mon 10:00"),
            change("opened", "Mon 11:00", "shop#8"),
            change("merged", "Mon 12:00"),
            change("closed", "Mon 13:00", "shop#8"),
        ),
        {"checkout feature": 10_800},
    ),
    Case(
        "in progress by its ticket it outlives its last change",
        (
            started("Mon 10:00"),
            change("opened", "Mon 11:00"),
            change("merged", "Mon 12:00"),
        ),
        {"checkout feature": 25_200},
    ),
    Case(
        "started while in flight through a change it outlives the change",
        (
            BACKLOG,
            change("opened", "Mon 10:00"),
            started("Mon 11:00"),
            change("merged", "Mon 12:00"),
        ),
        {"checkout feature": 25_200},
    ),
    Case(
        "a run on its branch starts it",
        (BACKLOG, fact("run.queued", "Mon 16:00", "run-1")),
        {
            "checkout>unknown ci_queue acute": 900,
            "checkout>unknown ci_queue chronic": 2_700,
        },
    ),
    Case(
        "a run after its last change merged does not",
        (
            BACKLOG,
            change("opened", "Mon 10:00"),
            change("merged", "Mon 11:00"),
            fact("run.finished", "Mon 12:00", "run-1", outcome="success"),
        ),
        {"checkout feature": 3_600},
    ),
    *(
        Case(
            f"nor does one of a change that is only known to have {kind}, at {when}",
            (
                BACKLOG,
                change(kind, "Mon 11:00"),
                fact("run.queued", when, "run-1", on_team="search", change="shop#7"),
                fact("run.started", "Mon 14:00", "run-1", change="shop#7"),
            ),
            {},
        )
        for kind in ("merged", "closed")
        for when in ("Mon 11:00", "Mon 12:00")
    ),
    Case(
        "one of a change that is opened after all does",
        (
            BACKLOG,
            change("closed", "Mon 11:00"),
            change("opened", "Mon 15:00"),
            fact("run.finished", "Mon 16:00", "run-1", outcome="success"),
        ),
        {"checkout feature": 7_200},
    ),
    Case(
        "after parked a change re-enters, with its class",
        (started(), ticket("parked", "Mon 10:00"), change("opened", "Mon 16:00")),
        {"checkout feature": 7_200},
    ),
    Case(
        "after parked a run re-enters too",
        (
            started(),
            ticket("parked", "Mon 10:00"),
            fact("run.finished", "Mon 16:00", "run-1", outcome="success"),
        ),
        {"checkout feature": 7_200},
    ),
    Case(
        "after parked a run that was there before goes on without it",
        (
            started(),
            fact("run.started", "Mon 09:30", "run-1"),
            ticket("parked", "Mon 10:00"),
            fact("run.finished", "Mon 16:00", "run-1", outcome="success"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "after parked its next attempt re-enters",
        (
            started(),
            fact("run.finished", "Mon 09:30", "run-1", attempt=1, outcome="success"),
            ticket("parked", "Mon 10:00"),
            fact("run.started", "Mon 16:00", "run-1", attempt=2),
        ),
        {"checkout feature": 7_200},
    ),
    Case(
        "after parked what runs for a merged change does not re-enter",
        (
            started(),
            change("opened", "Mon 09:15"),
            change("merged", "Mon 09:30"),
            ticket("parked", "Mon 10:00"),
            fact("run.started", "Mon 16:00", "run-1", change="shop#7"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "nor does it where nobody told that the change was opened",
        (
            started(),
            change("merged", "Mon 09:30"),
            ticket("parked", "Mon 10:00"),
            fact("run.started", "Mon 16:00", "run-1", change="shop#7"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "after parked what runs for a change that was opened again does",
        (
            started(),
            change("opened", "Mon 09:15"),
            change("closed", "Mon 09:30"),
            change("opened", "Mon 09:45"),
            ticket("parked", "Mon 10:00"),
            fact("run.started", "Mon 16:00", "run-1", change="shop#7"),
        ),
        {"checkout feature": 7_200},
    ),
    Case(
        "after parked a change that is open already does not re-enter by ready",
        (
            started(),
            change("opened", "Mon 09:30"),
            ticket("parked", "Mon 10:00"),
            change("ready", "Mon 11:00"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "a sub-task counts as a change does (design 11.18)",
        (
            BACKLOG,
            ticket("started", "Mon 10:00", "CHK-2"),
            ticket("done", "Mon 11:00", "CHK-2"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "a change root is in flight from opened to merged",
        (change("opened", "Mon 10:00", **TEAM), change("merged", "Mon 11:00")),
        {"checkout feature": 3_600},
        key="shop#7",
    ),
    Case(
        "a change root closed and opened again keeps its class",
        (
            change("opened", "Mon 10:00", **TEAM),
            change("closed", "Mon 11:00"),
            change("opened", "Mon 16:00"),
        ),
        {"checkout feature": 7_200},
        key="shop#7",
    ),
    Case(
        "a merged change root is done: opening it anew counts nothing",
        (
            change("opened", "Mon 10:00", **TEAM),
            change("merged", "Mon 11:00"),
            change("opened", "Mon 12:00"),
        ),
        {"checkout feature": 3_600},
        key="shop#7",
    ),
    *(
        Case(
            f"a ticket's merged change does not come back, opened anew at {when}",
            (BACKLOG, OPENED, change("merged", "Mon 11:00"), change("opened", when)),
            {"checkout feature": 3_600},
        )
        for when in ("Mon 11:00", "Mon 12:00")
    ),
    *(
        Case(
            f"nor does one whose opening was told too late, {kind} after the merge",
            (BACKLOG, change("merged", "Mon 11:00"), change(kind, "Mon 12:00")),
            {},
        )
        for kind in ("opened", "ready")
    ),
    Case(
        "what was closed unmerged does, and brings its ticket back",
        (
            BACKLOG,
            OPENED,
            change("closed", "Mon 11:00"),
            change("opened", "Mon 16:00"),
        ),
        {"checkout feature": 7_200},
    ),
    Case(
        "ready opens a change that was not open (design 11.15)",
        (BACKLOG, change("ready", "Mon 16:00")),
        {"checkout feature": 3_600},
    ),
    Case(
        "ready does not open a closed change again",
        (
            BACKLOG,
            change("opened", "Mon 10:00"),
            change("closed", "Mon 11:00"),
            change("ready", "Mon 12:00"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "review facts open nothing (design 11.15)",
        (BACKLOG, change("review_requested", "Mon 10:00", on_team="search")),
        {},
    ),
    Case(
        "started and done at one instant: not in flight before, zero length",
        (started("Mon 10:00"), done("Mon 10:00")),
        {},
    ),
    Case(
        "done and started at one instant: in flight before, it leaves and re-enters",
        (started(), done("Mon 10:00"), started("Mon 10:00", team="checkout")),
        {"checkout feature": 3_600, "checkout rework": 25_200},
    ),
    *(
        Case(
            f"put back when it is reopened it is in nobody's hands, {how}",
            (
                started(),
                *before,
                ticket("reopened", "Mon 11:00", how="put back"),
                ticket("parked", "Mon 11:00"),
            ),
            expected,
        )
        for how, before, expected in (
            ("done before", (done("Mon 10:00"),), {"checkout feature": 3_600}),
            ("in flight before", (), {"checkout feature": 7_200}),
            ("done at it", (done("Mon 11:00"),), {"checkout feature": 7_200}),
            (
                "reopened before",
                (done("Mon 10:00"), ticket("reopened", "Mon 10:30")),
                {"checkout feature": 3_600, "checkout rework": 1_800},
            ),
            (
                "with a change still open",
                (change("opened", "Mon 10:00"),),
                {"checkout feature": 7_200},
            ),
        )
    ),
    Case(
        "parked and reopened at one instant by whoever tells no more, it is open again",
        (started(), ticket("reopened", "Mon 11:00"), ticket("parked", "Mon 11:00")),
        {"checkout feature": 28_800},
    ),
    Case(
        "what is done, reopened and put back at one instant is rework once it starts",
        (
            started(),
            done("Mon 11:00"),
            ticket("reopened", "Mon 11:00", how="put back"),
            ticket("parked", "Mon 11:00"),
            started("Mon 16:00"),
        ),
        {"checkout feature": 7_200, "checkout rework": 3_600},
    ),
    Case(
        "a sub-task that is put back when it is reopened keeps nothing in flight",
        (
            BACKLOG,
            ticket("started", "Mon 10:00", "CHK-2", parent="CHK-1"),
            ticket("reopened", "Mon 11:00", "CHK-2", how="put back"),
            ticket("parked", "Mon 11:00", "CHK-2"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "opened and merged at one instant have no length",
        (BACKLOG, change("opened", "Mon 10:00"), change("merged", "Mon 10:00")),
        {},
    ),
    *(
        Case(
            f"one opened and merged at one instant keeps nothing in flight, {how}",
            (
                BACKLOG,
                *before,
                *(change(kind, "Mon 11:00", "shop#8") for kind in ("opened", "merged")),
            ),
            {"checkout feature": 3_600},
        )
        for how, before in (
            ("as the last one merges", (OPENED, change("merged", "Mon 11:00"))),
            ("where only a run did", (fact("run.started", "Mon 10:00", "run-1"),)),
        )
    ),
    Case(
        "one that is opened as the last one merges, and stays open, goes on",
        (
            BACKLOG,
            OPENED,
            change("merged", "Mon 11:00"),
            change("opened", "Mon 11:00", "shop#8"),
            change("merged", "Mon 12:00", "shop#8"),
        ),
        {"checkout feature": 7_200},
    ),
    Case(
        "closed and opened at one instant: an open change closes and opens again",
        (
            started(),
            change("opened", "Mon 09:30"),
            change("review_requested", "Mon 09:30", on_team="search"),
            change("closed", "Mon 10:00"),
            change("opened", "Mon 10:00"),
        ),
        {
            "checkout feature": 1_800,
            "checkout>search review_wait acute": 900,
            "checkout>search review_wait chronic": 26_100,
        },
    ),
    Case(
        "what is said to be no epic is an item",
        (started("Mon 16:00", epic=False),),
        {"checkout feature": 3_600},
    ),
    Case(
        "done beats cancelled and parked at one instant",
        (
            started(),
            ticket("parked", "Mon 10:00"),
            ticket("cancelled", "Mon 10:00"),
            done("Mon 10:00"),
            change("opened", "Mon 11:00"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "cancelled beats parked at one instant",
        (
            started(),
            ticket("cancelled", "Mon 10:00"),
            ticket("parked", "Mon 10:00"),
            change("opened", "Mon 11:00"),
        ),
        {"checkout feature": 3_600},
    ),
    Case(
        "an epic is no item",
        (started(), ticket("updated", "Mon 10:00", epic=True)),
        {},
    ),
    Case(
        "a bot's change is no item",
        (change("opened", "Mon 10:00", bot=True, **TEAM),),
        {},
        key="shop#7",
    ),
    Case(
        "a bot's change of a ticket counts for the ticket",
        (BACKLOG, change("opened", "Mon 16:00", bot=True)),
        {"checkout feature": 3_600},
    ),
    Case(
        "what was deleted as a mistake is taken out of history (1.6)",
        (started(), ticket("updated", "Mon 10:00", deleted=True)),
        {},
    ),
    Case(
        "a run is never an item",
        (fact("run.queued", "Mon 10:00", "run-1", team="checkout"),),
        {},
        key="run-1",
    ),
    Case(
        "a finding has no timeline of cost",
        (
            fact(
                "finding.opened",
                "Mon 10:00",
                "F-1",
                team="checkout",
                finding_class="CWE-1",
            ),
        ),
        {},
        key="F-1",
    ),
    Case("no facts, no time", (), {}),
]


@pytest.mark.parametrize("case", FLIGHT, ids=rule_of)
def test_flight(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("kind", ["merged", "closed"])
def test_as_the_last_change_ends_and_another_opens_the_item_leaves_and_re_enters(
    kind: str,
) -> None:
    """As of waits: what was open before closes first (1.7)."""
    last = change(kind, "Mon 12:00", "shop#8")
    following = (change("opened", "Mon 11:00", "shop#8"), last)
    item = item_of((BACKLOG, OPENED, change(kind, "Mon 11:00"), *following))
    ten, eleven, twelve = at("Mon 10:00"), at("Mon 11:00"), at("Mon 12:00")
    flights = [(flight.start, flight.end) for flight in flights_of(item).flights]
    assert flights == [(ten, eleven), (eleven, twelve)]


def test_nor_does_one_episode_outlast_the_last_sub_task() -> None:
    blocked = ticket("blocked", "Mon 10:00", on_team="search")
    parts = (
        ticket("started", "Mon 10:00", "CHK-2"),
        ticket("done", "Mon 11:00", "CHK-2"),
        ticket("started", "Mon 11:00", "CHK-3"),
        ticket("done", "Mon 12:00", "CHK-3"),
    )
    # Two episodes of 3,600.
    expected = {
        "checkout>search ticket_blocked acute": 1_800,
        "checkout>search ticket_blocked chronic": 5_400,
    }
    assert Case("", (BACKLOG, blocked, *parts), {}).found() == expected
