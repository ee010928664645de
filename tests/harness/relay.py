"""One address that stays, in front of a server that moves: a relay of bytes."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_LARGEST_PART = 65_536


@contextmanager
def relayed(target: Callable[[], str]) -> Iterator[str]:
    """Yield an address; each connection to it is passed on to where the target is."""

    class Passing(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            host, _, port = target().rpartition(":")
            try:
                behind = socket.create_connection((host, int(port)), 2)
            except OSError:
                return
            with behind:
                behind.settimeout(None)
                back = threading.Thread(target=_pass, args=(behind, self.request))
                back.start()
                _pass(self.request, behind)
                back.join()

    class Relay(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Relay(("127.0.0.1", 0), Passing) as relay:
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{relay.server_address[1]}"
        relay.shutdown()


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(_LARGEST_PART):
            sink.sendall(part)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
