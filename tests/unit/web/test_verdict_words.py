"""The sentence beside a team's verdict is true of the numbers beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.adapters.web.verdicts import verdict_words
from monitor.domain.snapshot import Bounds
from tests.unit.web.showing import CHECKOUT
from tests.unit.web.test_drill import text_at
from tests.unit.web.test_page import text_of_team

LAST_WEEK = "by the central weights in four weeks, but not so in the last one"
HIGHER = "only by the higher weights"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (Bounds(0.1, 0.5, 1.7), HIGHER),
        # 1 exactly does not exceed.
        (Bounds(0.1, 1.0, 1.7), HIGHER),
        # Not `indicated`: in the last week it does not exceed, or there is no ratio.
        (Bounds(0.1, 1.25, 1.7), LAST_WEEK),
    ],
)
def test_possible_says_by_which_weights(ratio: Bounds, words: str) -> None:
    said = verdict_words(replace(CHECKOUT, verdict="possible", ratio=ratio))
    assert said == f"Coordination costs more than features {words}."


def test_other_verdicts_do_not_depend_on_the_central_ratio() -> None:
    above = replace(CHECKOUT, ratio=Bounds(0.1, 1.25, 1.7))
    for verdict in ("established", "indicated", "no", "withheld", "not yet known"):
        told = (replace(team, verdict=verdict) for team in (above, CHECKOUT))
        first, second = map(verdict_words, told)
        assert first == second != ""
    assert verdict_words(replace(CHECKOUT, verdict="odd")) == ""


def test_too_few_items_says_whether_it_is_items_or_feature_work() -> None:
    few = replace(CHECKOUT, verdict="too few items")
    little = replace(few, little_feature=True)
    assert verdict_words(few) == "Too few items were seen to say it."
    assert "feature work is too small a part of its capacity" in verdict_words(little)
    assert "too few items little feature work" in text_of_team(little)
    assert "little feature work" not in text_of_team(few)
    assert "little feature work" not in text_of_team(replace(little, verdict="no"))


def test_the_page_of_a_team_has_the_sentence() -> None:
    assert HIGHER in text_at("/team/checkout")
