"""What a request line may name: a path, or, through a proxy, a whole address."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from monitor.adapters.web.server import WebServer
from monitor.domain.pages import Question
from tests.unit.web.opening import Opened
from tests.unit.web.showing import Told


@pytest.fixture
def ledger() -> Opened:
    return Opened(teams=("a/b", "checkout"))


@pytest.fixture
def server(ledger: Opened) -> Iterator[WebServer]:
    made = WebServer(Told(ledger=ledger).browser().app, "127.0.0.1", 0)
    made.start()
    yield made
    made.stop()


def answered(server: WebServer, target: str, method: str = "GET") -> tuple[int, str]:
    """The status and the rest of the answer to a request of this target."""
    sent = (
        f"{method} {target} HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(sent.encode())
        answer = b"".join(iter(lambda: client.recv(65_536), b"")).decode()
    return int(answer.split(" ", 2)[1]), answer.partition("\r\n")[2]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9408",
        "http://friction.example",
        "HTTP://FRICTION.EXAMPLE:80",
        "https://friction.example",
        "http://[::1]:9105",
    ],
)
def test_a_whole_address_is_answered_as_its_path(
    server: WebServer, address: str
) -> None:
    """Every server must accept it, although only proxies ask so (RFC 9112, 3.2.2)."""
    assert answered(server, f"{address}/healthz")[0] == 200
    assert answered(server, f"{address}/page.css")[0] == 200
    assert answered(server, f"{address}/nowhere")[0] == 404
    # "http://a" and "http://a/" are one address (RFC 9110, 4.2.3).
    _, first = answered(server, f"{address}/")
    for target in (address, f"{address}?x=1"):
        status, answer = answered(server, target)
        assert (status, "<title>" in answer) == (200, True)
    assert "<title>" in first


def test_what_a_whole_address_asks_and_the_names_in_it_stay(
    server: WebServer, ledger: Opened
) -> None:
    there = "http://friction.example/pair/a%2Fb/=checkout?component=ci_queue"
    assert answered(server, there)[0] == 200
    assert ledger.asked == [Question("a/b", "checkout", "ci_queue")]
    # An address in a name, or in what is asked, is none of the request's.
    assert answered(server, "/healthz?see=http://a/nowhere")[0] == 200
    assert answered(server, "/team/http%3A%2F%2Fa%2Fhealthz")[0] == 404


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "//x"),
        ("GET", "//friction.example/healthz"),
        ("GET", "http://friction.example//healthz"),
        ("GET", "http:///healthz"),
        ("GET", "http:/healthz"),
        ("GET", "ftp://friction.example/healthz"),
        ("GET", "/http://friction.example/healthz"),
        ("GET", "http://a/http://b/healthz"),
        ("GET", "http%3A//friction.example/healthz"),
        ("GET", "healthz"),
        ("GET", "*"),
        ("OPTIONS", "*"),
        ("CONNECT", "friction.example:443"),
    ],
)
def test_what_is_no_address_of_ours_is_nowhere_and_leads_nowhere(
    server: WebServer, method: str, target: str
) -> None:
    status, answer = answered(server, target, method)
    assert status == 404
    assert "\r\nlocation:" not in answer.lower()
