"""How it is printed what a sample held, what was made of it, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from monitor.adapters.terminal.tables import names_of
from monitor.config.proposal import topic_told
from monitor.directory.proposing import Proposal
from monitor.indicators.totals.report import rfc3339
from monitor.pipeline.surveying import Survey

_MOST_TOPICS: Final = 50


def sample_lines(survey: Survey, troubles: Mapping[str, str]) -> Iterator[str]:
    """A line for each topic, why it could not be read included, and the span of all."""
    for name, topic in islice(survey.topics.items(), _MOST_TOPICS):
        trouble, read = troubles.get(name), topic_told(topic)
        if trouble is not None:
            read = f"{trouble} (before that: {read})" if topic.read else trouble
        yield f"{name if name.isprintable() else ascii(name)}: {read}"
    more = len(survey.topics) - _MOST_TOPICS
    if more > 0:
        yield f"and {more:,} more topics"
    first, last = survey.sightings.first, survey.sightings.last
    if first is not None and last is not None:
        yield f"from {rfc3339(first)} to {rfc3339(last)}"


def proposal_lines(
    proposal: Proposal,
    written: Collection[Path],
    configuration: Path,
    teams: Path,
    named: Path | None,
) -> Iterator[str]:
    """A short summary, and the commands to type next.

    ``named`` is the teams file that the configuration names.
    """
    lines = sum(len(team.lines) for team in proposal.teams)
    guessed = [team.id for team in proposal.teams if team.is_platform]
    yield f"{len(proposal.teams)} provisional teams with {lines} references"
    if guessed:
        yield f"guessed to be platforms: {names_of(guessed)}"
    for what, number in proposal.left_out:
        yield f"not in the file: {what}: {number:,}"
    yield f"written: {', '.join(map(str, written))}"
    if named is None:
        yield f"{configuration} names no teams file: write [directory] path = ... there"
    elif named.absolute() != teams.absolute():
        yield f"{configuration} names another teams file: {named}"
    config = f"--config {shlex.quote(str(configuration))}"
    yield f"next: friction check {config} --teams {shlex.quote(str(teams))}"
    yield f"      friction doctor {config}"
    yield f"      friction run {config}"
