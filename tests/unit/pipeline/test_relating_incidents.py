"""Indicators 1.2: work done for an incident is an item of its own, in any order."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fields, Kind
from monitor.domain.making import make_fact
from tests.harness.driving import facts_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_relating import (
    DAY,
    body,
    drive,
    same_in_a_hundred_orders,
    same_in_any_order,
    waits_of,
)

SHOP: dict[str, Any] = {"repo": "acme/shop", "sha": "a" * 40}
INCIDENT = [
    body("incident.opened", "09:00", "CHK-5", team="search", cause_team="platform"),
    body("incident.resolved", "12:00", "CHK-5"),
]
CHANGE = [
    body("change.opened", "09:30", "shop!1", item="CHK-5", team="checkout", **SHOP),
    body("change.review_requested", "10:00", "shop!1", on_team="search"),
    body("change.reviewed", "11:00", "shop!1", team="search"),
    body("run.queued", "11:00", "r-1", change="shop!1", on_team="platform"),
    body("run.started", "11:30", "r-1", change="shop!1"),
    body("change.merged", "11:40", "shop!1"),
]
TICKET = [
    body("ticket.started", "09:40", "CHK-9", item="CHK-5", team="checkout"),
    body("ticket.blocked", "10:00", "CHK-9", on_team="platform"),
    body("ticket.unblocked", "11:00", "CHK-9"),
    body("ticket.done", "11:50", "CHK-9"),
]
COSTS = ("CHK-5", "search", "platform", "incident")


@pytest.mark.slow
def test_a_change_and_a_ticket_that_name_an_incident_are_items() -> None:
    facts = facts_of([*INCIDENT, *CHANGE, *TICKET], drive().directory)
    assert waits_of(same_in_a_hundred_orders(facts)) == {
        COSTS,
        ("shop!1", "checkout", "search", "review_wait"),
        ("shop!1", "checkout", "platform", "ci_queue"),
        ("CHK-9", "checkout", "platform", "ticket_blocked"),
    }


def test_so_are_those_of_a_ticket_that_turns_out_to_be_an_incident() -> None:
    """What a tracker shows as an issue, too, is no ticket for that."""
    issue = body("ticket.created", "09:10", "CHK-5")
    named = body("change.opened", "09:30", "shop!1", branch="CHK-5-fix", **SHOP)
    told = [*INCIDENT, issue, named, *CHANGE[1:]]
    found = waits_of(same_in_a_hundred_orders(facts_of(told, drive().directory)))
    assert {wait[0] for wait in found} == {"CHK-5", "shop!1"}


def named_by_carriers(above: str) -> list[dict[str, Any]]:
    """A deploy of two things, one of them its own, that is a change besides."""
    return [
        body("deploy.ready", "09:20", "d-1", items=["CHK-6", "CHK-7"]),
        body("change.opened", "09:30", "d-1", item=above, team="checkout"),
        body("ticket.started", "09:40", "CHK-6", item="d-1", team="checkout"),
        body("ticket.blocked", "10:00", "CHK-6", on_team="platform"),
    ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("above", ["CHK-5", "CHK-8"])
@pytest.mark.slow
def test_what_carries_its_own_and_stands_apart_comes_to_rest(above: str) -> None:
    """It is placed once for what moves, not again for staying where it is."""
    facts = facts_of([*INCIDENT, *named_by_carriers(above)], drive().directory)
    epic: Fields = {"epic": True}
    when = instant(f"{DAY}T08:00:00Z")
    facts.append(make_fact(Kind.TICKET_CREATED, when, "CHK-8", "tracker", epic))
    found = waits_of(same_in_a_hundred_orders(facts))
    assert found == {COSTS, ("d-1", "checkout", "platform", "ticket_blocked")}


MIXED = [
    *INCIDENT,
    *CHANGE,
    *TICKET,
    body("ticket.created", "09:05", "CHK-5", team="checkout"),
    body("ticket.started", "09:15", "CHK-4", parent="CHK-9", team="checkout"),
    body("ticket.updated", "09:45", "CHK-9", parent="CHK-5"),
    # A run that names the incident, and is said to be a change.
    body("run.queued", "10:00", "r-2", item="CHK-5", on_team="platform"),
    body("run.started", "10:30", "r-2"),
    body("change.opened", "10:10", "r-2", team="checkout"),
    body("change.review_requested", "10:20", "r-2", on_team="search"),
    body("deploy.ready", "11:00", "d-1", items=["CHK-5"], repo="acme/shop"),
    body("deploy.ready", "11:00", "d-2", items=["CHK-9", "shop!1"], repo="acme/shop"),
    body("deploy.approval_requested", "11:00", "d-2", on_team="platform"),
    body("incident.opened", "10:30", "shop!1", team="search", cause_team="platform"),
]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(MIXED), min_size=2, max_size=14, unique_by=id),
    st.randoms(use_true_random=False),
)
def test_what_names_an_incident_comes_to_the_same_in_any_order(
    events: list[dict[str, Any]], chance: random.Random
) -> None:
    same_in_any_order(facts_of(events, drive().directory), chance)
