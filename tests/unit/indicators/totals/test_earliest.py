"""The earliest accrual of any item, in bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.indicators.totals.earliest import (
    Earliest,
    Firsts,
    first_accrual_of,
    firsts_of,
)
from tests.unit.indicators.history import DIRECTORY, Case, at, fact, started

Notes = list[tuple[int, int | None]]


def test_nothing_noted_nothing_accrues() -> None:
    earliest = Earliest()
    assert earliest.instant is None
    assert not earliest.lost


def test_it_follows_an_item_that_moves_and_one_that_vanishes() -> None:
    earliest = Earliest()
    earliest.note("a", 5)
    earliest.note("b", 7)
    assert earliest.instant == 5
    earliest.note("a", 9)
    assert earliest.instant == 7
    earliest.note("b", None)
    assert earliest.instant == 9


def test_many_items_are_forgotten_and_the_earliest_is_not() -> None:
    earliest = Earliest()
    for index in reversed(range(1_000)):
        earliest.note(str(index), index)
    assert earliest.instant == 0
    assert len(earliest.items) < 300


def test_many_items_that_begin_at_one_instant_do_not_lose_it() -> None:
    """A working day opens for every item started in the night before."""
    earliest = Earliest()
    for index in range(1_000):
        earliest.note(str(index), 7)
    assert earliest.instant == 7
    assert not earliest.lost
    assert len(earliest.items) < 300


def test_when_all_that_are_known_have_moved_later_it_is_lost() -> None:
    earliest = Earliest()
    for index in range(300):
        earliest.note(str(index), index)
    for index in range(300):
        earliest.note(str(index), 10_000)
    assert earliest.lost


@given(st.lists(st.tuples(st.integers(0, 400), st.none() | st.integers(0, 60))))
def test_unless_it_is_lost_it_is_right(notes: Notes) -> None:
    earliest = Earliest()
    truth: dict[str, int | None] = {}
    crowd: Notes = [(index, index % 50) for index in range(300)]
    for index, first in crowd + notes:
        earliest.note(str(index), first)
        truth[str(index)] = first
        known = [value for value in truth.values() if value is not None]
        assert earliest.lost or earliest.instant == min(known, default=None)


def test_an_item_first_accrues_when_somebody_works_on_what_counts() -> None:
    facts = (
        started("Mon 03:00"),
        fact("run.finished", "Mon 03:00", "r", outcome="failure", sha="a"),
        fact("change.pushed", "Mon 12:00", "shop#7"),
    )
    night = Case("", facts, {}).timelines()
    assert first_accrual_of(night, DIRECTORY) == at("Mon 09:00")
    incident = Case(
        "",
        (
            fact(
                "incident.opened", "Mon 03:00", "I", team="search", cause_teams=["data"]
            ),
        ),
        {},
        key="I",
    ).timelines()
    assert first_accrual_of([*night, *incident], DIRECTORY) == at("Mon 03:00")
    assert first_accrual_of([*incident, *night], DIRECTORY) == at("Mon 03:00")


def test_pending_time_alone_is_no_accrual() -> None:
    facts = (
        started("Mon 10:00"),
        fact("run.finished", "Mon 10:00", "r", outcome="failure", sha="a"),
    )
    timelines = Case("", facts, {}).timelines()
    # Pending until Tue 10:00, active from then.
    assert first_accrual_of(timelines, DIRECTORY) == at("Tue 10:00")
    assert first_accrual_of([], DIRECTORY) is None


def test_what_is_only_delivered_is_known_and_accrues_nothing() -> None:
    deployed = fact(
        "deploy.finished",
        "Mon 03:00",
        "D",
        team="checkout",
        service="till",
        environment="prod",
        outcome="success",
    )
    timelines = Case("", (deployed,), {}, key="D").timelines()
    assert firsts_of(timelines, DIRECTORY) == Firsts(None, at("Mon 03:00"))
    assert firsts_of((), DIRECTORY) == Firsts(None, None)


def test_work_is_known_before_it_accrues() -> None:
    """What is in flight counts from its start, by the wall."""
    timelines = Case("", (started("Mon 03:00"),), {}).timelines()
    assert firsts_of(timelines, DIRECTORY) == Firsts(at("Mon 09:00"), at("Mon 03:00"))


def test_a_store_that_nobody_read_is_lost() -> None:
    unread = Earliest.unread()
    unread.note("a", 5)
    assert unread.lost
    assert unread.instant is None


def test_of_some_items_others_can_be_noted_anew() -> None:
    earliest = Earliest()
    for index in range(300):
        earliest.note(str(index), index)
    some = earliest.of({"3", "5", "unheard"})
    assert some.items == {"3": 3, "5": 5}
    some.note("late", 10_000)
    assert some.items == {"3": 3, "5": 5, "late": 10_000}
