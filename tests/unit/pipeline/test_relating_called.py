"""What is called by a name that several repositories had, one after the other.

It is of the one that had the name when it was told, whatever was read first: the same
events in any order, in one batch or in several, give the same numbers (specification
0.4). Number 3 of the shop (id 11) came to search as its number 9 at noon. At 13:00
another repository (id 44) that is called like the shop has a number 3 of its own.
"""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.domain.facts import Fact
from monitor.pipeline.ports import Changes
from monitor.pipeline.relating.relate import relate
from monitor.pipeline.working_set import WorkingSet
from tests.unit.pipeline.test_github_items import HOUR, closed, facts_of, issue
from tests.unit.pipeline.test_github_transfers import (
    Spent,
    came,
    in_any_order,
    native,
    spent,
    told_of,
)

NAMESAKE = {"id": 44, "full_name": "acme/shop"}
NAME = "acme/shop#3"
CAME = facts_of([came("12:00")])
BEGUN = native("ticket.started", "12:00", "acme/search#9", team="search")


def namesakes(clock: str) -> list[Fact]:
    """The body that opens the other repository's number 3."""
    opened = issue("opened", clock, created_at=clock)
    event, content = told_of(NAMESAKE, opened)
    shown = {**content["issue"], "created_at": content["issue"]["updated_at"]}
    return facts_of([(event, {**content, "issue": shown})])


def started(clock: str, entity: str = NAME, **fields: Any) -> list[Fact]:
    return native("ticket.started", clock, entity, **{"team": "shop", **fields})


def in_every_batch(*told: list[Fact]) -> dict[Spent, int]:
    """What they come to at once, and in every order and every split into batches."""
    at_once = spent([[fact for facts in told for fact in facts]])
    cuts = [
        cut
        for many in range(len(told))
        for cut in combinations(range(1, len(told)), many)
    ]
    for order in permutations(told):
        for cut in cuts:
            ends = (*cut, len(order))
            batches = [
                [fact for facts in order[begin:end] for fact in facts]
                for begin, end in zip((0, *cut), ends, strict=True)
            ]
            assert spent(batches) == at_once, [batch[0][:3] for batch in batches]
    return at_once


@pytest.mark.slow
def test_a_name_is_of_the_repository_that_had_it_then() -> None:
    """Search works at what came to it from 12:00, the shop at its own from 14:00."""
    assert in_every_batch(CAME, namesakes("13:00"), started("14:00"), BEGUN) == {
        ("search", "", "feature"): 5 * HOUR,
        ("shop", "", "feature"): 3 * HOUR,
    }


@pytest.mark.slow
def test_what_was_told_before_another_had_the_name_is_of_the_first() -> None:
    """Begun by the shop at 10:00 and handed over at noon; the other's is not begun."""
    found = in_every_batch(CAME, namesakes("13:00"), started("10:00"))
    assert found == {
        ("shop", "", "feature"): 2 * HOUR,
        ("shop", "search", "handoff"): 5 * HOUR,
    }


@pytest.mark.slow
def test_an_earlier_word_of_a_name_moves_what_was_told_under_it() -> None:
    """The other's body of 11:00 is read last: until then the name was the first's."""
    before = namesakes("11:00")
    later = facts_of([told_of(NAMESAKE, closed("15:00"))])
    found = in_every_batch(CAME, later, before, started("14:00"))
    # From 14:00 on the transferred one is the first's again, which told it at noon.
    assert found == {("shop", "", "feature"): 3 * HOUR}


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        # Until 16:00, when the other's is closed.
        (
            [
                *native("ticket.started", "09:00", "P-1", team="platform"),
                *native("link.added", "14:00", "P-1", blocker=NAME),
            ],
            {
                ("platform", "", "unclassified"): 6 * HOUR,
                ("platform", "shop", "dependency_link"): 2 * HOUR,
            },
        ),
        (
            [
                *native("ticket.started", "09:00", "P-1", team="platform"),
                *native("ticket.blocked", "14:00", NAME, on_team="platform"),
                *started("14:00"),
            ],
            {
                ("platform", "", "unclassified"): 8 * HOUR,
                ("shop", "platform", "ticket_blocked"): 2 * HOUR,
            },
        ),
        # A change brings its item into flight, and a request holds that up.
        (
            [
                *native("change.opened", "14:00", "C-1", item=NAME, team="shop"),
                *native(
                    "ticket.requested",
                    "14:00",
                    "P-1",
                    team="platform",
                    requester_team="shop",
                    needed_by=NAME,
                ),
            ],
            {("shop", "platform", "ticket_request"): 2 * HOUR},
        ),
    ],
)
@pytest.mark.slow
def test_whoever_names_a_thing_means_it_as_of_then(
    told: list[Fact], waits: dict[Spent, int]
) -> None:
    """The first's is neither waited for nor in flight; it is closed at 15:00."""
    ended = facts_of([told_of(NAMESAKE, closed("16:00"))])
    first = facts_of([told_of({"id": 11, "full_name": "acme/shop"}, closed("10:00"))])
    assert in_any_order([*namesakes("13:00"), *first, *ended, *told]) == waits


@pytest.mark.slow
def test_of_a_change_that_is_of_another_repository_nothing_stays_behind() -> None:
    """What the one's item waited for is not waited for by what was told of the other.

    The request of 10:00 is needed by the first's number 3, that nobody works at; the
    change of 14:00, by a bare name, is the other's and works for the other's.
    """
    change = {"item": NAME, "team": "shop"}
    request = {"team": "platform", "requester_team": "shop", "needed_by": NAME}
    first = facts_of([told_of({"id": 11, "full_name": "acme/shop"}, closed("10:00"))])
    found = in_every_batch(
        first,
        namesakes("13:00"),
        native("change.opened", "14:00", "acme/shop#7", **change),
        native("ticket.requested", "10:00", "P-1", **request),
    )
    assert found == {("shop", "", "feature"): 3 * HOUR}


def test_facts_that_move_are_counted_once() -> None:
    told = [CAME, started("14:00"), namesakes("13:00"), started("14:00")]
    state, added = MemoryState(), []
    for facts in told:
        working, changes = WorkingSet(state), Changes()
        related = relate(facts, working)
        added.append((related.added, related.duplicates))
        working.collect(changes)
        state.commit(changes)
    assert added == [(len(CAME), 0), (1, 0), (len(told[2]), 0), (0, 1)]
