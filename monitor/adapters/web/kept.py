"""What takes long to make is kept a while, and made anew while the old one is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

_Made = TypeVar("_Made")
_NEW_SECONDS: Final = 10.0
# Beyond it whoever asks waits for a new one.
_OLD_SECONDS: Final = 60.0


def in_background(work: Callable[[], object]) -> None:
    """Do it in a thread of its own, which does not keep the program from ending."""
    threading.Thread(target=work, name="page", daemon=True).start()


@dataclass(slots=True)
class Kept(Generic[_Made]):
    """Gives what was made last; may be asked by several threads.

    Ten seconds long it is new. Until a minute it is given as it is, and another is
    made aside, so that nobody waits who opens a page again or after somebody else.
    """

    make: Callable[[], _Made]
    monotonic: Callable[[], float]
    aside: Callable[[Callable[[], object]], None] = in_background
    _held: tuple[float, _Made] | None = None
    _making: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> _Made:
        """What was made last, or now."""
        held = self._held
        if held is not None:
            age = self.monotonic() - held[0]
            if age <= _NEW_SECONDS:
                return held[1]
            if age <= _OLD_SECONDS:
                if not self._making.locked():
                    self.aside(self._made)
                return held[1]
        return self._made()

    def _made(self) -> _Made:
        """Made now, unless another thread has just done so."""
        with self._making:
            held, at = self._held, self.monotonic()
            if held is None or at - held[0] > _NEW_SECONDS:
                held = self._held = (at, self.make())
            return held[1]
