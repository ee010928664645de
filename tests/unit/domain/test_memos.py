"""What is remembered of names: asked once, and never more than it may weigh."""

from __future__ import annotations

import pytest

from monitor.domain.memos import Memo, memoised, weight_of


def test_a_short_name_is_worked_out_once() -> None:
    asked: list[tuple[str, int]] = []

    @memoised
    def shouted(name: str, times: int) -> str:
        asked.append((name, times))
        return name.upper() * times

    assert [shouted("ci", 2), shouted("ci", 2), shouted("ci", 1)] == ["CICI"] * 2 + [
        "CI"
    ]
    assert asked == [("ci", 2), ("ci", 1)]


@pytest.mark.parametrize(
    "key", ["x" * 3_801, ("x",) * 39, ("a", "x" * 3_700), ("a", ("x" * 3_600,))]
)
def test_what_is_too_long_is_given_back_and_not_kept(key: object) -> None:
    memo = Memo[object, int]()
    assert memo.keep(key, 7) == 7
    assert not memo


@pytest.mark.parametrize("key", ["x" * 3_800, ("x" * 15,) * 33, None])
def test_what_is_short_is_kept(key: object) -> None:
    memo = Memo[object, int]()
    assert memo.keep(key, 7) == 7
    assert memo == {key: 7}


def test_a_full_memory_starts_anew() -> None:
    memo = Memo[str, int](1_000)
    for number in range(5):
        # Each weighs 200 and its one letter: four of them are less than 1,000.
        memo.keep(str(number), number)
    assert memo == {"4": 4}
    assert weight_of("4") == 101
