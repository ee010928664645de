"""The configuration: ``friction.toml``, the environment, and the files they name.

The environment wins over the file. Every mistake is found at once and is a value;
``friction check`` prints them, every other command stops with them.

The environment is read here rather than by pydantic-settings, which stops at the
first value it cannot read and passes over variables whose section is misspelt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr, ValidationError

from monitor.config.between import (
    kafka_mistakes,
    readable,
    secret_of,
    strangers,
    topic_mistakes,
    unread_teams,
)
from monitor.config.sections import (
    SECRETS,
    Config,
    DirectorySection,
    StateSection,
)
from monitor.config.text import Given, add_environment, placed, read_text, read_toml
from monitor.directory.file_directory import FileDirectory
from monitor.directory.growing import NOTHING
from monitor.directory.mistakes import (
    Mistake,
    in_file,
    mistakes_of,
)
from monitor.directory.provisional import directory_of
from monitor.directory.teams_file import parse

# Keys that hold a path, by section: relative ones are beside the file that has them.
_PATHS: Final = {
    "kafka": ("sasl_password_file", "ssl_ca_file", "ssl_cert_file", "ssl_key_file"),
    "directory": ("path",),
    "state": ("path",),
}


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
        text = read_text(path)
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
    secret: SecretStr | None = None
    if given.readable:
        mistakes += topic_mistakes(given)
        mistakes += kafka_mistakes(given, serving=serving)
        secret, more = secret_of(given)
        mistakes += more
    if config is None or mistakes or given.mistakes:
        found = {*given.mistakes, *mistakes}
        return in_file(sorted(found), str(path) if path is not None else "")
    kafka = config.kafka.model_copy(update={"sasl_password": secret})
    return config.model_copy(update={"kafka": kafka})


def load_directory(path: Path | None) -> FileDirectory | tuple[Mistake, ...]:
    """The directory of a teams file, or every mistake in it.

    Without a path, that of provisional teams of which nothing is written down.
    """
    if path is None:
        return directory_of(NOTHING)
    text = read_text(path)
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
    if teams_path is None:
        teams_path = readable(DirectorySection, given, "directory").section.path
        if teams_path is not None and (unread := unread_teams(given, teams_path)):
            given.mistakes.append(unread)
            teams_path = None
    directory = load_directory(teams_path)
    if teams_path is not None and isinstance(directory, FileDirectory):
        given.mistakes += strangers(given, directory, teams_path)
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


def _resolve_paths(values: dict[str, Any], folder: Path) -> None:
    """Paths are meant from the file's folder, and so is the default of the state's."""
    state = values.setdefault("state", {})
    if isinstance(state, dict):
        state.setdefault("path", str(StateSection.model_fields["path"].default))
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
        return None, [placed(mistake, given) for mistake in found]
