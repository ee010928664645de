"""The server's start, stop and refusals."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.adapters.web.server import ListenError, WebServer, _why
from tests.harness.reference_data import REPOSITORY


def hello(_: Request) -> Response:
    return PlainTextResponse("hello")


APP = Starlette(routes=[Route("/", hello)])


@pytest.fixture
def server() -> Iterator[WebServer]:
    made = WebServer(APP, "127.0.0.1", 0)
    made.start()
    yield made
    made.stop()


def test_it_answers_as_soon_as_it_has_started(server: WebServer) -> None:
    answer = httpx.get(server.url)
    assert (answer.status_code, answer.text) == (200, "hello")
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert server.port > 0


def test_it_shows_another_application_from_one_request_to_the_next(
    server: WebServer,
) -> None:
    server.show(Starlette(routes=[Route("/", lambda _: PlainTextResponse("more"))]))
    assert httpx.get(server.url).text == "more"


def test_it_does_not_say_what_it_is_made_of(server: WebServer) -> None:
    assert "server" not in httpx.get(server.url).headers


def test_the_port_is_free_again_after_a_stop(server: WebServer) -> None:
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
    again = WebServer(APP, "127.0.0.1", server.port)
    again.start()
    assert httpx.get(again.url).text == "hello"
    again.stop()


def test_a_stop_without_a_start_does_nothing() -> None:
    WebServer(APP, "127.0.0.1", 0).stop()


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ListenError) as refused:
            WebServer(APP, "127.0.0.1", port).start()
    assert str(refused.value) == (
        f"port {port} on 127.0.0.1 is taken by another process; stop it, "
        "or set another http.port (FRICTION_HTTP__PORT)"
    )


def test_a_host_that_is_no_address_is_told() -> None:
    with pytest.raises(ListenError, match=r"http\.host 'no host' is no address"):
        WebServer(APP, "no host", 0).start()


def test_the_address_of_another_machine_is_told() -> None:
    # 192.0.2.0/24 is for documentation: no machine has such an address.
    with pytest.raises(ListenError, match="is no address of this machine"):
        WebServer(APP, "192.0.2.1", 0).start()


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "port 80 needs privileges; set an http.port above 1023"),
        (errno.ENOBUFS, "cannot listen on localhost port 80: no room"),
    ],
)
def test_what_the_system_refuses_is_told(number: int, told: str) -> None:
    assert _why("localhost", 80, OSError(number, "no room")) == told


# One more each time, until there are enough. Whatever lacks one then is another part:
# the name, the socket, a module that is loaded, the loop.
FEW_FILES = """
import resource, socket, sys
from monitor.adapters.web.server import ListenError, WebServer

async def app(scope, receive, send):
    pass

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
with socket.socket() as next_one:
    first = next_one.fileno()
for more in range(20):
    server = WebServer(app, sys.argv[1], 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (first + more, most))
    try:
        server.start()
    except ListenError as refused:
        print(refused)
    else:
        server.stop()
        print("started")
        break
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_however_few_files_it_may_open_it_starts_or_says_why(host: str) -> None:
    """Nothing else is said, as a traceback would be, and no refused start holds one."""
    done = subprocess.run(
        [sys.executable, "-c", FEW_FILES, host],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    *refused, last = done.stdout.splitlines()
    assert last == "started"
    # A socket, and of the loop a selector and a pair of sockets: none with fewer.
    assert len(refused) >= 4
    assert [text for text in refused if "ulimit -n" not in text] == []


def test_what_ends_the_server_while_it_starts_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object) -> None:
        raise ValueError("no such protocol")

    monkeypatch.setattr(uvicorn.Server, "startup", fail)
    server = WebServer(APP, "127.0.0.1", 0)
    with pytest.raises(ListenError, match="ended while starting: no such protocol"):
        server.start()
    with socket.create_server(("127.0.0.1", server.port)):
        pass  # nobody else listens any more


def test_an_address_of_version_six_is_bracketed() -> None:
    assert WebServer(APP, "::1", 9464).url == "http://[::1]:9464"


def test_an_application_that_fails_answers_500_and_the_server_goes_on() -> None:
    def fail(_: Request) -> Response:
        raise RuntimeError("a secret detail")

    routes = [Route("/", hello), Route("/fail", fail)]
    server = WebServer(Starlette(routes=routes), "127.0.0.1", 0)
    server.start()
    failed = httpx.get(f"{server.url}/fail")
    assert failed.status_code == 500
    assert "secret" not in failed.text
    assert httpx.get(server.url).text == "hello"
    server.stop()


@pytest.mark.parametrize("request_", [b"\x00\xff\r\n\r\n", b"GET\r\n\r\n"])
def test_what_is_no_request_ends_only_its_connection(
    server: WebServer, request_: bytes
) -> None:
    address = ("127.0.0.1", server.port)
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(request_)
        assert b" 200 " not in connection.recv(4096)
    assert httpx.get(server.url).text == "hello"
