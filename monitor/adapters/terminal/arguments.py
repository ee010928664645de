"""Times and lengths as a person types them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from monitor.directory.dates import EARLIEST, LATEST
from monitor.domain.working_time import DAY, HOUR, SECOND, to_ms
from monitor.errors import ConfigError

_SPAN: Final = re.compile(r"(?:\d+[wdhms])+")
_PARTS: Final = re.compile(r"(\d+)([wdhms])")
_UNITS: Final = {
    "w": 7 * DAY,
    "d": DAY,
    "h": HOUR,
    "m": 60 * SECOND,
    "s": SECOND,
}
# More than anything was ever measured; longer ones are slips of the hand.
_LONGEST_DAYS: Final = 36_500
# Of longer numbers there is nothing to be read that is not too long.
_MOST_DIGITS: Final = 12


def instant_of(text: str, option: str) -> int:
    """The instant in milliseconds; raises ConfigError for what is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        mistake = f"{option} {text}: not a time; write 2026-03-04T17:00:00Z"
        raise ConfigError([mistake]) from error
    if moment.tzinfo is None:
        raise ConfigError([f"{option} {text}: has no zone; end it with Z or +01:00"])
    if not EARLIEST <= moment.year <= LATEST:
        # Near the ends of the calendar there is no working time to be had.
        mistake = f"{option} {text}: should be between {EARLIEST} and {LATEST}"
        raise ConfigError([mistake])
    return to_ms(moment)


def span_of(text: str | None) -> int | None:
    """The length in milliseconds; raises ConfigError for what is none.

    Weeks, days of 24 hours, hours, minutes and seconds, also one after the other.

    >>> span_of("1d12h") == span_of("36h") == 129_600_000
    True
    """
    if text is None:
        return None
    parts = _PARTS.findall(text) if _SPAN.fullmatch(text) else ()
    length = sum(int(number[:_MOST_DIGITS]) * _UNITS[unit] for number, unit in parts)
    if not length:
        raise ConfigError(
            [f"--window {text}: not a length; write 28d, 36h, 4w or 1d12h"]
        )
    if length > _LONGEST_DAYS * DAY:
        raise ConfigError([f"--window {text}: too long; at most {_LONGEST_DAYS}d"])
    return length
