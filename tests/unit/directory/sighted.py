"""Facts of an invented organisation, counted as a sample's."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.directory.file_directory import FileDirectory
from monitor.directory.proposal_text import proposal_text
from monitor.directory.proposing import Proposal, propose
from monitor.directory.sightings import Sightings
from monitor.directory.teams_file import parse
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.making import make_fact


def fact(
    kind: Kind,
    entity: str,
    fields: Fields | None = None,
    people: People | None = None,
    *,
    time: int = 0,
) -> Fact:
    """A fact at the beginning of time, unless told otherwise."""
    return make_fact(kind, time, entity, "test", fields, people)


def seen(facts: Iterable[Fact], *, explicit: bool = True) -> Sightings:
    """The facts' sightings, as if native events had brought them."""
    sightings = Sightings()
    for one in facts:
        sightings.add(one, explicit=explicit)
    return sightings


def claims(proposal: Proposal) -> dict[str, list[str]]:
    """What each proposed team would own, as ``subject name``."""
    return {
        team.id: [f"{line.seen.subject} {line.seen.name}" for line in team.lines]
        for team in proposal.teams
    }


def proposed(*facts: Fact, explicit: bool = True) -> dict[str, list[str]]:
    """What each team would own that the facts come to."""
    return claims(propose(seen(facts, explicit=explicit)))


def written(facts: Iterable[Fact]) -> tuple[str, FileDirectory]:
    """The file the facts come to, and the directory it is read as."""
    text = proposal_text(propose(seen(facts)), ["1 record"])
    directory = parse(text)
    assert isinstance(directory, FileDirectory), directory
    return text, directory
