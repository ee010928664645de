"""How many facts there are, and how many were told again, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest

from monitor.domain.facts import Fact, Kind
from monitor.domain.making import make_fact
from tests.harness.driving import facts_of
from tests.unit.pipeline.test_relating import body, drive

NINE = 9 * 3_600_000


def counted(batches: Sequence[list[Fact]]) -> tuple[int, int]:
    """Distinct facts, and those told again, over all batches."""
    driven = drive()
    found = [driven.take(batch) for batch in batches]
    return sum(one.added for one in found), sum(one.duplicates for one in found)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [False, True])
def test_a_fact_told_in_three_revisions_is_one(
    order: tuple[int, ...], at_once: bool
) -> None:
    """Whichever comes first: one fact, and two that were told again."""
    blocked = [
        body("ticket.blocked", "10:00", "CHK-1", on_team="platform", revision=revision)
        for revision in (1, 2, 7)
    ]
    facts = facts_of([blocked[index] for index in order], drive().directory)
    assert counted([facts] if at_once else [[fact] for fact in facts]) == (1, 2)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_fact_told_under_both_keys_of_a_thing_is_one(
    order: tuple[int, ...],
) -> None:
    """The block by number, the block by key, and the issue that names both: 2 facts."""
    block, again = (
        make_fact(
            Kind.TICKET_BLOCKED, NINE, key, "jira", identified=("jira:500", "block:1")
        )
        for key in ("jira:500", "CHK-1")
    )
    issue = make_fact(
        Kind.TICKET_CREATED, NINE, "CHK-1", "jira", {"aliases": ["jira:500"]}
    )
    facts = (block, again, issue)
    assert counted([[facts[index]] for index in order]) == (2, 1)
