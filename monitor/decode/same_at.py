"""At which addresses a sample shows the same things: perhaps one site under several."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

_MOST_PAIRS: Final = 2_000
_MOST_SEEN: Final = 500_000


@dataclass(slots=True)
class SameAt:
    """Grows by things seen at addresses, in any order, repeatedly too.

    ``pairs`` counts the things that were seen at two addresses; ``owns`` are those
    that are known to be a site's own.
    """

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    owns: set[str] = field(default_factory=set)
    _first_at: dict[str, str] = field(default_factory=dict)
    _once: set[tuple[str, str]] = field(default_factory=set)

    def add(self, thing: str, address: str, *, is_own: bool = False) -> None:
        """The thing is seen there, which may be known to be a site's own address."""
        if is_own and len(self.owns) < _MOST_PAIRS:
            self.owns.add(address)
        if (thing, address) in self._once or len(self._once) >= _MOST_SEEN:
            return
        self._once.add((thing, address))
        first = self._first_at.setdefault(thing, address)
        if first == address:
            return
        low, high = sorted((first, address))
        if (low, high) in self.pairs or len(self.pairs) < _MOST_PAIRS:
            self.pairs[low, high] += 1
