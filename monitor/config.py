"""The configuration: ``friction.toml``, the environment, and the files they name.

The environment wins over the file. Every mistake is found at once and is a value;
``friction check`` prints them, every other command stops with them.

The environment is read here rather than by pydantic-settings, which stops at the
first value it cannot read and passes over variables whose section is misspelt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from monitor.config_sections import (
    SECRETS,
    Config,
    DirectorySection,
    KafkaSection,
)
from monitor.config_text import Given, add_environment, read_toml
from monitor.directory.file_directory import FileDirectory
from monitor.directory.growing import NOTHING
from monitor.directory.mistakes import (
    Mistake,
    dotted,
    in_file,
    line_of,
    mistakes_of,
    nearest,
)
from monitor.directory.mistakes import Path as Place
from monitor.directory.provisional import directory_of
from monitor.directory.teams_file import parse
from monitor.domain.signal_rules import Signal

_Section = TypeVar("_Section", bound=BaseModel)

# Keys that hold a path, by section: relative ones are beside the file that has them.
_PATHS: Final = {
    "kafka": ("sasl_password_file", "ssl_ca_file", "ssl_cert_file", "ssl_key_file"),
    "directory": ("path",),
    "state": ("path",),
}
_TLS: Final = "SSL or SASL_SSL"
_LONGEST_SECRET: Final = 10_000


@dataclass(frozen=True, slots=True)
class Inputs:
    """A configuration, and the teams file that it is held against."""

    config: Config
    directory: FileDirectory


def load(
    path: Path | None, environ: Mapping[str, str], *, serving: bool = False
) -> Config | tuple[Mistake, ...]:
    """The configuration, or every mistake in it.

    ``path`` None: the environment and the defaults alone. ``serving`` asks also for
    what ``friction run`` cannot do without: brokers. Relative paths in the file are
    meant from the file's folder, in a variable from the working directory.
    """
    given = _given(path, environ)
    return _judged(given, path, serving=serving)


def _given(path: Path | None, environ: Mapping[str, str]) -> Given:
    """What the file and the environment say, unjudged."""
    given = Given()
    if path is not None:
        text = _read(path)
        if isinstance(text, Mistake):
            given.mistakes.append(text)
        else:
            given = read_toml(text)
            _resolve_paths(given.values, path.parent)
        given.readable = not given.mistakes
    add_environment(given, environ)
    return given


def _judged(
    given: Given, path: Path | None, *, serving: bool
) -> Config | tuple[Mistake, ...]:
    config, mistakes = _validated(given) if given.readable else (None, [])
    kafka = _section(KafkaSection, given, "kafka")
    if given.readable and kafka is not None:
        mistakes += _kafka_mistakes(kafka, given, serving=serving)
        kafka, more = _with_secret(kafka, given)
        mistakes += more
    if config is None or kafka is None or mistakes or given.mistakes:
        found = {*given.mistakes, *mistakes}
        return in_file(sorted(found), str(path) if path is not None else "")
    return config.model_copy(update={"kafka": kafka})


def load_directory(path: Path | None) -> FileDirectory | tuple[Mistake, ...]:
    """The directory of a teams file, or every mistake in it.

    Without a path, that of provisional teams of which nothing is written down.
    """
    if path is None:
        return directory_of(NOTHING)
    text = _read(path)
    if isinstance(text, Mistake):
        return (text,)
    found = parse(text)
    return in_file(found, str(path)) if isinstance(found, tuple) else found


def load_both(
    path: Path | None,
    teams_path: Path | None,
    environ: Mapping[str, str],
    *,
    serving: bool = False,
) -> Inputs | tuple[Mistake, ...]:
    """Configuration and teams, or every mistake in both files and between them.

    As ``load`` and ``load_directory``. Without ``teams_path``, the teams file that the
    configuration names; without that either nothing is held against provisional teams,
    which are not known before there are events.
    """
    given = _given(path, environ)
    named = _section(DirectorySection, given, "directory")
    if teams_path is None and named is not None:
        teams_path = named.path
    directory = load_directory(teams_path)
    if teams_path is not None and isinstance(directory, FileDirectory):
        given.mistakes += _strangers(given, directory.teams, teams_path)
    config = _judged(given, path, serving=serving)
    if isinstance(config, Config) and isinstance(directory, FileDirectory):
        return Inputs(config, directory)
    found = (part for part in (config, directory) if isinstance(part, tuple))
    return tuple(mistake for part in found for mistake in part)


def check(
    config_path: Path | None, teams_path: Path | None, environ: Mapping[str, str]
) -> list[Mistake]:
    """Every mistake of both files, each printing as ``file:line: path: text``.

    Without ``teams_path``, the teams file the configuration names is checked.
    """
    found = (
        load_directory(teams_path)
        if config_path is None
        else load_both(config_path, teams_path, environ, serving=True)
    )
    return list(found) if isinstance(found, tuple) else []


def _read(path: Path) -> str | Mistake:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Mistake(line, "", "is not UTF-8 text", str(path))
    except (OSError, ValueError) as error:
        # ValueError: a path with a NUL, which no file system has.
        reason = getattr(error, "strerror", None) or "no such path"
        return Mistake(0, "", f"cannot be read: {reason}", str(path))


def _resolve_paths(values: dict[str, Any], folder: Path) -> None:
    for section, keys in _PATHS.items():
        table = values.get(section)
        for key in keys:
            if not isinstance(table, dict):
                continue
            if isinstance(said := table.get(key), str) and said:
                table[key] = str(folder / said)


def _validated(given: Given) -> tuple[Config | None, list[Mistake]]:
    try:
        return Config.model_validate(given.values), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        found = mistakes_of(details, Config, given.values, given.lines, secret=SECRETS)
        return None, [_placed(mistake, given) for mistake in found]


def _section(model: type[_Section], given: Given, name: str) -> _Section | None:
    """One section by itself, so that a mistake elsewhere does not hide its own."""
    try:
        return model.model_validate(given.values.get(name, {}))
    except ValidationError:
        return None


def _placed(mistake: Mistake, given: Given) -> Mistake:
    """The mistake under its variable's name, where a variable made it."""
    for path, name in given.variables.items():
        place = dotted(path)
        if mistake.path == place or mistake.path.startswith((f"{place}.", f"{place}[")):
            return Mistake(0, name, mistake.text, "environment")
    return mistake


