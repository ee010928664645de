"""A receiver of notifications on loopback that keeps what it was sent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from tests.harness.ports import free_port


class Notice(NamedTuple):
    """One alert of one notification: where it went, what it says."""

    path: str
    status: str
    name: str
    alert: dict[str, Any]


class Webhook:
    """An HTTP server that answers 200 to every POST; any path is an address of it."""

    def __init__(self) -> None:
        """Choose a port; nothing runs yet."""
        self.notices: list[Notice] = []
        address = ("127.0.0.1", free_port())
        self._server = ThreadingHTTPServer(address, _answering(self.notices))
        self.url = f"http://127.0.0.1:{address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Self:
        """Start it."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def of(self, name: str, status: str) -> list[Notice]:
        """Return the notices of one alert in one status so far."""
        return [n for n in self.notices if (n.name, n.status) == (name, status)]


def _answering(notices: list[Notice]) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            notices.extend(
                Notice(self.path, one["status"], one["labels"]["alertname"], one)
                for one in body["alerts"]
            )
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: a test prints what it needs."""

    return Receiver
