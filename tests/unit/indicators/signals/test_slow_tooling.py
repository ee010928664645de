"""Signal 2: on, off again, and off for one outage or a campaign of labels."""

from __future__ import annotations

from fractions import Fraction

from monitor.domain.signal_rules import Signal
from monitor.domain.working_time import DAY
from monitor.indicators.signals.history import window
from tests.harness.driving import directory_of
from tests.unit.indicators.signals.story import (
    STREAMS,
    TEAMS,
    Story,
    instant,
    weekdays,
)

SIGNAL = Signal.SLOW_TOOLING


def test_eight_weeks_of_waiting_for_the_platform() -> None:
    """A day's wait is 900 + 27,900 / 4 = 7,875 s of 28,800: burden 0.273.

    Day 27 is the first with four weeks. After day 53, the last Friday, the median
    week lies between the second and the third of the last four: both hold at most two
    waiting days together from day 72 on, so the burden is at most 2/2/5 of 0.273,
    under 0.08; and 14 such days end with day 85.
    """
    story = Story()
    for day in weekdays(0, 53):
        for team in STREAMS:
            story.waited(team, "platform", day, "09:00", "17:00")
    for day in weekdays(54, 100):
        story.worked("basket", day, "09:00", "10:00")
    reading = story.reading(SIGNAL, 27)
    assert story.reading(SIGNAL, 26).ratio is None
    assert reading.ratio == 1
    assert reading.parts[1].value == Fraction(7_875, 28_800)
    assert story.on_days(SIGNAL, 100) == list(range(40, 85))
    found = story.standing(SIGNAL, 50)
    assert found.since == instant(41)
    (evidence,) = found.reading.evidence
    assert evidence.what == "ticket_blocked on platform (hours)"
    assert evidence.teams == STREAMS
    # Day 50 ends four weeks of 20 working days: 4 teams x 20 x 7,875 s.
    assert evidence.value == Fraction(4 * 20 * 7_875, 3_600)


def test_one_outage_does_not_turn_it_on() -> None:
    """Of the four weeks to day 41 the platform has 20 of 35 waits, but in one."""
    story = Story()
    for day in weekdays(0, 70):
        story.waited("basket", "search", day, "09:00", "17:00")
    for day in weekdays(28, 34):
        for team in STREAMS:
            story.waited(team, "platform", day, "09:00", "17:00")
    reading = story.reading(SIGNAL, 41)
    assert reading.ratio == 0
    # Waiting for a stream team is none of tooling.
    whats = [one.what for one in reading.evidence]
    assert whats == ["ticket_blocked on platform (hours)"]
    waited = story.history.waited(window(instant(41) // DAY, 28))
    platform = sum(a for (_, on, *_), a in waited.items() if on == "platform")
    assert Fraction(platform, sum(waited.values())) >= Fraction(1, 2)
    assert story.on_days(SIGNAL, 70) == []


def test_waits_that_cost_little_of_the_capacity_do_not() -> None:
    """An hour on each fifth day: 900 + 675 s of 144,000 of the week's K."""
    story = Story()
    for day in range(0, 70, 7):
        story.waited("basket", "platform", day, "09:00", "10:00")
    reading = story.reading(SIGNAL, 50)
    assert reading.ratio == 1
    assert reading.parts[1].value == Fraction(1_575, 4 * 5 * 28_800)
    assert story.on_days(SIGNAL, 70) == []


def complain(story: Story, day: int, number: int, *, later: bool = False) -> None:
    for _ in range(number):
        key = story.ticket("checkout")
        labels = ["type: tooling"]
        if later:
            story.tell("ticket.created", day, "09:00", key)
            story.tell("ticket.updated", 126, "09:00", key, labels=labels)
        else:
            story.tell("ticket.created", day, "09:00", key, labels=labels)


def test_twice_the_complaints_of_the_84_days_before() -> None:
    """1 a week for 16 weeks, then 2 a week: on when the median week is 2."""
    story = Story()
    for week in range(26):
        complain(story, week * 7, 1 if week < 16 else 2)
    ratio = story.reading(SIGNAL, 112 + 27).parts[2]
    assert ratio.value == 2
    # Of the four weeks two have one and two have two: 1.5 x 4 against 4 before.
    assert story.reading(SIGNAL, 112 + 13).parts[2].value == Fraction(3, 2)
    assert story.standing(SIGNAL, 160).active
    (evidence,) = story.reading(SIGNAL, 139).evidence
    assert (evidence.what, evidence.number) == ("tickets labelled tooling", 8)


def test_a_campaign_that_labels_old_tickets_does_not() -> None:
    """All of them get their label on day 126, and count from when they were opened."""
    story = Story()
    for week in range(26):
        complain(story, week * 7, 2, later=True)
    assert story.reading(SIGNAL, 139).parts[2].value == 1
    assert story.on_days(SIGNAL, 175) == []


def test_a_week_of_labels_does_not() -> None:
    story = Story()
    for week in range(20):
        complain(story, week * 7, 12 if week == 17 else 1)
    assert story.reading(SIGNAL, 139).parts[2].value == 1


def test_complaints_after_none_at_all_have_nothing_to_compare_with() -> None:
    story = Story()
    story.worked("basket", 0, "09:00", "10:00")
    for day in (112, 119, 126, 133):
        complain(story, day, 3)
    assert story.reading(SIGNAL, 139).parts[2].value is None


def test_a_handful_of_complaints_is_no_trend() -> None:
    story = Story()
    complain(story, 0, 1)
    complain(story, 126, 4)
    assert story.reading(SIGNAL, 139).parts[2].value is None


def test_before_anybody_is_employed_no_rate_is_known() -> None:
    """Engineers from day 112 on: the weeks after have a rate, those before do not."""
    late = "headcount: [{from: 2026-04-27, value: 1}]"
    story = Story(directory=directory_of(TEAMS.replace("headcount: 1", late)))
    for week in range(20):
        complain(story, week * 7, 2)
    assert story.reading(SIGNAL, 139).parts[2].value is None
    assert story.history.engineers(window(instant(111) // DAY, 28)) is None
    assert story.history.engineers(window(instant(112) // DAY, 28)) == 4


def test_without_headcounts_the_share_alone_does_not_turn_it_on() -> None:
    text = TEAMS.replace("headcount: 1, ", "")
    story = Story(directory=directory_of(text))
    for day in weekdays(0, 60):
        story.waited("basket", "platform", day, "09:00", "17:00")
    reading = story.reading(SIGNAL, 50)
    assert reading.ratio == 1
    assert reading.judged is None
    assert story.on_days(SIGNAL, 60) == []
