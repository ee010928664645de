"""Waits as they are counted and timed: every foreign wait in flight, halting or not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final

from monitor.domain.teams import Directory
from monitor.domain.timeline import Wait
from monitor.indicators.charges import charges_between
from monitor.indicators.flight import Flight
from monitor.indicators.intervals import Stretch
from monitor.indicators.sweep import Sweep

_END: Final = itemgetter(1)


def counted_waits(sweep: Sweep, directory: Directory) -> tuple[Wait, ...]:
    """One wait for each stretch, named team and flight in which it is foreign.

    A wait counts from when it is first foreign and in flight; its duration is
    charged-calendar time from then to its close or cap (design 11.2).
    """
    found: list[Wait] = []
    for stretch in sweep.stretches:
        if stretch.pending:
            continue
        for start, end in _in_flight(stretch, sweep.flights):
            for name in stretch.names:
                wait = _wait(stretch, name, start, end, sweep, directory)
                if wait is not None:
                    found.append(wait)
    if len(found) > 1:
        found.sort(key=lambda wait: (wait.start, wait))
    return tuple(found)


def _in_flight(
    stretch: Stretch, flights: Sequence[Flight]
) -> Iterator[tuple[int, int]]:
    """The parts of a stretch that lie in flights, which are sorted."""
    first = bisect_right(flights, stretch.start, key=_END)
    for place in range(first, len(flights)):
        left, right, _ = flights[place]
        if left >= stretch.end:
            break
        start, end = max(left, stretch.start), min(right, stretch.end)
        if start < end:
            yield start, end


def _wait(
    stretch: Stretch,
    name: str,
    start: int,
    end: int,
    sweep: Sweep,
    directory: Directory,
) -> Wait | None:
    begin, charged = 0, ""
    duration = 0
    for left, right, (_, owner, pending) in charges_between(sweep.charged, start, end):
        team = sweep.origin if pending else owner
        if team != name:
            if not charged:
                begin, charged = left, team
            duration += directory.calendar(team).between(left, right)
    if not charged:
        return None
    return Wait(charged, name, stretch.component, begin, end, duration)
