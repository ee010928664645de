"""What belongs to a ticket that is an epic for a while is found again, in any order."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from tests.harness.driving import Drive
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_relating import DAY, drive, same_in_any_order


def at(time: str) -> int:
    return instant(f"{DAY}T{time}:00Z")


def told(kind: Kind, time: str, entity: str, **fields: object) -> Fact:
    said: Fields = {**fields}  # type: ignore[typeddict-item]
    return make_fact(kind, at(time), entity, "t", said)


WAS_AN_EPIC = [
    told(Kind.TICKET_CREATED, "08:00", "CHK-1", epic=True, team="checkout"),
    told(Kind.TICKET_UPDATED, "10:00", "CHK-1", epic=False),
    told(Kind.CHANGE_OPENED, "09:00", "shop!1", tickets=["CHK-1"], repo="acme/shop"),
    told(Kind.RUN_QUEUED, "09:30", "r-1", change="shop!1", on_team="platform"),
]


def test_what_named_an_epic_belongs_to_the_story_that_it_became() -> None:
    for order in permutations(WAS_AN_EPIC):
        driven: Drive = drive()
        for fact in order:
            driven.take([fact])
        found = [timeline for timeline in driven.timelines() if any(timeline[1:])]
        assert [timeline.item for timeline in found] == ["CHK-1"]


TICKETS = ("CHK-1", "CHK-2", "CHK-3")
HOURS = tuple(f"{hour:02}:00" for hour in range(8, 16))


@st.composite
def flipped(draw: st.DrawFn) -> list[Fact]:
    """Tickets that turn into epics and back, and what names them meanwhile."""
    facts = [
        told(Kind.TICKET_CREATED, "07:00", key, team="checkout") for key in TICKETS
    ]
    keys, hours = st.sampled_from(TICKETS), st.sampled_from(HOURS)
    for _ in range(draw(st.integers(1, 4))):
        is_epic = draw(st.booleans())
        facts.append(told(Kind.TICKET_UPDATED, draw(hours), draw(keys), epic=is_epic))
    for number in range(draw(st.integers(1, 3))):
        child, parent = f"CHK-1{number}", draw(keys)
        facts.append(told(Kind.TICKET_STARTED, draw(hours), child, parent=parent))
        if draw(st.booleans()):
            other = draw(keys)
            facts.append(told(Kind.TICKET_UPDATED, draw(hours), child, parent=other))
    for number in range(draw(st.integers(1, 3))):
        change, named = f"shop!{number}", [draw(st.sampled_from((*TICKETS, "CHK-10")))]
        facts.append(told(Kind.CHANGE_OPENED, draw(hours), change, tickets=named))
    return facts


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(flipped(), st.randoms(use_true_random=False))
def test_epics_that_come_and_go_leave_the_same_in_any_order(
    facts: list[Fact], chance: random.Random
) -> None:
    same_in_any_order(facts, chance)


# The run is of the first of two changes of its commit, so that the second's row, where
# it was for a while, is settled when it goes.
CODE = {"repo": "acme/shop", "sha": "ab", "team": "checkout"}
MOVED = [
    told(Kind.TICKET_CREATED, "08:00", "CHK-1", epic=True, team="checkout"),
    told(Kind.TICKET_UPDATED, "10:00", "SRCH-1", epic=True, aliases=["CHK-1"]),
    told(Kind.CHANGE_OPENED, "09:00", "shop!6", tickets=["CHK-1"], number=6, **CODE),
    told(Kind.CHANGE_OPENED, "09:00", "shop!2", number=2, **CODE),
    told(
        Kind.RUN_QUEUED, "09:30", "r-1", on_team="platform", repo="acme/shop", sha="ab"
    ),
]
LATER_A_STORY = told(Kind.TICKET_UPDATED, "11:00", "SRCH-1", epic=False)


def items_of(facts: list[Fact]) -> set[str]:
    """Where each fact comes in a batch of its own."""
    driven = drive()
    for fact in facts:
        driven.take([fact])
    return {timeline.item for timeline in driven.timelines() if any(timeline[1:])}


@pytest.mark.slow
def test_what_named_an_epic_before_it_moved_stands_apart_from_it() -> None:
    for order in permutations(MOVED):
        assert items_of([*order]) == {"shop!2", "shop!6"}


@pytest.mark.slow
def test_what_named_an_epic_before_it_moved_is_of_the_story_it_became() -> None:
    chance = random.Random(1)
    for _ in range(100):
        facts = chance.sample([*MOVED, LATER_A_STORY], len(MOVED) + 1)
        assert items_of(facts) == {"shop!2", "SRCH-1"}
