"""The only place where the time of day is read; everything else is told ``now``."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests bring their own."""

    def now_ms(self) -> int:
        """Milliseconds UTC since 1970. May step when the machine's clock is set."""

    def monotonic(self) -> float:
        """Seconds since some moment, never falling: for spans, not for dates."""


class SystemClock:
    """The clock of the machine."""

    def now_ms(self) -> int:
        """Milliseconds UTC since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds since some moment, never falling."""
        return time.monotonic()
