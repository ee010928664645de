"""What the doctor says of the address that Prometheus would ask."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.adapters.doctor.check import Check, Mark
from monitor.adapters.doctor.scrape import scrape_checks
from tests.harness.ports import free_ports

OURS = "# HELP friction_build_info x\nfriction_build_info 1\nprocess_open_fds 8\n"
Answers = Mapping[str, tuple[int, str]]
Serving = Callable[[Answers], int]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Serve fixed answers by path; gives the port."""
    servers: list[ThreadingHTTPServer] = []

    def serve(answers: Answers) -> int:
        class Fixed(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, text = answers.get(self.path, (404, "not here"))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Fixed)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_port

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def said(checks: Iterator[Check]) -> list[tuple[Mark, str]]:
    return [(check.mark, check.said) for check in checks]


def test_a_ready_service_is_well_on_every_address_it_may_be_bound_to(
    serving: Serving,
) -> None:
    answers = {"/metrics": (200, OURS), "/healthz": (200, ""), "/readyz": (200, "")}
    port = serving(answers)
    for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - asked, not bound
        assert said(scrape_checks(host, port, is_running=True)) == [
            (Mark.OK, "2 samples"),
            (Mark.OK, "alive"),
            (Mark.OK, "numbers are served"),
        ]


def test_another_service_on_the_port_is_wrong(serving: Serving) -> None:
    """It has another state file: `friction run` would find the port taken."""
    port = serving({"/metrics": (200, OURS), "/readyz": (200, "")})
    ((mark, text),) = said(scrape_checks("127.0.0.1", port, is_running=False))
    assert mark is Mark.WRONG
    assert "none has this state file" in text


def test_a_service_that_is_not_ready_says_why_itself(serving: Serving) -> None:
    answers = {
        "/metrics": (200, OURS),
        "/healthz": (503, "the consumer loop has not turned for 200 s\n"),
        "/readyz": (503, "catching up\nthe broker is away\n"),
    }
    found = said(scrape_checks("127.0.0.1", serving(answers), is_running=True))
    assert found[1:] == [
        (Mark.WRONG, "the consumer loop has not turned for 200 s"),
        (Mark.NOTE, "catching up; the broker is away"),
    ]


@pytest.mark.parametrize("answer", [(200, "process_open_fds 8\n"), (404, "no")])
def test_another_program_on_the_port_is_wrong(
    serving: Serving, answer: tuple[int, str]
) -> None:
    port = serving({"/metrics": answer})
    ((mark, text),) = said(scrape_checks("127.0.0.1", port, is_running=False))
    assert mark is Mark.WRONG
    assert "another program answers here" in text


@pytest.mark.parametrize(
    ("is_running", "mark", "text"),
    [
        (False, Mark.NOTE, "the service does not run"),
        (True, Mark.WRONG, "with another http.host or http.port"),
    ],
)
def test_nobody_there_is_wrong_only_beside_a_running_service(
    is_running: bool, mark: Mark, text: str
) -> None:
    (port,) = free_ports(1)
    (found,) = said(scrape_checks("127.0.0.1", port, is_running=is_running))
    assert found[0] is mark
    assert text in found[1]


def test_a_port_chosen_at_start_cannot_be_asked() -> None:
    ((mark, text),) = said(scrape_checks("127.0.0.1", 0, is_running=False))
    assert mark is Mark.NOTE
    assert "http.port is 0" in text


@pytest.mark.parametrize(
    ("host", "text"),
    [
        # Of the blocks for documentation, and a name that is nobody's.
        ("192.0.2.7", "http.host 192.0.2.7 is no address of this machine"),
        ("nosuchhost.invalid", "'nosuchhost.invalid' is no address of any machine"),
        ("999.1.1.1", "'999.1.1.1' is no address of any machine"),
    ],
)
@pytest.mark.parametrize("port", [0, 9105])
def test_an_address_that_run_cannot_listen_on_is_wrong(
    host: str, text: str, port: int
) -> None:
    ((mark, found),) = said(scrape_checks(host, port, is_running=False))
    assert mark is Mark.WRONG
    assert "`friction run` would not start: " in found
    assert text in found


def test_a_port_that_somebody_holds_who_speaks_no_http_is_wrong() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        greeter = threading.Thread(target=_greet, args=(taken,), daemon=True)
        greeter.start()
        ((mark, text),) = said(scrape_checks("127.0.0.1", port, is_running=False))
        greeter.join()
    assert mark is Mark.WRONG
    assert "is taken by another process" in text


def _greet(listening: socket.socket) -> None:
    caller, _ = listening.accept()
    with caller:
        caller.recv(1_000)
        caller.sendall(b"220 mail.example ready\r\n")
