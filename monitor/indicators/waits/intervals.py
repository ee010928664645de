"""A wait as a stretch of time, before it is known whom and whether it charges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Sequence,
)
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.domain.items import FOREVER
from monitor.domain.teams import Schedule, team_at
from monitor.domain.timeline import Component
from monitor.domain.working_time import Calendar

# The level of a wait that halts the whole item, and of one that no open change
# of the item stands for.
TICKET_LEVEL = ""
LOOSE = "*"

_END: Final = itemgetter(1)

Span = tuple[int, int]
# An instant, and whether a wait opens there (else it closes).
Mark = tuple[int, bool]


@dataclass(slots=True)
class Stretch:
    """A wait open from ``start`` to ``end`` for each of ``names``.

    ``level`` is TICKET_LEVEL, the change it holds up, or LOOSE. ``stale_by`` is
    ``None`` where a cap of its own ends the wait, else the blocker whose activity
    also keeps it fresh (empty: the item's alone). ``pending`` marks a failure
    whose cause is not settled: it halts, but charges nobody. ``since`` is when what is
    waited for began, where the wait was given its names later. Nobody changes a named
    one; frozen it would take six times as long to make.
    """

    component: Component
    names: tuple[str, ...]
    start: int
    end: int
    level: str
    entity: str
    stale_by: str | None = None
    pending: bool = False
    since: int | None = None

    @property
    def opened(self) -> int:
        """When what is waited for began, whoever was waited for then."""
        return self.start if self.since is None else self.since


def dated(stretch: Stretch, schedule: Schedule) -> Sequence[Stretch]:
    """The stretch cut where the team behind it changes.

    It is given away: where there is one team only, it is named and comes back.
    """
    if len(schedule) == 1:
        stretch.names = (schedule[0].team,)
        return (stretch,)
    points = [e.start for e in schedule if stretch.start < e.start < stretch.end]
    bounds = [stretch.start, *points, stretch.end]
    return [
        _named(stretch, team_at(schedule, start), start, end)
        for start, end in pairwise(bounds)
    ]


def _named(stretch: Stretch, team: str, start: int, end: int) -> Stretch:
    return Stretch(
        stretch.component,
        (team,),
        start,
        end,
        stretch.level,
        stretch.entity,
        stretch.stale_by,
        stretch.pending,
    )


def covers(spans: Sequence[Span], instant: int) -> bool:
    """Whether the instant is in one of the spans, which are sorted and lie apart."""
    following = bisect_right(spans, (instant, FOREVER))
    return following > 0 and instant < spans[following - 1][1]


def without(span: Span, others: Sequence[Span]) -> Iterator[Span]:
    """What is left of a span outside the others, which are sorted and lie apart."""
    start, end = span
    for place in range(bisect_right(others, start, key=_END), len(others)):
        left, right = others[place]
        if left >= end:
            break
        if left > start:
            yield start, left
        start = right
    if start < end:
        yield start, end


def within(span: Span, others: Sequence[Span]) -> Iterator[Span]:
    """What is left of a span inside of the others, which are sorted and lie apart."""
    for left, right in others:
        start, end = max(span[0], left), min(span[1], right)
        if start < end:
            yield start, end


def spans(marks: Collection[Mark]) -> list[Span]:
    """Open stretches of one wait key from its (instant, opens) marks, sorted.

    At one instant an open wait closes first and may open again; a closed one
    opens first and may close with zero length. A second open changes nothing, a
    second close neither, and a close without an open waits for its open in vain.
    """
    found: list[Span] = []
    since: int | None = None
    for instant, opens, closes in _by_instant(marks) if marks else ():
        if since is not None:
            if closes:
                found.append((since, instant))
                since = instant if opens else None
        elif opens:
            since = None if closes else instant
    if since is not None:
        found.append((since, FOREVER))
    return found


def closing(marks: Iterable[Mark], instants: Sequence[int]) -> Iterator[Mark]:
    """Of the instants (sorted) at which every wait closes, those that a key needs.

    These are, for each of its opening marks, its own instant and the first after it.
    """
    for instant, opens in marks:
        if opens:
            later = bisect_right(instants, instant)
            if later and instants[later - 1] == instant:
                yield instant, False
            if later < len(instants):
                yield instants[later], False


def _by_instant(marks: Iterable[Mark]) -> list[tuple[int, bool, bool]]:
    found: list[tuple[int, bool, bool]] = []
    for instant, opens in sorted(marks):
        # At one instant the closing mark is sorted before the opening one.
        if found and found[-1][0] == instant:
            found[-1] = (instant, opens, found[-1][2] or not opens)
        else:
            found.append((instant, opens, not opens))
    return found


def capped(start: int, end: int, calendar: Calendar, cap: int) -> int:
    """The end, or where ``cap`` working milliseconds after ``start`` lie."""
    if end - start <= cap:
        return end
    limit = calendar.instant_after(start, cap)
    return end if limit is None else min(end, limit)


def united(found: Iterable[Span]) -> list[Span]:
    """The spans in order of time, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class Lull(NamedTuple):
    """From one activity to the next: in it ``worked`` ms of working time pass.

    They are counted on ``calendar``, from ``begun`` on.
    """

    start: int
    end: int
    calendar: Calendar
    begun: int
    worked: int


def lulls(
    activity: Sequence[int], least: int, calendar_at: Callable[[int], Calendar]
) -> list[Lull]:
    """Where ``least`` working milliseconds may pass without activity.

    Working time is counted on the calendar of the team charged at the activity from
    which it counts, which ``calendar_at`` tells.
    """
    found: list[Lull] = []
    # Working time never runs faster than the clock.
    if activity and activity[-1] - activity[0] <= least:
        activity = activity[-1:]
    following = [*activity[1:], FOREVER]
    for instant, nearest in zip(activity, following, strict=True):
        if nearest - instant > least:
            calendar = calendar_at(instant)
            begun = calendar.working(instant)
            worked = calendar.working(nearest) - begun
            if worked >= least:
                found.append(Lull(instant, nearest, calendar, begun, worked))
    return found


def thinned(activity: Sequence[int], least: int) -> list[int]:
    """As few of the instants as have the same lulls, whatever is added to them.

    Of those that follow each other within ``least`` only some are kept: no gap gets
    longer than that. What is left cannot be many, because it takes time.
    """
    kept = list(activity[:1])
    following_each = [*activity[1:], FOREVER] if activity else ()
    for instant, following in zip(activity, following_each, strict=True):
        if following - kept[-1] > least and instant > kept[-1]:
            kept.append(instant)
    return kept


def lapses_in(quiet: Iterable[Lull], limit: int) -> list[Span]:
    """Where no activity came within ``limit``: from the limit to the next one."""
    found: list[Span] = []
    for _, nearest, calendar, begun, worked in quiet:
        if worked >= limit:
            stop = calendar.instant_of(begun + limit)
            if stop is not None and stop < nearest:
                found.append((stop, nearest))
    return found
