"""Time of which nothing is known is said to be missing, not shown as 0 hours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.adapters.web.page import Page
from monitor.domain.pages import Question
from monitor.domain.snapshot import Bounds, TrendStep
from tests.unit.web.opening import DAY, HEAD, TREND, Opened
from tests.unit.web.showing import NOON, NUMBERS
from tests.unit.web.test_page import Elements, text_of

PAGE = Page()
# Of 28 days the last seven: since Monday 23 February, 12:00.
SAID = "Nothing but what later events tell is known from before 2026-02-23 12:00:00 UTC"


def text_of_team(known_from_ms: int | None, *trend: TrendStep) -> str:
    page = Opened().team("checkout")
    assert page is not None
    head = replace(HEAD, known_from_ms=known_from_ms)
    shown = replace(page, head=head, trend=trend or page.trend)
    return Elements(PAGE.team(shown)).text


def test_a_stretch_of_which_nothing_is_known_has_no_numbers() -> None:
    for text in (text_of(NUMBERS), text_of_team(None)):
        assert "2 Feb to 16 Feb 14 days not measured 16 Feb to 23 Feb" in text


def test_a_stretch_without_working_time_has_the_numbers_that_it_has() -> None:
    """Three days off, with an incident of two hours."""
    off = replace(
        TREND[-1],
        coordination_seconds=Bounds(7_200.0, 7_200.0, 7_200.0),
        feature_seconds=0.0,
        ratio=None,
        working_seconds=0.0,
    )
    text = text_of_team(None, *TREND[:-1], off)
    assert "3 days 2.0 2.0 to 2.0 no data 0.0 no data none" in text
    assert "3 days: not measured" not in text


@pytest.mark.parametrize("begun", [None, NOON - 7 * DAY])
def test_pages_say_since_when_anything_is_known_of_the_window(
    begun: int | None,
) -> None:
    listing = Opened().listing(Question("checkout"))
    assert listing is not None
    head = replace(HEAD, known_from_ms=begun)
    texts = (
        text_of(replace(NUMBERS, known_from_ms=begun)),
        text_of_team(begun),
        Elements(PAGE.listing(replace(listing, head=head), continued=False)).text,
    )
    for text in texts:
        assert (SAID in text) is (begun is not None)
