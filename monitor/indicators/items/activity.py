"""When people touched an item: what ends idle time and stale waits (indicators 1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from monitor.domain.facts import Fact
from monitor.domain.items import FOREVER, ItemFacts
from monitor.indicators.items.flight import Flights

_NOBODY: Final[frozenset[str]] = frozenset()


def activity_of(facts: Iterable[Fact]) -> list[int]:
    """The instants of what people did; what automation does is no activity.

    Sorted, because facts come in the order of the item.
    """
    times = dict.fromkeys(
        fact[1]
        for fact in facts
        if "automation" not in fact[6] or not fact[6]["automation"]
    )
    return list(times)


def activity_in(item: ItemFacts, flights: Flights) -> list[int]:
    """The instants at which people worked on the item, sorted."""
    after = _aftermath(item, flights)
    if not after:
        return activity_of(item.facts)
    return activity_of(fact for fact in item.facts if fact.entity not in after)


def _aftermath(item: ItemFacts, flights: Flights) -> frozenset[str]:
    """The runs that began when their change was open no longer.

    The commit that was merged last is built night after night, which is no work on
    the item.
    """
    closed = {
        change: spans
        for change, spans in flights.open_changes.items()
        if spans and spans[0][1] < FOREVER
    }
    runs = {
        run: closed[change]
        for run, change in item.changes_of_runs.items()
        if change in closed
    }
    if not runs:
        return _NOBODY
    begun: dict[str, int] = {}
    for fact in item.facts:
        if fact.entity in runs:
            begun.setdefault(fact.entity, fact.time)
    return frozenset(run for run in begun if _is_after(runs[run], begun[run]))


def _is_after(spans: Sequence[tuple[int, int]], instant: int) -> bool:
    """Whether something was open before the instant, and is not then."""
    was = any(end <= instant for _, end in spans)
    return was and not any(start <= instant < end for start, end in spans)
