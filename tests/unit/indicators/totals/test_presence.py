"""Where an item accrues for a team, and in which windows it is counted therefore."""

from __future__ import annotations

import pytest

from monitor.domain.timeline import UNIT, WALL, Segment, Sort
from monitor.domain.working_time import DAY, LONG_PAUSE
from monitor.indicators.totals.instant import totals_of
from monitor.indicators.totals.presence import WINDOWS, Span, presence_of
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import event

# Good Friday and Easter Monday of 2026: nobody works from Thursday 17:00 to Tuesday
# 09:00, 112 hours. The usual weekend has 64, that of `short` 88.
DIRECTORY = directory_of(
    """\
version: 1
organisation: {calendar: {holidays: [2026-04-03, 2026-04-06]}}
teams:
  - {id: checkout}
  - {id: platform}
  - {id: short, calendar: {days: [mon, tue, wed, thu], holidays: []}}
"""
)


def at(text: str) -> int:
    """A time of April 2026 as ``02 09:00``."""
    day, _, hour = text.partition(" ")
    return instant(f"2026-04-{day}T{hour}:00Z")


def active(start: str, end: str, team: str = "checkout") -> Segment:
    return Segment(
        Sort.ACTIVE, team, "", "", "feature", at(start), at(end), UNIT, team, ""
    )


@pytest.mark.parametrize(
    ("segments", "spans"),
    [
        # One that goes on over Easter; one that is cut in the middle of it.
        (
            [("02 09:00", "08 12:00")],
            [("02 09:00", "02 17:00"), ("07 09:00", "08 12:00")],
        ),
        (
            [("02 09:00", "04 12:00"), ("04 12:00", "08 12:00")],
            [("02 09:00", "02 17:00"), ("07 09:00", "08 12:00")],
        ),
        # From a pause into work, from work into a pause.
        ([("04 12:00", "08 12:00")], [("07 09:00", "08 12:00")]),
        ([("01 12:00", "04 12:00")], [("01 12:00", "02 17:00")]),
        # A usual weekend, in which no window fits.
        ([("10 09:00", "14 12:00")], [("10 09:00", "14 12:00")]),
        # Nothing accrues in a pause.
        ([("04 12:00", "05 12:00")], []),
    ],
)
def test_pauses_in_which_a_window_fits_are_left_out(
    segments: list[tuple[str, str]], spans: list[tuple[str, str]]
) -> None:
    found = presence_of([active(*span) for span in segments], DIRECTORY)
    assert found.get("checkout", []) == [(at(start), at(end)) for start, end in spans]


def test_every_pause_of_one_segment_is_left_out() -> None:
    found = presence_of([active("01 09:00", "14 12:00", "short")], DIRECTORY)
    assert found["short"] == [
        (at("01 09:00"), at("02 17:00")),
        (at("06 09:00"), at("09 17:00")),
        (at("13 09:00"), at("14 12:00")),
    ]


def test_who_works_round_the_clock_has_no_pauses() -> None:
    span: Span = (at("02 09:00"), at("08 12:00"))
    response = active("02 09:00", "08 12:00")._replace(sort=Sort.WAIT, calendar=WALL)
    assert presence_of([response], DIRECTORY) == {"checkout": [span]}


def test_a_long_pause_holds_the_shortest_window() -> None:
    assert WINDOWS[0] == LONG_PAUSE


@pytest.mark.parametrize(
    ("now", "items"),
    [
        ("05 16:59", 2),  # three days before, on Thursday, somebody worked
        ("05 17:00", 0),
        ("07 09:00", 0),
        ("07 09:01", 2),
    ],
)
def test_an_item_is_in_no_window_that_lies_in_a_pause(now: str, items: int) -> None:
    """As the sum over the timelines, and whatever is told of the item in the pause."""
    drive = Drive(DIRECTORY, at("02 12:00"), served=True)
    events = [
        event("ticket.started", "2026-04-02 16:00", "X-1", team="checkout"),
        event("ticket.started", "2026-04-02 16:00", "X-2", team="checkout"),
        event("ticket.started", "2026-04-02 16:00", "X-3", team="checkout"),
        event("ticket.done", "2026-04-02 16:58", "X-3"),
    ]
    drive.take(facts_of(events, DIRECTORY))
    blocked = event("ticket.blocked", "2026-04-04 12:00", "X-2", on_team="platform")
    drive.take(facts_of([blocked], DIRECTORY))
    drive.advance(at(now))
    shown = drive.families().get("friction_window_items", {})
    of_sums = totals_of(drive.timelines(), DIRECTORY, at(now) - 3 * DAY, at(now)).items
    assert shown.get(("3d", "checkout"), 0) == items
    assert len(of_sums.get("checkout", {})) == items
