"""Times of events: RFC 3339 with a zone, to whole milliseconds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decode.times import (
    NO_ZONE,
    NOT_A_TIME,
    NOT_TEXT,
    PLACEHOLDER,
    TOO_EARLY,
    read_time,
    read_whole_time,
    write_time,
)

# 20,514 days after 1970-01-01, times 86,400 seconds, plus ten hours.
TEN_O_CLOCK = (20_514 * 86_400 + 36_000) * 1_000


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2026-03-02T10:00:00Z", TEN_O_CLOCK),
        ("2026-03-02T11:00:00+01:00", TEN_O_CLOCK),
        ("2026-03-02T04:30:00-05:30", TEN_O_CLOCK),
        ("2026-03-02t10:00:00z", TEN_O_CLOCK),
        ("2026-03-02 10:00:00Z", TEN_O_CLOCK),
        ("2026-03-02T10:00:00.5Z", TEN_O_CLOCK + 500),
        ("2026-03-02T10:00:00.1239999Z", TEN_O_CLOCK + 123),
        ("2026-03-02T10:00:00.123456789+00:00", TEN_O_CLOCK + 123),
        ("1970-01-01T00:00:00Z", 0),
    ],
)
def test_time_with_zone_is_milliseconds_and_finer_digits_are_cut(
    text: str, milliseconds: int
) -> None:
    assert read_time(text) == milliseconds


def test_leap_second_is_the_second_after_the_last_of_its_minute() -> None:
    assert read_time("2016-12-31T23:59:60Z") == read_time("2017-01-01T00:00:00Z")


@pytest.mark.parametrize("value", [1_772_445_600, 1.5, None, True, [], {}])
def test_what_is_not_text_is_no_time(value: object) -> None:
    assert read_time(value) == NOT_TEXT


@pytest.mark.parametrize(
    "text", ["2026-03-02T10:00:00", "2026-03-02 10:00:00.123", "2026-03-02T10:00"]
)
def test_time_without_zone_says_so(text: str) -> None:
    assert read_time(text) == NO_ZONE


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00",
        "0000-00-00 00:00:00",
    ],
)
def test_what_tools_write_for_no_time_is_told_from_a_wrong_one(text: str) -> None:
    assert read_time(text) == PLACEHOLDER


@pytest.mark.parametrize(
    "text",
    ["1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00", "1015-05-21T14:28:11Z"],
)
def test_times_before_1970_are_refused_also_where_their_parts_are_known(
    text: str,
) -> None:
    # The hour of another zone, and the zone of another hour.
    read_time(f"{text[:19]}Z")
    read_time(f"2026-03-02T10:00:00{text[19:]}")
    assert read_time(text) == read_whole_time(text) == TOO_EARLY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1772445600",
        "2026-03-02",
        "2026-W10-1T10:00:00Z",
        "20260302T100000Z",
        "2026-02-30T10:00:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T10:60:00Z",
        "2026-03-02T10:00Z",
        "2026-03-02T10:00:00+25:00",
        "2026-03-02T10:00:00,5Z",
        "2026-03-02T10:00:00Z ",
        "\u0662026-03-02T10:00:00Z",
        "2026-03-02T10:00:00." + "0" * 1_000 + "Z",
    ],
)
def test_other_shapes_are_no_times(text: str) -> None:
    assert read_time(text) == NOT_A_TIME


@given(
    st.datetimes(
        min_value=dt.datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis wants it naive
        max_value=dt.datetime(9998, 12, 30),  # noqa: DTZ001
        timezones=st.timezones(),
        allow_imaginary=False,
    )
)
def test_any_aware_time_reads_back_what_it_means(moment: dt.datetime) -> None:
    offset = moment.utcoffset()
    assert offset is not None
    if offset.seconds % 60:
        return  # RFC 3339 cannot write local mean times
    whole = moment.astimezone(dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    assert read_time(moment.isoformat()) == whole // dt.timedelta(milliseconds=1)


@given(st.integers(0, 250_000_000_000_000))
def test_written_time_reads_back_the_same(milliseconds: int) -> None:
    assert read_time(write_time(milliseconds)) == milliseconds


ALMOST_TIMES = st.builds(
    "{}{}{}:{}:{}{}{}".format,
    st.sampled_from(
        [
            "2026-03-02",
            "1970-01-01",
            "0001-01-01",
            "9999-12-31",
            "2026-02-30",
            "20260302",
        ]
    ),
    st.sampled_from(["T", "t", " ", "", "_"]),
    st.sampled_from(["00", "10", "23", "24", "1", "\u0661\u0660"]),
    st.sampled_from(["00", "30", "59", "60", ""]),
    st.sampled_from(["00", "15", "60", "61", "5", "+0"]),
    st.sampled_from(
        ["", ".", ".5", ".123", ".1234567", ",123", "456", ".\u0661\u0662\u0663"]
    ),
    st.sampled_from(
        ["Z", "z", "", "+00:00", "-05:30", "+23:59", "+24:00", "456Z", "+0000"]
    ),
)


@given(st.lists(ALMOST_TIMES, min_size=1))
def test_what_was_read_before_changes_nothing(texts: list[str]) -> None:
    for text in texts:
        assert read_time(text) == read_whole_time(text)
        assert read_time(text) == read_whole_time(text)


@given(st.text())
def test_any_text_gives_an_instant_or_a_reason(text: str) -> None:
    assert isinstance(read_time(text), int | str)
