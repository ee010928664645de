"""Working time by walking days: slow, obvious, and shared with nothing."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field
from functools import lru_cache

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MS = 28_800_000  # a working day in limits, on every calendar
LAST_DAY = dt.date(2026, 12, 31)


def instant(text: str) -> int:
    """An RFC 3339 time as whole milliseconds UTC, finer digits cut."""
    moment = dt.datetime.fromisoformat(text)
    since = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return since // dt.timedelta(milliseconds=1)


def text_of(milliseconds: int) -> str:
    """Milliseconds UTC as RFC 3339."""
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(
        milliseconds=milliseconds
    )
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class PlainCalendar:
    """When one team works: local hours on weekdays that are no holidays."""

    zone: str = "UTC"
    days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    opens: str = "09:00"
    closes: str = "17:00"
    holidays: tuple[str, ...] = field(default=())

    def shift(self, day: dt.date) -> tuple[int, int] | None:
        """The working interval of one local day, if it is a working day."""
        if WEEKDAYS[day.weekday()] not in self.days:
            return None
        if day.isoformat() in self.holidays:
            return None
        zone = zoneinfo.ZoneInfo(self.zone)
        edges = [
            dt.datetime.combine(day, dt.time.fromisoformat(edge), zone)
            for edge in (self.opens, self.closes)
        ]
        first, last = (instant(edge.astimezone(dt.UTC).isoformat()) for edge in edges)
        return first, last

    def worked(self, start: int, end: int) -> int:
        """Working milliseconds between two instants."""
        if end <= start:
            return 0
        total = 0
        day = _day(start) - dt.timedelta(days=2)
        while day <= _day(end) + dt.timedelta(days=2):
            shift = _shift(self, day)
            if shift is not None:
                total += max(0, min(end, shift[1]) - max(start, shift[0]))
            day += dt.timedelta(days=1)
        return total

    def after(self, start: int, working: int) -> int:
        """The first instant at which so many working milliseconds have passed."""
        left = working
        day = _day(start) - dt.timedelta(days=2)
        while True:
            if day > LAST_DAY:
                raise ValueError("the limit lies beyond the year of the histories")
            shift = _shift(self, day)
            if shift is not None and shift[1] > start:
                begin = max(start, shift[0])
                if left <= shift[1] - begin:
                    return begin + left
                left -= shift[1] - begin
            day += dt.timedelta(days=1)


def _day(milliseconds: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(milliseconds=milliseconds)


@lru_cache(maxsize=100_000)
def _shift(calendar: PlainCalendar, day: dt.date) -> tuple[int, int] | None:
    return calendar.shift(day)
