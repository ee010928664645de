"""The names that stand behind words, by what is written of them."""

from __future__ import annotations

import pytest

from monitor.domain.behind_words import names_behind
from monitor.domain.named_by_branch import hidden_last, hidden_pipeline

NAMED = "dev-a-patch-1"


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        (f"shop/{NAMED}/run", NAMED),
        (f"{NAMED}: {NAMED}", NAMED),
        (f"shop/{NAMED}/run", "dev-a/patch-1"),
        ("shop/team/x/run", "team/x"),
        ("shop/team%2fx/run", "team/x"),
        ("shop/team%252fx/run", "team/x"),
        ("shop/-x-/run", "-x-"),
        (f"dev-a/patch-1 ({NAMED})", "dev-a/patch-1"),
        ("a-" * 600 + "x", "x"),
    ],
)
def test_whoever_has_the_name_finds_it_behind_its_words(name: str, branch: str) -> None:
    shown = hidden_pipeline(name, branch, "")

    assert shown != name
    assert list(names_behind(shown, name)) == [name]


def test_a_word_is_of_what_stands_between_stars() -> None:
    shown = hidden_pipeline(f"shop/{NAMED}/run", NAMED, "")

    assert list(names_behind(shown, f"*{NAMED}/*")) == [f"shop/{NAMED}/run"]
    assert list(names_behind(shown, "*dev-*-patch-1/*")) == []


def test_a_word_of_something_else_stays() -> None:
    shown = hidden_last(hidden_pipeline(f"{NAMED}/till-build", NAMED, ""))
    word = hidden_last("till-build")

    assert list(names_behind(shown, f"{NAMED}/*")) == [f"{NAMED}/{word}"]


def test_a_name_without_words_is_what_it_is() -> None:
    assert list(names_behind("shop/run", "shop/*")) == []


def test_a_branch_is_looked_for_in_each_way_it_may_be_written() -> None:
    """Of one word there may be two texts, and only the whole line tells which."""
    shown = hidden_pipeline("x/team/x", "team/x", "")

    found = set(names_behind(shown, "*team/x*team%2fx"))
    assert found == {"x/team/x", "x/team%2fx"}
