"""Where the process may open no more files, no broker and no file of ours is blamed."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.kafka.connection import Connection, tls_context
from monitor.adapters.kafka.diagnose import diagnose, explain
from monitor.adapters.kafka.reader import open_client
from monitor.errors import SourceUnavailable

LIMITS = [errno.EMFILE, errno.ENFILE]


@pytest.fixture(params=LIMITS, ids=errno.errorcode.get)
def none_left(request: pytest.FixtureRequest) -> OSError:
    return OSError(request.param, os.strerror(request.param))


@pytest.fixture
def address() -> Iterator[str]:
    """A port that is open, so that nothing else is amiss."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("where", "what", "reached"),
    [
        (socket, "getaddrinfo", ()),
        (socket, "create_connection", ("name",)),
        (ssl, "create_default_context", ("name", "port")),
    ],
)
def test_whatever_could_not_be_opened_the_limit_is_told(
    none_left: OSError,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    where: Any,
    what: str,
    reached: tuple[str, ...],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise none_left

    monkeypatch.setattr(where, what, fail)
    connection = Connection(address, "SSL", ssl_ca_file=Path("ca.pem"))
    (finding,) = diagnose(connection)
    assert finding.reached == reached
    told = explain(connection) or ""
    assert told.startswith(f"{address}: {none_left.strerror}. ")
    assert "may open no more files" in told
    for other in ("roker", "unknown host", "ssl_ca_file"):
        assert other not in told


def test_a_client_that_could_not_be_made_tells_the_limit(none_left: OSError) -> None:
    def client(**_: object) -> None:
        raise none_left

    with pytest.raises(SourceUnavailable, match="may open no more files"):
        open_client(client, Connection("127.0.0.1:1"), 100)


def test_certificates_are_not_blamed_for_it(
    none_left: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise none_left

    connection = Connection("127.0.0.1:1", "SSL", ssl_cert_file=Path("own.pem"))
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", fail)
    with pytest.raises(SourceUnavailable) as refused:
        tls_context(connection)
    assert "may open no more files" in str(refused.value)
    assert "PEM" not in str(refused.value)
