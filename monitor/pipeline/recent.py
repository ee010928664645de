"""What the last batches read and wrote, kept a while: most of it is asked for again.

An item lives through bursts of events, so the next batches touch many of the same
rows. Kept are whole batches, few and of bounded size; the store has everything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from monitor.relate.code_index import Node
from monitor.relate.rows import Row

_MOST_BATCHES: Final = 4
# As packed; in memory it is about five times as much.
_MOST_BYTES: Final = 24_000_000

_Value = TypeVar("_Value")


class Held(NamedTuple):
    """What one batch had in memory when it was stored, and its packed size."""

    rows: dict[str, Row]
    homes: dict[str, str | None]
    nodes: dict[str, Node]
    packed_bytes: int


@dataclass(slots=True)
class Recent:
    """The last batches, newest first. Used by the one thread that writes."""

    _batches: deque[Held] = field(default_factory=deque)
    _deferred: deque[frozenset[str]] = field(
        default_factory=lambda: deque(maxlen=_MOST_BATCHES)
    )

    def keep(self, held: Held) -> None:
        """Keep a stored batch, and let go of the oldest where it gets too much."""
        batches = self._batches
        batches.appendleft(held)
        while batches and (
            len(batches) > _MOST_BATCHES
            or sum(one.packed_bytes for one in batches) > _MOST_BYTES
        ):
            batches.pop()

    def newly_deferred(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that no recent batch has deferred; all are from now on."""
        new = frozenset(keys).difference(*self._deferred)
        self._deferred.append(new)
        return [key for key in keys if key in new]

    def clear(self) -> None:
        """Forget everything: somebody else is about to write, and to evaluate."""
        self._batches.clear()
        self._deferred.clear()

    def rows(self, keys: Collection[str]) -> dict[str, Row]:
        """The rows of those keys that were in use lately."""
        return _newest([held.rows for held in self._batches], keys)

    def homes(self, keys: Collection[str]) -> dict[str, str | None]:
        """The homes of those keys that were in use lately, None for no home."""
        return _newest([held.homes for held in self._batches], keys)

    def nodes(self, keys: Collection[str]) -> dict[str, Node]:
        """The index nodes of those keys that were in use lately."""
        return _newest([held.nodes for held in self._batches], keys)


def _newest(
    tables: list[dict[str, _Value]], keys: Collection[str]
) -> dict[str, _Value]:
    found: dict[str, _Value] = {}
    for table in tables:
        there = table.keys() & keys
        if there:
            found |= {key: table[key] for key in there if key not in found}
    return found
