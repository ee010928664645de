"""Addresses, certificates and the login by hand, without a broker."""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from threading import Thread

import pytest

from monitor.adapters.kafka.connection import Connection, client_options, tls_context
from monitor.adapters.kafka.login import LoginNotAskedError, LoginRefusedError, log_in
from monitor.errors import SourceUnavailable


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("kafka:9093", [("kafka", 9093)]),
        ("kafka", [("kafka", 9092)]),
        ("a:1, b:2", [("a", 1), ("b", 2)]),
        ("[::1]:9094", [("::1", 9094)]),
        ("[::1]", [("::1", 9092)]),
    ],
)
def test_bootstrap_servers_are_hosts_and_ports(
    text: str, addresses: list[tuple[str, int]]
) -> None:
    assert list(Connection(text).addresses) == addresses


def test_an_ipv6_address_keeps_its_brackets_for_the_client() -> None:
    assert client_options(Connection("[::1]:9094"))["bootstrap_servers"] == [
        "[::1]:9094"
    ]


def test_a_client_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "client.crt"
    broken.write_text("not a certificate")
    connection = Connection(
        security_protocol="SSL", ssl_cert_file=broken, ssl_key_file=broken
    )
    with pytest.raises(SourceUnavailable, match=r"client\.crt.*belong together"):
        tls_context(connection)


@pytest.mark.parametrize(
    "header",
    [
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED",
    ],
)
def test_a_key_with_a_passphrase_is_told_as_one(tmp_path: Path, header: str) -> None:
    key = tmp_path / "client.key"
    key.write_text(f"{header}\nAAAA\n")
    connection = Connection(
        security_protocol="SSL", ssl_cert_file=tmp_path / "client.crt", ssl_key_file=key
    )
    with pytest.raises(SourceUnavailable, match=r"client\.key has a passphrase"):
        tls_context(connection)


def answer_with(*bodies: bytes) -> tuple[socket.socket, Thread]:
    """A channel whose other end gives these answers, one to each request."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with theirs:
            for body in bodies:
                theirs.recv(65536)
                theirs.sendall(struct.pack(">ii", len(body) + 4, 1) + body)

    thread = Thread(target=serve)
    thread.start()
    return ours, thread


def test_plain_logs_in_when_the_broker_agrees() -> None:
    connection = Connection("k:1", "SASL_PLAINTEXT", "PLAIN", "me", "secret")
    channel, thread = answer_with(
        struct.pack(">hi", 0, 0), struct.pack(">hhi", 0, -1, 0)
    )
    with channel:
        log_in(channel, connection)
        thread.join()


def test_an_unknown_handshake_error_is_told_with_its_number() -> None:
    connection = Connection("k:1", "SASL_PLAINTEXT", "PLAIN", "me", "secret")
    channel, thread = answer_with(struct.pack(">hi", 42, 0))
    with channel, pytest.raises(LoginRefusedError, match="error 42"):
        log_in(channel, connection)
    thread.join()


def test_a_listener_without_a_login_is_not_taken_for_a_refusal() -> None:
    connection = Connection("k:1", "SASL_PLAINTEXT", "PLAIN", "me", "secret")
    # 34 is ILLEGAL_SASL_STATE: "Request is not valid given the current SASL state".
    channel, thread = answer_with(struct.pack(">hi", 34, 0))
    with channel, pytest.raises(LoginNotAskedError):
        log_in(channel, connection)
    thread.join()


def test_a_connection_closed_in_the_middle_is_an_os_error() -> None:
    connection = Connection("k:1", "SASL_PLAINTEXT", "PLAIN", "me", "secret")
    channel, thread = answer_with(struct.pack(">hi", 0, 0))
    with channel, pytest.raises((ConnectionResetError, BrokenPipeError)):
        log_in(channel, connection)
    thread.join()


def test_an_answer_that_is_not_kafkas_is_told() -> None:
    connection = Connection("k:1", "SASL_PLAINTEXT", "PLAIN", "me", "secret")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"HTTP/1.1 400 Bad Request\r\n")
        with pytest.raises(LoginRefusedError, match="does not speak Kafka"):
            log_in(ours, connection)
