"""Deploys in order of time: the results of a service in an environment.

Whether a failed deploy holds its lane depends on what happened before, and until when
on what happens next, in other items. So a lane lists its failures with a stated cause,
each with the successes on either side of it; its successes, of which there are many
more, lie apart by day. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY

# With so many of the earliest failures since a success a failure is compared: they
# hold the lane, so more would change nothing.
COMPARED: Final = 16


class Success(NamedTuple):
    """A deploy that succeeded at an instant."""

    time: int
    entity: str


class Failure(NamedTuple):
    """A deploy that failed at an instant, between successes at two others."""

    time: int
    entity: str
    before: int
    after: int

    def beside(self, success: Success) -> Failure | None:
        """The failure with this success next to it; None if another is nearer.

        A success at the instant of the failure is one that follows.
        """
        if self.time <= success.time < self.after:
            return self._replace(after=success.time)
        if self.before < success.time < self.time:
            return self._replace(before=success.time)
        return None

    def has_beside(self, other: Failure) -> bool:
        """Whether no success lies between the two."""
        return self.before < other.time <= self.after


class Lane(NamedTuple):
    """Failures with a stated cause, and the days that have successes, both sorted."""

    failures: list[Failure]
    days: list[int]


def lane_of(stored: Sequence[list[list[object]]] | None) -> Lane:
    """The lane of plain data; an empty one of nothing."""
    if stored is None:
        return Lane([], [])
    failures, days = stored
    return Lane([Failure(*one) for one in failures], list(days))  # type: ignore[arg-type]


def nearest_days(days: Sequence[int], time: int) -> tuple[list[int], list[int]]:
    """The days that hold what is nearest before an instant, and nearest from it on."""
    place = bisect_left(days, time // DAY)
    own = [day for day in days[place : place + 1] if day == time // DAY]
    later = place + len(own)
    before = days[max(0, place - 1) : place]
    return [*own, *before], [*own, *days[later : later + 1]]


def add_sorted(known: list[int], number: int) -> bool:
    """Put a number in its place; whether it was not there."""
    place = bisect_left(known, number)
    if known[place : place + 1] == [number]:
        return False
    insort(known, number)
    return True
