"""Where an item accrues for a team: from this the items of a window are counted."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from monitor.domain.teams import Directory
from monitor.domain.timeline import WALL, Segment, Sort
from monitor.domain.working_time import DAY
from monitor.indicators.totals import accrual_start

WINDOW_DAYS: Final = (3, 7, 14, 28)
# The windows in milliseconds, shortest first.
WINDOWS: Final = tuple(days * DAY for days in WINDOW_DAYS)

# From when to when a segment lasts.
_PLACE: Final = itemgetter(5, 6)
_ACCRUES: Final = frozenset({Sort.WAIT, Sort.ACTIVE})

Span = tuple[int, int]
# By team.
Presence = dict[str, list[Span]]


def presence_of(segments: Iterable[Segment], directory: Directory) -> Presence:
    """Where each team's stretches of one item accrue, sorted.

    Gaps in which not even the shortest window fits are left out: no count asks for
    them. What its deploys wait for outside its flight is of the same item.
    """
    charged: dict[str, list[Segment]] = {}
    for segment in segments:
        if segment[0] in _ACCRUES:
            charged.setdefault(segment[1], []).append(segment)
    return {team: _spans(found, directory) for team, found in charged.items()}


def latest_of(segments: Iterable[Segment]) -> list[Segment]:
    """The segment of each team that accrues last: what follows goes on from there."""
    latest: dict[str, Segment] = {}
    for segment in segments:
        if segment[0] in _ACCRUES:
            known = latest.get(segment[1])
            if known is None or segment[6] > known[6]:
                latest[segment[1]] = segment
    return list(latest.values())


def _spans(segments: list[Segment], directory: Directory) -> list[Span]:
    if len(segments) > 1:
        segments.sort(key=_PLACE)
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
