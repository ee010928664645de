"""Which waits are open, and the oldest of each pair."""

from __future__ import annotations

from monitor.domain.timeline import Component, Timeline, Wait
from monitor.indicators.explaining.open_waits import (
    UNSTARTED,
    OpenWait,
    OpenWaits,
    open_after,
)

PAIR = ("checkout", "platform")


def open_wait(start: int, end: int) -> OpenWait:
    return OpenWait(*PAIR, start, end)


def test_a_wait_is_open_until_its_end() -> None:
    wait = Wait(*PAIR, Component.CI_QUEUE, 10, 20, 5)
    timelines = [Timeline("a", waits=(wait,)), Timeline("b")]
    assert open_after(timelines, 19) == (open_wait(10, 20),)
    assert open_after(timelines, 20) == ()


def test_a_reopened_item_is_worked_on_and_does_not_wait() -> None:
    reopened = Wait(*PAIR, Component.REOPEN, 10, 20, 5)
    incident = Wait(*PAIR, Component.INCIDENT, 12, 20, 8)
    found = open_after([Timeline("a", waits=(reopened, incident))], 15)
    assert found == (open_wait(12, 20),)


def test_the_oldest_open_at_an_instant() -> None:
    waits = OpenWaits()
    assert waits.replace("a", (open_wait(10, 20),))
    assert waits.replace("b", (open_wait(15, 40),))
    assert waits.oldest(5) == {}
    assert waits.oldest(19) == {PAIR: 10}
    assert waits.oldest(20) == {PAIR: 15}
    assert waits.oldest(40) == {}


def test_an_items_waits_are_replaced_whole() -> None:
    waits = OpenWaits()
    waits.replace("a", (open_wait(10, 90), open_wait(12, 90)))
    waits.replace("a", (open_wait(12, 90),))
    assert waits.oldest(50) == {PAIR: 12}
    assert waits.replace("a", ())
    assert waits.oldest(50) == {}


def test_replacing_by_the_same_changes_nothing() -> None:
    waits = OpenWaits()
    assert not waits.replace("a", ())
    waits.replace("a", (open_wait(10, 90),))
    assert not waits.replace("a", (open_wait(10, 90),))


def test_many_loaded_at_once_are_as_if_each_was_set() -> None:
    stored = [
        ("late", (open_wait(30, 90),)),
        ("twice", (open_wait(20, 25), open_wait(12, 90))),
        ("early", (open_wait(10, 15),)),
    ]
    loaded, waits = OpenWaits(), OpenWaits()
    loaded.load(stored)
    for item, found in stored:
        waits.replace(item, found)
    for instant in (9, 11, 14, 15, 24, 26):
        assert loaded.oldest(instant) == waits.oldest(instant)
    assert not loaded.replace("late", (open_wait(30, 90),))
    assert loaded.replace("twice", ())
    assert loaded.oldest(40) == {PAIR: 30}
    assert loaded.oldest(90) == {}


def test_what_is_noted_of_teams_is_all_that_may_be_open() -> None:
    waits = OpenWaits()
    unstarted = OpenWait("checkout", UNSTARTED, 1, 9)
    of_others = OpenWait("search", "platform", 2, 9)
    waits.replace("a", (open_wait(10, 20), unstarted))
    waits.replace("b", (of_others,))
    noted = waits.noted({"checkout"})
    assert [(pair, entry[0], entry[2:]) for pair, (entry,) in noted.items()] == [
        (PAIR, 10, ("a", 20))
    ]
    # It is a copy: who reads it holds no lock.
    noted[PAIR].clear()
    assert waits.oldest(15)[PAIR] == 10
