"""A request finds the item that needs it, whichever is heard of first."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Kind
from tests.harness.driving import directory_of, facts_of
from tests.unit.pipeline.test_relating import (
    TEAMS,
    body,
    drive,
    github,
    timelines_of,
    waits_of,
)

REQUEST = [
    body("ticket.started", "09:00", "CHK-1", team="checkout", work_class="feature"),
    body("ticket.commented", "09:30", "CHK-2", item="CHK-1"),
    body(
        "ticket.requested",
        "10:00",
        "PLT-7",
        team="platform",
        requester_team="checkout",
        needed_by="CHK-2",
    ),
    body("ticket.assigned", "11:00", "PLT-7", to_team="search"),
    body("ticket.done", "12:00", "PLT-7"),
    body("ticket.done", "17:00", "CHK-1"),
]


@settings(max_examples=100, deadline=None)
@given(st.permutations(REQUEST), st.randoms(use_true_random=False))
def test_what_is_needed_by_a_part_of_the_item_holds_it_up(
    events: list[dict[str, object]], sizes: random.Random
) -> None:
    directory = directory_of(TEAMS)
    expected = timelines_of(facts_of(REQUEST, directory))
    found = timelines_of(facts_of(events, directory), sizes)
    assert found == expected
    assert waits_of(found) == {
        ("CHK-1", "checkout", "platform", "ticket_request"),
        ("CHK-1", "checkout", "search", "ticket_request"),
    }


def test_what_was_told_of_a_part_alone_moves_with_it() -> None:
    """Told before anything was known of it, it would else be kept for nobody."""
    driven = drive()
    directory = directory_of(TEAMS)
    for number in (2, 0, 1):
        driven.take(facts_of([REQUEST[number]], directory), deferring=False)
    assert sorted(key for key, _ in driven.state.scan("items")) == ["CHK-1", "PLT-7"]


NEEDED: list[Fact] = [
    github(Kind.TICKET_STARTED, "09:00", "I_node5", work_class="feature"),
    github(Kind.TICKET_CREATED, "08:00", "github.com:77#5", aliases=["I_node5"]),
    github(Kind.TICKET_DONE, "16:00", "github.com:77#5"),
]
NAMED = body(
    "ticket.requested",
    "10:00",
    "PLT-7",
    team="platform",
    requester_team="checkout",
    needed_by="I_node5",
)


@settings(max_examples=60, deadline=None)
@given(st.permutations(NEEDED), st.integers(0, 3), st.randoms(use_true_random=False))
def test_a_request_names_the_item_by_any_of_its_keys(
    facts: list[Fact], place: int, sizes: random.Random
) -> None:
    asked = facts_of([NAMED], directory_of(TEAMS))
    found = timelines_of([*facts[:place], *asked, *facts[place:]], sizes)
    assert waits_of(found) == {
        ("github.com:77#5", "checkout", "platform", "ticket_request")
    }
