"""Every timeline that is kept: of items with their facts, and of sealed ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Final

from monitor.domain.packed import unpack_timelines
from monitor.domain.sealed import unseal
from monitor.domain.timeline import Timeline
from monitor.pipeline.ports import StateReader, Table

# Where anything of an item is kept.
_KEPT: Final[tuple[Table, ...]] = ("items", "timelines", "sealed")


def all_timelines(
    state: StateReader,
) -> Iterator[tuple[str, tuple[Timeline, ...]]]:
    """Items with their timelines. Do not commit while iterating."""
    for key, packed in state.scan("timelines"):
        yield key, unpack_timelines(packed)
    yield from sealed_timelines(state)


def sealed_timelines(
    state: StateReader,
) -> Iterator[tuple[str, tuple[Timeline, ...]]]:
    """Sealed items with their timelines. Do not commit while iterating."""
    for key, packed in state.scan("sealed"):
        yield key, unseal(key, packed).timelines


def timelines_of(state: StateReader, item: str) -> tuple[Timeline, ...]:
    """The timelines of one item, sealed or not."""
    packed = state.get_many("timelines", [item]).get(item)
    if packed is not None:
        return unpack_timelines(packed)
    sealed = state.get_many("sealed", [item]).get(item)
    return unseal(item, sealed).timelines if sealed is not None else ()


def forgotten(state: StateReader, items: Collection[str]) -> set[str]:
    """Those of the items of which nothing is kept any more but what they came to."""
    kept = (state.get_many(table, items) for table in _KEPT)
    return set(items).difference(chain.from_iterable(kept))
