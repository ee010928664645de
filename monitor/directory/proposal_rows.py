"""A proposal as JSON, to be stored and read again.

Holds what its text holds, and so nobody's name.
"""

from __future__ import annotations

import json
from typing import Any

from monitor.directory.proposing import Proposal, ProposedLine, ProposedTeam
from monitor.directory.sightings import Seen


def packed(proposal: Proposal) -> bytes:
    """The proposal's teams; what is in none is told by each sample anew."""
    return json.dumps([[*team[:-1], _lines(team)] for team in proposal.teams]).encode()


def unpacked(stored: bytes) -> Proposal:
    """The proposal that was packed."""
    teams = tuple(
        ProposedTeam(name, named, asked_by, asks, tuple(map(_line, lines)))
        for name, named, asked_by, asks, lines in json.loads(stored)
    )
    return Proposal(teams, ())


def _lines(team: ProposedTeam) -> list[list[object]]:
    return [[*line.seen, line.times, line.why] for line in team.lines]


def _line(row: list[Any]) -> ProposedLine:
    subject, name, times, why = row
    return ProposedLine(Seen(subject, name), times, why)
