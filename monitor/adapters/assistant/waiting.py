"""Messages that wait to be sent, between one thread that makes and one that sends."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Final

# Messages below which who takes them soon waits, and above which nobody does.
_FEW: Final = 2
_ENOUGH: Final = 4


class Waiting:
    """A queue bounded by bytes; iterating takes messages until it is closed."""

    def __init__(self, most_bytes: int) -> None:
        """Hold so many bytes, and at least one message."""
        self._most = most_bytes
        self._bytes = 0
        self._messages: deque[bytes] = deque()
        self._closed = False
        self._was_awaited = False
        self._changed = threading.Condition()

    def put(self, message: bytes) -> None:
        """Add a message, as soon as there is room."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes < self._most)
            self._messages.append(message)
            if len(self._messages) > _ENOUGH:
                self._was_awaited = False
            self._bytes += len(message)
            self._changed.notify_all()

    def is_short(self) -> bool:
        """Whether whoever takes messages had to wait, and nearly would again."""
        return self._was_awaited and len(self._messages) < _FEW

    def close(self) -> None:
        """Say that no message will come."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[bytes]:
        """Each message in its order; ends when all are taken and none will come."""
        while (message := self._taken()) is not None:
            yield message

    def _taken(self) -> bytes | None:
        with self._changed:
            self._was_awaited = self._was_awaited or not self._messages
            self._changed.wait_for(lambda: self._messages or self._closed)
            if not self._messages:
                return None
            message = self._messages.popleft()
            self._bytes -= len(message)
            self._changed.notify_all()
            return message
