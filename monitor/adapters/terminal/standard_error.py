"""Standard error that fails nobody: a line that cannot be written is lost.

Whoever reads it may leave (a closed pipe), or stay and not read (a full one). Neither
may end or hold up the service, least of all when it is told to stop.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from typing import Final, TextIO, cast

# A pipe that is ready for a part of this size takes all of it at once (PIPE_BUF).
_PART: Final = 4_096
# How long a reader may be busy. Who does not read at all is waited for once.
_PATIENCE_SECONDS: Final = 5.0


class StandardError:
    """A text file on a descriptor that waits a while for room, and never raises."""

    def __init__(
        self, descriptor: int | None, patience_seconds: float = _PATIENCE_SECONDS
    ) -> None:
        """Write to a descriptor, which stays whose it is; None is nowhere."""
        self._descriptor = descriptor
        self._patience = self._patience_at_first = patience_seconds
        self._is_cut = False
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        """Write all of it, or as much as there is room for."""
        with self._lock, contextlib.suppress(OSError):
            if self._descriptor is not None:
                self._write(self._descriptor, text.encode(errors="backslashreplace"))
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def _write(self, descriptor: int, line: bytes) -> None:
        # After a line that was cut off the next one begins anew.
        left = b"\n" + line if self._is_cut else line
        while left and self._has_room(descriptor):
            left = left[os.write(descriptor, left[:_PART]) :]
            self._is_cut = bool(left)

    def _has_room(self, descriptor: int) -> bool:
        _, ready, _ = select.select([], [descriptor], [], self._patience)
        self._patience = self._patience_at_first if ready else 0.0
        return bool(ready)


def standard_error() -> TextIO:
    """The standard error of this process, as a file that fails nobody.

    A process started without one has none: its number may be another file's by now.
    """
    if sys.stderr is None:
        return cast("TextIO", StandardError(None))
    try:
        return cast("TextIO", StandardError(sys.stderr.fileno()))
    except OSError:  # it is held in memory, as in a test
        return sys.stderr


def is_terminal() -> bool:
    """Whether people read it as it comes."""
    return sys.stderr is not None and sys.stderr.isatty()
