"""Series: what totals are kept of, and the entries a timeline makes in them.

A total at T is a sum over segments clipped at T. With W the working time of the
segment's calendar, a segment adds ``share * (W(T) - W(start))`` once T has passed
its start, and ``-share * (W(T) - W(end))`` once T has passed its end. So a segment
is two signed entries, a total is ``W(T) * A - B`` with A the sum of the shares and
B the sum of ``share * W(entry)`` of all entries up to T, and replacing a timeline
is adding the difference of its entries. Counts are entries with a B alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple, TypeVar

from monitor.domain.teams import Directory
from monitor.domain.timeline import Segment, Sort, Tally, Timeline, Wait
from monitor.domain.working_time import FOREVER, SECOND
from monitor.indicators.presence import WINDOW_DAYS, WINDOWS, presence_of

BUCKETS: Final = tuple(
    seconds * SECOND
    for seconds in (300, 900, 3_600, 14_400, 28_800, 86_400, 144_000, 288_000)
)


class Family:
    """The families of series; the first part of a series' key."""

    WAIT: Final = "wait"
    ACTIVE: Final = "active"
    OWN_FAILURE: Final = "own_failure"
    UNCLASSIFIED: Final = "unclassified"
    WAITS: Final = "waits"
    HANDOFFS: Final = "handoff"
    PINGPONGS: Final = "pingpong"
    NEGATIVES: Final = "negative"
    OPEN: Final = "open"
    BUCKET: Final = "bucket"
    DURATION: Final = "duration"
    STALE: Final = "stale"
    ITEM_FIRST: Final = "item_first"
    ITEM_LAST: Final = "item_last"
    ITEM_GAP: Final = "item_gap"


_SEGMENTS: Final[Mapping[Sort, str]] = {
    Sort.WAIT: Family.WAIT,
    Sort.ACTIVE: Family.ACTIVE,
    Sort.OWN_FAILURE: Family.OWN_FAILURE,
    Sort.UNCLASSIFIED: Family.UNCLASSIFIED,
}
# Families whose total grows with working time; all others count.
ACCRUING: Final = frozenset(_SEGMENTS.values())

# (family, calendar, labels...): the calendar is a team or `wall`, empty for counts.
Key = tuple[str, ...]


class Entry(NamedTuple):
    """A signed amount in one series from an instant (ms) on."""

    time: int
    key: Key
    amount: int


_Part = TypeVar("_Part", Segment, Wait, Tally)
_NOTHING: Final = Timeline("")
Place = tuple[int, Key]
Entries = dict[Place, int]


def replacing(
    old: Sequence[Timeline], new: Sequence[Timeline], directory: Directory
) -> list[Entry]:
    """What has to be entered to replace an item's old timelines by its new ones.

    An item mostly grows at its end, so what both begin with is not looked at.
    """
    entries: Entries = {}
    for before, after in zip_longest(old, new, fillvalue=_NOTHING):
        _replace(entries, before.segments, after.segments, _add_segment)
        _replace(entries, before.waits, after.waits, _add_wait)
        _replace(entries, before.tallies, after.tallies, _add_tally)
    was, now = presence_of(old, directory), presence_of(new, directory)
    for team in was.keys() | now.keys():
        if was.get(team) != now.get(team):
            _add_items(entries, team, was.get(team, ()), -1)
            _add_items(entries, team, now.get(team, ()), 1)
    return [
        Entry(time, key, amount) for (time, key), amount in entries.items() if amount
    ]


def _replace(
    entries: Entries,
    old: Sequence[_Part],
    new: Sequence[_Part],
    add: Callable[[Entries, _Part, int], None],
) -> None:
    common = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        common += 1
    for part in old[common:]:
        add(entries, part, -1)
    for part in new[common:]:
        add(entries, part, 1)


def _add(entries: Entries, time: int, key: Key, amount: int) -> None:
    place = (time, key)
    entries[place] = entries.get(place, 0) + amount


def _add_segment(entries: Entries, segment: Segment, sign: int) -> None:
    sort, team, phase = segment.sort, segment.team, segment.phase
    family = _SEGMENTS.get(sort)
    if family is None:
        if phase != "stale":
            return
        key: Key = (Family.STALE, "", team)
        amount = sign
    else:
        amount = sign * segment.share
        if sort is Sort.WAIT:
            on_team, component = segment.on_team, segment.component
            key = (family, segment.calendar, team, on_team, component, phase)
        elif phase:
            key = (family, segment.calendar, team, phase)
        else:
            key = (family, segment.calendar, team)
    _add(entries, segment.start, key, amount)
    if segment.end < FOREVER:
        _add(entries, segment.end, key, -amount)


def _add_wait(entries: Entries, wait: Wait, sign: int) -> None:
    team, on_team, component, start, end, duration = wait
    is_open = (Family.OPEN, "", team, on_team, component)
    _add(entries, start, (Family.WAITS, "", team, on_team, component), sign)
    _add(entries, start, is_open, sign)
    if end >= FOREVER:
        return
    _add(entries, end, is_open, -sign)
    bucket = str(bisect_left(BUCKETS, duration))
    _add(entries, end, (Family.BUCKET, "", team, component, bucket), sign)
    _add(entries, end, (Family.DURATION, "", team, component), sign * duration)


def _add_tally(entries: Entries, tally: Tally, sign: int) -> None:
    if tally.name != "return":
        key = (tally.name, "", tally.team, tally.on_team)
        _add(entries, tally.time, key, sign)


def _add_items(
    entries: Entries, team: str, spans: Sequence[tuple[int, int]], sign: int
) -> None:
    """Entries from which the items of a window are counted.

    An item is in a window when it accrues inside: it has begun, it has not ended
    before the window, and the window does not lie wholly in one of its gaps.
    """
    if not spans:
        return
    _add(entries, spans[0][0] + 1, (Family.ITEM_FIRST, "", team), sign)
    _add(entries, spans[-1][1], (Family.ITEM_LAST, "", team), sign)
    for (_, end), (start, _) in pairwise(spans):
        for days, window in zip(WINDOW_DAYS, WINDOWS, strict=True):
            if end + window <= start:
                key = (Family.ITEM_GAP, "", team, str(days))
                _add(entries, end + window, key, -sign)
                _add(entries, start + 1, key, sign)


__all__ = ["WINDOWS", "WINDOW_DAYS", "Entry", "Family", "Key", "replacing"]
