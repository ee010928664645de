"""The HTTP server in a thread of its own, with a clean start and stop."""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import threading
from functools import partial
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.adapters.open_files import shortage_of_files
from monitor.adapters.web.connections import Connection, most_connections
from monitor.adapters.web.targets import with_path
from monitor.errors import FrictionError

# So many may wait to be taken in; who finds no place tries again after a second.
_BACKLOG: Final = 1_024
# One in so many that are kept is taken in before any is read: far fewer, or a request
# that has arrived already would have to make room for those behind it.
_KEPT_FOR_EACH: Final = 16
# An answer still being sent when the service stops gets this long.
_GRACE_SECONDS: Final = 3


class ListenError(FrictionError):
    """The address cannot be listened on; the message says why and what to do."""


class PortTakenError(ListenError):
    """Another process listens there."""


class WebServer:
    """Serves an application from ``start`` to ``stop``, each called once."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """Serve the application at this address; port 0 takes any free one."""
        self._app = app
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the server answers, for people."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def port(self) -> int:
        """The port listened on; the one asked for before ``start``."""
        return self._port

    def start(self) -> None:
        """Listen, and return once requests are answered.

        Raises:
            ListenError: the port is taken, the host is not of this machine, or the
                server ended at once; then nobody listens.
        """
        listening = _listen(self._host, self._port)
        self._port = listening.getsockname()[1]
        most = most_connections()
        self._server = _Server(
            uvicorn.Config(
                self._answer,
                interface="asgi3",
                http=partial(Connection, most=most),  # type: ignore[arg-type]
                backlog=max(1, most // _KEPT_FOR_EACH),
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [listening]},
            name="http",
            daemon=True,
        )
        self._thread.start()
        self._server.serving.wait()
        if not self._server.started:
            listening.close()
            raise ListenError(_ended(self._server.failure)) from self._server.failure

    def show(self, app: ASGIApp) -> None:
        """Answer with another application from now on."""
        self._app = app

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(with_path(scope), receive, send)

    def stop(self) -> None:
        """Answer what has begun, then close. Without ``start`` nothing happens."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(timeout=2 * _GRACE_SECONDS)


class _Server(uvicorn.Server):
    """Tells when it serves, so that the starter need not poll for it.

    ``failure`` is what ended it before, for the starter to tell.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = threading.Event()
        self.failure: Exception | None = None

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            # What fails here the server would leave half made, to complain of that.
            self.config.get_loop_factory()
            _open_as_many_as_a_loop()
            super().run(sockets)
        except Exception as problem:
            if self.started:
                raise
            self.failure = problem
        finally:
            # A server that fails to start must not leave its starter waiting.
            self.serving.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # The server asks for as many places as it takes in at once.
        for listening in sockets or ():
            listening.listen(_BACKLOG)
        if self.started:
            self.serving.set()


def _open_as_many_as_a_loop() -> None:
    """Open what a loop does, and close it. Raises OSError where that cannot be."""
    with selectors.DefaultSelector():
        for end in socket.socketpair():
            end.close()


def _ended(failure: Exception | None) -> str:
    said = "the HTTP server ended while starting"
    why = shortage_of_files(failure) or failure
    return said if why is None else f"{said}: {why}"


def refuse_taken(host: str, port: int) -> None:
    """Find out now what listening would. Raises ListenError, as PortTakenError."""
    _listen(host, port).close()


def _listen(host: str, port: int) -> socket.socket:
    # Bound here and not by the server, which would end the process on failure.
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, _, _, _, address = found[0]
        with contextlib.ExitStack() as undo:
            listening = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
            undo.pop_all()
    except socket.gaierror as error:
        raise ListenError(f"http.host {host!r} is no address of any machine") from error
    except OSError as error:
        wrong = PortTakenError if error.errno == errno.EADDRINUSE else ListenError
        raise wrong(_why(host, port, error)) from error
    return listening


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is taken by another process; stop it, "
            "or set another http.port (FRICTION_HTTP__PORT)"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"http.host {host} is no address of this machine"
    if error.errno == errno.EACCES:
        return f"port {port} needs privileges; set an http.port above 1023"
    why = shortage_of_files(error) or error.strerror
    return f"cannot listen on {host} port {port}: {why}"
