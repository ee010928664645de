"""The clock on the wall: when it reads a time of the day, whatever changes it.

All instants are whole milliseconds UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

_MILLISECOND: Final = dt.timedelta(milliseconds=1)
_EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - what a clock reads


def noon_offset(day: dt.date, zone: dt.tzinfo) -> dt.timedelta:
    """The zone's offset at noon: where three are equal, no clock is changed between."""
    offset = dt.datetime(day.year, day.month, day.day, 12, tzinfo=zone).utcoffset()
    assert offset is not None
    return offset


def _local(day: dt.date, minutes: int) -> dt.datetime:
    if minutes == 24 * 60:
        day, minutes = day + dt.timedelta(days=1), 0
    return dt.datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)  # noqa: DTZ001 - what the clock on the wall reads


def _offsets(local: dt.datetime, zone: dt.tzinfo) -> tuple[int, int]:
    """The zone's offset (ms) before and after a change of clocks there; mostly one."""
    aware = local.replace(tzinfo=zone)
    before, after = aware.utcoffset(), aware.replace(fold=1).utcoffset()
    assert before is not None
    assert after is not None
    return before // _MILLISECOND, after // _MILLISECOND


def spans_of_day(
    day: dt.date, opens: int, closes: int, zone: dt.tzinfo
) -> Iterator[tuple[int, int]]:
    """From when to when the clock reads a time of that day in [opens, closes).

    These are minutes of the day, at most 1,440. What a change of clocks skips is not
    there, and what it repeats is there twice; a span may end before it begins, where
    there is nothing.
    """
    first, last = _local(day, opens), _local(day, closes)
    start, end = wall_ms(first), wall_ms(last)
    at_start, at_end = _offsets(first, zone), _offsets(last, zone)
    changing = next((o for o in (at_start, at_end) if o[0] != o[1]), None)
    if changing is None:
        yield start - at_start[0], end - at_end[0]
        return
    before, after = changing
    wall = start if changing is at_start else end
    change = change_between(wall - max(changing), wall - min(changing), after, zone)
    yield start - before, min(end - before, change)
    yield max(start - after, change), end - after


def offset_at(instant: int, zone: dt.tzinfo) -> int:
    """How far (ms) the zone's clocks are ahead of UTC at an instant."""
    offset = dt.datetime.fromtimestamp(instant / 1_000, zone).utcoffset()
    assert offset is not None
    return offset // _MILLISECOND


def change_between(low: int, high: int, after: int, zone: dt.tzinfo) -> int:
    """The first instant in (low, high] at which the zone's offset is the later one."""
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(middle, zone) == after:
            high = middle
        else:
            low = middle
    return high


def wall_ms(local: dt.datetime) -> int:
    """What the clock reads, without a zone, as if it were UTC (ms)."""
    return (local - _EPOCH) // _MILLISECOND
