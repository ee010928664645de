"""A reason, as a person reads it."""

from monitor.domain.outcomes import Reason, ReasonCode


def test_a_reason_says_where_if_it_knows() -> None:
    code = ReasonCode.BAD_TIME
    assert str(Reason(code, "time", "no zone")) == "time: no zone"
    assert str(Reason(code, "", "no zone")) == "no zone"
