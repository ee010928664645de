"""Which waits are open at an instant, and whether they add to a number then.

A wait that is open need not cost anything: nobody has touched it for long, or its item
goes on elsewhere. It is still open, and counted in ``friction_open_waits``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from monitor.domain.timeline import Segment, Sort, Timeline, Wait


class Effect(enum.StrEnum):
    """Whether an open wait adds to a number at an instant, or why it does not."""

    COUNTS = "counts"
    MOVED = "counts for another team"  # that was charged with the item since
    BESIDE = "another wait counts"  # this one is stale, or does not halt the item
    WORKED = "does not halt"  # the item is worked on
    STALE = "stale"
    IDLE = "idle"
    INTERNAL = "internal"
    PENDING = "pending"
    NOTHING = "nothing counts"  # no working time, or an item that accrues none


_UNACCRUED: Final = {
    str(one): one
    for one in (Effect.STALE, Effect.IDLE, Effect.INTERNAL, Effect.PENDING)
}


class OpenNow(NamedTuple):
    """A wait that is open at an instant; ``item`` is whose timeline it is in."""

    item: str
    wait: Wait
    effect: Effect


def open_at(timelines: Iterable[Timeline], instant: int) -> Iterator[OpenNow]:
    """Every wait that is open at the instant (ms), as ``friction_open_waits`` counts.

    Halting or not; so are reopenings, although their items are worked on.
    """
    for timeline in timelines:
        for wait in timeline.waits:
            if wait.start <= instant < wait.end:
                effect = _effect(wait, timeline.segments, instant)
                yield OpenNow(timeline.item, wait, effect)


def _effect(wait: Wait, segments: Iterable[Segment], instant: int) -> Effect:
    now = [one for one in segments if one.start <= instant < one.end]
    same = {one.team for one in now if one[2:4] == (wait.on_team, wait.component)}
    if same:
        return Effect.COUNTS if wait.team in same else Effect.MOVED
    sorts = {one.sort for one in now}
    if Sort.WAIT in sorts:
        return Effect.BESIDE
    if Sort.ACTIVE in sorts:
        return Effect.WORKED
    phases = (one.phase for one in now if one.sort is Sort.UNACCRUED)
    return next((_UNACCRUED[phase] for phase in phases), Effect.NOTHING)
