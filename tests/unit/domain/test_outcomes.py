"""A record's time, and a reason as a person reads it."""

import pytest

from monitor.domain.outcomes import Reason, ReasonCode, record_time

LAST_OF_2199 = 7_258_118_399_999


def test_a_reason_says_where_if_it_knows() -> None:
    code = ReasonCode.BAD_TIME
    assert str(Reason(code, "time", "no zone")) == "time: no zone"
    assert str(Reason(code, "", "no zone")) == "no zone"


@pytest.mark.parametrize("told", [0, 1_772_445_600_000, LAST_OF_2199])
def test_a_record_has_the_time_that_is_told(told: int) -> None:
    assert record_time(told) == told


@pytest.mark.parametrize(
    "told",
    [
        None,
        -1,
        LAST_OF_2199 + 1,
        1_772_445_600_000_000,  # microseconds where Kafka means milliseconds
        1_772_445_600_000_000_000,
        2**63 - 1,
    ],
)
def test_what_no_record_can_have_is_no_time(told: int | None) -> None:
    assert record_time(told) is None
