"""When people touched an item: what ends idle time and stale waits (indicators 1.2)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from monitor.domain.attempts import attempts_of
from monitor.domain.facts import RUNS, Fact
from monitor.domain.items import FOREVER, ItemFacts
from monitor.indicators.items.flight import Flights

_Span = tuple[int, int]


def activity_of(facts: Iterable[Fact]) -> list[int]:
    """The instants of what people did; what automation does is no activity.

    Sorted, because facts come in the order of the item.
    """
    # A list, because a generator takes a third longer.
    times = [
        fact[1]
        for fact in facts
        if "automation" not in fact[6] or not fact[6]["automation"]
    ]
    return list(dict.fromkeys(times))


def activity_in(item: ItemFacts, flights: Flights) -> list[int]:
    """The instants at which people worked on the item, sorted."""
    closed = {
        change: spans
        for change, spans in flights.open_changes.items()
        if spans and spans[0][1] < FOREVER
    }
    if closed.keys().isdisjoint(item.changes_of_runs.values()):
        return activity_of(item.facts)
    runs = [
        run for run in item.of(*RUNS) if item.changes_of_runs.get(run.entity) in closed
    ]
    of_closed = {run.entity for run in runs}
    others = (fact for fact in item.facts if fact.entity not in of_closed)
    return sorted(activity_of(chain(others, _begun_in_time(item, runs, closed))))


def _begun_in_time(
    item: ItemFacts, runs: Sequence[Fact], closed: Mapping[str, Sequence[_Span]]
) -> Iterator[Fact]:
    """What is told of attempts that began before their change was open no longer.

    The commit that was merged last is built night after night, which is no work on
    the item: by runs of their own, or by attempts of one that was there before.
    """
    for run, attempt in attempts_of(runs):
        if not _is_after(closed[item.changes_of_runs[run]], attempt[0].time):
            yield from attempt


def _is_after(spans: Sequence[_Span], instant: int) -> bool:
    """Whether something was open before the instant, and is not then.

    The spans are in order, and one ends before the next begins.
    """
    if instant < spans[0][1]:
        return False
    last = spans[bisect_right(spans, (instant, FOREVER)) - 1]
    return not last[0] <= instant < last[1]
