"""Waits as they are counted and timed: every foreign wait in flight, halting or not.

So is a reopening by another team, although nobody waits then: it is a row of the
components, with what opens and what closes it (indicators 1.3).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.domain.items import FOREVER
from monitor.domain.teams import Directory
from monitor.domain.timeline import Component, Wait
from monitor.indicators.items.charges import charges_between
from monitor.indicators.items.flight import Flight, Mode
from monitor.indicators.timelines.sweep import Sweep, blamed

_END: Final = itemgetter(1)
_REOPEN: Final = Component.REOPEN


class _Open(NamedTuple):
    """One component that is open on one team, in flight or not.

    ``since`` is when what is waited for began, under whatever name; of a reopening it
    is not told, because each flight is another.
    """

    component: Component
    name: str
    start: int
    end: int
    since: int | None = None


def counted_waits(sweep: Sweep, directory: Directory) -> tuple[Wait, ...]:
    """One wait for each stretch, named team and flight in which it is foreign.

    A wait counts from when it is first foreign and in flight; its duration is
    charged-calendar time from then to its close or cap (design 11.2).
    """
    found: list[Wait] = []
    for wait in _open(sweep, directory):
        for start, end in _in_flight(wait, sweep.flights):
            counted = _wait(wait, start, end, sweep, directory)
            if counted is not None:
                found.append(counted)
    if len(found) > 1:
        found.sort(key=lambda wait: (wait.start, wait))
    return tuple(found)


def _open(sweep: Sweep, directory: Directory) -> Iterator[_Open]:
    for stretch in sweep.stretches:
        if not stretch.pending:
            for name in stretch.names:
                span = (stretch.start, stretch.end)
                yield _Open(stretch.component, name, *span, stretch.opened)
    if sweep.modes:
        yield from _reopened(sweep.modes, directory)


def _reopened(modes: Sequence[Mode], directory: Directory) -> Iterator[_Open]:
    """Each cause of a reopening, until it is not among those stated last.

    The same one stated again is no second opening; every end of flight closes it.
    """
    since: dict[str, int] = {}
    for mode in modes:
        causes = blamed(mode, directory)
        for name in sorted(since.keys() - set(causes)):
            yield _Open(_REOPEN, name, since.pop(name), mode.start)
        for name in causes:
            since.setdefault(name, mode.start)
    for name, start in since.items():
        yield _Open(_REOPEN, name, start, FOREVER)


def _in_flight(wait: _Open, flights: Sequence[Flight]) -> Iterator[tuple[int, int]]:
    """The parts of what is open that lie in flights, which are sorted."""
    first = bisect_right(flights, wait.start, key=_END)
    for place in range(first, len(flights)):
        left, right, _ = flights[place]
        if left >= wait.end:
            break
        start, end = max(left, wait.start), min(right, wait.end)
        if start < end:
            yield start, end


def _wait(
    wait: _Open, start: int, end: int, sweep: Sweep, directory: Directory
) -> Wait | None:
    component, name, *_ = wait
    begin, charged = 0, ""
    duration = 0
    for left, right, (_, owner, pending) in charges_between(sweep.charged, start, end):
        team = sweep.origin if pending else owner
        # A reopening of the owner's making stays its own while it is handed on.
        if name == team or (component is _REOPEN and name == owner):
            continue
        if not charged:
            begin, charged = left, team
        duration += directory.calendar(team).between(left, right)
    if not charged:
        return None
    earlier = 0 if wait.since is None else begin - wait.since
    return Wait(charged, name, component, begin, end, duration, earlier)
