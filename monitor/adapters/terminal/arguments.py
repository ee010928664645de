"""Times and lengths as a person types them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from monitor.domain.working_time import DAY, HOUR, to_ms
from monitor.errors import ConfigError

_SPAN: Final = re.compile(r"(?P<number>\d+)(?P<unit>[dhw])")
_UNITS: Final = {"h": HOUR, "d": DAY, "w": 7 * DAY}


def instant_of(text: str, option: str) -> int:
    """The instant in milliseconds; raises ConfigError for what is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        mistake = f"{option} {text}: not a time; write 2026-03-04T17:00:00Z"
        raise ConfigError([mistake]) from error
    if moment.tzinfo is None:
        raise ConfigError([f"{option} {text}: has no zone; end it with Z or +01:00"])
    return to_ms(moment)


def span_of(text: str | None) -> int | None:
    """The length in milliseconds; raises ConfigError for what is none."""
    if text is None:
        return None
    match = _SPAN.fullmatch(text)
    if match is None or match["number"].strip("0") == "":
        raise ConfigError([f"--window {text}: not a length; write 28d, 12h or 4w"])
    return int(match["number"]) * _UNITS[match["unit"]]
