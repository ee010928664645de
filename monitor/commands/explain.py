"""``friction explain``: the segments behind a number, or the waits that are open."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from monitor.adapters.prometheus.naming import Naming
from monitor.adapters.prometheus.shown_teams import names_together
from monitor.adapters.terminal import tables
from monitor.adapters.terminal.arguments import instant_of
from monitor.adapters.terminal.explained import (
    Called,
    Named,
    documents_of,
    print_facts,
    print_lines,
    write_csv,
)
from monitor.adapters.terminal.opened import (
    open_documents,
    print_open,
    write_open_csv,
)
from monitor.commands.inputs import (
    At,
    ConfigPath,
    TeamsPath,
    item_of,
    last_instant,
    records_named,
    refuse,
    refuse_unknown_component,
    refuse_unknown_teams,
    settings_of,
    state_of,
)
from monitor.config.values import model_of
from monitor.decode.times import write_time
from monitor.domain.renamed_teams import name_under
from monitor.domain.teams import Directory
from monitor.indicators.explaining.explain import Question
from monitor.pipeline.explaining import (
    Explained,
    OpenExplained,
    explained,
    open_explained,
    pipeline_of,
)
from monitor.pipeline.ports import StateReader
from monitor.pipeline.showing.item_names import naming_of
from monitor.pipeline.stored_books import stored_names, stored_seats


class ListForm(StrEnum):
    """How a list is printed."""

    JSON = "json"
    TABLE = "table"
    CSV = "csv"


def explain(
    team: Annotated[str, typer.Option(help="The team that is charged.")],
    files: Annotated[list[str] | None, typer.Argument(help="Record files.")] = None,
    on_team: Annotated[
        str | None,
        typer.Option(
            "--on-team",
            help="The team that is waited for; of a state also other, as on /metrics.",
        ),
    ] = None,
    component: Annotated[
        str | None, typer.Option(help="What is waited for, such as review_wait.")
    ] = None,
    item: Annotated[
        str | None, typer.Option(help="CHK-1, owner/repo#12, or a part of an item.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="First instant, RFC 3339.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="Last instant; like --at.")
    ] = None,
    at: At = None,
    open_waits: Annotated[
        bool,
        typer.Option("--open", help="The waits that are open then, costly or not."),
    ] = False,
    teams: TeamsPath = None,
    config_path: ConfigPath = None,
    form: Annotated[ListForm, typer.Option("--format")] = ListForm.TABLE,
) -> None:
    """Print the segments behind a number, and why; they sum to it exactly."""
    if component is not None:
        refuse_unknown_component(component)
    first, instant = _span_of(start, end, at, of_instant=open_waits)
    model = model_of(settings_of(config_path))
    lines: list[Explained] = []
    found: list[OpenExplained] = []
    with state_of(files, teams, config_path) as (state, directory):
        root = item_of(state, item) if item is not None else None
        asked = Question(team, on_team, component, first, instant, root)
        question = _in_names_of_now(asked, state, directory)
        if open_waits:
            found = open_explained(state, question, directory, model)
        else:
            lines = explained(state, question, directory, model)
        if not (lines or found):
            refuse_unknown_teams(question, state, directory, of_records=bool(files))
        named = records_named(state, files or ())
        things = _things(lines, found, facts=item is not None)
        called = naming_of(state, things, directory)
    pipeline = partial(pipeline_of, directory=directory)
    if open_waits:
        _print_open(found, instant, named, pipeline, called, form)
    else:
        _print_lines(lines, named, pipeline, called, form, facts=item is not None)


def _span_of(
    start: str | None, end: str | None, at: str | None, *, of_instant: bool
) -> tuple[int, int]:
    """From when to when it is asked. Raises ConfigError for what cannot be."""
    last = last_instant(end, at)
    if of_instant and start:
        refuse([f"--from {start}: --open asks about an instant, --at; leave it out"])
    first = instant_of(start, "--from") if start else -(2**62)
    if first > last:
        refuse([f"--from {start} is after the last instant, {write_time(last)}"])
    return first, last


def _in_names_of_now(
    asked: Question, state: StateReader, directory: Directory
) -> Question:
    """The question by the ids that teams have now, and by what metrics call several."""
    on_team = asked.on_team
    if on_team is not None:
        on_team = name_under(directory.formerly, on_team)
    merged = names_together(directory, stored_names(state), asked.end)
    return replace(
        asked,
        team=name_under(directory.formerly, asked.team),
        on_team=on_team,
        merged=merged,
        is_other=Naming(merged, stored_seats(state)).is_other,
    )


def _things(
    lines: Sequence[Explained], found: Sequence[OpenExplained], *, facts: bool
) -> Iterator[str]:
    """The items that are printed; with ``facts``, also what these are of."""
    yield from (line.item for line, _ in lines)
    yield from (one.item for one, _ in found)
    if facts:
        reasons = (reason for _, because in lines for reason in because.reasons)
        for reason in reasons:
            yield from (fact.entity for fact in (*reason.opened, *reason.closed))


def _print_lines(
    lines: Sequence[Explained],
    named: Named,
    pipeline: Named,
    called: Called,
    form: ListForm,
    *,
    facts: bool,
) -> None:
    if form is ListForm.JSON:
        documents = documents_of(lines, named, pipeline, called)
        sys.stdout.write(json.dumps(documents) + "\n")
    elif form is ListForm.CSV:
        write_csv(lines, named, called, sys.stdout)
    else:
        print_lines(lines, called, tables.console())
        if facts:
            print_facts(lines, named, called, tables.console())


def _print_open(
    found: Sequence[OpenExplained],
    at: int,
    named: Named,
    pipeline: Named,
    called: Called,
    form: ListForm,
) -> None:
    if form is ListForm.JSON:
        documents = open_documents(found, at, named, pipeline, called)
        sys.stdout.write(json.dumps(documents) + "\n")
    elif form is ListForm.CSV:
        write_open_csv(found, at, named, pipeline, called, sys.stdout)
    else:
        print_open(found, at, pipeline, called, tables.console())
