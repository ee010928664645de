"""Waits as they are counted and timed: every foreign wait in flight, halting or not."""

from __future__ import annotations

from monitor.domain.teams import Directory
from monitor.domain.timeline import Wait
from monitor.indicators.charges import charges_between
from monitor.indicators.intervals import Stretch
from monitor.indicators.sweep import Sweep


def counted_waits(sweep: Sweep, directory: Directory) -> tuple[Wait, ...]:
    """One wait for each stretch, named team and flight in which it is foreign.

    A wait counts from when it is first foreign and in flight; its duration is
    charged-calendar time from then to its close or cap (design 11.2).
    """
    found: list[Wait] = []
    for stretch in sweep.stretches:
        if stretch.pending:
            continue
        for left, right, _ in sweep.flights:
            start = max(left, stretch.start)
            end = min(right, stretch.end)
            if start < end:
                for name in stretch.names:
                    wait = _wait(stretch, name, start, end, sweep, directory)
                    if wait is not None:
                        found.append(wait)
    if len(found) > 1:
        found.sort(key=lambda wait: (wait.start, wait))
    return tuple(found)


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
