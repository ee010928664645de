"""Issues transferred to another repository, which some go on naming as before.

Whatever they are called by, they are one ticket (specification 0.4 and 1.2: the same
events in any order give the same numbers, and ``unknown`` is waited for only where
nobody is named).
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from monitor.domain.facts import Fact, Kind
from monitor.domain.timeline import UNIT, Sort
from monitor.indicators.totals.instant import amount_between
from tests.harness.driving import Drive, directory_of
from tests.harness.driving import facts_of as native_facts
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_github_items import (
    DAY,
    HOUR,
    SEARCH,
    SHOP,
    Body,
    Told,
    closed,
    facts_of,
    issue,
    started,
    time,
)
from tests.unit.pipeline.test_relating import TEAMS, body, github, timelines_of

DIRECTORY = directory_of("""
version: 1
organisation: {name: Acme}
teams:
  - {id: shop, owns: [{repo: acme/shop}]}
  - {id: search, owns: [{repo: acme/search}]}
  - {id: platform, kind: platform, owns: [{repo: acme/platform}]}
""")
PLATFORM = {"id": 33, "full_name": "acme/platform"}
# Who waited or worked, for whom, and in which component or class.
Spent = tuple[str, str, str]


def told_of(repository: Body, told: Told) -> Told:
    event, content = told
    return event, {**content, "repository": repository}


def transferred(clock: str) -> Told:
    """Number 3 of the shop is number 9 of search from then on."""
    new = {"number": 9, "created_at": time("09:00"), "updated_at": time(clock)}
    changes = {"new_issue": new, "new_repository": SEARCH}
    return issue("transferred", clock, changes=changes)


def came(clock: str) -> Told:
    """The same, as the hook of search alone tells it."""
    changes = {"old_issue": {"number": 3}, "old_repository": SHOP}
    return told_of(SEARCH, issue("opened", clock, number=9, changes=changes))


def blocked_by_the_shops(clock: str) -> Told:
    """The body that names the blocker's repository by its address alone."""
    address = "https://api.github.com/repos/acme/shop"
    stamps = {"created_at": time("09:00"), "updated_at": time(clock)}
    return "issue_dependencies", {
        "action": "blocked_by_added",
        "blocked_issue": {"number": 50, **stamps},
        "blocking_issue": {"number": 3, "repository_url": address, **stamps},
        "repository": PLATFORM,
    }


def native(kind: str, clock: str, entity: str, **fields: Any) -> list[Fact]:
    return native_facts([body(kind, clock, entity, **fields)], DIRECTORY)


def spent(batches: list[list[Fact]]) -> dict[Spent, int]:
    end = instant(f"{DAY}T17:00:00Z")
    driven = Drive(DIRECTORY, end)
    for batch in batches:
        driven.take(batch)
    found: dict[Spent, int] = {}
    for timeline in driven.timelines():
        for one in timeline.segments:
            amount = amount_between(one, DIRECTORY, 0, end) // UNIT // 1_000
            if amount and one.sort in (Sort.WAIT, Sort.ACTIVE):
                of = one.component if one.sort is Sort.WAIT else one.phase
                key = one.team, one.on_team, str(of)
                found[key] = found.get(key, 0) + amount
    return found


def in_any_order(facts: list[Fact]) -> dict[Spent, int]:
    """What they come to at once, and in a hundred orders, one fact a batch."""
    at_once, chance = spent([facts]), random.Random(1)
    for _ in range(100):
        order = chance.sample(facts, len(facts))
        found = spent([[one] for one in order])
        assert found == at_once, [one[:3] for one in order]
    return at_once


LIFE = [issue("opened", "09:00"), started("09:00"), transferred("12:00")]
CLOSED = told_of(SEARCH, closed("16:00", number=9))


@pytest.mark.slow
def test_a_transferred_blocker_is_waited_for_until_it_is_closed() -> None:
    """From 10:00 until 16:00; before and after that there is work for an hour each."""
    progress: Body = {"label": {"name": "in progress"}, "number": 50}
    told = [
        *LIFE[:1],
        LIFE[2],
        CLOSED,
        told_of(PLATFORM, issue("labeled", "09:00", **progress)),
        blocked_by_the_shops("10:00"),
        told_of(PLATFORM, closed("17:00", number=50)),
    ]
    assert in_any_order(facts_of(told)) == {
        ("platform", "shop", "dependency_link"): 6 * HOUR,
        ("platform", "", "unclassified"): 2 * HOUR,
    }


@pytest.mark.parametrize(
    "name", ["acme/shop#3", "Acme/Shop#3", "acme/search#9", "github.com:11#3"]
)
@pytest.mark.slow
def test_a_transferred_issue_is_done_by_any_of_its_names(name: str) -> None:
    """Nobody took it on where it went: from 12:00 until 15:00 it was handed over."""
    facts = [*facts_of(LIFE), *native("ticket.done", "15:00", name)]
    # Its new repository's id and name, which no body of the move need tell together.
    facts += facts_of([told_of(SEARCH, issue("edited", "12:30", number=9))])
    assert in_any_order(facts) == {
        ("shop", "", "feature"): 3 * HOUR,
        ("shop", "search", "handoff"): 3 * HOUR,
    }


