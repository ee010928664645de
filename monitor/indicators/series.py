"""Series: what totals are kept of, and the entries a timeline makes in them.

A total at T is a sum over segments clipped at T. With W the working time of the
segment's calendar, a segment adds ``share * (W(T) - W(start))`` once T has passed
its start, and ``-share * (W(T) - W(end))`` once T has passed its end. So a segment
is two signed entries, a total is ``W(T) * A - B`` with A the sum of the shares and
B the sum of ``share * W(entry)`` of all entries up to T, and replacing a timeline
is adding the difference of its entries. Counts are entries with a B alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, NamedTuple

from monitor.domain.teams import Directory
from monitor.domain.timeline import WALL, Segment, Sort, Timeline, Wait
from monitor.domain.working_time import DAY, FOREVER, SECOND, Calendar

# The windows, shortest first; the accountant at index 0 stands at the present.
WINDOW_DAYS: Final = (3, 7, 14, 28)
WINDOWS: Final = tuple(days * DAY for days in WINDOW_DAYS)
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


Entries = Counter[tuple[int, Key]]


def entries_of(timelines: Iterable[Timeline], directory: Directory) -> Entries:
    """Every entry of an item's timelines, equal ones added up."""
    entries: Entries = Counter()
    for timeline in timelines:
        for segment in timeline.segments:
            _add_segment(entries, segment)
        for wait in timeline.waits:
            _add_wait(entries, wait)
        for tally in timeline.tallies:
            if tally.name != "return":
                key = (tally.name, "", tally.team, tally.on_team)
                entries[(tally.time, key)] += 1
        _add_items(entries, timeline, directory)
    return entries


def difference(old: Entries, new: Entries) -> Iterator[Entry]:
    """What has to be entered to replace the old entries by the new ones."""
    for place, amount in new.items():
        change = amount - old.get(place, 0)
        if change:
            yield Entry(place[0], place[1], change)
    for place, amount in old.items():
        if place not in new and amount:
            yield Entry(place[0], place[1], -amount)


def _add_segment(entries: Entries, segment: Segment) -> None:
    family = _SEGMENTS.get(segment.sort)
    if family is None:
        if segment.phase == "stale":
            key: Key = (Family.STALE, "", segment.team)
            entries[(segment.start, key)] += 1
            if segment.end < FOREVER:
                entries[(segment.end, key)] -= 1
        return
    labels: Key = (segment.team,)
    if segment.sort is Sort.WAIT:
        labels = (segment.team, segment.on_team, segment.component, segment.phase)
    elif segment.phase:
        labels = (segment.team, segment.phase)
    key = (family, segment.calendar, *labels)
    entries[(segment.start, key)] += segment.share
    if segment.end < FOREVER:
        entries[(segment.end, key)] -= segment.share


def _add_wait(entries: Entries, wait: Wait) -> None:
    labels = (wait.team, wait.on_team, wait.component)
    entries[(wait.start, (Family.WAITS, "", *labels))] += 1
    entries[(wait.start, (Family.OPEN, "", *labels))] += 1
    if wait.end >= FOREVER:
        return
    entries[(wait.end, (Family.OPEN, "", *labels))] -= 1
    team, component = wait.team, wait.component
    bucket = sum(bound < wait.duration for bound in BUCKETS)
    key = (Family.BUCKET, "", team, component, str(bucket))
    entries[(wait.end, key)] += 1
    entries[(wait.end, (Family.DURATION, "", team, component))] += wait.duration


def _add_items(entries: Entries, timeline: Timeline, directory: Directory) -> None:
    """Entries from which the items of a window are counted.

    An item is in a window when it accrues inside: it has begun, it has not ended
    before the window, and the window does not lie wholly in one of its gaps.
    """
    for team, spans in accruals(timeline, directory).items():
        entries[(spans[0][0] + 1, (Family.ITEM_FIRST, "", team))] += 1
        entries[(spans[-1][1], (Family.ITEM_LAST, "", team))] += 1
        for (_, end), (start, _) in zip(spans, spans[1:], strict=False):
            for days, window in zip(WINDOW_DAYS, WINDOWS, strict=True):
                if end + window <= start:
                    key = (Family.ITEM_GAP, "", team, str(days))
                    entries[(end + window, key)] -= 1
                    entries[(start + 1, key)] += 1


def accruals(
    timeline: Timeline, directory: Directory
) -> dict[str, list[tuple[int, int]]]:
    """Where each team's stretches of the item accrue, joined and sorted."""
    found: dict[str, list[tuple[int, int]]] = {}
    charged = sorted(
        (s for s in timeline.segments if s.sort in (Sort.WAIT, Sort.ACTIVE)),
        key=lambda s: (s.team, s.start, s.end),
    )
    for team, segments in groupby(charged, key=lambda s: s.team):
        spans: list[tuple[int, int]] = []
        for segment in segments:
            start, end = _accrual(segment, directory)
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        found[team] = spans
    return found


def _accrual(segment: Segment, directory: Directory) -> tuple[int, int]:
    if segment.calendar == WALL:
        return segment.start, segment.end
    calendar: Calendar = directory.calendar(segment.calendar)
    return calendar.opening(segment.start), calendar.closing(segment.end)
