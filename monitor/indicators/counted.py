"""Waits as they are counted and timed: every foreign wait in flight, halting or not."""

from __future__ import annotations

from collections.abc import Sequence

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
        for flight in sweep.flights:
            start = max(stretch.start, flight.start)
            end = min(stretch.end, flight.end)
            if start < end:
                charged = [
                    (left, right, sweep.origin if charge.pending else charge.owner)
                    for left, right, charge in charges_between(
                        sweep.charged, start, end
                    )
                ]
                for name in stretch.names:
                    wait = _wait(stretch, name, charged, end, directory)
                    if wait is not None:
                        found.append(wait)
    return tuple(sorted(found, key=lambda wait: (wait.start, wait)))


def _wait(
    stretch: Stretch,
    name: str,
    charged: Sequence[tuple[int, int, str]],
    end: int,
    directory: Directory,
) -> Wait | None:
    begin, charge = 0, ""
    duration = 0
    for left, right, team in charged:
        if team != name:
            if not charge:
                begin, charge = left, team
            duration += directory.calendar(team).between(left, right)
    if not charge:
        return None
    return Wait(charge, name, stretch.component, begin, end, duration)
