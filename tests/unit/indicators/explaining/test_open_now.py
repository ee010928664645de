"""Waits that are open, and whether they add to a number: 1.2 and 1.6 by hand."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Fact
from monitor.indicators.explaining.open_now import Effect, open_at
from tests.unit.indicators.history import Case, at, fact, started

BLOCKED = fact("ticket.blocked", "Mon 10:00", "CHK-1", on_team="platform")
REVIEW = (
    fact("change.opened", "Mon 09:30", "shop#7", by_team="checkout"),
    fact("change.opened", "Mon 09:40", "shop#8", by_team="checkout"),
    fact("change.review_requested", "Mon 10:00", "shop#7", on_team="platform"),
)


def effects(facts: tuple[Fact, ...], when: str) -> list[tuple[str, Effect]]:
    """What is waited for at an instant, and what of it adds."""
    timelines = Case("", facts, {}).timelines()
    return [(o.wait.on_team, o.effect) for o in open_at(timelines, at(when))]


@pytest.mark.parametrize(
    ("when", "effect"),
    [
        ("Mon 10:00", Effect.COUNTS),
        # Nights are no working time, and the wait goes on.
        ("Mon 23:00", Effect.COUNTS),
        # Ten working days without a touch end on the second Monday at 10:00.
        ("Mon+2 09:59", Effect.COUNTS),
        ("Mon+2 10:00", Effect.STALE),
        ("Mon+8 10:00", Effect.STALE),
    ],
)
def test_a_block_that_nobody_touches_counts_until_it_is_stale(
    when: str, effect: Effect
) -> None:
    assert effects((started(), BLOCKED), when) == [("platform", effect)]


def test_a_wait_is_open_from_its_first_instant_to_before_its_last() -> None:
    ended = fact("ticket.unblocked", "Mon 12:00", "CHK-1")
    history = (started(), BLOCKED, ended)
    assert effects(history, "Mon 09:59") == []
    assert effects(history, "Mon 11:59") == [("platform", Effect.COUNTS)]
    assert effects(history, "Mon 12:00") == []


def test_a_review_of_one_of_two_open_changes_does_not_halt() -> None:
    history = (started(), *REVIEW)
    assert effects(history, "Mon 11:00") == [("platform", Effect.WORKED)]
    # Five working days after 10:00 on Monday nobody is at work on it any more.
    assert effects(history, "Wed+1 09:00") == [("platform", Effect.IDLE)]


def test_what_does_not_halt_stands_beside_what_does() -> None:
    blocked = fact("ticket.blocked", "Mon 11:00", "CHK-1", on_team="search")
    assert effects((started(), *REVIEW, blocked), "Mon 12:00") == [
        ("platform", Effect.BESIDE),
        ("search", Effect.COUNTS),
    ]


def test_who_is_charged_since_is_another_team() -> None:
    """The wait stays that of the team that it began with (design 11.2)."""
    taken = fact("ticket.accepted", "Mon 12:00", "CHK-1", team="search")
    history = (started(), BLOCKED, taken)
    assert effects(history, "Mon 11:00") == [("platform", Effect.COUNTS)]
    assert effects(history, "Mon 13:00") == [("platform", Effect.MOVED)]


def test_a_reopened_item_is_open_and_counts() -> None:
    reopened = fact("ticket.reopened", "Mon 13:00", "CHK-1", cause_teams=("platform",))
    done = fact("ticket.done", "Mon 12:00", "CHK-1")
    assert effects((started(), done, reopened), "Mon 14:00") == [
        ("platform", Effect.COUNTS)
    ]
