"""``friction teams``: questions about the teams file."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor import bootstrap
from monitor.adapters.terminal import tables
from monitor.adapters.terminal.arguments import instant_of, span_of
from monitor.adapters.terminal.resolutions import gap_lines, resolution_lines
from monitor.command_inputs import (
    At,
    ConfigPath,
    TeamsPath,
    Window,
    inputs_of,
    refuse,
    state_of,
)
from monitor.directory.file_directory import FileDirectory
from monitor.directory.resolving import FORMS, reference_of, resolve
from monitor.directory.yaml_tree import read_tree
from monitor.domain.teams import BEGINNING
from monitor.indicators.gaps import gaps_of
from monitor.pipeline.batch import stored_facts, stored_items

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
    settings, directory = inputs_of(config_path, teams)
    path = teams or settings.directory.path
    if path is None:
        refuse(["give --teams, or --config with a [directory] path"])
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
    with state_of(files, instant, teams, config_path) as (state, directory):
        facts_of = stored_facts(state)
        gaps = gaps_of(stored_items(state), directory, start, instant, facts_of)
    tables.say(f"{'hidden':>12}  {'items':>6}  line of the teams file  # what it hides")
    for line in gap_lines(gaps):
        tables.show(line)
