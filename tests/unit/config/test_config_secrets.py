"""Passwords that were put where something else belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.loading import load
from monitor.config.sections import Config

LOGIN = """\
[kafka]
security_protocol = "SASL_SSL"
sasl_mechanism = "PLAIN"
sasl_username = "friction"
"""


def mistake(folder: Path, text: str) -> tuple[int, str, str]:
    file = folder / "friction.toml"
    file.write_text(text, encoding="utf-8")
    found = load(file, {})
    assert not isinstance(found, Config)
    (one,) = found
    return one.line, one.path, one.text


@pytest.mark.parametrize(
    ("password", "where"), [("hunter2", " in {folder}"), ("hunt/er2.", "")]
)
def test_a_password_in_place_of_its_file_is_not_told(
    tmp_path: Path, password: str, where: str
) -> None:
    text = (
        f"the file it names{where.format(folder=tmp_path)} cannot be read: No such "
        "file or directory; give the path of a file with the password"
    )
    found = mistake(tmp_path, f'{LOGIN}sasl_password_file = "{password}"\n')
    assert found == (5, "kafka.sasl_password_file", text)


def test_a_file_that_is_there_and_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    text = f"{tmp_path}/folder cannot be read: Is a directory"
    found = mistake(tmp_path, f'{LOGIN}sasl_password_file = "folder"\n')
    assert found == (5, "kafka.sasl_password_file", text)


@pytest.mark.parametrize(
    "servers",
    ["user:hunter2@a:1", "hunter2@a:1", "a:1,user:hunt,er2@b:1", "a:1@user:hunter2"],
)
def test_a_login_among_the_brokers_is_refused_and_not_told(
    tmp_path: Path, servers: str
) -> None:
    text = (
        "has an '@': write host:port alone, and a login as sasl_username and "
        "sasl_password_file"
    )
    found = mistake(tmp_path, f'[kafka]\nbootstrap_servers = "{servers}"\n')
    assert found == (2, "kafka.bootstrap_servers", text)
