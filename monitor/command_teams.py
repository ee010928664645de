"""``friction teams``: questions about the teams file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from monitor import bootstrap, config
from monitor.adapters.terminal import tables
from monitor.adapters.terminal.arguments import instant_of, span_of
from monitor.adapters.terminal.resolutions import gap_lines, resolution_lines
from monitor.command_inputs import (
    At,
    ConfigPath,
    TeamsPath,
    Window,
    batch_of,
    directory_of,
    refuse,
    settings_of,
)
from monitor.directory.file_directory import FileDirectory
from monitor.directory.resolving import FORMS, reference_of, resolve
from monitor.directory.yaml_tree import read_tree
from monitor.domain.items import ItemFacts
from monitor.domain.teams import BEGINNING, Directory
from monitor.domain.timeline import Timeline
from monitor.errors import ConfigError
from monitor.indicators.gaps import gaps_of
from monitor.pipeline.batch import stored_items
from monitor.pipeline.deferring import deferred_in

Item = tuple[ItemFacts, tuple[Timeline, ...]]

app = typer.Typer(
    help="Questions about the teams file.", no_args_is_help=True, add_completion=False
)


@app.callback()
def questions() -> None:
    """Questions about the teams file."""


@app.command("resolve")
def resolve_reference(
    reference: Annotated[str, typer.Argument(metavar="REF", help=FORMS)],
    at: At = None,
    teams: TeamsPath = None,
    config_path: ConfigPath = None,
) -> None:
    """Say which team a reference means at an instant, and by which line."""
    asked = reference_of(reference)
    if asked is None:
        refuse([f"{reference}: no reference this file knows. Write {FORMS}"])
    instant = instant_of(at, "--at") if at else bootstrap.now_ms() // 1_000 * 1_000
    path = teams or settings_of(config_path).directory.path
    if path is None:
        refuse(["give --teams, or --config with a [directory] path"])
    directory = config.load_directory(path)
    if isinstance(directory, tuple):
        raise ConfigError(directory)
    assert isinstance(directory, FileDirectory)
    found = resolve(asked, directory, read_tree(path.read_text("utf-8-sig")), instant)
    for line in resolution_lines(asked, found, str(path), instant):
        tables.show(line)


@app.command("gaps")
def list_gaps(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Record files; without any, the configured state."),
    ] = None,
    at: At = None,
    window: Window = None,
    teams: TeamsPath = None,
    config_path: ConfigPath = None,
) -> None:
    """List what nobody claims by the hours it hides, and the line that resolves it."""
    instant = instant_of(at, "--at") if at else bootstrap.now_ms()
    span = span_of(window)
    start = instant - span if span is not None else BEGINNING
    with stored_items_of(files, instant, teams, config_path) as (items, directory):
        gaps = gaps_of(items, directory, start, instant)
    tables.say(f"{'hidden':>12}  {'items':>6}  line of the teams file  # what it hides")
    for line in gap_lines(gaps):
        tables.show(line)


@contextlib.contextmanager
def stored_items_of(
    files: list[str] | None, at: int, teams: Path | None, config_path: Path | None
) -> Iterator[tuple[Iterable[Item], Directory]]:
    """The items of the record files, else of the configured state."""
    if files:
        batch = batch_of(files, at, teams, config_path)
        yield stored_items(batch.state), batch.directory
        return
    if config_path is None:
        refuse(["give record files, or --config for the configured state"])
    settings = settings_of(config_path)
    directory = directory_of(settings, teams)
    with bootstrap.stored_items(settings.state.path) as state:
        if waiting := deferred_in(state):
            tables.say(f"friction: catching up, {waiting} items not counted")
        yield stored_items(state), directory
