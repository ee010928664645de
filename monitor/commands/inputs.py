"""What commands are given: the options they share, and the files these name."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn

import typer

from monitor import bootstrap
from monitor.adapters.files.records import can_be_read_again, read_records
from monitor.adapters.terminal.arguments import instant_of
from monitor.adapters.terminal.progress import counted
from monitor.adapters.terminal.tables import names_of, say
from monitor.config import loading
from monitor.config.sections import Config
from monitor.config.signals import signal_rules
from monitor.config.values import decode_settings, model_of
from monitor.decode.recognise import BY_NAME
from monitor.directory.mistakes import Mistake, nearest
from monitor.directory.proposing import propose
from monitor.directory.provisional import directory_of as provisional_directory
from monitor.domain.facts import Fact
from monitor.domain.items import FOREVER
from monitor.domain.provenance import TAG, record_named, tag_of
from monitor.domain.teams import OTHER, RESERVED, Directory
from monitor.errors import ConfigError
from monitor.indicators.explaining.explain import COMPONENTS, Question
from monitor.pipeline.batch import Batch, stored_timelines
from monitor.pipeline.catching_up.deferring import deferred_in
from monitor.pipeline.explaining import item_named
from monitor.pipeline.ports import StateReader
from monitor.pipeline.restating import start_due
from monitor.provisional import SAMPLE, read_files, stored_directory

Files = Annotated[
    list[str],
    typer.Argument(
        help="Record files, pipes: JSON, a body a line or printed over several; "
        ".gz too; - is standard input."
    ),
]
# Not readable=True, which ends the command at the first file: we tell of all.
ConfigPath = Annotated[
    Path | None, typer.Option("--config", help="friction.toml", readable=False)
]
TeamsPath = Annotated[
    Path | None, typer.Option("--teams", help="teams.yaml", readable=False)
]
At = Annotated[
    str | None, typer.Option("--at", help="Instant, as in 2026-03-04T17:00:00Z.")
]

Window = Annotated[
    str | None, typer.Option(help="Length before --at, as in 28d, 36h, 4w, 1d12h.")
]


class Form(StrEnum):
    """How numbers are printed."""

    JSON = "json"
    TABLE = "table"


_USUAL_NAME: Final = "friction.toml"
_NO_OTHER: Final = (
    "it is a name of /metrics, for teams beyond the fifteenth; in records each has its "
    "own (--config without files asks the state)"
)
PROVISIONAL: Final = (
    "no teams file: the teams are provisional, made from the data; "
    "`friction init` writes them down as a file to edit"
)


def settings_of(path: Path | None, *, serving: bool = False) -> Config:
    """The configuration; ``serving`` asks for what the service needs.

    Raises ConfigError with every mistake.
    """
    loaded = loading.load(path, os.environ, serving=serving)
    if isinstance(loaded, tuple):
        raise ConfigError(loaded)
    return loaded


def inputs_of(
    path: Path | None, teams: Path | None, *, serving: bool = False
) -> tuple[Config, Directory]:
    """The configuration, and the teams file that is given, else the configured one.

    Without any the directory is provisional, and empty. Raises ConfigError with every
    mistake of both.
    """
    found = loading.load_both(path, teams, os.environ, serving=serving)
    if isinstance(found, tuple):
        here = Path(_USUAL_NAME)
        if path is None and here.is_file():
            text = (
                f"no file was read; {_USUAL_NAME} is here: give --config {_USUAL_NAME}"
            )
            found = (*found, Mistake(0, "", text))
        raise ConfigError(found)
    return found.config, found.directory


def _directory_from(files: list[str], settings: Config) -> Directory:
    """Without a teams file: the teams that the records name.

    Standard input and pipes can be read once only: from there no teams are made
    beforehand.
    """
    say(f"friction: {PROVISIONAL}")
    sample = bootstrap.empty_sample(settings)
    if all(map(can_be_read_again, files)):
        read_files(sample.survey, files, SAMPLE)
    return provisional_directory(propose(sample.survey.sightings))


def refuse(mistakes: Iterable[Mistake | str]) -> NoReturn:
    """End the command with what is wrong with its input."""
    raise ConfigError(mistakes)


def batch_of(
    files: list[str], at: int, teams: Path | None, config_path: Path | None
) -> Batch:
    """The pipeline over records at hand, all up to an instant read.

    Raises ConfigError, and FrictionError for a file that cannot be read.
    """
    settings, directory = inputs_of(config_path, teams)
    if directory.provisional:
        directory = _directory_from(files, settings)
    batch = bootstrap.memory_batch(
        directory,
        decode_settings(settings, directory.projects),
        model_of(settings),
        at,
        bootstrap.hints_of(settings),
        signal_rules(settings.signals),
    )
    batch.read(counted(read_records(files, sys.stdin.buffer), "records"))
    return batch


@contextlib.contextmanager
def state_of(
    files: list[str] | None, teams: Path | None, config_path: Path | None
) -> Iterator[tuple[StateReader, Directory]]:
    """What record files come to, else the configured state: all that is known now.

    Whoever asks about an instant clips it: a later event may settle what was open then.
    Raises ConfigError, StateUnavailable; says when the state is catching up.
    """
    if files:
        batch = batch_of(files, FOREVER, teams, config_path)
        yield batch.state, batch.directory
        return
    if config_path is None:
        refuse(["give record files, or --config for the configured state"])
    settings, directory = inputs_of(config_path, teams)
    with bootstrap.stored_items(settings.state.path) as state:
        if directory.provisional:
            say(f"friction: {PROVISIONAL}")
            directory = stored_directory(state)
        elif due := start_due(state, directory, model_of(settings)):
            say(f"friction: {due}")
        if waiting := deferred_in(state):
            say(f"friction: catching up, {waiting} items not counted")
        yield state, directory


def last_instant(end: str | None, at: str | None) -> int:
    """The instant that ``--to`` or ``--at`` says, else now. Raises ConfigError.

    Both may be given where they say the same.
    """
    given = (("--to", end), ("--at", at))
    said = {instant_of(text, option) for option, text in given if text is not None}
    if len(said) > 1:
        refuse([f"--to {end} and --at {at} are two last instants: give one of them"])
    return said.pop() if said else bootstrap.now_ms()


def item_of(state: StateReader, name: str) -> str:
    """The root item that is called so. Raises ConfigError."""
    found = item_named(state, name)
    if found is None:
        refuse([f"--item {name}: nothing is known of it (CHK-1, owner/repo#12)"])
    return found


def refuse_unknown_provider(provider: str | None) -> None:
    """End the command where nothing is decoded of such. Raises ConfigError."""
    if provider and provider not in BY_NAME:
        listed = f"{', '.join(BY_NAME)}{nearest(provider, BY_NAME)}"
        refuse([f"--provider {provider}: is none of {listed}"])


def refuse_unknown_component(component: str) -> None:
    """End the command where no number is called so. Raises ConfigError."""
    if component not in COMPONENTS:
        known = names_of(COMPONENTS)
        near = nearest(component, COMPONENTS)
        refuse([f"--component {component}: there is none{near} ({known})"])


def refuse_unknown_teams(
    question: Question, state: StateReader, directory: Directory, *, of_records: bool
) -> None:
    """End the command where nobody has ever heard of a team. Raises ConfigError.

    Reserved names can be waited for, whether anything does or not; but ``other`` of
    records only where one of them names it: nothing is shown of these by few names.
    """
    team, on_team, together = question.team, question.on_team, question.merged.values()
    known = {*directory.teams, *together}
    if team not in known and team not in _held(state, 0):
        listed = names_of(known)
        refuse([f"--team {team}: nothing is charged to it; teams: {listed}"])
    known_on = {*known, *RESERVED} - ({OTHER} if of_records else set())
    if on_team is None or on_team in known_on or on_team in _held(state, 1):
        return
    why = _NO_OTHER if on_team == OTHER else "nothing waits for it"
    refuse([f"--on-team {on_team}: {why}; teams: {names_of(known_on)}"])


def _held(state: StateReader, place: Literal[0, 1]) -> Iterator[str]:
    """Who is charged (0) or waited for (1) in the ledger or in any segment."""
    yield from (pair[place] for pair in state.pairs())
    for timeline in stored_timelines(state):
        yield from ((s.team, s.on_team)[place] for s in timeline.segments)


def records_named(state: StateReader, files: Iterable[str]) -> Callable[[Fact], str]:
    """How the record is called that a fact was read from.

    ``topic/partition/offset``; of a line in a file that does not say, ``file:line``.
    """
    partitions = list(state.offsets())
    names = [(Path(path).name, place) for place, path in enumerate(files)]
    own = {tag_of(*place): place[0] for place in names}

    def named(fact: Fact) -> str:
        tag, number = fact.source[:TAG], fact.source[TAG:]
        if tag in own and number.isdigit():
            return f"{own[tag]}:{int(number) + 1}"
        return record_named(fact.source, partitions)

    return named
