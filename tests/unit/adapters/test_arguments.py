"""Times and lengths as a person types them."""

from __future__ import annotations

import pytest

from monitor.adapters.terminal.arguments import instant_of, span_of
from monitor.errors import ConfigError

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("28d", 28 * 24 * HOUR),
        ("36h", 36 * HOUR),
        ("1w", 7 * 24 * HOUR),
        ("90m", 3 * HOUR // 2),
        ("45s", 45_000),
        ("1d12h", 36 * HOUR),
        ("1w2d3h4m5s", 9 * 24 * HOUR + 3 * HOUR + 245_000),
        ("028d", 28 * 24 * HOUR),
    ],
)
def test_a_length_is_any_number_of_units(text: str, length: int) -> None:
    assert span_of(text) == length


@pytest.mark.parametrize(
    "text",
    ["", "28", "0d", "0d0h", "d", "a week", "-1d", "1.5d", "1d 12h", "1y", "1M"],
    ids=lambda text: text or "empty",
)
def test_what_is_no_length_is_a_mistake(text: str) -> None:
    with pytest.raises(ConfigError, match="not a length"):
        span_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "36501d",
        "100000d",
        "36500d1s",
        "999999999w",
        "1" + "0" * 12 + "s",
        "9" * 5_000 + "d",
    ],
    ids=lambda text: text[:12],
)
def test_a_length_that_is_too_long_is_told_the_most(text: str) -> None:
    with pytest.raises(ConfigError, match="too long; at most 36500d"):
        span_of(text)


def test_the_longest_length_is_one() -> None:
    assert span_of("36500d") == 36_500 * 86_400_000


def test_without_one_there_is_none() -> None:
    assert span_of(None) is None


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_a_time_near_the_end_of_the_calendar_is_a_mistake(text: str) -> None:
    with pytest.raises(ConfigError, match="should be between 1970 and 2199"):
        instant_of(text, "--at")


def test_a_time_has_milliseconds_since_1970() -> None:
    # 2 January 1970, 01:00 at UTC+1, is a day after the beginning.
    assert instant_of("1970-01-02T01:00:00+01:00", "--at") == 24 * HOUR
