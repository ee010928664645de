"""Waits as they are counted and timed: every foreign wait in flight, halting or not."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.domain.teams import Directory
from monitor.domain.timeline import Wait
from monitor.indicators.intervals import Stretch
from monitor.indicators.sweep import Sweep


def counted_waits(sweep: Sweep, directory: Directory) -> tuple[Wait, ...]:
    """One wait for each stretch, named team and flight in which it is foreign.

    A wait counts from when it is first foreign and in flight; its duration is
    charged-calendar time from then to its close or cap (design 11.2).
    """
    found: list[Wait] = []
    for stretch in sweep.stretches:
        if not stretch.pending:
            for name in stretch.names:
                found.extend(_in_flights(sweep, stretch, name, directory))
    return tuple(sorted(found, key=lambda wait: (wait.start, wait)))


def _in_flights(
    sweep: Sweep, stretch: Stretch, name: str, directory: Directory
) -> Iterator[Wait]:
    for flight in sweep.flights:
        start = max(stretch.start, flight.start)
        end = min(stretch.end, flight.end)
        if start >= end:
            continue
        first: tuple[int, str] | None = None
        duration = 0
        for left, right, team in _charged_pieces(sweep, start, end):
            if team == name:
                continue
            first = first or (left, team)
            duration += directory.calendar(team).between(left, right)
        if first is not None:
            begin, team = first
            yield Wait(team, name, stretch.component, begin, end, duration)


def _charged_pieces(
    sweep: Sweep, start: int, end: int
) -> Iterator[tuple[int, int, str]]:
    charged = sweep.charged
    for index, charge in enumerate(charged):
        following = charged[index + 1].start if index + 1 < len(charged) else end
        left, right = max(start, charge.start), min(end, following)
        if left < right:
            yield left, right, sweep.origin if charge.pending else charge.owner
