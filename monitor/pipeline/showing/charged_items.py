"""The items behind a number, the one that ended last first, read as they are needed.

The ledger has an entry for each pair of teams that an item is charged to, so an item
that is behind a number with several pairs comes several times: it stands where the
latest of them does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from typing import NamedTuple

from monitor.domain.packed import unpack_timelines
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.indicators.explaining.explain import Line, Question, lines_of
from monitor.indicators.totals.ledger import BITS, SUMMED, Pair, entries_of
from monitor.pipeline.ports import LAST_PLACE, Charged, Place, StateReader


@dataclass(frozen=True, slots=True)
class Asked:
    """Which number: some pairs, one component or all that is summed, a stretch (ms)."""

    pairs: frozenset[Pair]
    component: str | None
    start: int
    end: int

    @property
    def what(self) -> int:
        """The bits of what is asked for; 0 when the ledger does not know it."""
        return what_of(self.component)


class Behind(NamedTuple):
    """An item with the segments it adds, in order of time; ``place`` continues."""

    place: Place
    item: str
    lines: list[Line]

    @property
    def made_by(self) -> set[str]:
        """Whose timelines the segments are in: the item's, and its deploys'."""
        return {line.item for line in self.lines}

    @property
    def seconds(self) -> Fraction:
        """What the item adds."""
        return sum((line.seconds for line in self.lines), Fraction(0))


def what_of(component: str | None) -> int:
    """The bits of a component, of everything that is summed if there is none."""
    return SUMMED if component is None else BITS.get(component, 0)


def items_behind(
    state: StateReader,
    asked: Asked,
    directory: Directory,
    before: Place = LAST_PLACE,
) -> Iterator[Behind]:
    """The items that add to a number, from a place on. Do not commit while iterating.

    All of them, from the last place there is, sum to the number exactly.
    """
    entries = [_entries(state, pair, asked, before) for pair in asked.pairs]
    for entry in merge(*entries, reverse=True):
        (_, pair), (place, item, packed) = entry
        timelines = unpack_timelines(packed)
        entered = [
            (known.until, one)
            for one, known in entries_of(timelines).items()
            if one in asked.pairs and known.what & asked.what
        ]
        if pair != max(entered)[1]:
            continue
        lines = _lines(timelines, [one for _, one in entered], asked, directory)
        if lines:
            yield Behind(place, item, lines)


def _entries(
    state: StateReader, pair: Pair, asked: Asked, before: Place
) -> Iterator[tuple[tuple[Place, Pair], Charged]]:
    """The entries of a pair, each with what puts it in order among all others."""
    for one in state.charged(pair, asked.what, asked.start, before):
        yield (one.place, pair), one


def _lines(
    timelines: Collection[Timeline],
    pairs: Collection[Pair],
    asked: Asked,
    directory: Directory,
) -> list[Line]:
    found = [
        line
        for pair in pairs
        for line in lines_of(
            timelines,
            Question(*pair, asked.component, asked.start, asked.end),
            directory,
        )
    ]
    return sorted(found, key=lambda line: (line.start, line))
