"""How to reach the brokers: one frozen value, and the client options it becomes."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from monitor.adapters.kafka.password import (
    Password,
    PasswordFile,
    password_now,
    read_files_at_login,
)
from monitor.adapters.open_files import shortage_of_files
from monitor.errors import SourceUnavailable

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]

Address = tuple[str, int]

# Quotas of a broker may be by it.
CLIENT_ID: Final = "friction-monitor"
_DEFAULT_PORT: Final = 9092


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the brokers are and who we are. The password is never shown."""

    bootstrap_servers: str = "localhost:9092"
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: Password | None = field(default=None, repr=False)
    ssl_ca_file: Path | None = None
    ssl_cert_file: Path | None = None
    ssl_key_file: Path | None = None
    ssl_check_hostname: bool = True

    @property
    def uses_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.security_protocol in ("SSL", "SASL_SSL")

    @property
    def uses_sasl(self) -> bool:
        """Whether we log in with a mechanism such as SCRAM."""
        return self.security_protocol in ("SASL_PLAINTEXT", "SASL_SSL")

    def password(self) -> str:
        """The password; where it is in a file, as it is there now."""
        return password_now(self.sasl_password)

    def password_problem(self) -> str | None:
        """Why the password that was read last is not what its file has now."""
        given = self.sasl_password
        return given.problem if isinstance(given, PasswordFile) else None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The bootstrap servers as host and port; the port defaults to 9092."""
        return tuple(_address(part) for part in self.bootstrap_servers.split(","))


def at_addresses(connection: Connection, others: Iterable[Address]) -> Connection:
    """The same way in, at other addresses."""
    servers = ",".join(f"{host}:{port}" for host, port in sorted(others))
    return replace(connection, bootstrap_servers=servers)


def _address(text: str) -> Address:
    host, colon, port = text.strip().rpartition(":")
    if not colon or not port.isdigit():
        return text.strip().strip("[]"), _DEFAULT_PORT
    return host.strip("[]"), int(port)


def tls_context(connection: Connection) -> ssl.SSLContext:
    """The TLS settings of the connection: the server must prove who it is.

    Raises SourceUnavailable naming the file that cannot be used, or the limit met.
    """
    try:
        context = ssl.create_default_context(cafile=connection.ssl_ca_file)
    except (OSError, ssl.SSLError) as problem:
        raise SourceUnavailable(
            shortage_of_files(problem)
            or f"kafka.ssl_ca_file {connection.ssl_ca_file} cannot be used: {problem}. "
            f"It must be a readable PEM file with certificates."
        ) from problem
    context.check_hostname = connection.ssl_check_hostname
    if connection.ssl_cert_file is None:
        return context
    if _is_encrypted(connection.ssl_key_file):
        raise SourceUnavailable(
            f"kafka.ssl_key_file {connection.ssl_key_file} has a passphrase, and such "
            f"keys are not supported. Give one without, readable for this user alone "
            f"(openssl pkey -in ... -out ...)."
        )
    try:
        context.load_cert_chain(connection.ssl_cert_file, connection.ssl_key_file)
    except (OSError, ssl.SSLError) as problem:
        raise SourceUnavailable(
            shortage_of_files(problem)
            or f"kafka.ssl_cert_file {connection.ssl_cert_file} and ssl_key_file "
            f"{connection.ssl_key_file} cannot be used: {problem}. They must be "
            f"readable PEM files that belong together."
        ) from problem
    return context


def _is_encrypted(key_file: Path | None) -> bool:
    """Whether a key's PEM headers say so; what cannot be read is told elsewhere."""
    try:
        lines = key_file.read_bytes().splitlines() if key_file is not None else []
    except OSError:
        return False
    # Of PKCS #8 the first line says it, of the older format the second.
    return any(
        b"ENCRYPTED" in line and line.startswith((b"-----BEGIN", b"Proc-Type"))
        for line in lines
    )


def client_options(connection: Connection) -> dict[str, Any]:
    """The options of any kafka-python client that reach the brokers this way.

    Raises SourceUnavailable when a certificate file cannot be used.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": [
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            for host, port in connection.addresses
        ],
        "security_protocol": connection.security_protocol,
        "client_id": CLIENT_ID,
        # A broker that comes back is used again within seconds, not half a minute.
        "reconnect_backoff_max_ms": 2_000,
        "metrics_enabled": False,
    }
    if connection.uses_tls:
        options["ssl_context"] = tls_context(connection)
    if connection.uses_sasl:
        options["sasl_mechanism"] = connection.sasl_mechanism
        options["sasl_plain_username"] = connection.sasl_username
        options["sasl_plain_password"] = connection.sasl_password
        read_files_at_login()
    return options