@pytest.mark.parametrize("name", ["Acme/Shop#3", "github.com:11#3"])
@pytest.mark.slow
def test_where_it_came_to_tells_what_it_was_called_before(name: str) -> None:
    """The body has the old repository's name and number, which is all that is needed.

    The shop has it from 9:00; it is handed over from 12:00 until search closes it.
    """
    facts = facts_of([came("12:00"), CLOSED])
    facts += native("ticket.started", "09:00", name)
    assert in_any_order(facts) == {
        ("shop", "", "feature"): 3 * HOUR,
        ("shop", "search", "handoff"): 4 * HOUR,
    }


@pytest.mark.slow
def test_a_change_that_names_it_as_before_is_of_the_issue() -> None:
    """Begun by the change at 9:00, and handed over from 12:00 until it is closed."""
    change = {
        "number": 7,
        "created_at": time("09:00"),
        "updated_at": time("09:00"),
        "body": "Fixes acme/shop#3",
        "head": {"ref": "fix", "sha": "ab"},
    }
    opened: Told = "pull_request", {"action": "opened", "pull_request": change}
    facts = facts_of([told_of(PLATFORM, opened), came("12:00"), CLOSED])
    assert in_any_order(facts) == {
        ("shop", "", "feature"): 3 * HOUR,
        ("shop", "search", "handoff"): 4 * HOUR,
    }


@pytest.mark.slow
def test_an_issue_of_another_repository_of_that_name_is_another_issue() -> None:
    """The shop's own number 3, of a repository that was called like the old one."""
    namesake = {"id": 44, "full_name": "acme/shop"}
    facts = facts_of(
        [told_of(namesake, started("09:00")), told_of(namesake, closed("17:00"))]
    )
    facts += facts_of([came("12:00"), CLOSED])
    facts += native("ticket.started", "10:00", "github.com:11#3")
    assert in_any_order(facts) == {
        ("shop", "", "feature"): 8 * HOUR + 2 * HOUR,
        ("shop", "search", "handoff"): 4 * HOUR,
    }


@pytest.mark.parametrize(
    ("blocked", "unblocked"),
    [("acme/shop#3", "acme/search#9"), ("acme/search#9", "acme/shop#3")],
)
@pytest.mark.slow
def test_a_block_is_lifted_by_either_name(blocked: str, unblocked: str) -> None:
    """Blocked from 10:00 until 11:00, handed over from 12:00 until 16:00."""
    facts = [
        *facts_of([*LIFE, CLOSED]),
        *native("ticket.blocked", "10:00", blocked, on_team="platform"),
        *native("ticket.unblocked", "11:00", unblocked, on_team="platform"),
    ]
    assert in_any_order(facts) == {
        ("shop", "", "feature"): 2 * HOUR,
        ("shop", "platform", "ticket_blocked"): HOUR,
        ("shop", "search", "handoff"): 4 * HOUR,
    }


@pytest.mark.slow
def test_a_native_link_to_the_former_name_is_to_the_issue() -> None:
    """The blocker is the shop's until 16:00, and the ticket waits from 10:00 on."""
    facts = [
        *facts_of([*LIFE[:1], LIFE[2], CLOSED]),
        *native("ticket.started", "09:00", "X-1", team="platform"),
        *native("link.added", "10:00", "X-1", blocker="acme/shop#3"),
    ]
    assert in_any_order(facts) == {
        ("platform", "shop", "dependency_link"): 6 * HOUR,
        ("platform", "", "unclassified"): 2 * HOUR,
    }


@pytest.mark.slow
def test_until_it_went_elsewhere_an_issue_was_where_it_came_from() -> None:
    """Only the old repository tells of the move; who took it on says so at 14:00."""
    told = [issue("opened", "09:00"), started("10:00"), transferred("12:00"), CLOSED]
    accepted = native("ticket.accepted", "14:00", "github.com:22#9", team="search")
    assert in_any_order([*facts_of(told), *accepted]) == {
        ("shop", "", "feature"): 2 * HOUR,
        ("shop", "search", "handoff"): 2 * HOUR,
        ("search", "", "request"): 2 * HOUR,
    }


def test_a_name_tells_the_repository_also_when_its_number_is_known() -> None:
    """What is told of another issue there changes nothing of this one's owner."""
    facts = native("ticket.started", "09:00", "Acme/Shop#4")
    facts += native("ticket.done", "12:00", "acme/shop#4")
    of_shop = {("shop", "", "feature"): 3 * HOUR}
    assert in_any_order(facts) == of_shop
    assert in_any_order([*facts, *facts_of([issue("opened", "08:00")])]) == of_shop


def test_a_transferred_issue_is_one_item_whichever_key_came_first() -> None:
    old = github(Kind.TICKET_STARTED, "09:00", "github.com:77#5")
    new = github(
        Kind.TICKET_CREATED,
        "08:00",
        "github.com:88#2",
        aliases=["github.com:77#5", "I_5"],
    )
    done = github(Kind.TICKET_DONE, "11:00", "I_5")
    run = native_facts(
        [
            body(
                "run.queued", "10:00", "R-1", item="github.com:77#5", on_team="platform"
            )
        ],
        directory_of(TEAMS),
    )
    expected = timelines_of([new, old, done, *run])
    assert [timeline.item for timeline in expected] == ["github.com:88#2"]
    for facts in (
        [old, *run, done, new],
        [done, old, new, *run],
        [*run, old, new, done],
    ):
        assert timelines_of(facts) == expected
        assert timelines_of(facts, random.Random(1)) == expected
