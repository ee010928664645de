"""Numbers as pages word them: rounded, and never to what they are not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.web import wording
from monitor.adapters.web.page import Page
from monitor.domain.pages import PartRow, Question
from tests.unit.web.opening import Opened
from tests.unit.web.showing import CHECKOUT, NUMBERS
from tests.unit.web.test_page import Elements, text_of, text_of_team


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "no data"),
        (0.0, "0 %"),
        (1e-9, "< 0.1 %"),
        (0.0004, "< 0.1 %"),
        (0.0026, "0.3 %"),
        (0.07, "7 %"),
        (1 / 3, "33.3 %"),
        (0.2996, "just under 30 %"),
        (0.3, "30 %"),
        (0.3004, "just over 30 %"),
        (0.304, "30.4 %"),
        (0.3604, "36.0 %"),
        (0.9999, "just under 100 %"),
        (1.0, "100 %"),
        (1.0001, "just over 100 %"),
        (1.004, "100.4 %"),
        (12.5, "1,250 %"),
    ],
)
def test_a_share_is_never_shown_as_a_whole_per_cent_that_it_is_not(
    share: float | None, shown: str
) -> None:
    assert wording.percent(share) == shown


@given(st.integers(0, 2_000))
def test_a_whole_per_cent_is_shown_whole(number: int) -> None:
    assert wording.percent(number / 100) == f"{number:,} %"


def test_a_share_above_the_limit_of_verdicts_is_not_shown_as_the_limit() -> None:
    text = text_of_team(replace(CHECKOUT, unknown_share=0.304, verdict="withheld"))
    assert "above 30 % no verdict is given" in text
    assert "checkout 30.4 % 0 %" in text


BLOCKED = PartRow("ticket_blocked", "acute", "platform", 900.0)
REOPENED = PartRow("reopen", "response", "platform", 900.0)
INCIDENT = PartRow("incident", "response", "platform", 14_400.0)
BY_THE_WALL = "by the wall clock times those who respond"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((), "seconds of working time"),
        ((BLOCKED, REOPENED), "seconds of working time"),
        ((INCIDENT,), f"seconds {BY_THE_WALL}"),
        (
            (INCIDENT, BLOCKED),
            f"seconds of working time, and of incidents {BY_THE_WALL}",
        ),
    ],
)
def test_incidents_are_not_said_to_be_working_time(
    parts: tuple[PartRow, ...], said: str
) -> None:
    """Two who respond for two hours of a Saturday are 14,400 seconds."""
    found = Opened().listing(Question("checkout"))
    assert found is not None
    shown = replace(found, parts=parts, total_seconds=14_400.0)
    text = Elements(Page().listing(shown, continued=False)).text
    assert f"14,400 {said}, as published" in text


def test_response_is_not_said_to_stand_still() -> None:
    page = Opened().team("checkout")
    assert page is not None
    assert "standing still" not in Elements(Page().team(page)).text
    assert "response to others took" in text_of(NUMBERS)


@pytest.mark.parametrize(
    ("scale", "why"),
    [
        (0.5, "0.50 its items, several at once or incidents at any hour, took more"),
        # A Saturday's incident, on a Sunday.
        (0.0, "0.00 its people have no hours in this window"),
    ],
)
def test_hours_that_are_scaled_say_why(scale: float, why: str) -> None:
    page = Opened().team("checkout")
    assert page is not None
    shown = replace(page, row=replace(page.row, payroll_scale=scale))
    text = Elements(Page().team(shown)).text
    assert f"Hours scaled by {why}" in text


def test_every_page_with_hours_says_once_that_they_are_rounded() -> None:
    team, listing = Opened().team("checkout"), Opened().listing(Question("checkout"))
    assert team is not None
    assert listing is not None
    pages = (
        Page().render(NUMBERS, ()),
        Page().team(team),
        Page().listing(listing, continued=False),
    )
    for page in pages:
        assert Elements(page).text.count("Hours are rounded, each by itself") == 1
