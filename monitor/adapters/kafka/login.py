"""Kafka's SASL exchange by hand, to learn what the broker says about a password.

The client library reports a refused password and a silent host alike, as a timeout.
This speaks just enough of the protocol (SaslHandshake, SaslAuthenticate) to tell.
"""

from __future__ import annotations

import socket
import struct
from typing import Final

from kafka.net.sasl.scram import ScramClient

from monitor.adapters.kafka.connection import Address, Connection

_HANDSHAKE: Final = (17, 1)
_AUTHENTICATE: Final = (36, 0)
_METADATA: Final = (3, 1)
_UNSUPPORTED_MECHANISM: Final = 33
_ILLEGAL_SASL_STATE: Final = 34
CARRIED_OUT: Final = frozenset({"PLAIN", *ScramClient.MECHANISMS})
LARGEST_ANSWER: Final = 1024 * 1024


class LoginRefusedError(Exception):
    """The broker answered, and the answer is no. The message is the broker's."""


class LoginNotAskedError(Exception):
    """The broker answered, but takes no login on this port."""


def ask_brokers(channel: socket.socket) -> tuple[Address, ...]:
    """Where clients are told to go on: answered only to those who may come in.

    Raises OSError when the broker closes the connection instead.
    """
    answer = _ask(channel, _METADATA, struct.pack(">i", 0))
    (count,) = struct.unpack_from(">i", answer)
    told: list[Address] = []
    at = 4
    for _ in range(count):
        host, at = _read_text(answer, at + 4)  # the broker's number is before it
        (port,) = struct.unpack_from(">i", answer, at)
        _, at = _read_text(answer, at + 4)  # its rack
        told.append((host, port))
    return tuple(told)


def log_in(channel: socket.socket, connection: Connection) -> None:
    """Log in over an open channel, PLAIN or SCRAM.

    Raises LoginRefusedError, LoginNotAskedError, or OSError when the broker does not
    answer. Mechanisms other than PLAIN and SCRAM are only offered, not carried out.
    """
    mechanism = (connection.sasl_mechanism or "").upper()
    _offer(channel, mechanism)
    user, password = connection.sasl_username or "", connection.password()
    if mechanism == "PLAIN":
        _authenticate(channel, f"\0{user}\0{password}".encode())
    elif mechanism in ScramClient.MECHANISMS:
        client = ScramClient(user, password, mechanism)
        client.process_server_first_message(
            _authenticate(channel, client.first_message())
        )
        _authenticate(channel, client.final_message())


def receive(channel: socket.socket, size: int) -> bytes:
    """Exactly so many bytes from the channel. Raises OSError when it is closed."""
    received = b""
    while len(received) < size:
        part = channel.recv(size - len(received))
        if not part:
            raise ConnectionResetError("the broker closed the connection")
        received += part
    return received


def _offer(channel: socket.socket, mechanism: str) -> None:
    answer = _ask(channel, _HANDSHAKE, _text(mechanism))
    error, count = struct.unpack_from(">hi", answer)
    if error == _UNSUPPORTED_MECHANISM:
        offered, at = [], 6
        for _ in range(count):
            name, at = _read_text(answer, at)
            offered.append(name)
        raise LoginRefusedError(
            f"the broker does not offer the mechanism {mechanism or '(none)'}, only "
            f"{', '.join(offered)}"
        )
    if error == _ILLEGAL_SASL_STATE:
        raise LoginNotAskedError
    if error:
        raise LoginRefusedError(f"the broker refused the handshake (error {error})")


def _authenticate(channel: socket.socket, token: bytes) -> bytes:
    answer = _ask(channel, _AUTHENTICATE, struct.pack(">i", len(token)) + token)
    (error,) = struct.unpack_from(">h", answer)
    message, at = _read_text(answer, 2)
    if error:
        raise LoginRefusedError(message or f"error {error}")
    (size,) = struct.unpack_from(">i", answer, at)
    return answer[at + 4 : at + 4 + size]


def _ask(channel: socket.socket, request: tuple[int, int], body: bytes) -> bytes:
    key, version = request
    message = struct.pack(">hhi", key, version, 1) + _text("friction-doctor") + body
    channel.sendall(struct.pack(">i", len(message)) + message)
    (size,) = struct.unpack(">i", receive(channel, 4))
    if not 4 <= size <= LARGEST_ANSWER:
        raise LoginRefusedError("whoever answers there does not speak Kafka's protocol")
    return receive(channel, size)[4:]


def _text(value: str) -> bytes:
    encoded = value.encode()
    return struct.pack(">h", len(encoded)) + encoded


def _read_text(answer: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from(">h", answer, at)
    if size < 0:
        return "", at + 2
    return answer[at + 2 : at + 2 + size].decode("utf-8", "replace"), at + 2 + size
