"""``friction teams``: questions about the teams file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from monitor import bootstrap
from monitor.adapters.files.records import read_records
from monitor.adapters.terminal import tables
from monitor.adapters.terminal.arguments import instant_of, span_of
from monitor.adapters.terminal.resolutions import gap_lines, resolution_lines
from monitor.commands.inputs import (
    At,
    ConfigPath,
    TeamsPath,
    Window,
    inputs_of,
    refuse,
    settings_of,
    state_of,
)
from monitor.config.values import decode_settings, model_of
from monitor.decode.decode import decode
from monitor.directory.dates import Span
from monitor.directory.file_directory import FileDirectory
from monitor.directory.ids import repository_slip
from monitor.directory.provisional import directory_of, lines_of
from monitor.directory.resolving import FORMS, reference_of, resolve
from monitor.directory.yaml_tree import Tree, read_tree
from monitor.domain.items import ItemFacts
from monitor.domain.opaque import BLOCKED_ON, blocked_on, is_address
from monitor.domain.references import teams_stated
from monitor.domain.teams import BEGINNING, Directory
from monitor.domain.timeline import Timeline
from monitor.indicators.explaining.gaps import Gap, gaps_of
from monitor.pipeline.batch import stored_facts, stored_items
from monitor.pipeline.judging_anew import items_under
from monitor.pipeline.ports import StateReader
from monitor.pipeline.restating import start_due
from monitor.provisional import stored_proposal

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
    slip = repository_slip(asked.name) if asked.subject in ("repo", "path") else None
    if slip is not None:
        refuse([f"{reference}: {slip}"])
    instant = instant_of(at, "--at") if at else bootstrap.now_ms() // 1_000 * 1_000
    directory, lines, file = _written_down(teams, config_path)
    found = resolve(asked, directory, lines, instant)
    for line in resolution_lines(asked, found, file, instant):
        tables.show(line)


def _written_down(
    teams: Path | None, config_path: Path | None
) -> tuple[FileDirectory, Tree, str | None]:
    """The teams, the lines that say so, and their file; provisional ones have none."""
    settings, directory = inputs_of(config_path, teams)
    path = teams or settings.directory.path
    if path is not None:
        assert isinstance(directory, FileDirectory)
        return directory, read_tree(path.read_text("utf-8-sig")), str(path)
    if config_path is None:
        refuse(["give --teams, or --config"])
    with state_of(None, None, config_path) as (state, _):
        proposal = stored_proposal(state)
    return directory_of(proposal), lines_of(proposal), None


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
    """List what nobody claims by the hours it hides, and the line that resolves it.

    What a label says is no part of the state; of record files it is read again. A file,
    or rules of time zones, that the state was not made with are asked what a start
    with them would leave.
    """
    instant = instant_of(at, "--at") if at else bootstrap.now_ms()
    span = span_of(window)
    start = instant - span if span is not None else BEGINNING
    with state_of(files, teams, config_path) as (state, directory):
        facts_of = stored_facts(state, directory)
        items = _judged(state, directory, config_path)
        gaps = gaps_of(items, directory, start, instant, facts_of)
    if any(gap.reference.startswith(BLOCKED_ON) for gap in gaps):
        gaps = list(_told(gaps, files or [], teams, config_path))
    tables.say(f"{'hidden':>12}  {'items':>6}  line of the teams file  # what it hides")
    lines = _lines(teams, config_path)
    for line in gap_lines(gaps, lines, Span(start, instant)):
        tables.show(line)


def _lines(teams: Path | None, config_path: Path | None) -> Tree | None:
    """The lines of the teams file; provisional teams have none."""
    path = teams or settings_of(config_path).directory.path
    return None if path is None else read_tree(path.read_text("utf-8-sig"))


def _judged(
    state: StateReader, directory: Directory, config_path: Path | None
) -> Iterable[tuple[ItemFacts, tuple[Timeline, ...]]]:
    """The items with their timelines under this directory, stored ones or not."""
    model = model_of(settings_of(config_path))
    if directory.provisional or not start_due(state, directory, model):
        return stored_items(state, directory)
    return items_under(state, directory, model)


def _told(
    gaps: Iterable[Gap], files: list[str], teams: Path | None, config_path: Path | None
) -> Iterator[Gap]:
    """The gaps by the names that labels in the files hold, as these are written.

    And by the addresses that events name as teams.
    """
    names: dict[str, str] = {}
    settings, directory = inputs_of(config_path, teams)
    decoding = decode_settings(settings, directory.projects)
    hints = bootstrap.hints_of(settings)
    # Standard input can be read once only.
    for record in read_records([one for one in files if one != "-"], sys.stdin.buffer):
        for fact in decode(record, hints(record.topic), decoding).facts:
            if "named" in fact.people:
                name = fact.people["named"]
                names[blocked_on(name)] = name
            stated = filter(None, teams_stated(fact.fields))
            names |= {blocked_on(one): one for one in stated if is_address(one)}
    for gap in gaps:
        if gap.reference in names:
            yield gap._replace(reference=f"team:{names[gap.reference]}")
        else:
            yield gap
