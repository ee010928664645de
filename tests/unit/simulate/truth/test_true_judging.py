"""Thresholds, how they are joined, and when a signal is on, by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.simulate.truth.true_judging import (
    Judgement,
    TrueReading,
    at_least,
    both,
    either,
    on_since,
    rises,
    under,
)
from tests.unit.simulate.truth.true_worlds import FIRST, at

HALF = Fraction(1, 2)
WORDS: dict[str, Judgement | None] = {"a": "above", "-": "between", "b": "below"}


@pytest.mark.parametrize(
    ("value", "judged"),
    [("0.5", "above"), ("0.49", "between"), ("0.4", "between"), ("0.399", "below")],
)
def test_a_threshold_is_reached_and_left_below_four_fifths(
    value: str, judged: str
) -> None:
    assert at_least(Fraction(value), HALF) == judged


@pytest.mark.parametrize(
    ("value", "judged"),
    [
        ("0.149", "above"),
        ("0.15", "between"),
        ("0.1875", "between"),
        ("0.188", "below"),
    ],
)
def test_a_floor_has_its_margin_above_it(value: str, judged: str) -> None:
    assert under(Fraction(value), Fraction("0.15")) == judged


def test_rising_has_no_margin() -> None:
    slopes = (Fraction(1, 9), Fraction(0), Fraction(-1))
    assert [rises(slope) for slope in slopes] == ["above", "below", "below"]


def test_what_is_not_known_is_not_judged() -> None:
    assert (at_least(None, HALF), under(None, HALF), rises(None)) == (None, None, None)


# Of each pair: what *and* makes of it, and what *or* does; `?` is not known.
JOINED = {
    "aa": "aa",
    "a-": "-a",
    "ab": "ba",
    "a?": "?a",
    "--": "--",
    "-b": "b-",
    "-?": "?-",
    "bb": "bb",
    "b?": "bb",
    "??": "??",
}


@pytest.mark.parametrize("pair", JOINED)
def test_conditions_are_joined(pair: str) -> None:
    one, other = map(WORDS.get, pair)
    expected = tuple(map(WORDS.get, JOINED[pair]))
    assert (both(one, other), either(one, other)) == expected
    assert (both(other, one), either(other, one)) == expected


def since(days: str) -> int | None:
    """Since when it is on after these days."""
    readings = {
        FIRST + day: TrueReading(None, WORDS.get(word)) for day, word in enumerate(days)
    }
    return on_since(readings, FIRST + len(days) - 1)


A, B = "a" * 14, "b" * 14


@pytest.mark.parametrize(
    ("days", "day"),
    [
        ("a" * 13, None),
        (A, 14),
        ("a" * 20, 14),
        ("a" * 13 + "-" + "a" * 13, None),
        ("?" * 9 + A, 23),
        (A + "b" * 13, 14),
        (A + B, None),
        (A + "?" * 14, None),
        (A + "b?" * 7, None),
        (A + "b" * 13 + "-" + "b" * 13, 14),
        (A + "-" * 90, 14),
        (A + "b" * 13 + A, 14),
        (A + B + A, 42),
        (A + B + "a" * 13, None),
    ],
)
def test_it_is_on_after_14_days_until_14_days_far_below(
    days: str, day: int | None
) -> None:
    assert since(days) == (None if day is None else at(day))


def test_a_year_is_looked_back_for() -> None:
    """The 14 days above are the last thing that turned it, 366 days ago or more."""
    assert since(A + "-" * (366 - 14)) == at(14)
    assert since(A + "-" * (366 - 13)) is None
