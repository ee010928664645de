"""``friction init``: from a sample of records to files to begin with."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from monitor import bootstrap
from monitor.adapters.terminal import tables
from monitor.adapters.terminal.progress import counted
from monitor.adapters.terminal.samples import proposal_lines, sample_lines
from monitor.commands.inputs import ConfigPath, refuse
from monitor.config import loading
from monitor.config.proposal import config_text
from monitor.config.proposal_github import github_lines
from monitor.config.proposal_jira import jira_lines
from monitor.config.scalars import TOPIC_NAME
from monitor.config.sections import Config
from monitor.config.values import decode_settings
from monitor.directory.growing import NOTHING, grown
from monitor.directory.proposal_text import proposal_text
from monitor.directory.proposing import Proposal, propose
from monitor.directory.teams_file import parse
from monitor.errors import ConfigError, FrictionError, SchemaError
from monitor.pipeline.surveying import Survey
from monitor.provisional import (
    SAMPLE,
    Sample,
    read_broker,
    read_files,
    stored_proposal,
)

_OPTIONS: Final = {
    "FRICTION_KAFKA__BOOTSTRAP_SERVERS": "--bootstrap",
    "FRICTION_KAFKA__TOPICS": "--topics",
}


def init(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Record files, for want of a broker; the first records."),
    ] = None,
    brokers: Annotated[
        str | None, typer.Option("--bootstrap", help="HOST:PORT, several with commas.")
    ] = None,
    topics: Annotated[
        str | None, typer.Option(help="Names of topics, with commas.")
    ] = None,
    records: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="At most, the newest of a topic.")
    ] = SAMPLE,
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path(),
    config_path: ConfigPath = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite what is there.")
    ] = False,
) -> None:
    """Read a sample of records; write friction.toml and teams.yaml to begin with."""
    _refuse_unclear(files, brokers, topics, config_path)
    settings = _settings(brokers, topics, config_path, serving=not files)
    teams, configuration = to / "teams.yaml", config_path or to / "friction.toml"
    written = [teams] if config_path else [configuration, teams]
    if not force:
        _refuse_existing(written)
    sample = _sample(files, settings, records)
    told = list(sample_lines(sample.survey, sample.troubles))
    for line in told:
        tables.show(line)
    proposal = propose(sample.survey.sightings)
    if config_path is not None and not files:
        proposal = grown(_in_use(settings), proposal)
    if not proposal.teams:
        raise FrictionError("the sample names no team: nothing is written")
    texts = {teams: _sound(proposal_text(proposal, told))}
    guesses = _guesses(sample.survey, settings, proposal)
    if config_path is None:
        texts[configuration] = _configuration(sample, settings, files or (), guesses)
    else:
        for line in guesses:
            tables.say(line)
    _write(texts, force=force)
    named = settings.directory.path if config_path else teams
    for line in proposal_lines(proposal, written, configuration, teams, named):
        tables.show(line)


def _guesses(survey: Survey, settings: Config, proposal: Proposal) -> list[str]:
    """Lines for friction.toml of what a site's or a server's people know."""
    known = decode_settings(settings, frozenset())
    ids = [team.id for team in proposal.teams]
    return [
        *github_lines(survey.github, known.hosts),
        *jira_lines(survey.jira, known.jira, ids),
    ]


def _refuse_unclear(
    files: list[str] | None,
    brokers: str | None,
    topics: str | None,
    config_path: Path | None,
) -> None:
    """Refuse what says twice, or not at all, where the records are."""
    if brokers is not None and (files or config_path is not None):
        refuse(["--bootstrap stands alone: leave out --config and record files"])
    if brokers is None and not files and config_path is None:
        refuse(["give --bootstrap and --topics, or --config, or record files"])
    if brokers is not None and topics is None:
        refuse(["--topics is missing: names of topics, as in friction.ci,jira"])
    if files and topics is not None:
        refuse(["--topics is for brokers: record files say their topics themselves"])


def _settings(
    brokers: str | None, topics: str | None, config_path: Path | None, *, serving: bool
) -> Config:
    """The configuration given, with what the options say in its place."""
    said = dict(zip(_OPTIONS, (brokers, topics), strict=True))
    given = {name: value for name, value in said.items() if value is not None}
    loaded = loading.load(config_path, {**os.environ, **given}, serving=serving)
    if isinstance(loaded, Config):
        return loaded
    mistakes = [str(mistake) for mistake in loaded]
    for name in given:
        shown = f"environment: {name}"
        mistakes = [text.replace(shown, _OPTIONS[name]) for text in mistakes]
    raise ConfigError(mistakes)


def _refuse_existing(paths: Iterable[Path]) -> None:
    mistakes = [
        f"{path}: is there already; --force overwrites it, --to names another folder"
        for path in paths
        if path.exists()
    ]
    if mistakes:
        refuse(mistakes)


def _sample(files: list[str] | None, settings: Config, most: int) -> Sample:
    """What the records come to; nothing of a body is kept.

    Raises SourceUnavailable, and ConfigError for a file that cannot be read.
    """
    sample = bootstrap.empty_sample(settings)
    if files:
        passed = read_files(sample.survey, files, most, counted)
        for name, count in passed.items():
            tables.say(f"{name!r}: {count:,} more records passed over (--records)")
    else:
        # Only a broker needs it.
        from monitor.bootstrap_connection import connection_of  # noqa: PLC0415

        topics = [topic.name for topic in settings.kafka.topics]
        read_broker(sample, connection_of(settings), topics, most, counted)
    return sample


def _in_use(settings: Config) -> Proposal:
    """The provisional teams that `friction run` has with this configuration."""
    path = settings.state.path
    if settings.directory.path is not None or not path.exists():
        return NOTHING
    with bootstrap.stored_items(path) as state:
        return stored_proposal(state)


def _configuration(
    sample: Sample, settings: Config, files: Iterable[str], guesses: Collection[str]
) -> str:
    """The configuration's text; what only stands in for a topic is not one."""
    stand_ins = {Path(path).name for path in files} | ({"stdin"} if files else set())
    topics = {
        name: seen
        for name, seen in sample.survey.topics.items()
        if name not in stand_ins and re.fullmatch(TOPIC_NAME, name)
    }
    brokers = settings.kafka.bootstrap_servers
    return config_text(brokers, topics, sample.troubles, guesses)


def _sound(text: str) -> str:
    """The teams file, once it was read as `friction check` reads it."""
    found = parse(text)
    if isinstance(found, tuple):
        raise SchemaError(f"the proposed teams file is wrong: {found[0]}")
    return text


def _write(texts: Mapping[Path, str], *, force: bool) -> None:
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w" if force else "x", encoding="utf-8") as file:
                file.write(text)
        except OSError as problem:
            raise FrictionError(f"{path} cannot be written: {problem}") from problem