def _strangers(
    given: Given, teams: Collection[str], teams_path: Path
) -> Iterator[Mistake]:
    """Exemptions of teams that there are not: they would exempt nothing, silently."""
    for place, name in _exempt_teams(given):
        if name not in teams:
            text = f"'{name}' is no team of {teams_path}{nearest(name, teams)}"
            yield _mistake(place, text, given)


def _exempt_teams(given: Given) -> Iterator[tuple[Place, str]]:
    """The teams that exemptions name, by place.

    As they were written: what else is wrong with an exemption hides none of them.
    """
    section = given.values.get("signals")
    listed = section.get("exempt") if isinstance(section, dict) else None
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(entry, dict):
            continue
        # A provider is a team. What else a subject may be, no file lists.
        of_provider = entry.get("signal") == Signal.HARD_INTERFACES
        for key in ("team", "subject") if of_provider else ("team",):
            if isinstance(name := entry.get(key), str) and name:
                yield ("signals", "exempt", number, key), name


def _mistake(path: Place, text: str, given: Given) -> Mistake:
    line = line_of(path, given.lines)
    return _placed(Mistake(line, dotted(path), text), given)


def _with_secret(
    kafka: KafkaSection, given: Given
) -> tuple[KafkaSection, list[Mistake]]:
    """The section with the password read from its file, where one is named."""
    file, key = kafka.sasl_password_file, ("kafka", "sasl_password_file")
    if file is None:
        return kafka, []
    if kafka.sasl_password is not None:
        text = "sasl_password is given too: keep one of the two"
        return kafka, [_mistake(key, text, given)]
    secret = _read(file)
    if isinstance(secret, Mistake):
        return kafka, [_mistake(key, f"{file} {secret.text}", given)]
    secret = secret.rstrip("\r\n")
    if not secret or len(secret) > _LONGEST_SECRET:
        return kafka, [_mistake(key, f"{file} holds no password", given)]
    return kafka.model_copy(update={"sasl_password": SecretStr(secret)}), []


def _kafka_mistakes(
    kafka: KafkaSection, given: Given, *, serving: bool
) -> list[Mistake]:
    wrong: list[tuple[str, str]] = []
    protocol = kafka.security_protocol
    if serving and kafka.bootstrap_servers is None:
        wrong.append(("bootstrap_servers", "is missing, as in localhost:9092"))
    wrong += _login_mistakes(kafka)
    for key in ("ssl_ca_file", "ssl_cert_file", "ssl_key_file"):
        file: Path | None = getattr(kafka, key)
        if file is None:
            continue
        if not file.is_file():
            wrong.append((key, f"{file} is no file"))
        if not kafka.security_protocol.endswith("SSL"):
            wrong.append((key, f"needs security_protocol {_TLS}, not {protocol}"))
    if (kafka.ssl_cert_file is None) != (kafka.ssl_key_file is None):
        present = "ssl_cert_file" if kafka.ssl_cert_file else "ssl_key_file"
        wrong.append((present, "ssl_cert_file and ssl_key_file belong together"))
    return [_mistake(("kafka", key), text, given) for key, text in wrong]


def _login_mistakes(kafka: KafkaSection) -> list[tuple[str, str]]:
    password = kafka.sasl_password or kafka.sasl_password_file
    given = {
        "sasl_mechanism": kafka.sasl_mechanism,
        "sasl_username": kafka.sasl_username,
        "sasl_password_file": password,
    }
    if kafka.security_protocol.startswith("SASL"):
        text = f"is missing: {kafka.security_protocol} needs it"
        return [(key, text) for key, value in given.items() if not value]
    text = (
        "needs security_protocol SASL_SSL (or SASL_PLAINTEXT), not "
        f"{kafka.security_protocol}"
    )
    return [(key, text) for key, value in given.items() if value]
