"""When garbage is collected: between batches, and never everything at once.

Left alone, the collector walks all that is loaded again and again: 1.4 times the
work while catching up, and stops of half a second with 200,000 items. Only cycles
need it; everything else is freed the moment nobody refers to it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self

_FULL_EVERY_SECONDS: Final = 10.0
# What survives a collection this long is taken for state, and not walked again.
_LONG_SECONDS: Final = 0.02
_YOUNG: Final = 1


@dataclass(slots=True)
class Collecting:
    """Inside its ``with`` block, collections happen in ``between_turns`` alone."""

    monotonic: Callable[[], float]
    _was_on: bool = field(default_factory=gc.isenabled)
    _settled: bool = False
    _last_full: float = 0.0

    def __enter__(self) -> Self:
        """Stop automatic collection; what was loaded is never walked again."""
        self._last_full = self.monotonic()
        gc.disable()
        gc.freeze()
        return self

    def __exit__(self, *_: object) -> None:
        """Collect as before, and everything."""
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    def between_turns(self, *, ready: bool) -> None:
        """Collect what is new; now and then everything that is not state.

        While catching up most of what is new is kept for some batches, and next to
        none of it are cycles: only the latter is done. When the service has caught up,
        everything read until then is state.
        """
        if ready:
            gc.collect(_YOUNG)
        if ready and not self._settled:
            gc.freeze()
            self._settled = True
        began = self.monotonic()
        if began - self._last_full < _FULL_EVERY_SECONDS:
            return
        gc.collect()
        self._last_full = self.monotonic()
        if self._last_full - began > _LONG_SECONDS:
            gc.freeze()
