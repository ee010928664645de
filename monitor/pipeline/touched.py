"""Which items were replaced since somebody asked: at first, and beyond a limit, all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# Beyond it reading everything anew is cheaper than item by item.
_MOST: Final = 50_000


@dataclass(slots=True)
class Touched:
    """Adds up keys of items until they are taken; use it under the runner's lock.

    Nothing is kept while nobody has ever asked, so that nobody has to.
    """

    most: int = _MOST
    _keys: set[str] | None = None

    def note(self, keys: Iterable[str]) -> None:
        """The timelines of these items are others now."""
        if self._keys is not None:
            self._keys.update(keys)
            if len(self._keys) > self.most:
                self._keys = None

    def take(self) -> frozenset[str] | None:
        """What was touched since the last time; None where nobody knows, so all."""
        taken, self._keys = self._keys, set()
        return None if taken is None else frozenset(taken)

    def forget(self) -> None:
        """Whoever took last did not use it: all are touched."""
        self._keys = None
