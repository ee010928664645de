"""Working time: instants to working milliseconds and back, by bisect.

A calendar is a table of working intervals in UTC with a running sum, made once.
Acute, stale, idle, caps and daylight saving become integer minimum and maximum.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from monitor.domain.wall_clock import noon_offset, spans_of_day
from monitor.domain.zone_rules import RuledZone, Rules

SECOND: Final = 1_000
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR
# A working day in limits (stale, idle, caps) is this long on every calendar.
WORKING_DAY: Final = 8 * HOUR
# Without work for so long, the shortest window may hold no work at all.
LONG_PAUSE: Final = 3 * DAY

# The end of what has no end yet: the year 2200. No total is ever read there.
FOREVER: Final = 7_258_118_400_000
_NEVER_WORKED: Final = 2**60
_MILLISECOND: Final = dt.timedelta(milliseconds=1)
_ONE_DAY: Final = dt.timedelta(days=1)
# The end of the year 9999, where datetimes end.
_LAST: Final = 253_402_300_799_999
_EPOCH: Final = dt.date(1970, 1, 1).toordinal() * DAY

_FIRST_YEAR: Final = 2010
_LAST_YEAR: Final = 2045
_OLDEST_YEAR: Final = 1970
_NEWEST_YEAR: Final = 2200


@dataclass(frozen=True, slots=True)
class Hours:
    """A working calendar as data: zone, weekdays (Monday 0), opening, holidays.

    ``opens`` and ``closes`` are minutes of the local day, at most 1,440. ``rules`` are
    those of the zone where its name means something else at hand.
    """

    zone: str = "UTC"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: int = 9 * 60
    closes: int = 17 * 60
    holidays: frozenset[dt.date] = frozenset()
    rules: Rules | None = None

    @property
    def clock(self) -> dt.tzinfo:
        """The zone, to tell what clocks read there."""
        if self.rules is not None:
            return RuledZone(self.rules)
        return zoneinfo.ZoneInfo(self.zone)


def to_ms(moment: dt.datetime) -> int:
    """An aware datetime as whole milliseconds UTC; finer digits are cut."""
    delta = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000 + delta.microseconds // 1_000


def moment_of(ms: int) -> dt.datetime:
    """An instant as a datetime in UTC; the last there is, for what comes later still.

    No record is so late any more (``record_time``); states from before may hold some.
    """
    # Not fromtimestamp: it fails for years the platform's C library does not know.
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + min(ms, _LAST) * _MILLISECOND


def _intervals(hours: Hours, first: int, last: int) -> tuple[list[int], list[int]]:
    opens, closes = hours.opens * 60 * SECOND, hours.closes * 60 * SECOND
    zone = hours.clock
    spans: list[tuple[int, int]] = []
    day, stop = dt.date(first, 1, 1), dt.date(last, 1, 1)
    if first > _OLDEST_YEAR:
        # West of Greenwich the last day of a year reaches into the next.
        day -= 7 * _ONE_DAY
    offset, following = noon_offset(day - _ONE_DAY, zone), noon_offset(day, zone)
    while day < stop:
        before, offset = offset, following
        following = noon_offset(day + _ONE_DAY, zone)
        if day.weekday() in hours.days and day not in hours.holidays:
            if before == offset == following:
                midnight = day.toordinal() * DAY - _EPOCH - offset // _MILLISECOND
                spans.append((midnight + opens, midnight + closes))
            else:
                spans += spans_of_day(day, hours.opens, hours.closes, zone)
        day += _ONE_DAY
    spans = [span for span in spans if span[0] < span[1]]
    # Where clocks go back over midnight, a day has its end after the next has begun.
    spans.sort()
    return [start for start, _ in spans], [end for _, end in spans]


@dataclass(slots=True)
class _Table:
    starts: list[int]
    ends: list[int]
    before: list[int]  # working ms before starts[i]; 0 at the first of 2010
    low: int
    high: int
    pauses: list[tuple[int, int]]  # of LONG_PAUSE or longer, from when to when


def _table(hours: Hours, first: int, last: int) -> _Table:
    starts, ends = _intervals(hours, first, last)
    epoch = to_ms(dt.datetime(_FIRST_YEAR, 1, 1, tzinfo=dt.UTC))
    total = 0
    before: list[int] = []
    for start, end in zip(starts, ends, strict=True):
        before.append(total)
        total += end - start
    zero = 0
    if starts and starts[0] < epoch:
        index = bisect_right(starts, epoch) - 1
        zero = before[index] + min(epoch, ends[index]) - starts[index]
        before = [value - zero for value in before]
    low = to_ms(dt.datetime(first, 1, 2, tzinfo=dt.UTC))
    high = to_ms(dt.datetime(last, 1, 1, tzinfo=dt.UTC)) - 40 * DAY
    pauses = [
        (end, after)
        for end, after in zip(ends, starts[1:], strict=False)
        if after - end >= LONG_PAUSE
    ]
    return _Table(starts, ends, before, low, high, pauses)


@dataclass(slots=True, eq=False)
class Calendar:
    """Working milliseconds of one calendar, relative to the start of 2010.

    A calendar without hours never accrues: ``working`` is constantly 0 and
    ``instant_after`` never comes (it returns ``None``).
    """

    hours: Hours
    _table: _Table = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the table of the usual years; others are added when asked for."""
        self._table = _table(self.hours, _FIRST_YEAR, _LAST_YEAR)

    def working(self, instant: int) -> int:
        """Working milliseconds from the start of 2010 to ``instant``."""
        table = self._table
        if not table.low <= instant < table.high:
            if instant >= FOREVER:
                return _NEVER_WORKED if table.starts else 0
            table = self._widened()
        index = bisect_right(table.starts, instant) - 1
        if index < 0:
            return table.before[0] if table.before else 0
        end = table.ends[index]
        if instant > end:  # noqa: PLR1730 - a call costs as much as the look-up
            instant = end
        return table.before[index] + instant - table.starts[index]

    def working_each(self, instants: Iterable[int]) -> list[int]:
        """``working`` of sorted instants, looked up together.

        Neighbours mostly lie in one interval, which is then found only once.
        """
        table = self._table
        starts, ends, before = table.starts, table.ends, table.before
        last = len(starts) - 1
        found: list[int] = []
        index, start, following = -1, 0, 0
        for instant in instants:
            if not start <= instant < following:
                index = bisect_right(starts, instant) - 1
                if not (0 <= index < last and table.low <= instant < table.high):
                    found.append(self.working(instant))
                    following = start
                    continue
                start, following = starts[index], starts[index + 1]
            worked_until = ends[index]
            if instant < worked_until:  # noqa: PLR1730 - as above
                worked_until = instant
            found.append(before[index] + worked_until - start)
        return found

    def between(self, start: int, end: int) -> int:
        """Working milliseconds between two instants; 0 when they are reversed."""
        return self.working(end) - self.working(start) if end > start else 0

    def instant_after(self, start: int, span: int) -> int | None:
        """The first instant at which ``span`` working milliseconds have passed."""
        return self.instant_of(self.working(start) + span)

    def instant_of(self, working: int) -> int | None:
        """The first instant at which ``working(instant) == working``."""
        table = self._table
        found = _first_instant(table, working)
        if found is None or not table.low <= found < table.high:
            return _first_instant(self._widened(), working)
        return found

    def long_pauses(self, start: int, end: int) -> list[tuple[int, int]]:
        """Between two instants of work, every time without work of LONG_PAUSE or more.

        Each is from when to when, and they are in order.
        """
        table = self._table
        if not (table.low <= start and end < table.high):
            table = self._widened()
        pauses = table.pauses
        return pauses[bisect_left(pauses, (start,)) : bisect_left(pauses, (end,))]

    def opening(self, instant: int) -> int:
        """The instant itself when it is in working time, else the next start."""
        table = self._table
        if not table.low <= instant < table.high:
            table = self._widened()
        index = bisect_right(table.starts, instant) - 1
        if index >= 0 and instant < table.ends[index]:
            return instant
        if index + 1 < len(table.starts):
            return table.starts[index + 1]
        return instant

    def closing(self, instant: int) -> int:
        """The instant itself when work goes on up to it, else the last end before."""
        table = self._table
        if not table.low <= instant < table.high:
            table = self._widened()
        index = bisect_right(table.starts, instant - 1) - 1
        return min(instant, table.ends[index]) if index >= 0 else instant

    def _widened(self) -> _Table:
        wide = _wide_table(self.hours)
        self._table = wide
        return wide


@lru_cache(maxsize=64)
def _wide_table(hours: Hours) -> _Table:
    return _table(hours, _OLDEST_YEAR, _NEWEST_YEAR)


def _first_instant(table: _Table, working: int) -> int | None:
    before = table.before
    if not before:
        return None
    # The last interval that starts with less than `working` already worked.
    index = bisect_left(before, working) - 1
    if index < 0:
        return table.starts[0] if working == before[0] else None
    instant = table.starts[index] + working - before[index]
    if instant > table.ends[index]:
        return None
    return instant


@lru_cache(maxsize=256)
def calendar_of(hours: Hours) -> Calendar:
    """The calendar of these hours; equal hours share one table."""
    return Calendar(hours)


# The calendar of whoever is charged at an instant (ms).
CalendarAt = Callable[[int], Calendar]
