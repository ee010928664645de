"""The ledger: to which pairs of teams an item is charged, for what and until when.

It finds the items behind a number without reading all of them. It is a function of
the timelines alone and holds no amounts: these follow from the timelines it leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from monitor.domain.timeline import Component, Segment, Sort, Timeline

# Who is charged and who is waited for, empty where nobody is.
Pair = tuple[str, str]

# What stands beside the one-second law would be counted twice in a sum.
_BESIDE: Final = (Sort.OWN_FAILURE, Sort.UNCLASSIFIED)
_WHATS: Final[tuple[str, ...]] = (*Component, Sort.ACTIVE, *_BESIDE)
# By `what` of a segment, as it is stored: new ones come at the end.
BITS: Final[dict[str, int]] = {str(name): 1 << n for n, name in enumerate(_WHATS)}
SUMMED: Final = sum(BITS.values()) - sum(BITS[str(sort)] for sort in _BESIDE)


class Entry(NamedTuple):
    """One item under one pair: the latest end (ms) of its segments, and their bits."""

    until: int
    what: int


class Moved(NamedTuple):
    """What replaced timelines change: entries gone, by their end, and entries put."""

    item: str
    gone: list[tuple[Pair, int]]
    put: list[tuple[Pair, Entry]]


def bit_of(segment: Segment) -> int:
    """The bit of what a segment is; 0 for what accrues to no number."""
    return BITS.get(segment.component or segment.sort, 0)


def entries_of(timelines: Iterable[Timeline]) -> dict[Pair, Entry]:
    """Every pair the item is charged to."""
    found: dict[Pair, Entry] = {}
    for timeline in timelines:
        for segment in timeline.segments:
            bit = bit_of(segment)
            if not bit:
                continue
            pair, end = (segment.team, segment.on_team), segment.end
            known = found.get(pair)
            if known is None:
                found[pair] = Entry(end, bit)
            elif end > known.until or not known.what & bit:
                found[pair] = Entry(max(end, known.until), known.what | bit)
    return found


def moved(item: str, old: Sequence[Timeline], new: Sequence[Timeline]) -> Moved | None:
    """What replaces an item's old timelines by its new ones; None for nothing."""
    before, after = entries_of(old), entries_of(new)
    if before == after:
        return None
    gone = [
        (pair, entry.until)
        for pair, entry in before.items()
        if pair not in after or after[pair].until != entry.until
    ]
    put = [(pair, entry) for pair, entry in after.items() if before.get(pair) != entry]
    return Moved(item, gone, put)
