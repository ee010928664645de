"""What every store promises, held against the file and its twin in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.adapters.state.sqlite import SqliteState
from monitor.pipeline.ports import (
    KEPT_DEAD_LETTERS,
    NAMED,
    TABLES,
    Changes,
    DeadLetter,
    FencedError,
    State,
)

HOSTILE_KEYS = (
    "",
    "github.com:1296269#7",
    "NUL\0inside",
    "lone \ud800 surrogate",
    "quote ' \" ; DROP TABLE items",
    "Ünïcode 漢字 🦀",
    "long " * 2000,
)


@pytest.fixture(params=["sqlite", "memory"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    made: State = (
        SqliteState(tmp_path / "friction.db")
        if request.param == "sqlite"
        else MemoryState()
    )
    yield made
    made.close()


def letter(offset: int, body: bytes | None = None) -> DeadLetter:
    return DeadLetter("ci", 0, offset, 1_700_000_000_000, ("no", "bad"), "ab12", body)


def test_what_was_put_is_found_by_key_and_by_scan(state: State) -> None:
    changes = Changes()
    for table in TABLES:
        for number, key in enumerate(HOSTILE_KEYS):
            changes.put(table, key, bytes([number]) * number)
    state.commit(changes)
    expected = {key: bytes([n]) * n for n, key in enumerate(HOSTILE_KEYS)}
    for table in TABLES:
        assert state.get_many(table, HOSTILE_KEYS) == expected
    for named in NAMED:
        assert dict(state.scan(named)) == expected


def test_keys_without_a_value_are_left_out(state: State) -> None:
    state.commit(Changes(puts={"items": {"there": b"1"}}))
    assert state.get_many("items", ["there", "not"]) == {"there": b"1"}
    assert state.get_many("homes", ["there"]) == {}
    assert state.get_many("items", []) == {}


def test_a_later_put_replaces_and_none_deletes(state: State) -> None:
    state.commit(Changes(puts={"items": {"a": b"1", "b": b"1", "c": b"1"}}))
    state.commit(Changes(puts={"items": {"a": b"2", "b": None, "never": None}}))
    assert dict(state.scan("items")) == {"a": b"2", "c": b"1"}


def test_more_keys_than_one_query_takes(state: State) -> None:
    values = {f"item-{number}": str(number).encode() for number in range(2501)}
    state.commit(Changes(puts={"items": dict(values)}))
    assert state.get_many("items", values.keys()) == values


def test_offsets_move_from_what_was_expected(state: State) -> None:
    state.commit(Changes(offsets={("ci", 0): (None, 5), ("ci", 1): (None, 0)}))
    state.commit(Changes(offsets={("ci", 0): (5, 9)}))
    assert state.offsets() == {("ci", 0): 9, ("ci", 1): 0}


@pytest.mark.parametrize("expected", [None, 4, 6])
def test_an_offset_moved_by_another_fences_the_whole_commit(
    state: State, expected: int | None
) -> None:
    state.commit(Changes(offsets={("ci", 0): (None, 5)}))
    fenced = Changes(
        puts={"items": {"x": b"1"}},
        offsets={("ci", 1): (None, 3), ("ci", 0): (expected, 9)},
        boundaries=[(1, b"x")],
        dead_letters=[letter(1)],
    )
    with pytest.raises(FencedError, match="topic ci, partition 0"):
        state.commit(fenced)
    assert state.offsets() == {("ci", 0): 5}
    assert dict(state.scan("items")) == {}
    assert list(state.boundaries(0, 9)) == []
    assert state.dead_letters(9) == []


def test_an_offset_expected_but_never_stored_fences(state: State) -> None:
    with pytest.raises(FencedError):
        state.commit(Changes(offsets={("ci", 0): (0, 9)}))
    assert state.offsets() == {}


def test_a_fenced_state_can_be_used_again(state: State) -> None:
    with pytest.raises(FencedError):
        state.commit(Changes(offsets={("ci", 0): (7, 9)}))
    state.commit(Changes(offsets={("ci", 0): (None, 9)}))
    assert state.offsets() == {("ci", 0): 9}


def test_boundaries_come_by_hour_in_the_order_of_appending(state: State) -> None:
    state.commit(Changes(boundaries=[(7, b"c"), (5, b"a"), (7, b"d")]))
    state.commit(Changes(boundaries=[(5, b"b"), (-3, b"early"), (7, b"c")]))
    assert list(state.boundaries(-9, 9)) == [
        (-3, b"early"),
        (5, b"a"),
        (5, b"b"),
        (7, b"c"),
        (7, b"d"),
        (7, b"c"),
    ]
    assert list(state.boundaries(5, 5)) == [(5, b"a"), (5, b"b")]
    assert list(state.boundaries(6, 6)) == []


def test_boundaries_are_replaced_then_appended_then_dropped(state: State) -> None:
    state.commit(Changes(boundaries=[(4, b"old"), (5, b"a"), (5, b"b"), (6, b"c")]))
    state.commit(
        Changes(
            boundaries=[(5, b"new"), (3, b"below")],
            replace_boundaries={5: b"ab", 8: b"fresh"},
            drop_boundaries_before=5,
        )
    )
    assert list(state.boundaries(0, 9)) == [
        (5, b"ab"),
        (5, b"new"),
        (6, b"c"),
        (8, b"fresh"),
    ]


def test_dead_letters_come_newest_first_and_without_bodies(state: State) -> None:
    state.commit(Changes(dead_letters=[letter(1, b"body"), letter(2)]))
    state.commit(Changes(dead_letters=[letter(3)]))
    kept = [(letter(3), False), (letter(2), False), (letter(1), True)]
    assert state.dead_letters(2) == kept[:2]
    assert state.dead_letters(9) == kept
    state.commit(Changes(outbox_sent=[one.id for one in state.unsent(9)]))
    assert state.dead_letters(9)[-1] == (letter(1), False)


def test_dead_letters_of_one_topic_may_be_asked_for(state: State) -> None:
    others = [replace(letter(number), topic="issues") for number in (4, 6)]
    state.commit(Changes(dead_letters=[letter(3), others[0], letter(5), others[1]]))
    assert [one.letter for one in state.dead_letters(9, "issues")] == others[::-1]
    assert [one.letter for one in state.dead_letters(1, "ci")] == [letter(5)]
    assert state.dead_letters(9, "nowhere") == []


def test_dead_letters_are_counted(state: State) -> None:
    assert state.letters_kept() == 0
    state.commit(Changes(dead_letters=[letter(1), letter(2, b"body")]))
    assert state.letters_kept() == 2


def keeping_three(kind: str, folder: Path) -> State:
    """A store that keeps three dead letters."""
    if kind == "sqlite":
        return SqliteState(folder / "few.db", keep_letters=3)
    return MemoryState(keep_letters=3)


@pytest.mark.parametrize("kind", ["sqlite", "memory"])
def test_as_many_dead_letters_are_kept_as_told(kind: str, tmp_path: Path) -> None:
    with contextlib.closing(keeping_three(kind, tmp_path)) as made:
        made.commit(Changes(dead_letters=[letter(number) for number in range(10)]))
        assert [each.letter.offset for each in made.dead_letters(20)] == [9, 8, 7]
        assert made.letters_kept() == 3


@pytest.mark.parametrize("kind", ["sqlite", "memory"])
def test_dead_letters_that_wait_to_be_published_stay_longer(
    kind: str, tmp_path: Path
) -> None:
    """All of one batch may be rejected, and are published after it is stored."""
    with contextlib.closing(keeping_three(kind, tmp_path)) as made:
        made.commit(Changes(dead_letters=[letter(n, b"x") for n in range(35)]))
        waiting = made.unsent(99)
        assert [one.letter.offset for one in waiting] == [*range(5, 35)]
        made.commit(Changes(outbox_sent=[one.id for one in waiting]))
        made.commit(Changes(dead_letters=[letter(35)]))
        assert [each.letter.offset for each in made.dead_letters(99)] == [35, 34, 33]


def test_only_the_newest_dead_letters_are_kept(state: State) -> None:
    many = [letter(number) for number in range(KEPT_DEAD_LETTERS)]
    state.commit(Changes(dead_letters=many))
    state.commit(Changes(dead_letters=[letter(-1), letter(-2), letter(-3)]))
    kept = state.dead_letters(2 * KEPT_DEAD_LETTERS)
    assert len(kept) == KEPT_DEAD_LETTERS == 10_000
    assert [each.letter.offset for each in kept[:4]] == [-3, -2, -1, 9_999]
    assert kept[-1].letter.offset == 3


def test_a_body_waits_until_it_is_marked_as_sent(state: State) -> None:
    state.commit(
        Changes(dead_letters=[letter(1, b"one"), letter(2), letter(3, b"three")])
    )
    first, second = state.unsent(9)
    assert (first.letter, second.letter) == (letter(1, b"one"), letter(3, b"three"))
    assert state.unsent(1) == [first]
    state.commit(Changes(outbox_sent=[first.id, 999]))
    assert state.unsent(9) == [second]
    assert len(state.dead_letters(9)) == 3


def test_closing_twice_is_harmless(state: State) -> None:
    state.close()
    state.close()
