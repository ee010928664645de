"""A password in a file is the file's, whenever somebody logs in."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from kafka.net.sasl import get_sasl_mechanism

from monitor.adapters.kafka.connection import Connection, client_options
from monitor.adapters.kafka.diagnose import _answering, _Stopped
from monitor.adapters.kafka.login import LoginRefusedError
from monitor.adapters.kafka.password import PasswordFile
from monitor.bootstrap_connection import connection_of
from monitor.config.loading import load
from monitor.config.sections import Config


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("first\n", encoding="utf-8")
    return file


def connection(path: Path, mechanism: str = "PLAIN") -> Connection:
    password = PasswordFile(path, "first")
    return Connection("k:1", "SASL_PLAINTEXT", mechanism, "me", password)


def mechanism(options: dict[str, Any]) -> Any:
    """What a client of these options makes for each login."""
    return get_sasl_mechanism(options["sasl_mechanism"])(host="k", **options)


def test_a_client_logs_in_with_the_password_that_is_in_the_file_by_then(
    path: Path,
) -> None:
    plain = client_options(connection(path))
    scram = client_options(connection(path, "SCRAM-SHA-512"))
    assert mechanism(plain).auth_bytes() == b"me\0me\0first"
    path.write_text("second\n", encoding="utf-8")
    assert mechanism(plain).auth_bytes() == b"me\0me\0second"
    assert mechanism(scram)._scram_client.password == b"second"


def test_a_password_that_is_no_file_is_used_as_it_is() -> None:
    given = Connection("k:1", "SASL_PLAINTEXT", "PLAIN", "me", "secret")
    assert mechanism(client_options(given)).auth_bytes() == b"me\0me\0secret"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\n", "holds no password"),
        (b"\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_file_without_a_password_leaves_the_last_and_a_refusal_says_so(
    path: Path, left: bytes | None, said: str
) -> None:
    ours = connection(path)
    path.write_text("second\n", encoding="utf-8")
    assert ours.password() == "second"
    if left is None:
        path.unlink()
    else:
        path.write_bytes(left)
    assert ours.password() == "second"
    assert f"sasl_password_file {path} {said}; the last" in refusal(ours)
    path.write_text("third\n", encoding="utf-8")
    assert ours.password() == "third"
    assert "sasl_password_file" not in refusal(ours)


def refusal(ours: Connection) -> str:
    with pytest.raises(_Stopped) as stopped, _answering(ours):
        raise LoginRefusedError("no")
    return str(stopped.value)


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    password = PasswordFile(pipe, "first")
    assert password.read() == "first"
    assert password.problem is not None


def test_the_assistant_reads_the_file_too_and_nobody_shows_a_password(
    path: Path,
) -> None:
    ours = connection(path)
    theirs: Connection = pickle.loads(pickle.dumps(ours))  # noqa: S301 - our own
    path.write_text("second\n", encoding="utf-8")
    assert theirs.password() == "second"
    shown = f"{ours!r} {client_options(ours)!r} {theirs.sasl_password!r}"
    assert "first" not in shown
    assert "second" not in shown


def test_the_configured_file_is_what_the_connection_reads(path: Path) -> None:
    file = path.with_name("friction.toml")
    file.write_text(
        '[kafka]\nbootstrap_servers = "k:1"\nsecurity_protocol = "SASL_PLAINTEXT"\n'
        'sasl_mechanism = "PLAIN"\nsasl_username = "me"\n'
        'sasl_password_file = "password"\n',
        encoding="utf-8",
    )
    config = load(file, {})
    assert isinstance(config, Config)
    path.write_text("second\n", encoding="utf-8")
    assert connection_of(config).password() == "second"
