"""What commands are given: the options they share, and the files these name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from monitor import config
from monitor.config_sections import Config
from monitor.directory.mistakes import Mistake
from monitor.domain.teams import Directory
from monitor.errors import ConfigError

ConfigPath = Annotated[Path | None, typer.Option("--config", help="friction.toml")]
TeamsPath = Annotated[Path | None, typer.Option("--teams", help="teams.yaml")]
At = Annotated[
    str | None, typer.Option("--at", help="Instant, as in 2026-03-04T17:00:00Z.")
]


def settings_of(path: Path | None, *, serving: bool = False) -> Config:
    """The configuration; ``serving`` asks for what the service needs.

    Raises ConfigError with every mistake.
    """
    loaded = config.load(path, os.environ, serving=serving)
    if isinstance(loaded, tuple):
        raise ConfigError(loaded)
    return loaded


def directory_of(settings: Config, teams: Path | None) -> Directory:
    """The teams file that is given, else the configured one.

    Raises ConfigError with every mistake.
    """
    found = config.load_directory(teams or settings.directory.path)
    if isinstance(found, tuple):
        raise ConfigError(found)
    return found


def refuse(mistakes: Iterable[Mistake | str]) -> NoReturn:
    """End the command with what is wrong with its input."""
    raise ConfigError(mistakes)
