"""Waits for a runner: each attempt of a run, from queued to its first later stage.

A run that a gate holds (``run.held``: an approval, a timer) waits for no runner. What
it waits for is told of its deploy; its queue begins when it is queued again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.domain.attempts import attempts_of
from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.domain.teams import EXTERNAL, Directory, Schedule, always
from monitor.domain.timeline import Component
from monitor.domain.working_time import HOUR, CalendarAt
from monitor.indicators.items.flight import Flights
from monitor.indicators.items.owners import UNOWNED
from monitor.indicators.waits.approvals import Negative
from monitor.indicators.waits.intervals import LOOSE, Stretch, capped, dated

_QUEUE_CAP: Final = 4 * HOUR
# A member of an enumeration costs ten times a global name.
_QUEUED: Final = Kind.RUN_QUEUED
_HELD: Final = Kind.RUN_HELD


def queue_stretches(
    item: ItemFacts,
    flights: Flights,
    runs: Sequence[Fact],
    calendar: CalendarAt,
    directory: Directory,
) -> Iterator[Stretch | Negative]:
    """`ci_queue`: each attempt from queued to its first later stage."""
    for entity, facts in attempts_of(runs):
        start, end = _queue(facts)
        if start is None:
            continue
        if end < start:
            yield Negative(start, Component.CI_QUEUE)
            continue
        end = min(end, _next_of(flights.finals, start))
        if end - start > _QUEUE_CAP:
            end = capped(start, end, calendar(start), _QUEUE_CAP)
        if end > start:
            level = item.changes_of_runs.get(entity) or LOOSE
            stretch = Stretch(Component.CI_QUEUE, (), start, end, level, entity)
            yield from dated(stretch, _pool_owner(facts, directory))


def _queue(facts: Sequence[Fact]) -> tuple[int | None, int]:
    """Since when the attempt waits for a runner, if it does, and until when."""
    queued: list[int] = []
    held: list[int] = []
    end = FOREVER
    for kind, time, *_ in facts:
        if kind is _QUEUED:
            queued.append(time)
        elif kind is _HELD:
            held.append(time)
        else:
            end = min(end, time)
    if not queued:
        return None, end
    if held:
        return _queued_again(queued, held, end), end
    return queued[0], end


def _queued_again(queued: Sequence[int], held: Sequence[int], end: int) -> int | None:
    """Since when a held attempt waits: the last time that it was let go before it ran.

    Several gates let it go one after the other. What lets go in the instant of the
    hold counts, unless the attempt was only then made.
    """
    last = max((time for time in held if time < end), default=None)
    if last is None:
        return queued[0]
    first = queued[0]
    again = [t for t in queued if t <= end and (t > last or t == last > first)]
    return max(again, default=None)


def _next_of(instants: Sequence[int], start: int) -> int:
    following = bisect_left(instants, start)
    return instants[following] if following < len(instants) else FOREVER


def _pool_owner(facts: Sequence[Fact], directory: Directory) -> Schedule:
    for fact in facts:
        named = fact.fields.get("on_team")
        if named is not None and fact.kind is not Kind.RUN_FINISHED:
            return always(directory.named(named))
    for fact in facts:
        pool = fact.fields.get("pool")
        hosted = bool(fact.fields.get("hosted"))
        owner = directory.pool(tuple(pool), hosted=hosted) if pool else None
        if owner is not None:
            return owner
    if any(fact.fields.get("hosted") for fact in facts):
        return always(EXTERNAL)
    return UNOWNED
