"""Clients that leave the server waiting, and more of them than there is room for."""

from __future__ import annotations

import asyncio
import resource
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import cast

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.server import ServerState

from monitor.adapters.web import connections
from monitor.adapters.web.connections import (
    MOST_CONNECTIONS,
    Connection,
    most_connections,
)
from monitor.adapters.web.server import WebServer
from tests.harness.waiting import eventually

# Far more than the buffers of the system hold of a connection.
LONG = "long" * 10_000_000


WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def hello(_: Request) -> Response:
    return PlainTextResponse("hello")


def long(_: Request) -> Response:
    return PlainTextResponse(LONG)


@pytest.fixture
def server() -> Iterator[WebServer]:
    routes = [Route("/", hello), Route("/long", long)]
    made = WebServer(Starlette(routes=routes), "127.0.0.1", 0)
    made.start()
    yield made
    made.stop()


def connected(server: WebServer, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(sent)
    return connection


def is_ended(connection: socket.socket) -> bool:
    """Whether it ends, within the time limit of the connection."""
    try:
        while connection.recv(1_000_000):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


def is_reset(connection: socket.socket) -> bool:
    try:
        connection.send(b"G")
    except ConnectionError:
        return True
    return False


def test_of_too_many_half_open_connections_the_oldest_are_ended(
    server: WebServer,
) -> None:
    with ExitStack() as held:
        many = [
            held.enter_context(connected(server, b"G"))
            for _ in range(MOST_CONNECTIONS + 50)
        ]
        for _ in range(20):
            assert httpx.get(server.url, timeout=3).text == "hello"
        assert all(is_ended(each) for each in many[:50])
        many[-1].settimeout(0.1)
        assert not is_ended(many[-1])


def test_what_is_being_answered_makes_no_room_while_others_wait() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def slow(_: Request) -> Response:
        asked.set()
        may_answer.wait(20)
        return PlainTextResponse("at last")

    server = WebServer(Starlette(routes=[Route("/", slow)]), "127.0.0.1", 0)
    server.start()
    with ExitStack() as held:
        held.callback(server.stop)
        held.callback(may_answer.set)
        first = held.enter_context(connected(server, WHOLE))
        assert asked.wait(20)
        # All of them came later than the one that is being answered.
        many = [
            held.enter_context(connected(server, b"G"))
            for _ in range(MOST_CONNECTIONS + 50)
        ]
        assert all(is_ended(each) for each in many[:51])
        may_answer.set()
        assert first.recv(15) == b"HTTP/1.1 200 OK"


def test_a_probe_among_twelve_hundred_half_open_connections_is_answered(
    server: WebServer,
) -> None:
    with ExitStack() as held:
        for number in range(1_200):
            held.enter_context(connected(server, b"G"))
            if number % 100 == 50:
                with connected(server, WHOLE) as asked:
                    assert asked.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("allowed", "most"),
    [(1_048_576, 256), (resource.RLIM_INFINITY, 256), (256, 128), (64, 32), (1, 1)],
)
def test_no_more_than_half_of_the_descriptors_are_for_connections(
    monkeypatch: pytest.MonkeyPatch, allowed: int, most: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (allowed, allowed))
    assert most_connections() == most


def test_a_probe_is_answered_where_connections_could_take_every_descriptor() -> None:
    serving = textwrap.dedent(
        """
        import resource, sys
        from starlette.applications import Starlette
        from starlette.responses import PlainTextResponse
        from starlette.routing import Route
        from monitor.adapters.web.server import WebServer

        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        hello = Route("/", lambda _: PlainTextResponse("hello"))
        server = WebServer(Starlette(routes=[hello]), "127.0.0.1", 0)
        server.start()
        print(server.port, flush=True)
        sys.stdin.read()
        """
    )
    with (
        ExitStack() as held,
        subprocess.Popen(
            [sys.executable, "-c", serving],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as program,
    ):
        assert program.stdout is not None
        address = ("127.0.0.1", int(program.stdout.readline()))
        for _ in range(150):
            held.enter_context(socket.create_connection(address, timeout=20))
        answer = httpx.get(f"http://{address[0]}:{address[1]}", timeout=20).text
        _, complaint = program.communicate()
    assert answer == "hello"
    assert "Traceback" not in complaint


@pytest.mark.parametrize("sent", [b"", WHOLE[:-2]], ids=["nothing", "half a request"])
def test_a_client_that_sends_no_whole_request_is_ended(
    server: WebServer, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "CLIENT_SECONDS", 0.05)
    with connected(server, sent) as waiting:
        assert is_ended(waiting)


@pytest.mark.parametrize(
    ("sent", "more"),
    [
        (WHOLE, b"G"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbo", b"dy"),
    ],
    ids=["half a second request", "half a body"],
)
def test_a_client_that_goes_on_after_an_answer_but_not_to_the_end_is_ended(
    server: WebServer, monkeypatch: pytest.MonkeyPatch, sent: bytes, more: bytes
) -> None:
    monkeypatch.setattr(connections, "CLIENT_SECONDS", 2)
    with connected(server, sent) as waiting:
        assert waiting.recv(15) == b"HTTP/1.1 200 OK"
        waiting.sendall(more)
        assert is_ended(waiting)


def test_a_client_that_does_not_read_its_answer_is_ended(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "CLIENT_SECONDS", 0.05)
    with connected(server, WHOLE.replace(b"/", b"/long", 1)) as unread:
        eventually(lambda: is_reset(unread))


class Line(asyncio.Transport):
    """To a client that takes what the test says."""

    def __init__(self, unsent: int) -> None:
        super().__init__()
        self.unsent = unsent
        self.is_cut = False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def abort(self) -> None:
        self.is_cut = True


def test_who_asks_for_more_than_http_is_answered_without_a_word_in_the_log(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    asked = WHOLE.replace(
        b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    )
    with connected(server, asked) as connection:
        assert connection.recv(1_000).startswith(b"HTTP/1.1 200 OK")
    assert caplog.text == ""


CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_body_that_is_no_http_is_told_in_one_line(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it comes with its request, or when that has been answered."""
    with connected(server, CHUNKED + b"ZZZ\r\n") as at_once:
        assert at_once.recv(28) == b"HTTP/1.1 400 Bad Request\r\nco"
        assert is_ended(at_once)
    with connected(server, CHUNKED) as later:
        assert later.recv(1_000).startswith(b"HTTP/1.1 405 Method Not Allowed")
        later.sendall(b"ZZZ\r\n")
        assert b"400" not in later.makefile("rb").read()
    server.stop()
    assert [line.message for line in caplog.records if line.levelno > 20] == [
        "Invalid HTTP request received."
    ] * 2


class Timers:
    """A loop that does what is due when the test says so."""

    def __init__(self) -> None:
        self.due: list[Callable[[], object]] = []

    def time(self) -> float:
        return 0.0

    def call_later(self, _: float, callback: Callable[[], object]) -> Timers:
        self.due.append(callback)
        return self

    def cancel(self) -> None:
        pass


def test_a_slow_line_is_waited_for_while_it_takes_some_of_the_answer() -> None:
    line, timers, state = Line(unsent=9_000), Timers(), ServerState()
    loop = cast("asyncio.AbstractEventLoop", timers)
    config = uvicorn.Config(Starlette(), log_config=None)
    Connection(config, state, {}, loop).connection_made(line)
    for line.unsent in (8_999, 7_000, 0):
        timers.due.pop()()
        assert not line.is_cut
    timers.due.pop()()
    assert line.is_cut
    assert not state.connections
