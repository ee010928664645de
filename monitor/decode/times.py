"""Event times: RFC 3339 text to whole milliseconds, or the reason why not.

A number may be seconds, milliseconds or nanoseconds, a time without a zone may be
any of 38 instants, and ``0001-01-01`` or ``9999-12-31`` are how tools write "none":
each would silently become a wrong duration, so each is refused.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Longer than any real time; keeps the pattern's work small for any input.
_LONGEST: Final = 64
_ZONE: Final = r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
_SHAPE: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?" + _ZONE, re.ASCII
)
_LOCAL: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?", re.ASCII
)

NOT_TEXT: Final = "is not text; write it as RFC 3339, such as 2026-03-02T10:00:00Z"
NO_ZONE: Final = "has no time zone; add Z or an offset such as +01:00"
NOT_A_TIME: Final = "is not an RFC 3339 time, such as 2026-03-02T10:00:00Z"
TOO_EARLY: Final = "is before 1970, not the time of an event"
# What tools write where nothing happened yet: the first and the last year there is.
PLACEHOLDER: Final = "is a placeholder for no time, not the time of an event"
_PLACEHOLDERS: Final = ("0000", "0001", "9999")

# What the parts of a time add, in milliseconds. The times of a topic share their hours
# and zones, so most are added up from parts that were read before.
_MOST_PARTS: Final = 10_000
_MINUTES: Final = {
    f"{minute:02d}:{second:02d}": (minute * 60 + second) * 1_000
    for minute in range(60)
    for second in range(60)
}
_FRACTIONS: Final = {f"{fraction:03d}": fraction for fraction in range(1_000)}
_HOURS: Final[dict[str, int]] = {}
# Zones, and what may come after three digits of a fraction: more digits and a zone.
_ZONES: Final[dict[str, int]] = {}
_ENDS: Final[dict[str, int]] = {}
# Microseconds with a zone; of nanoseconds no two are the same.
_LONGEST_SHARED: Final = len("2026-03-02T10:00:00.123456+00:00")
_ZERO: Final = "2000-01-01T00:00:00"
_ZERO_TIME: Final = 946_684_800_000


def read_time(value: object) -> int | str:
    """Milliseconds since 1970 UTC, or what is wrong with the value.

    Digits finer than a millisecond are cut. A leap second counts as the last
    second of its minute and one more.
    """
    if type(value) is not str:
        return NOT_TEXT
    try:
        time = _HOURS[value[:14]] + _MINUTES[value[14:19]]
        if value[19] == ".":
            time += _FRACTIONS[value[20:23]] + _ENDS[value[23:]]
        else:
            time += _ZONES[value[19:]]
    except (KeyError, IndexError):
        whole = read_whole_time(value)
        if type(whole) is int:
            _remember_parts(value)
        return whole
    return time if time >= 0 else TOO_EARLY


def _remember_parts(value: str) -> None:
    """Keep the hour and the end of a time that is one."""
    _remember(_HOURS, value[:14], f"{value[:14]}00:00Z", 0)
    if value[19] != ".":
        _remember(_ZONES, value[19:], f"{_ZERO}{value[19:]}", _ZERO_TIME)
    elif value[20:23] in _FRACTIONS and len(value) <= _LONGEST_SHARED:
        _remember(_ENDS, value[23:], f"{_ZERO}.000{value[23:]}", _ZERO_TIME)


def _remember(parts: dict[str, int], part: str, example: str, less: int) -> None:
    time = None if part in parts else read_whole_time(example)
    if isinstance(time, int):
        if len(parts) >= _MOST_PARTS:
            parts.clear()
        parts[part] = time - less


def read_whole_time(value: str) -> int | str:
    """As ``read_time``, with nothing remembered."""
    if len(value) > _LONGEST or _SHAPE.fullmatch(value) is None:
        if not _looks_local(value):
            return NOT_A_TIME
        return PLACEHOLDER if value.startswith(_PLACEHOLDERS) else NO_ZONE
    leap = 0
    if value[17:19] == "60":
        value, leap = f"{value[:17]}59{value[19:]}", 1_000
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        return PLACEHOLDER if value.startswith("0000") else NOT_A_TIME
    if value.startswith(_PLACEHOLDERS):
        return PLACEHOLDER
    if moment.year < EPOCH.year:
        return TOO_EARLY
    span = moment - EPOCH
    milliseconds = (span.days * 86_400 + span.seconds) * 1_000
    milliseconds += span.microseconds // 1_000 + leap
    return milliseconds if milliseconds >= 0 else TOO_EARLY


def write_time(milliseconds: int) -> str:
    """The instant as RFC 3339 UTC; without a fraction when it has none."""
    seconds, rest = divmod(milliseconds, 1_000)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{rest:03d}Z" if rest else f"{whole}Z"


def _looks_local(value: str) -> bool:
    return len(value) <= _LONGEST and _LOCAL.fullmatch(value) is not None
