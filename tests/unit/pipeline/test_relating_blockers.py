"""A blocker of which only what works for it is known tells what that shows of it."""

from __future__ import annotations

from monitor.domain.facts import Fact
from tests.harness.driving import directory_of, facts_of
from tests.unit.pipeline.test_relating import (
    TEAMS,
    body,
    drive,
    same_in_a_hundred_orders,
    waits_of,
)

HELD_UP = [
    body("ticket.started", "09:00", "CHK-1", team="checkout", work_class="feature"),
    body("link.added", "10:00", "CHK-1", blocker="OPS-7"),
    body("ticket.done", "17:00", "CHK-1"),
]
CHANGE = [
    body("change.opened", "09:30", "acme/search#3", repo="acme/search", item="OPS-7"),
    body("change.merged", "12:00", "acme/search#3", repo="acme/search", item="OPS-7"),
]
RUN = [
    body(
        "run.queued", "09:30", "r-1", on_team="search", item="OPS-7", repo="acme/search"
    )
]
OPENED, PUSHED = (
    body(kind, time, "acme/search#3", repo="acme/search", item=item)
    for kind, time, item in (
        ("change.opened", "09:00", "OPS-7"),
        ("change.pushed", "11:00", "CHK-9"),
    )
)
ON_SEARCH = {("CHK-1", "checkout", "search", "dependency_link")}
ON_UNKNOWN = {("CHK-1", "checkout", "unknown", "dependency_link")}


def facts(*bodies: dict[str, object]) -> list[Fact]:
    return facts_of(bodies, directory_of(TEAMS))


def test_whose_change_works_on_a_blocker_that_nobody_tells_of_is_waited_for() -> None:
    found = same_in_a_hundred_orders(facts(*HELD_UP, *CHANGE))
    assert waits_of(found) == ON_SEARCH


def test_so_is_whose_run_does() -> None:
    assert waits_of(same_in_a_hundred_orders(facts(*HELD_UP, *RUN))) == ON_SEARCH


def test_what_turns_out_to_work_for_another_says_nothing_of_the_blocker() -> None:
    """Of two items that a change names the last one is its own."""
    story = facts(*HELD_UP, OPENED, PUSHED)
    assert waits_of(same_in_a_hundred_orders(story)) == ON_UNKNOWN


def test_nor_does_it_once_it_was_told() -> None:
    driven, found = drive(), list[set[tuple[str, str, str, str]]]()
    for some in ([*HELD_UP, OPENED], [PUSHED]):
        driven.take(facts(*some))
        found.append(waits_of(driven.timelines()))
    assert found == [ON_SEARCH, ON_UNKNOWN]
