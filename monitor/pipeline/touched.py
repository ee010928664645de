"""Which items were replaced since somebody asked: at first, and beyond a limit, all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

# Beyond it reading everything anew is cheaper than keeping more.
_MOST: Final = 100_000


@dataclass(slots=True)
class Touched:
    """Keeps what items were before, until it is taken; use it under the runner's lock.

    Nothing is kept while nobody has ever asked, so that nobody has to.
    """

    most: int = _MOST
    _before: dict[str, bytes] | None = None

    def note(self, written: Collection[str], before: Mapping[str, bytes]) -> None:
        """The timelines of these items are others now; what they were before.

        Of an item that is written twice the first word counts. Where nobody tells what
        one was before, nothing is known of any.
        """
        known = self._before
        if known is None:
            return
        for item, timelines in before.items():
            known.setdefault(item, timelines)
        if len(known) > self.most or not before.keys() >= set(written):
            self._before = None

    def take(self) -> Mapping[str, bytes] | None:
        """What was touched since the last time; None where nobody knows, so all."""
        taken, self._before = self._before, {}
        return taken

    def forget(self) -> None:
        """Whoever took last did not use it: all are touched."""
        self._before = None
