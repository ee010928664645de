"""Where an item accrues for a team: from this the items of a window are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

from monitor.domain.teams import Directory
from monitor.domain.timeline import WALL, Segment, Sort
from monitor.domain.working_time import DAY
from monitor.indicators.totals.instant import accrual_start

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
    them. What its deploys wait for outside its flight is of the same item. All that
    an item charges to one team is on one calendar.
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
            spans += _accruals(first, last, directory)
            first = last = segment
        elif segment.end > last.end:
            last = segment
    spans += _accruals(first, last, directory)
    return spans


def _far_apart(last: Segment, following: Segment, directory: Directory) -> bool:
    """Whether the shortest window fits between the two, in which nothing accrues."""
    if following.start <= last.end:
        return False
    accrues = accrual_start(following, directory)
    return accrues - _accrual_end(last, directory) >= WINDOWS[0]


def _accruals(first: Segment, last: Segment, directory: Directory) -> Iterator[Span]:
    """From the first to the last, without pauses in which the shortest window fits.

    Nothing comes of what lies in a pause altogether.
    """
    start, end = accrual_start(first, directory), _accrual_end(last, directory)
    if end - start > WINDOWS[0] and first.calendar != WALL:
        pauses = directory.calendar(first.calendar).long_pauses(start, end)
        for pause, resumed in pauses:
            yield start, pause
            start = resumed
    if start < end:
        yield start, end


def _accrual_end(segment: Segment, directory: Directory) -> int:
    if segment.calendar == WALL:
        return segment.end
    return directory.calendar(segment.calendar).closing(segment.end)
