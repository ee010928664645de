"""Following the items of a window: read once, then only what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from monitor.domain.packed import unpack_timelines
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.indicators.totals.ledger import SUMMED
from monitor.indicators.totals.window_items import WindowItems
from monitor.pipeline.showing.refreshing import Pinned

# Read with one look-up: less than a millisecond.
_AT_ONCE: Final = 100


def read_all(
    pinned: Pinned, directory: Directory, shown: Mapping[str, str], window: int
) -> WindowItems:
    """The items that the ledger has for the window (ms) up to the pinned instant."""
    items = WindowItems(window, directory, shown, pinned.instant)
    seen = set[str]()
    for pair in pinned.view.pairs():
        for one in pinned.view.charged(pair, SUMMED, pinned.instant - window):
            pinned.rest()
            if one.item not in seen:
                seen.add(one.item)
                items.add(one.item, unpack_timelines(one.timelines))
    return items


def read_changed(items: WindowItems, pinned: Pinned) -> None:
    """Go on to the pinned instant: what was touched, and what time has changed."""
    touched = pinned.touched or {}
    due = items.advance(pinned.instant) - touched.keys()
    for some in _batches(touched):
        stored = pinned.view.get_many("timelines", some)
        for item in some:
            pinned.rest()
            items.replace(item, _unpacked(touched[item]), _unpacked(stored.get(item)))
    for some in _batches(due):
        stored = pinned.view.get_many("timelines", some)
        for item in some:
            pinned.rest()
            same = _unpacked(stored.get(item))
            items.replace(item, same, same)


def _batches(items: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(items)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some


def _unpacked(packed: bytes | None) -> tuple[Timeline, ...]:
    return unpack_timelines(packed) if packed else ()
