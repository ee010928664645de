"""What `friction.toml` says of GitHub's servers: their other addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.decode.settings import DecodeSettings
from tests.unit.config.decode_settings import mistakes_of, settings_of

HOSTS = """\
[decode.github.hosts]
"GHE-old.example " = "Ghe.example"
"node1.internal:8443" = "ghe.example"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "friction.toml"


def test_addresses_are_compared_without_case(file: Path) -> None:
    hosts = settings_of(file, HOSTS).hosts
    expected = {"ghe-old.example": "ghe.example", "node1.internal:8443": "ghe.example"}
    assert hosts.own_of == expected


def test_the_table_is_a_variable_too(file: Path) -> None:
    hosts = json.dumps({"GHE-old.example": "ghe.example"})
    settings = settings_of(file, "", FRICTION_DECODE__GITHUB__HOSTS=hosts)
    assert settings.hosts.own_of == {"ghe-old.example": "ghe.example"}


def test_without_a_word_no_address_is_anothers(file: Path) -> None:
    assert settings_of(file, "") == DecodeSettings()


def test_every_mistake_in_addresses_is_told_with_its_line(file: Path) -> None:
    text = """\
[decode.github.hosts]
"https://a.example" = "ghe.example"
"b.example/api/v3" = "ghe.example"
"c.example/" = "ghe.example"
"d.example" = "HTTPS://Ghe.example/acme/shop"
"E.example" = "e.example"
"f.example" = "g.example"
"g.example" = "ghe.example"
"j.example" = "one.example"
"J.example" = "two.example"
"" = "ghe.example"
"git@k.example" = "ghe.example"
"l.example" = 5
"""
    more = "is more than a server's address: write "
    none = (
        "is no address of a server: write its host, and behind it the port where there"
        " is one, as in 'ghe.example:8443'"
    )
    chained = (
        "'g.example' is another address of 'ghe.example': for each address of a server"
        " write the same own one"
    )
    twice = "one word, compared without case: keep one"
    table = "decode.github.hosts."
    found = mistakes_of(file, text)
    assert [(line, path.removeprefix(table), said) for line, path, said in found] == [
        (2, "https://a.example", f"{more}'a.example'"),
        (3, "b.example/api/v3", f"{more}'b.example'"),
        (4, "c.example/", f"{more}'c.example'"),
        (5, "d.example", f"{more}'ghe.example'"),
        (6, "E.example", "is the server's own address already: leave it out"),
        (7, "f.example", chained),
        (10, "J.example", f"'j.example' and 'J.example' are {twice}"),
        (11, "", none),
        (12, "git@k.example", none),
        (13, "l.example", "should be text, not 5; write it in quotes"),
    ]


def test_another_word_beside_the_table_is_a_mistake(file: Path) -> None:
    text = '[decode.github]\nsites = {"a.example" = "b.example"}\n'
    assert [path for _, path, _ in mistakes_of(file, text)] == ["decode.github.sites"]
