"""``examples/friction.toml`` says that it has every key, and which are the defaults.

``# key`` is a default: without the mark nothing changes. ``## key`` is an example.
"""

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from monitor.config.loading import check, load
from monitor.config.proposal import config_text
from monitor.config.sections import Config
from monitor.config.signals import signal_rules
from monitor.config.values import decode_settings, model_of
from tests.harness.reference_data import REPOSITORY

EXAMPLES = REPOSITORY / "examples"
DEFAULT, EXAMPLE = "# ", "## "
# Said of a variable alone: nobody should write it into a file.
SECRET = "kafka.sasl_password"
_SAYS = re.compile(r"""(\[{1,2}[a-z_.]+\]{1,2}|\s*("[^"]+"|[a-z_0-9]+) = )""")


def unmarked(mark: str) -> str:
    """The example without this mark; what stood in the place of its keys is gone."""
    lines: list[str] = []
    for line in (EXAMPLES / "friction.toml").read_text("utf-8").splitlines():
        said = line.removeprefix(mark)
        if said == line or not _SAYS.match(said):
            lines.append(line)
            continue
        key = said.partition("=")[0]
        if lines and "=" in said:
            lines = [one for one in lines if not one.startswith(key)]
        lines.append(said)
    return "\n".join(lines) + "\n"


def paths_in(values: object, at: str = "") -> Iterator[str]:
    """Every key that is there, entries of lists not told apart."""
    if isinstance(values, dict):
        for key, value in values.items():
            path = f"{at}.{key}" if at else key
            yield path
            yield from paths_in(value, path)
    elif isinstance(values, list):
        for value in values:
            yield from paths_in(value, at)


def paths_of(section: type[BaseModel], at: str = "") -> Iterator[str]:
    """Every key that a file may have, those of entries of lists too."""
    for name, field in section.model_fields.items():
        path = f"{at}.{field.alias or name}".removeprefix(".")
        yield path
        for inner in sections_in(field.annotation):
            yield from paths_of(inner, path)


def sections_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from sections_in(part)


def test_the_example_has_every_key() -> None:
    shown = {
        path
        for mark in (DEFAULT, EXAMPLE)
        for path in paths_in(tomllib.loads(unmarked(mark)))
    }
    assert {*paths_of(Config)} - shown == {SECRET}


def meant(config: Config) -> list[object]:
    """What it comes to: usual words are the same, spelt out or left out."""
    others = config.model_dump(exclude={"decode", "signals"})
    rules = signal_rules(config.signals)
    return [others, decode_settings(config, frozenset()), model_of(config), rules]


def test_defaults_without_their_mark_change_nothing(tmp_path: Path) -> None:
    found = []
    for text in ((EXAMPLES / "friction.toml").read_text("utf-8"), unmarked(DEFAULT)):
        (file := tmp_path / "friction.toml").write_text(text, "utf-8")
        config = load(file, {})
        assert isinstance(config, Config), config
        found.append(config)
    assert found[0] != found[1]
    assert meant(found[0]) == meant(found[1])


def test_what_is_not_marked_is_the_default_too(tmp_path: Path) -> None:
    (file := tmp_path / "friction.toml").write_text(
        '[kafka]\nbootstrap_servers = "localhost:9092"\n'
        '[directory]\npath = "teams.yaml"\n',
        "utf-8",
    )
    least = load(file, {})
    shutil.copy(EXAMPLES / "friction.toml", file)
    whole = load(file, {})
    assert isinstance(least, Config)
    assert isinstance(whole, Config)
    assert meant(least) == meant(whole)


def test_examples_without_their_mark_are_sound_and_no_defaults(tmp_path: Path) -> None:
    (file := tmp_path / "friction.toml").write_text(unmarked(EXAMPLE), "utf-8")
    shutil.copy(EXAMPLES / "teams.yaml", tmp_path)
    for name in ("kafka-password", "ca.pem", "client.pem", "client.key"):
        (tmp_path / name).write_text("x")
    protocol = {"FRICTION_KAFKA__SECURITY_PROTOCOL": "SASL_SSL"}
    assert check(file, None, protocol) == []


@pytest.mark.parametrize("key", ["dead_letters.topic", "kafka.sasl_mechanism"])
def test_what_has_no_default_is_not_marked_as_one(key: str) -> None:
    assert key not in {*paths_in(tomllib.loads(unmarked(DEFAULT)))}


def test_the_first_file_promises_no_more_of_the_example() -> None:
    assert "shown with its default" not in config_text(None, {}, {})
