"""Lengths as a person types them."""

from __future__ import annotations

import pytest

from monitor.adapters.terminal.arguments import span_of
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
    [
        *("", "28", "0d", "0d0h", "d", "a week", "-1d", "1.5d", "1d 12h", "1y", "1M"),
        *("9" * 5_000 + "d", "999999999w"),
    ],
    ids=lambda text: text[:12] or "empty",
)
def test_what_is_no_length_is_a_mistake(text: str) -> None:
    with pytest.raises(ConfigError, match="not a length"):
        span_of(text)


def test_without_one_there_is_none() -> None:
    assert span_of(None) is None
