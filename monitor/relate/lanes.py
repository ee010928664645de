"""Deploys in order of time: the results of a service in an environment.

Whether a failed deploy holds its lane depends on what happened before, and until when
on what happens next, in other items. So a lane lists its failures with a stated cause,
each with the successes on either side of it; its successes, of which there are many
more, lie apart by day. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
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
    """A deploy that failed at an instant, between successes at two others.

    A success at the instant of the failure is one that follows.
    """

    time: int
    entity: str
    before: int
    after: int

    def is_of(self, time: int, entity: str) -> bool:
        """Whether it is the failure of this deploy at this instant."""
        return self.time == time and self.entity == entity


class Lane(NamedTuple):
    """Failures with a stated cause, and the days that have successes, both sorted."""

    failures: list[Failure]
    days: list[int]

    def has(self, time: int, entity: str) -> bool:
        """Whether the failure is known."""
        place = bisect_left(self.failures, (time, entity))
        return any(one.is_of(time, entity) for one in self.failures[place : place + 1])

    def between(self, before: int, after: int) -> Iterator[Failure]:
        """The failures between two neighbouring successes, the earliest first.

        One at the instant of the later success lies before it.
        """
        failures = self.failures
        for place in range(bisect_right(failures, before, key=_time), len(failures)):
            if failures[place].time > after:
                return
            yield failures[place]

    def divide(self, success: Success) -> list[Failure]:
        """Put a success between the failures it parts; those next to it now."""
        failures = self.failures
        place = middle = bisect_right(failures, success.time, key=_time)
        while place > 0 and success.time < failures[place - 1].after:
            place -= 1
            failures[place] = failures[place]._replace(after=success.time)
        start, place = place, middle
        while place < len(failures) and failures[place].before < success.time:
            failures[place] = failures[place]._replace(before=success.time)
            place += 1
        return failures[start:place]


def _time(failure: Failure) -> int:
    return failure.time


def lane_of(stored: Lane | Sequence[list[list[object]]] | None) -> Lane:
    """The lane of plain data, or itself; an empty one of nothing."""
    if isinstance(stored, Lane):
        return stored
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
