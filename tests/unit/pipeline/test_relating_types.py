"""One key that stands for things of several types: what it is depends on no order."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import EntityType, type_of
from monitor.domain.making import make_fact
from tests.harness.driving import facts_of
from tests.unit.pipeline.test_relating import (
    body,
    drive,
    github,
    same_in_any_order,
    timelines_of,
    waits_of,
)
from tests.unit.pipeline.test_relating_lanes import waited

KEY = "https://ci.example#1"
SHOP: dict[str, Any] = {"repo": "acme/shop", "sha": "a" * 40}
EVENTS = [
    body("ticket.started", "09:00", "CHK-1", team="checkout", work_class="feature"),
    body("ticket.done", "17:00", "CHK-1"),
    body("change.opened", "09:30", "shop!1", item="CHK-1", **SHOP),
    body("change.merged", "15:00", "shop!1", **SHOP),
    # The key, as a change, a run, a deploy and a ticket.
    body("change.opened", "09:45", KEY, item="CHK-1", branch="fix", **SHOP),
    body("change.merged", "16:00", KEY, **SHOP),
    body("run.queued", "10:00", KEY, on_team="platform", **SHOP),
    body("run.started", "10:30", KEY, change="shop!1"),
    body("run.finished", "11:00", KEY, outcome="failure", cause_team="platform"),
    body("deploy.ready", "12:00", KEY, items=["CHK-1"], service="shop"),
    body("deploy.approval_requested", "12:00", KEY, on_team="search"),
    body(
        "deploy.approval_decided", "13:00", KEY, on_team="search", decision="approved"
    ),
    body("deploy.finished", "13:30", KEY, outcome="success", service="shop"),
    body("ticket.started", "14:00", KEY, team="search", parent="CHK-1"),
    body("ticket.blocked", "14:30", KEY, on_team="platform"),
    body("ticket.unblocked", "15:30", KEY),
    # As an incident, a freeze and a finding.
    body("incident.opened", "09:15", KEY, team="checkout", cause_team="platform"),
    body("incident.resolved", "16:30", KEY),
    body("freeze.started", "12:15", KEY, on_team="search", services=["shop"]),
    body("freeze.ended", "13:15", KEY, on_team="search"),
    body("finding.opened", "10:15", KEY, team="search", **{"class": "CWE-79"}),
    # Others that belong to it, or look for it.
    body("run.queued", "10:00", "r-1", change=KEY, on_team="search"),
    body("run.started", "10:20", "r-1", change=KEY),
    body("run.queued", "10:10", "r-2", on_team="platform", **SHOP),
    body("run.started", "10:40", "r-2"),
    body("deploy.ready", "12:30", "d-1", item="CHK-1", service="shop"),
    body("deploy.started", "13:10", "d-1", service="shop"),
]


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.sampled_from(EVENTS), min_size=2, max_size=12, unique_by=id),
    st.randoms(use_true_random=False),
)
def test_of_many_types_any_order_comes_to_the_same(
    events: list[dict[str, Any]], chance: random.Random
) -> None:
    same_in_any_order(facts_of(events, drive().directory), chance)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_first_type_in_the_order_of_types_holds(order: tuple[int, ...]) -> None:
    kinds = (Kind.DEPLOY_READY, Kind.CHANGE_OPENED, Kind.RUN_QUEUED)
    facts: list[Fact] = [make_fact(kinds[one], one, "X", "t", {}) for one in order]
    assert type_of(facts) is EntityType.CHANGE
    assert type_of(facts, EntityType.DEPLOY) is EntityType.CHANGE
    assert type_of(facts[:1], EntityType.CHANGE) is EntityType.CHANGE
    assert type_of([]) is None


SAID_AS_OF_AN_ISSUE = [
    body("ticket.commented", "10:30", "shop!1", by_teams=["search"]),
    body("ticket.updated", "10:40", "shop!1"),
    body("ticket.assigned", "10:50", "shop!1", to_team="checkout"),
]


@pytest.mark.parametrize("said", SAID_AS_OF_AN_ISSUE, ids=lambda one: str(one["kind"]))
@pytest.mark.slow
def test_what_is_said_of_a_change_as_of_an_issue_makes_no_ticket_of_it(
    said: dict[str, Any],
) -> None:
    """It stays with its ticket, and its runs stay with it."""
    directory = drive().directory
    told = [
        body("ticket.started", "09:00", "CHK-1", team="checkout"),
        body("change.opened", "09:30", "shop!1", branch="CHK-1-fix", **SHOP),
        said,
        body("run.queued", "11:00", "r-1", on_team="platform", **SHOP),
        body("run.started", "12:00", "r-1"),
    ]
    for order in permutations(told):
        driven = drive()
        for one in order:
            driven.take(facts_of([one], directory))
        found = driven.timelines()
        assert {one.item for one in found if any(one[1:])} == {"CHK-1"}
        assert waited(found, "ci_queue") == {("CHK-1", "platform"): 1}


OF_PLATFORM = {"on_team": "platform"}
ALSO_TICKETS = {
    "incident": (
        body("incident.opened", "10:00", "T-1", team="checkout", cause_team="platform"),
        body("incident.resolved", "12:00", "T-1"),
    ),
    "deploy_freeze": (
        body("freeze.started", "10:00", "T-1", services=["till"], **OF_PLATFORM),
        body("freeze.ended", "12:00", "T-1", **OF_PLATFORM),
        body("ticket.started", "09:00", "CHK-1", team="checkout"),
        body("deploy.ready", "10:00", "D-1", item="CHK-1", service="till"),
        body("deploy.started", "12:00", "D-1", service="till"),
    ),
}


@pytest.mark.parametrize("component", ALSO_TICKETS)
def test_what_a_tracker_shows_as_a_ticket_costs_what_it_costs(component: str) -> None:
    directory = drive().directory
    told = [
        *ALSO_TICKETS[component],
        body("ticket.created", "10:05", "T-1", team="search"),
        body("ticket.started", "10:10", "T-1", team="search"),
    ]
    chance = random.Random(1)
    for _ in range(100):
        chance.shuffle(told)
        found = timelines_of(facts_of(told, directory), chance)
        (waits,) = waited(found, component).values()
        assert waits == 2


# On GitHub pull requests and issues are numbered alike: 12 is another pull request.
CLOSING = [
    github(Kind.CHANGE_OPENED, "09:00", "shop#12", author_team="search"),
    github(Kind.CHANGE_MERGED, "16:00", "shop#12"),
    github(Kind.CHANGE_OPENED, "10:00", "shop#13", author_team="checkout"),
    github(Kind.CHANGE_PUSHED, "10:30", "shop#13", tickets=["shop#12"], sha="b" * 40),
    github(Kind.CHANGE_REVIEW_REQUESTED, "11:00", "shop#13", on_team="platform"),
    github(Kind.CHANGE_REVIEWED, "12:00", "shop#13", reviewed_by=["platform"]),
    github(Kind.RUN_QUEUED, "13:00", "r-1", sha="b" * 40, on_team="platform"),
    github(Kind.RUN_STARTED, "14:00", "r-1", sha="b" * 40),
    github(Kind.CHANGE_MERGED, "15:00", "shop#13"),
]
# What is waited for in it is the other's own.
OF_ITS_OWN = {
    ("shop#13", "checkout", "platform", "review_wait"),
    ("shop#13", "checkout", "platform", "ci_queue"),
}


@settings(max_examples=200, deadline=None)
@given(st.permutations(CLOSING), st.randoms(use_true_random=False))
def test_a_change_that_closes_a_change_is_an_item_of_its_own(
    facts: list[Fact], chance: random.Random
) -> None:
    assert waits_of(timelines_of(facts, chance)) == OF_ITS_OWN


def test_a_change_whose_item_is_a_change_belongs_to_it() -> None:
    explicit = CLOSING[2]
    explicit = explicit._replace(fields={**explicit.fields, "item": "shop#12"})
    found = timelines_of([*CLOSING[:2], explicit, *CLOSING[3:]])
    assert {timeline.item for timeline in found} == {"shop#12"}


# `=` begins the stored word for an alias; here it begins names of people's making.
SIGNS = [
    body("ticket.started", "09:00", "=A", team="checkout", work_class="feature"),
    body("ticket.started", "09:00", "A", team="platform", work_class="feature"),
    body("run.queued", "10:00", "r-1", item="=A", on_team="platform"),
    body("run.started", "10:30", "r-1", item="=A", on_team="platform"),
    body("run.queued", "11:00", "X", item="=X", on_team="search", team="checkout"),
    body("run.started", "11:30", "X", item="=X", on_team="search", team="checkout"),
    body("ticket.blocked", "12:00", "==", on_team="search", item="=A"),
]


@settings(max_examples=40, deadline=None)
@given(st.permutations(SIGNS), st.randoms(use_true_random=False))
def test_a_name_may_begin_with_any_sign(
    events: list[dict[str, Any]], sizes: random.Random
) -> None:
    expected = {
        ("=A", "checkout", "platform", "ci_queue"),
        ("=X", "checkout", "search", "ci_queue"),
        ("=A", "checkout", "search", "ticket_blocked"),
    }
    found = timelines_of(facts_of(events, drive().directory), sizes)
    assert waits_of(found) == expected
    assert {timeline.item for timeline in found} == {"A", "=A", "=X"}
