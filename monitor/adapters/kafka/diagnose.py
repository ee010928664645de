"""Why a broker cannot be reached: name, port, TLS and login, one after the other."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from monitor.adapters.kafka.connection import Address, Connection, tls_context
from monitor.adapters.kafka.login import (
    CARRIED_OUT,
    LARGEST_ANSWER,
    LoginNotAskedError,
    LoginRefusedError,
    ask_brokers,
    log_in,
    receive,
)
from monitor.adapters.open_files import shortage_of_files
from monitor.errors import SourceUnavailable

Step = Literal["name", "port", "tls", "login", "protocol"]

_STEPS: Final[tuple[Step, ...]] = ("name", "port", "tls", "login")
# ApiVersions, version 0: every broker answers it, also before a login.
_HELLO: Final = struct.pack(">ihhih", 10, 18, 0, 1, 0)

# By OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and _HAS_EXPIRED; of any in the chain.
_OUT_OF_TIME: Final = {
    9: "not yet valid: a certificate of the broker begins later than this machine's "
    "clock. Compare the clocks of both machines.",
    10: "expired: a certificate of the broker, or of the authority that signed it, was "
    "valid until earlier than this machine's clock. Whoever runs the broker has to "
    "renew it.",
}


class Finding(NamedTuple):
    """How far we came with one address, and what stopped us (None: nothing did).

    ``told`` is where whoever let us in tells clients to go on, at this moment.
    """

    address: str
    reached: tuple[Step, ...]
    problem: str | None
    told: tuple[Address, ...] = ()


class _Stopped(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, step: Step, problem: str) -> None:
        self.step = step
        super().__init__(problem)


def diagnose(connection: Connection, timeout_seconds: float = 3.0) -> list[Finding]:
    """Try every bootstrap address, step by step; each step within the time given.

    Needs nothing but the network; tells an unknown host, a closed port, a silent
    broker, a certificate that is not trusted and a refused password apart.
    """
    return [
        _examine(connection, host, port, timeout_seconds)
        for host, port in connection.addresses
    ]


def explain(connection: Connection, timeout_seconds: float = 3.0) -> str | None:
    """What keeps us from the brokers and what to do, or None when one is well."""
    return summed_up(diagnose(connection, timeout_seconds))


def summed_up(findings: Sequence[Finding]) -> str | None:
    """What is wrong with all of the addresses, or None when one is well."""
    if any(finding.problem is None for finding in findings):
        return None
    return "; ".join(f"{found.address}: {found.problem}" for found in findings)


def _examine(connection: Connection, host: str, port: int, timeout: float) -> Finding:
    address = f"{host}:{port}"
    try:
        told = _knock(connection, host, port, timeout)
    except _Stopped as stopped:
        done = tuple(step for step in _STEPS if _before(step, stopped.step))
        # A limit of ours, whichever step meets it, says nothing of the broker.
        return Finding(address, done, shortage_of_files(stopped) or str(stopped))
    return Finding(address, _STEPS, None, told)


def _before(step: Step, other: Step) -> bool:
    if other == "protocol":
        return step in ("name", "port")
    return _STEPS.index(step) < _STEPS.index(other)


def _knock(
    connection: Connection, host: str, port: int, timeout: float
) -> tuple[Address, ...]:
    _resolve(host, port)
    with contextlib.closing(_dial(host, port, timeout)) as channel:
        if not connection.uses_tls:
            return _talk(connection, channel)
        with contextlib.closing(_encrypt(connection, channel, host)) as encrypted:
            return _talk(connection, encrypted)


def _resolve(host: str, port: int) -> None:
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise _Stopped(
            "name",
            f"unknown host: the name {host} has no address ({problem}). Check the "
            f"spelling in kafka.bootstrap_servers and the name server.",
        ) from problem


def _dial(host: str, port: int, timeout: float) -> socket.socket:
    try:
        return socket.create_connection((host, port), timeout)
    except TimeoutError as problem:
        raise _Stopped(
            "port",
            "unreachable: no answer to a TCP connection. Check the address, firewalls "
            "and security groups.",
        ) from problem
    except OSError as problem:
        raise _Stopped(
            "port",
            f"unreachable: {problem.strerror or problem}. Is the broker running, and "
            f"does it listen on this port?",
        ) from problem


def _encrypt(
    connection: Connection, channel: socket.socket, host: str
) -> ssl.SSLSocket:
    try:
        context = tls_context(connection)
        return context.wrap_socket(channel, server_hostname=host)
    except SourceUnavailable as problem:
        raise _Stopped("tls", str(problem)) from problem
    except ssl.SSLCertVerificationError as problem:
        raise _Stopped("tls", _distrust(connection, host, problem)) from problem
    except TimeoutError as problem:
        raise _Stopped(
            "tls",
            "silent: the port is open but nobody answers the TLS handshake. Is the "
            "broker paused or overloaded, or is this its plain-text port?",
        ) from problem
    except OSError as problem:
        raise _Stopped(
            "tls",
            f"TLS handshake failed: {problem}. Is this a TLS port? "
            f"security_protocol is {connection.security_protocol}.",
        ) from problem


def _distrust(
    connection: Connection, host: str, problem: ssl.SSLCertVerificationError
) -> str:
    if problem.verify_code in _OUT_OF_TIME:
        return _OUT_OF_TIME[problem.verify_code]
    if "ostname mismatch" in problem.verify_message or "IP address mismatch" in (
        problem.verify_message
    ):
        return (
            f"wrong certificate: it is not made out to {host} "
            f"({problem.verify_message}). Use the name in the certificate."
        )
    trusted = connection.ssl_ca_file or "the system's authorities"
    return (
        f"wrong CA: the broker's certificate is not trusted by {trusted} "
        f"({problem.verify_message}). Set kafka.ssl_ca_file to the authority that "
        f"signed it."
    )


def _talk(connection: Connection, channel: socket.socket) -> tuple[Address, ...]:
    with _answering(connection):
        _greet(channel)
        if connection.uses_sasl:
            log_in(channel, connection)
            if (connection.sasl_mechanism or "").upper() not in CARRIED_OUT:
                return ()
        return ask_brokers(channel)


@contextlib.contextmanager
def _answering(connection: Connection) -> Iterator[None]:
    try:
        yield
    except LoginRefusedError as problem:
        raise _Stopped("login", _refused(connection, problem)) from problem
    except LoginNotAskedError as problem:
        open_to = "SSL" if connection.uses_tls else "PLAINTEXT"
        raise _Stopped(
            "login",
            f"this port takes no login, and security_protocol is "
            f"{connection.security_protocol}. Set kafka.security_protocol = {open_to} "
            f"and no kafka.sasl_..., or name the port that asks for a login.",
        ) from problem
    except ssl.SSLError as problem:
        # With TLS 1.3 a missing client certificate is only told after the handshake.
        raise _Stopped(
            "tls",
            f"TLS refused by the broker: {problem}. Does it ask for a client "
            f"certificate (kafka.ssl_cert_file, ssl_key_file)?",
        ) from problem
    except TimeoutError as problem:
        raise _Stopped(
            "protocol",
            "silent: the port is open but the broker does not answer. Is it paused or "
            "overloaded, or is this not a Kafka port?",
        ) from problem
    except (OSError, ValueError, struct.error) as problem:
        raise _Stopped(
            "protocol",
            f"the connection was closed ({problem}). security_protocol is "
            f"{connection.security_protocol}: does this port speak it, or does it want "
            f"a login (SASL_SSL, SASL_PLAINTEXT)?",
        ) from problem


def _refused(connection: Connection, problem: LoginRefusedError) -> str:
    text = (
        f"login refused for user {connection.sasl_username} with "
        f"{connection.sasl_mechanism}: {problem}. Check kafka.sasl_username, the "
        f"password and kafka.sasl_mechanism."
    )
    outdated = connection.password_problem()
    return f"{text} {outdated}." if outdated else text


def _greet(channel: socket.socket) -> None:
    channel.sendall(_HELLO)
    (size,) = struct.unpack(">i", receive(channel, 4))
    if not 4 <= size <= LARGEST_ANSWER:
        raise ValueError("the answer is not one of Kafka's")
    receive(channel, size)
