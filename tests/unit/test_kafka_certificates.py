"""A broker's certificate out of its time is told apart from one nobody trusts."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.diagnose import explain
from tests.harness.certificates import make_self_signed


@contextlib.contextmanager
def serving(certificate: Path) -> Iterator[str]:
    """A port that shakes hands once with a certificate; the name to reach it by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            channel, _ = server.accept()
            with contextlib.suppress(OSError):
                context.wrap_socket(channel, server_side=True).close()
            channel.close()

        thread = Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("20200101000000Z", "20210101000000Z", ": expired: "),
        ("21900101000000Z", "21910101000000Z", ": not yet valid: "),
    ],
)
def test_a_certificate_out_of_its_time_is_no_wrong_ca(
    tmp_path: Path, begins: str, ends: str, said: str
) -> None:
    certificate = make_self_signed(tmp_path, begins, ends)
    with serving(certificate) as address:
        found = explain(Connection(address, "SSL", ssl_ca_file=certificate)) or ""
    assert said in found
    assert "ssl_ca_file" not in found
