"""Deploys in order of time: the results of a service in an environment.

Whether a failed deploy holds its lane depends on what happened before, and until when
on what happens next, in other items. So a lane lists its failures with a stated cause;
its successes, of which there are many more, lie apart by day. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import Final, NamedTuple

from monitor.domain.working_time import DAY

# With so many of the earliest failures since a success a failure is compared: they
# hold the lane, so more would change nothing.
COMPARED: Final = 16


# Instants of entities, in order of time.
Order = Sequence[tuple[int, str]]


class Success(NamedTuple):
    """A deploy that succeeded at an instant."""

    time: int
    entity: str


class Failure(NamedTuple):
    """A deploy that failed at an instant."""

    time: int
    entity: str


class Beside(NamedTuple):
    """The last success before an instant, one at it, and the first after it."""

    before: Success | None
    at: Success | None
    after: Success | None

    @property
    def following(self) -> Success | None:
        """The first from the instant on."""
        return self.at or self.after


class Reach(NamedTuple):
    """What has to be known together: from a success at which nobody failed to the next.

    A deploy that fails at the instant of a success is made good at once, or holds the
    lane from then on: which, follows from what was before. ``successes`` are those at
    both ends and all between.
    """

    start: int
    end: int
    successes: tuple[Success, ...]


class Lane(NamedTuple):
    """Failures with a stated cause, and the days that have successes, both sorted."""

    failures: list[Failure]
    days: list[int]

    def has(self, failure: Failure) -> bool:
        """Whether the failure is known."""
        place = bisect_left(self.failures, failure)
        return self.failures[place : place + 1] == [failure]

    def has_any_at(self, time: int) -> bool:
        """Whether a failure at the instant is known."""
        return any(self.between(time, time))

    def between(self, start: int, end: int) -> Iterator[Failure]:
        """The failures from one instant to another, both included, in order."""
        failures = self.failures
        for place in range(bisect_left(failures, (start, "")), len(failures)):
            if failures[place].time > end:
                return
            yield failures[place]


def lane_of(stored: Lane | Sequence[list[list[object]]] | None) -> Lane:
    """The lane of plain data, or itself; an empty one of nothing."""
    if isinstance(stored, Lane):
        return stored
    if stored is None:
        return Lane([], [])
    failures, days = stored
    # Rows of before told the successes on both sides, too.
    return Lane([Failure(*one[:2]) for one in failures], list(days))  # type: ignore[arg-type]


def nearest_days(days: Sequence[int], time: int) -> tuple[list[int], list[int]]:
    """The days that hold what is nearest before an instant, and nearest from it on."""
    place = bisect_left(days, time // DAY)
    own = [day for day in days[place : place + 1] if day == time // DAY]
    later = place + len(own)
    before = days[max(0, place - 1) : place]
    return [*own, *before], [*own, *days[later : later + 1]]


def beside(earlier: Iterable[Order], later: Sequence[Order], time: int) -> Beside:
    """The nearest successes, out of what the nearest days hold."""
    before = [
        Success(*order[place - 1])
        for order in earlier
        if (place := bisect_left(order, (time,)))
    ]
    following = _first(later, time)
    is_at = following is not None and following.time == time
    return Beside(
        max(before, default=None),
        following if is_at else None,
        _first(later, time + 1) if is_at else following,
    )


def _first(orders: Iterable[Order], time: int) -> Success | None:
    """The first success from an instant on."""
    found: list[Success] = []
    for order in orders:
        place = bisect_left(order, (time,))
        found += starmap(Success, order[place : place + 1])
    return min(found, default=None)


def within(order: Order, since: int, until: int) -> list[str]:
    """Whose instants lie after ``since``, and not after ``until``."""
    first = bisect_left(order, (since + 1,))
    return [entity for _, entity in order[first : bisect_left(order, (until + 1,))]]


def add_sorted(known: list[int], number: int) -> bool:
    """Put a number in its place; whether it was not there."""
    place = bisect_left(known, number)
    if known[place : place + 1] == [number]:
        return False
    insort(known, number)
    return True
