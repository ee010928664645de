"""Where an item accrues for a team: from this the items of a window are counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from monitor.domain.teams import Directory
from monitor.domain.timeline import WALL, Segment, Sort, Timeline
from monitor.domain.working_time import DAY
from monitor.indicators.totals import accrual_start

WINDOW_DAYS: Final = (3, 7, 14, 28)
# The windows in milliseconds, shortest first.
WINDOWS: Final = tuple(days * DAY for days in WINDOW_DAYS)

_ACCRUES: Final = frozenset({Sort.WAIT, Sort.ACTIVE})

Span = tuple[int, int]


def presence_of(
    timelines: Iterable[Timeline], directory: Directory
) -> dict[str, list[Span]]:
    """Where each team's stretches of the item accrue, sorted.

    Gaps in which not even the shortest window fits are left out: no count asks for
    them. What its deploys wait for outside its flight is of the same item.
    """
    charged: dict[str, list[Segment]] = {}
    for timeline in timelines:
        for segment in timeline.segments:
            if segment.sort in _ACCRUES:
                charged.setdefault(segment.team, []).append(segment)
    return {team: _spans(found, directory) for team, found in charged.items()}


def _spans(segments: list[Segment], directory: Directory) -> list[Span]:
    segments.sort(key=_place)
    spans: list[Span] = []
    first = last = segments[0]
    for segment in segments[1:]:
        if _far_apart(last, segment, directory):
            spans.append(_accrual(first, last, directory))
            first = last = segment
        elif segment.end > last.end:
            last = segment
    spans.append(_accrual(first, last, directory))
    return spans


def _accrual(first: Segment, last: Segment, directory: Directory) -> Span:
    return accrual_start(first, directory), _accrual_end(last, directory)


def _place(segment: Segment) -> Span:
    return segment.start, segment.end


def _far_apart(last: Segment, following: Segment, directory: Directory) -> bool:
    """Whether the shortest window fits between the two, in which nothing accrues."""
    start = following.start
    if start <= last.end:
        # They meet, so that only a pause of the calendar can part them.
        if following.calendar == WALL:
            return False
        calendar = directory.calendar(following.calendar)
        if calendar.longest_pause(start) < WINDOWS[0]:
            return False
    accrues = accrual_start(following, directory)
    return accrues - _accrual_end(last, directory) >= WINDOWS[0]


def _accrual_end(segment: Segment, directory: Directory) -> int:
    if segment.calendar == WALL:
        return segment.end
    return directory.calendar(segment.calendar).closing(segment.end)
