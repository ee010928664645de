"""Messages that wait to be sent, between one thread that makes and one that sends."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator


class Waiting:
    """A queue bounded by bytes; iterating takes messages until it is closed."""

    def __init__(self, most_bytes: int) -> None:
        """Hold so many bytes, and at least one message."""
        self._most = most_bytes
        self._bytes = 0
        self._messages: deque[bytes] = deque()
        self._closed = False
        self._idle = False
        self._changed = threading.Condition()

    def put(self, message: bytes) -> None:
        """Add a message, as soon as there is room."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes < self._most)
            self._messages.append(message)
            self._bytes += len(message)
            self._changed.notify_all()

    def is_empty(self) -> bool:
        """Whether whoever takes messages waits for one: the last is sent, too."""
        return self._idle and not self._messages

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
            self._idle = True
            self._changed.wait_for(lambda: self._messages or self._closed)
            self._idle = False
            if not self._messages:
                return None
            message = self._messages.popleft()
            self._bytes -= len(message)
            self._changed.notify_all()
            return message
