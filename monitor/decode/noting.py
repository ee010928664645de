"""Reasons that are noted while a body is read on, the same for every provider."""

from __future__ import annotations

from monitor.decode.times import PLACEHOLDER
from monitor.domain.outcomes import Reason, ReasonCode


def missing_field(where: str) -> Reason:
    """A field without which the body says nothing is not there."""
    text = "is missing; forward the webhook's whole body"
    return Reason(ReasonCode.MISSING_FIELD, where, text)


def noted_time(found: int | str, where: str, reasons: list[Reason]) -> int | None:
    """The time in milliseconds; ``None`` for what is wrong with it, then noted.

    A placeholder is how some tools write that there is no time yet, as ``null`` is.
    """
    if isinstance(found, int):
        return found
    if found == PLACEHOLDER:
        return None
    reasons.append(Reason(ReasonCode.BAD_TIME, where, found))
    return None
