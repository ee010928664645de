"""One end of the line between the two processes: whole messages, never half of one.

A process that was stopped neither ends nor answers, in the middle of a message too:
who waits for it must be able to have enough, and at once when told to stop itself.
"""

from __future__ import annotations

import contextlib
import io
import math
import select
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Final

_SIZE: Final = struct.Struct("!Q")
# How soon it is noticed that less patience is left.
_SLICE_SECONDS: Final = 0.2
_SLICE: Final = struct.pack("@ll", 0, int(_SLICE_SECONDS * 1_000_000))
# Larger pieces are not received faster, and cost more memory.
_MOST_AT_ONCE: Final = 64 * 1024


class Line:
    """Sends and receives messages; one thread may send while another receives.

    ``patience`` tells for how many seconds the other end may be silent, or take
    nothing, at this moment. Raises OSError or EOFError where there is no other end,
    TimeoutError, an OSError too, where patience is at an end: then close it.
    """

    def __init__(
        self, end: socket.socket, patience: Callable[[], float] = lambda: math.inf
    ) -> None:
        """Take an end of a pair of sockets."""
        # The kernel waits, and gives up after a slice: what was sent or received of a
        # message by then is known, as it is not where a whole one is waited for.
        for waiting in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            end.setsockopt(socket.SOL_SOCKET, waiting, _SLICE)
        self._end = end
        self._patience = patience

    def speaks(self, seconds: float) -> bool:
        """Whether there is something to receive, or no other end, within the time."""
        waiting = select.poll()
        waiting.register(self._end, select.POLLIN)
        return bool(waiting.poll(seconds * 1_000))

    def send(self, message: bytes) -> None:
        """Send a message, as fast as the other end takes it."""
        for part in (_SIZE.pack(len(message)), message):
            left = memoryview(part)
            while left:
                left = left[self._sent(left) :]

    def receive(self) -> bytes:
        """The next message, as soon as it is there as a whole."""
        (size,) = _SIZE.unpack(self._taken(_SIZE.size))
        return self._taken(size)

    def close(self) -> None:
        """Let the other end know that nobody is here any more."""
        self._end.close()

    def _taken(self, size: int) -> bytes:
        taken = io.BytesIO()
        while size:
            part = self._received(min(size, _MOST_AT_ONCE))
            if not part:
                raise EOFError
            taken.write(part)
            size -= len(part)
        return taken.getvalue()

    def _sent(self, part: memoryview) -> int:
        for _ in self._slices():
            with contextlib.suppress(BlockingIOError):
                return self._end.send(part)
        raise TimeoutError("the other end takes nothing")

    def _received(self, most: int) -> bytes:
        for _ in self._slices():
            with contextlib.suppress(BlockingIOError):
                return self._end.recv(most)
        raise TimeoutError("the other end is silent")

    def _slices(self) -> Iterator[float]:
        """The seconds waited so far, slice by slice, while there is patience."""
        silent = 0.0
        yield silent
        while (silent := silent + _SLICE_SECONDS) < self._patience():
            yield silent
