"""Connections that do not wait for their client for ever, and are bounded in number.

The server itself waits without limit for the rest of a request and for a client that
does not read. Whoever opens connections and sends nothing would hold every descriptor
of the process, and keep its scrapes, probes and state file from theirs.
"""

from __future__ import annotations

import asyncio
import resource
from typing import Any, Final, cast

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

# With everything else that is open far below the usual limit of 1,024 descriptors.
MOST_CONNECTIONS: Final = 256
# How long a client may send no whole request, or take nothing of an answer.
CLIENT_SECONDS: Final = 30.0
_BEFORE_AN_ANSWER: Final = (h11.IDLE, h11.SEND_RESPONSE)


def most_connections() -> int:
    """How many are kept: no more than half of the descriptors we may have now.

    The other half is for those that are taken in before one makes room, for Kafka,
    the state and what the process holds from its start: about 25.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, allowed // 2))


class Connection(H11Protocol):
    """One client's; ended when the client leaves it waiting, or when others need room.

    Beyond the most that are kept, the one that waits longest for its client makes room,
    and one that is being answered only when none waits: a new scrape or probe, which
    sends its request at once, is answered, whoever holds the others.
    """

    _deadline: asyncio.TimerHandle | None = None
    _since = 0.0
    _unsent = 0

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        """One of at most so many; the rest is the server's."""
        super().__init__(config, server_state, app_state, _loop)
        self._most = most

    def connection_made(  # type: ignore[override]  # as the server has it
        self, transport: asyncio.Transport
    ) -> None:
        """Wait for the first request; make room if this is one too many."""
        super().connection_made(transport)
        self._wait_for_client()
        if len(self.connections) > self._most:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what has come; with a request the client has done its part."""
        super().handle_events()
        if self._is_our_turn:
            self._wait_no_more()

    def _should_upgrade(self) -> bool:
        # We speak HTTP only, as who asks for more is told by the answer. The server
        # would log for each what to install for it.
        return False

    def send_400_response(self, msg: str) -> None:
        """Say that it is no HTTP, unless an answer has begun; whoever makes one stops.

        The rest of a request may turn out so while it is answered, or afterwards.
        """
        if self.conn.our_state in _BEFORE_AN_ANSWER:
            super().send_400_response(msg)
        else:
            self.transport.close()
        # The server has none before the first request.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()

    def on_response_complete(self) -> None:
        """Wait for the next request, and for the client to take the answer."""
        self._wait_for_client()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for the client to take some of the answer."""
        super().pause_writing()
        self._wait_for_client()

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        super().resume_writing()
        if self._is_our_turn:
            self._wait_no_more()

    @property
    def _is_our_turn(self) -> bool:
        """A request is being answered, and the client takes what is sent."""
        # The server has none before the first request.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not (
            cycle.response_complete or cycle.disconnected or self.flow.write_paused
        )

    def _wait_for_client(self) -> None:
        self._wait_no_more()
        self._since = self.loop.time()
        self._set_deadline()

    def _set_deadline(self) -> None:
        self._unsent = self.transport.get_write_buffer_size()
        self._deadline = self.loop.call_later(CLIENT_SECONDS, self._judge)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _judge(self) -> None:
        # A slow line is no reason to cut an answer off.
        if self.transport.get_write_buffer_size() < self._unsent:
            self._set_deadline()
        else:
            self._give_up()

    def _give_up(self) -> None:
        self._wait_no_more()
        # At once: the next that needs room must not find it here still.
        self.connections.discard(self)
        self.transport.abort()

    def _make_room(self) -> None:
        self.logger.warning(
            "More than %d connections are open: one that waited longest is closed.",
            self._most,
        )
        others = [
            each
            for each in self.connections
            if isinstance(each, Connection) and each is not self
        ]
        min(others, key=Connection._patience)._give_up()  # noqa: SLF001  # its own class

    def _patience(self) -> tuple[bool, float]:
        return self._deadline is None, self._since
