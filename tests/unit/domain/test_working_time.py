"""Indicators 1.5: instants to working milliseconds and back."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.working_time import (
    FOREVER,
    HOUR,
    Calendar,
    Hours,
    calendar_of,
    moment_of,
    to_ms,
)
from tests.harness.plain_calendar import PlainCalendar

BERLIN = Hours(zone="Europe/Berlin")
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
ROUND_THE_CLOCK = Hours("Europe/Berlin", EVERY_DAY, 0, 24 * 60)
SECOND = 1_000


def local(text: str, zone: str = "UTC") -> int:
    return to_ms(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def test_an_instant_is_a_datetime_also_where_no_datetime_is_so_late() -> None:
    noon = dt.datetime(2026, 3, 2, 12, 0, 0, 5_000, dt.UTC)
    assert moment_of(to_ms(noon)) == noon
    last = dt.datetime(9999, 12, 31, 23, 59, 59, 999_000, dt.UTC)
    assert moment_of(to_ms(last)) == last
    assert moment_of(to_ms(last) + 1) == moment_of(2**63 - 1) == last


# (hours, from, to, working seconds), in the zone of the hours
VECTORS: dict[str, tuple[Hours, str, str, int]] = {
    "Berlin in spring": (BERLIN, "2026-03-27T16:00", "2026-03-30T10:00", 7_200),
    "Berlin in autumn": (BERLIN, "2026-10-23T16:00", "2026-10-26T10:00", 7_200),
    # Mon-Fri of the weeks on both sides of the change: 10 days
    "two weeks over the spring change": (
        BERLIN,
        "2026-03-23T00:00",
        "2026-04-04T00:00",
        288_000,
    ),
    "the short Sunday, round the clock": (
        ROUND_THE_CLOCK,
        "2026-03-29T00:00",
        "2026-03-30T00:00",
        23 * 3_600,
    ),
    "the long Sunday, round the clock": (
        ROUND_THE_CLOCK,
        "2026-10-25T00:00",
        "2026-10-26T00:00",
        25 * 3_600,
    ),
    # Lord Howe Island puts its clocks back by half an hour on this day.
    "a change of half an hour": (
        Hours("Australia/Lord_Howe", EVERY_DAY, 0, 24 * 60),
        "2026-04-05T00:00",
        "2026-04-06T00:00",
        24 * 3_600 + 1_800,
    ),
    "hours that the spring change skips": (
        Hours("Europe/Berlin", (6,), 2 * 60, 3 * 60),
        "2026-03-28T00:00",
        "2026-03-30T00:00",
        0,
    ),
    # Berlin, 2026-03-29: the clock goes from 02:00 to 03:00.
    "hours inside what the spring change skips": (
        Hours("Europe/Berlin", EVERY_DAY, 2 * 60 + 15, 2 * 60 + 45),
        "2026-03-29T00:00",
        "2026-03-30T00:00",
        0,
    ),
    "hours that begin in what it skips": (
        Hours("Europe/Berlin", EVERY_DAY, 2 * 60 + 30, 6 * 60),
        "2026-03-29T00:00",
        "2026-03-30T00:00",
        10_800,
    ),
    "hours that end in what it skips": (
        Hours("Europe/Berlin", EVERY_DAY, 0, 2 * 60 + 30),
        "2026-03-29T00:00",
        "2026-03-30T00:00",
        7_200,
    ),
    # Berlin, 2026-10-25: the clock goes from 03:00 back to 02:00. It reads hours
    # between 00:00 and 02:30 for two hours and a half, and again for half an hour.
    "hours that end in what the autumn change repeats": (
        Hours("Europe/Berlin", EVERY_DAY, 0, 2 * 60 + 30),
        "2026-10-25T00:00",
        "2026-10-26T00:00",
        10_800,
    ),
    "hours that begin in what it repeats": (
        Hours("Europe/Berlin", EVERY_DAY, 2 * 60 + 30, 6 * 60),
        "2026-10-25T00:00",
        "2026-10-26T00:00",
        4 * 3_600,
    ),
    "hours inside what it repeats": (
        Hours("Europe/Berlin", EVERY_DAY, 2 * 60 + 15, 2 * 60 + 45),
        "2026-10-25T00:00",
        "2026-10-26T00:00",
        3_600,
    ),
    # Samoa had no Friday 2011-12-30.
    "a day that a zone leaves out": (
        Hours("Pacific/Apia"),
        "2011-12-29T00:00",
        "2012-01-01T00:00",
        28_800,
    ),
    "an hour the autumn change repeats": (
        Hours("Europe/Berlin", (6,), 2 * 60, 3 * 60),
        "2026-10-24T00:00",
        "2026-10-26T00:00",
        7_200,
    ),
    "a holiday": (
        Hours(holidays=frozenset({dt.date(2026, 5, 1)})),
        "2026-04-30T16:00",
        "2026-05-04T10:00",
        7_200,
    ),
    "Sunday to Thursday": (
        Hours("Asia/Dubai", (6, 0, 1, 2, 3), 8 * 60, 16 * 60),
        "2026-03-05T15:00",
        "2026-03-08T09:00",
        7_200,
    ),
    "a night and a weekend": (Hours(), "2026-03-06T17:00", "2026-03-09T09:00", 0),
    "an hour inside a day": (Hours(), "2026-03-02T12:00", "2026-03-02T13:00", 3_600),
    "in 1971": (Hours(), "1971-03-01T00:00", "1971-03-02T00:00", 28_800),
    "from 1971 to the week before": (
        Hours(),
        "1971-03-01T00:00",
        "1971-03-08T00:00",
        144_000,
    ),
    "in 2150": (Hours(), "2150-01-05T00:00", "2150-01-06T00:00", 28_800),
    # 2026-03-02 to 2026-03-03, reversed
    "reversed": (Hours(), "2026-03-03T00:00", "2026-03-02T00:00", 0),
    "no hours at all": (Hours(days=()), "2026-03-02T00:00", "2027-03-02T00:00", 0),
}


@pytest.mark.parametrize("name", VECTORS)
def test_working_seconds(name: str) -> None:
    hours, start, end, expected = VECTORS[name]
    zone = hours.zone
    calendar = Calendar(hours)
    found = calendar.between(local(start, zone), local(end, zone))
    assert found == expected * SECOND


def test_the_spring_vector_is_234_000_seconds_by_the_wall() -> None:
    start = local("2026-03-27T16:00", "Europe/Berlin")
    assert local("2026-03-30T10:00", "Europe/Berlin") - start == 234_000 * SECOND


def test_nine_in_a_zone_of_half_hours() -> None:
    kolkata = Calendar(Hours(zone="Asia/Kolkata"))
    night = local("2026-03-02T00:00")
    assert kolkata.opening(night) == local("2026-03-02T03:30")


def test_a_moment_is_cut_to_milliseconds() -> None:
    moment = dt.datetime(1970, 1, 1, 0, 0, 1, 1_999, tzinfo=dt.UTC)
    assert to_ms(moment) == 1_001


def test_working_time_is_counted_from_the_start_of_2010() -> None:
    utc = Calendar(Hours())
    # 2010-01-01 is a Friday, 1969's last day a Wednesday.
    assert utc.working(local("2010-01-01T00:00")) == 0
    assert utc.working(local("2010-01-01T10:00")) == HOUR
    assert utc.working(local("2009-12-31T16:00")) == -HOUR


def test_before_every_table_no_more_work_is_found() -> None:
    utc = Calendar(Hours())
    assert utc.working(-(2**62)) == utc.working(local("1970-01-01T00:00"))
    assert Calendar(Hours(days=())).working(-(2**62)) == 0


def test_a_calendar_that_works_through_the_start_of_2010_starts_there_at_zero() -> None:
    always = Calendar(Hours("Asia/Tokyo", EVERY_DAY, 0, 24 * 60))
    assert always.working(local("1980-01-01T00:00")) < 0
    assert always.working(local("2010-01-01T00:00")) == 0


def test_forever_lies_after_all_work() -> None:
    assert Calendar(Hours()).working(FOREVER) > Calendar(Hours()).working(FOREVER - 1)
    assert Calendar(Hours(days=())).working(FOREVER) == 0


class TestInstantAfter:
    def test_the_end_of_a_day_is_reached_before_the_next_begins(self) -> None:
        found = Calendar(Hours()).instant_after(local("2026-03-02T16:00"), HOUR)
        assert found == local("2026-03-02T17:00")

    def test_it_crosses_a_weekend(self) -> None:
        found = Calendar(Hours()).instant_after(local("2026-03-06T16:00"), 2 * HOUR)
        assert found == local("2026-03-09T10:00")

    def test_it_reaches_beyond_the_usual_years(self) -> None:
        found = Calendar(Hours()).instant_after(local("2150-01-05T16:00"), 2 * HOUR)
        assert found == local("2150-01-06T10:00")

    def test_it_never_comes_after_the_last_table(self) -> None:
        assert Calendar(Hours()).instant_after(0, 2**60) is None

    def test_it_never_comes_without_hours(self) -> None:
        calendar = Calendar(Hours(days=()))
        assert calendar.instant_after(local("2026-03-02T00:00"), 1) is None

    def test_nothing_before_the_first_work_of_all(self) -> None:
        calendar = Calendar(Hours())
        first = calendar.working(-(2**62))
        assert calendar.instant_of(first) == local("1970-01-01T09:00")
        assert calendar.instant_of(first - 1) is None


class TestOpeningAndClosing:
    utc = Calendar(Hours())
    never = Calendar(Hours(days=()))

    @pytest.mark.parametrize(
        ("instant", "opening", "closing"),
        [
            ("2026-03-02T12:00", "2026-03-02T12:00", "2026-03-02T12:00"),
            ("2026-03-02T09:00", "2026-03-02T09:00", "2026-02-27T17:00"),
            ("2026-03-02T17:00", "2026-03-03T09:00", "2026-03-02T17:00"),
            ("2026-03-07T12:00", "2026-03-09T09:00", "2026-03-06T17:00"),
            ("2150-01-04T12:00", "2150-01-05T09:00", "2150-01-02T17:00"),
        ],
    )
    def test_around(self, instant: str, opening: str, closing: str) -> None:
        assert self.utc.opening(local(instant)) == local(opening)
        assert self.utc.closing(local(instant)) == local(closing)

    def test_before_the_first_work_there_is_no_closing(self) -> None:
        assert self.utc.closing(0) == 0

    def test_closing_looks_back_beyond_the_usual_years(self) -> None:
        fresh = Calendar(Hours(opens=8 * 60))
        assert fresh.closing(local("1980-01-06T12:00")) == local("1980-01-04T17:00")

    def test_after_the_last_work_there_is_no_opening(self) -> None:
        assert self.utc.opening(FOREVER) == FOREVER

    def test_without_hours_an_instant_is_its_own(self) -> None:
        instant = local("2026-03-02T12:00")
        assert self.never.opening(instant) == self.never.closing(instant) == instant


class TestLongPauses:
    """Those of three days and more; Christmas of 2026 is a Friday."""

    hours = Hours(holidays=frozenset({dt.date(2026, 12, 25)}))

    @pytest.mark.parametrize(
        ("start", "end", "pauses"),
        [
            (
                "2026-12-01T09:00",
                "2026-12-31T09:00",
                [("2026-12-24T17:00", "2026-12-28T09:00")],
            ),
            ("2026-12-01T09:00", "2026-12-24T17:00", []),
            ("2026-12-28T09:00", "2026-12-31T09:00", []),
        ],
    )
    def test_between(self, start: str, end: str, pauses: list[tuple[str, str]]) -> None:
        found = Calendar(self.hours).long_pauses(local(start), local(end))
        assert found == [(local(since), local(until)) for since, until in pauses]

    def test_beyond_the_usual_years(self) -> None:
        calendar = Calendar(Hours(days=(0, 1, 2, 3)))
        start, end = local("2150-01-06T09:00"), local("2150-01-13T09:00")
        assert calendar.long_pauses(start, end) == [
            (local("2150-01-08T17:00"), local("2150-01-12T09:00"))
        ]


def test_equal_hours_share_one_calendar() -> None:
    assert calendar_of(Hours()) is calendar_of(Hours())
    assert calendar_of(Hours()) is not calendar_of(BERLIN)


ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Asia/Kathmandu")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
instants = st.integers(local("2026-01-01T00:00"), local("2026-12-01T00:00"))


def hours() -> st.SearchStrategy[Hours]:
    return st.sampled_from(
        (
            Hours(),
            BERLIN,
            ROUND_THE_CLOCK,
            Hours("Asia/Kathmandu", (6, 0, 1, 2, 3), 10 * 60, 18 * 60),
            Hours("America/New_York", (5,), 60, 4 * 60),
            Hours("Australia/Lord_Howe", EVERY_DAY, 0, 3 * 60),
        )
    )


@settings(max_examples=40, deadline=None)
@given(hours(), instants, st.integers(0, 100 * 24 * HOUR))
def test_the_instant_after_a_span_is_the_first_at_which_it_has_passed(
    of: Hours, start: int, span: int
) -> None:
    calendar = calendar_of(of)
    found = calendar.instant_after(start, span)
    assert found is not None
    assert calendar.working(found) == calendar.working(start) + span
    if span:
        assert calendar.working(found - 1) < calendar.working(found)


@settings(max_examples=40, deadline=None)
@given(hours(), instants, instants, instants)
def test_spans_add_up_and_never_outrun_the_clock(
    of: Hours, one: int, two: int, three: int
) -> None:
    calendar = calendar_of(of)
    left, middle, right = sorted((one, two, three))
    whole = calendar.between(left, right)
    assert whole == calendar.between(left, middle) + calendar.between(middle, right)
    assert 0 <= whole <= right - left


@settings(max_examples=40, deadline=None)
@given(hours(), instants)
def test_opening_and_closing_enclose_no_work(of: Hours, instant: int) -> None:
    calendar = calendar_of(of)
    opening, closing = calendar.opening(instant), calendar.closing(instant)
    assert closing <= instant <= opening
    assert calendar.between(closing, opening) == 0
    assert calendar.between(opening, opening + 1) == 1
    assert calendar.between(closing - 1, closing) == 1


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.integers(0, 22),
    instants,
    st.integers(0, 30 * 24 * HOUR),
)
def test_it_agrees_with_walking_day_by_day(
    zone: str, days: set[str], opens: int, start: int, length: int
) -> None:
    plain = PlainCalendar(zone, tuple(days), f"{opens:02}:00", f"{opens + 1:02}:00")
    indexes = tuple(sorted(DAYS.index(day) for day in days))
    calendar = calendar_of(Hours(zone, indexes, opens * 60, (opens + 1) * 60))
    worked = plain.worked(start, start + length)
    assert calendar.between(start, start + length) == worked


CHANGES = (
    # Zones by how, and when in the day, their clocks change; each with such a day.
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Havana", "2026-11-01"),
    ("America/St_Johns", "2010-11-07"),
)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(CHANGES), st.integers(0, 95), st.integers(1, 96))
def test_it_is_working_time_while_the_clock_on_the_wall_reads_so(
    change: tuple[str, str], opens: int, length: int
) -> None:
    """Every minute of two days looked at, whatever the clock does."""
    zone, day = change
    opens, closes = opens * 15, min((opens + length) * 15, 24 * 60)
    calendar = Calendar(Hours(zone, EVERY_DAY, opens, closes))
    start = local(f"{day}T00:00") - 12 * HOUR
    minutes = 0
    for instant in range(start, start + 48 * HOUR, 60 * SECOND):
        clock = dt.datetime.fromtimestamp(instant / 1_000, ZoneInfo(zone))
        works = opens <= clock.hour * 60 + clock.minute < closes
        minutes += works
        assert calendar.between(instant, instant + 60 * SECOND) == works * 60 * SECOND
    assert calendar.between(start, start + 48 * HOUR) == minutes * 60 * SECOND


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(hours(), st.lists(st.integers(0, FOREVER), max_size=9), st.lists(instants))
def test_instants_looked_up_together_are_as_those_looked_up_alone(
    of: Hours, far: list[int], near: list[int]
) -> None:
    alone, together = calendar_of(of), Calendar(of)
    asked = sorted(far + near)
    assert together.working_each(asked) == [alone.working(i) for i in asked]
