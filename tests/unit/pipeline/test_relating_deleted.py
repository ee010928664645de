"""A ticket that is deleted was a mistake; the change that named it was none."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Kind
from monitor.domain.timeline import UNIT, Sort
from monitor.indicators.totals.instant import amount_between
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_relating import DAY, drive, same_in_any_order
from tests.unit.pipeline.test_relating_epics import HOURS, TICKETS, flipped, told

END = instant(f"{DAY}T20:00:00Z")
REVIEWED = [
    told(
        Kind.CHANGE_OPENED,
        "10:00",
        "shop!1",
        tickets=["CHK-1"],
        repo="acme/shop",
        team="checkout",
    ),
    told(Kind.CHANGE_REVIEW_REQUESTED, "10:00", "shop!1", on_team="search"),
    told(Kind.CHANGE_REVIEWED, "11:00", "shop!1", reviewed_by=["search"]),
    told(Kind.CHANGE_MERGED, "12:00", "shop!1"),
]


def hours_of(facts: list[Fact]) -> dict[tuple[str, str], float]:
    """Hours that waited or went on, by item and which of both."""
    driven = drive()
    for fact in facts:
        driven.take([fact])
    found: dict[tuple[str, str], float] = {}
    for timeline in driven.timelines():
        for one in timeline.segments:
            if one.sort in (Sort.WAIT, Sort.ACTIVE):
                key = timeline.item, str(one.sort)
                amount = amount_between(one, driven.directory, 0, END)
                found[key] = found.get(key, 0) + amount / UNIT / 3_600_000
    return found


@pytest.mark.parametrize("seed", range(12))
def test_leaves_its_change_an_item_of_its_own(seed: int) -> None:
    """Open from ten to twelve, the first hour for another team's review."""
    facts = [
        told(Kind.TICKET_CREATED, "08:30", "CHK-1", team="checkout"),
        told(Kind.TICKET_STARTED, "09:00", "CHK-1"),
        *REVIEWED,
        told(Kind.TICKET_CANCELLED, "13:00", "CHK-1", deleted=True),
    ]
    random.Random(seed).shuffle(facts)
    assert hours_of(facts) == {("shop!1", "wait"): 1.0, ("shop!1", "active"): 1.0}


def test_of_a_sub_task_too() -> None:
    """Its parent goes on from nine to one, without it."""
    facts = [
        told(Kind.TICKET_STARTED, "09:00", "CHK-2", team="checkout"),
        told(Kind.TICKET_DONE, "13:00", "CHK-2"),
        told(Kind.TICKET_STARTED, "09:30", "CHK-1", parent="CHK-2"),
        told(Kind.TICKET_CANCELLED, "13:00", "CHK-1", parent="CHK-2", deleted=True),
    ]
    for order in permutations(facts):
        assert (
            hours_of([*REVIEWED, *order])
            == hours_of([*order, *REVIEWED])
            == {
                ("CHK-2", "active"): 4.0,
                ("shop!1", "wait"): 1.0,
                ("shop!1", "active"): 1.0,
            }
        )


@st.composite
def with_deleted(draw: st.DrawFn) -> list[Fact]:
    """Tickets that turn into epics and back, some of which are deleted."""
    facts = draw(flipped())
    keys = st.sampled_from((*TICKETS, "CHK-10"))
    for key in draw(st.lists(keys, min_size=1, max_size=2, unique=True)):
        hour = draw(st.sampled_from(HOURS))
        facts.append(told(Kind.TICKET_CANCELLED, hour, key, deleted=True))
    return facts


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(with_deleted(), st.randoms(use_true_random=False))
def test_deletions_leave_the_same_in_any_order(
    facts: list[Fact], chance: random.Random
) -> None:
    same_in_any_order(facts, chance)
