"""What a blocker tells its dependents: where unresolved, whose, when last worked on."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import Result
from monitor.domain.teams import BEGINNING, Since
from monitor.domain.working_time import FOREVER
from monitor.indicators.timelines.profile import Telling
from tests.unit.indicators.history import DIRECTORY, at, fact, item_of, started


def ticket(kind: str, when: str, **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, "PLT-1", **fields)


BEGUN = started("Mon 09:00", "PLT-1", "platform")
NOON, ONE, TWO = at("Mon 12:00"), at("Mon 13:00"), at("Mon 14:00")

UNRESOLVED: dict[str, tuple[tuple[Fact, ...], tuple[tuple[int, int], ...]]] = {
    "before it is known it blocks already": (
        (BEGUN, ticket("done", "Mon 12:00")),
        ((BEGINNING, NOON),),
    ),
    "cancelled resolves": ((ticket("cancelled", "Mon 12:00"),), ((BEGINNING, NOON),)),
    "a change as a blocker is resolved when merged": (
        (fact("change.merged", "Mon 12:00", "PLT-1"),),
        ((BEGINNING, NOON),),
    ),
    "never resolved": ((BEGUN,), ((BEGINNING, FOREVER),)),
    "parked does not resolve": (
        (BEGUN, ticket("parked", "Mon 12:00")),
        ((BEGINNING, FOREVER),),
    ),
    "reopened it blocks again": (
        (
            BEGUN,
            ticket("done", "Mon 12:00"),
            ticket("reopened", "Mon 13:00"),
            ticket("done", "Mon 14:00"),
        ),
        ((BEGINNING, NOON), (ONE, TWO)),
    ),
    "done twice is done once": (
        (BEGUN, ticket("done", "Mon 12:00"), ticket("done", "Mon 13:00")),
        ((BEGINNING, NOON),),
    ),
    "started again at the instant it is done: it ends before it begins": (
        (
            BEGUN,
            ticket("done", "Mon 12:00"),
            ticket("started", "Mon 12:00", team="platform"),
        ),
        ((BEGINNING, NOON), (NOON, FOREVER)),
    ),
    "begun and done at one instant: it begins before it ends": (
        (ticket("started", "Mon 12:00"), ticket("done", "Mon 12:00")),
        ((BEGINNING, NOON),),
    ),
}


@pytest.mark.parametrize("name", UNRESOLVED)
def test_where_it_is_unresolved(name: str) -> None:
    facts, expected = UNRESOLVED[name]
    profile = Telling(item_of(facts, "PLT-1"), DIRECTORY).profile("PLT-1")
    assert profile.unresolved == expected


def test_its_owner_is_dated() -> None:
    facts = (
        BEGUN,
        ticket("assigned", "Mon 12:00", to_team="search"),
        ticket("accepted", "Mon 13:00", team="search"),
    )
    profile = Telling(item_of(facts, "PLT-1"), DIRECTORY).profile("PLT-1")
    assert profile.owner == (Since(BEGINNING, "platform"), Since(ONE, "search"))


def test_what_automation_does_is_no_activity() -> None:
    facts = (BEGUN, ticket("commented", "Mon 12:00", automation=True))
    profile = Telling(item_of(facts, "PLT-1"), DIRECTORY).profile("PLT-1")
    assert profile.activity == (at("Mon 09:00"),)


def test_a_sub_task_tells_its_own_activity_and_its_items_owner() -> None:
    facts = (
        started("Mon 09:00", "CHK-1", "checkout"),
        ticket("started", "Mon 12:00", parent="CHK-1"),
        fact("ticket.commented", "Mon 13:00", "CHK-1"),
    )
    profile = Telling(item_of(facts, "CHK-1"), DIRECTORY).profile("PLT-1")
    assert profile.owner == (Since(BEGINNING, "checkout"),)
    assert profile.activity == (NOON,)


def test_of_two_deploys_of_an_item_each_tells_its_own_results() -> None:
    said: dict[str, Any] = {"service": "shop", "environment": "production"}
    facts = (
        started("Mon 09:00", "CHK-1", "checkout"),
        fact("deploy.finished", "Mon 12:00", "D-1", outcome="success", **said),
        fact("deploy.finished", "Mon 13:00", "D-2", outcome="success", **said),
    )
    telling = Telling(item_of(facts, "CHK-1"), DIRECTORY)
    first, second = (telling.profile(deploy).results for deploy in ("D-1", "D-2"))
    assert first == (Result(NOON, "shop", "production", NOON),)
    assert second == (Result(ONE, "shop", "production", ONE),)
