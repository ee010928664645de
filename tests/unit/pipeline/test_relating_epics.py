"""What belongs to a ticket that is an epic for a while is found again, in any order."""

from __future__ import annotations

import random
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Fields, Kind, make_fact
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


@settings(max_examples=300, deadline=None)
@given(flipped(), st.randoms(use_true_random=False))
def test_epics_that_come_and_go_leave_the_same_in_any_order(
    facts: list[Fact], chance: random.Random
) -> None:
    same_in_any_order(facts, chance)
