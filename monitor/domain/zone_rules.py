"""What the name of a time zone means: its offsets over the years.

The database of zones is the machine's, and countries change their rules at short
notice: the same name means something else after an update, or on another machine.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise
from typing import Final

from monitor.domain.wall_clock import change_between, offset_at, wall_ms

# From when on (ms UTC) clocks are so far (ms) ahead of UTC, in order of time; before
# the first, as from it on.
Rules = tuple[tuple[int, int], ...]

_MILLISECOND: Final = dt.timedelta(milliseconds=1)
_WEEK: Final = 7 * 24 * 3_600_000
# A month before 2010 and past 2045, between which calendars have their usual table.
_FIRST: Final = 1_259_625_600_000
_LAST: Final = 2_369_520_000_000


@lru_cache(maxsize=256)
def rules_of(name: str) -> Rules:
    """The zone's rules from 2010 to 2045, by the database at hand.

    Two changes within a week that cancel out are not seen. Raises
    zoneinfo.ZoneInfoNotFoundError.
    """
    zone = zoneinfo.ZoneInfo(name)
    rules = [(_FIRST, offset_at(_FIRST, zone))]
    for instant in range(_FIRST + _WEEK, _LAST, _WEEK):
        offset = offset_at(instant, zone)
        if offset != rules[-1][1]:
            changed = change_between(instant - _WEEK, instant, offset, zone)
            rules.append((changed, offset))
    return tuple(rules)


class RuledZone(dt.tzinfo):
    """A zone by rules that were stored, whatever its name means here.

    A clock's reading that a change skips or repeats is read as PEP 495 has it.
    """

    def __init__(self, rules: Rules) -> None:
        """Take the rules of ``rules_of``."""
        self._instants = [instant for instant, _ in rules]
        self._offsets = [offset for _, offset in rules]
        both = [
            (at + before, at + after) for (_, before), (at, after) in pairwise(rules)
        ]
        # Where the clock stands at a change: for its first reading, and its second.
        self._walls = [[max(pair) for pair in both], [min(pair) for pair in both]]

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        """By the clock's reading."""
        assert moment is not None
        wall = wall_ms(moment.replace(tzinfo=None, fold=0))
        place = bisect_right(self._walls[moment.fold], wall)
        return self._offsets[place] * _MILLISECOND

    def fromutc(self, moment: dt.datetime) -> dt.datetime:
        """The clock's reading at an instant."""
        instant = wall_ms(moment.replace(tzinfo=None))
        place = max(bisect_right(self._instants, instant) - 1, 0)
        local = moment + self._offsets[place] * _MILLISECOND
        wall = instant + self._offsets[place]
        again = place > 0 and wall < self._walls[0][place - 1]
        return local.replace(fold=int(again))

    def dst(self, moment: dt.datetime | None) -> None:
        """Rules do not tell it."""

    def tzname(self, moment: dt.datetime | None) -> None:
        """It has none."""
