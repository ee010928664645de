"""A value of the state that cannot be read: said as a damaged file is, and not why."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from monitor.domain.model import DEFAULT_MODEL
from monitor.errors import StateCorrupt
from monitor.indicators.explaining.explain import Question
from monitor.pipeline.explaining import explained
from monitor.pipeline.ports import Changes, Named, Table
from monitor.provisional import stored_proposal
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import HOUR, MONDAY, TEAMS, Process, event

Spoil = Callable[[bytes], bytes]


def halved(value: bytes) -> bytes:
    return value[: len(value) // 2]


def flipped(value: bytes) -> bytes:
    """As one bit of a disk may do: no text any more."""
    return value[:5] + bytes([value[5] ^ 0xFF]) + value[6:]


def emptied(value: bytes) -> bytes:
    """Whole, and of another kind."""
    del value
    return b"[]"


def spoilt(table: Table, key: str, spoil: Spoil) -> Process:
    """A service with something to measure, one stored value of which is spoilt."""
    process = Process()
    process.send(event("ticket.started", 0, team="checkout"))
    process.caught_up()
    process.runner._leave()
    stored = process.state.get_many(table, [key])[key]
    process.state.commit(Changes(puts={table: {key: spoil(stored)}}))
    return process


@pytest.mark.parametrize("spoil", [halved, flipped, emptied])
@pytest.mark.parametrize("key", ["books", "teams"])
def test_a_start_says_that_the_state_is_damaged(key: str, spoil: Spoil) -> None:
    process = spoilt("meta", key, spoil)
    with pytest.raises(StateCorrupt, match="is damaged") as told:
        process.start()
    assert "Move it away together with its -wal and -shm" in str(told.value)


def halfway(*path: int | str) -> Spoil:
    """Half more of the number that a JSON value has at a place: JSON still."""

    def spoil(value: bytes) -> bytes:
        whole = found = json.loads(value)
        *above, last = path
        for step in above:
            found = found[step]
        found[last] += 0.5
        return json.dumps(whole).encode()

    return spoil


def one_sum_less(value: bytes) -> bytes:
    number, name, a, b, floor = json.loads(value)
    return json.dumps([number, name, a[1:], b, floor]).encode()


def refuse_start_with(table: Named, key: str, spoil: Spoil) -> None:
    """A start where the first value, whose key begins so, was spoilt."""
    process = Process()
    process.send(event("ticket.started", 0, team="checkout"))
    process.send(event("ticket.blocked", 1, team="checkout", on_team="platform"))
    process.caught_up()
    process.runner._leave()
    found, value = min(
        (name, value)
        for name, value in process.state.scan(table)
        if name.startswith(key)
    )
    process.state.commit(Changes(puts={table: {found: spoil(value)}}))

    def start() -> None:
        process.start()
        process.begin()

    with pytest.raises(StateCorrupt, match="is damaged"):
        start()


@pytest.mark.parametrize(
    "spoil",
    [
        *(halfway(0), halfway(2, 0), halfway(3, 4), halfway(4), one_sum_less),
        lambda value: value.replace(b"[0,", b"[7,").replace(b"[1,", b"[7,"),
    ],
)
def test_sums_that_are_no_whole_numbers_are_said_to_be_damaged(spoil: Spoil) -> None:
    """They would fail wherever they are first used, or be another series' sums."""
    refuse_start_with("series", "series:", spoil)


@pytest.mark.parametrize(
    ("table", "key", "place"),
    [
        ("series", "open:", (0, 2)),
        ("series", "open:", (0, 3)),
        ("meta", "books", (0, 1)),
        ("meta", "books", (2, 0, "T-1")),
        ("meta", "books", (5,)),
        ("meta", "watermarks", ("native",)),
    ],
)
def test_an_instant_that_is_no_whole_number_is_said_to_be_damaged(
    table: Named, key: str, place: tuple[int | str, ...]
) -> None:
    refuse_start_with(table, key, halfway(*place))


@pytest.mark.parametrize("spoil", [halved, flipped])
def test_what_was_read_is_said_to_be_damaged(spoil: Spoil) -> None:
    process = spoilt("meta", "watermarks", spoil)
    process.start()
    with pytest.raises(StateCorrupt, match="is damaged"):
        process.begin()


def test_an_item_is_said_to_be_damaged_when_its_next_record_comes() -> None:
    process = spoilt("items", "T-1", halved)
    process.start()
    process.caught_up()
    process.send(event("ticket.done", 1))
    with pytest.raises(StateCorrupt, match="what it has of an item cannot be read"):
        process.runner.turn()


@pytest.mark.parametrize("spoil", [halved, flipped, emptied])
@pytest.mark.parametrize("table", ["items", "timelines"])
def test_who_asks_behind_a_number_is_told_that_it_is_damaged(
    table: Table, spoil: Spoil
) -> None:
    process = spoilt(table, "T-1", spoil)
    question = Question("checkout", None, None, MONDAY, MONDAY + HOUR)
    with pytest.raises(StateCorrupt, match="is damaged"):
        explained(process.state, question, directory_of(TEAMS), DEFAULT_MODEL)


def test_provisional_teams_are_said_to_be_damaged() -> None:
    process = Process()
    changes = Changes(puts={"meta": {"provisional teams": b'[["ops", \xff'}})
    process.state.commit(changes)
    with pytest.raises(StateCorrupt, match="is damaged"):
        stored_proposal(process.state)
