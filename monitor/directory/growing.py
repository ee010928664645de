"""What was proposed before, and what a later sample adds to it: nothing ever moves.

A restart must not shuffle history: a reference keeps the team it was given first,
whatever newer records say. A team of the later sample is one of the earlier, whatever
either calls it, where it owns the same things.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from monitor.directory.claims import group_key
from monitor.directory.ids import free_id
from monitor.directory.proposing import (
    MOST_LINES,
    MOST_TEAMS,
    Proposal,
    ProposedTeam,
)
from monitor.directory.sightings import Seen

NOTHING: Final = Proposal((), ())


def grown(before: Proposal, later: Proposal) -> Proposal:
    """The earlier proposal with the teams and references that only the later has.

    No more than a proposal may have. The same sample again adds nothing.
    """
    owners = _owners(before)
    asked = {team for seen, team in owners.items() if seen.subject == "group"}
    teams = {team.id: team for team in before.teams}
    room = MOST_LINES - len(owners)
    for team in later.teams:
        name = _known_as(team, owners, asked)
        new = tuple(line for line in team.lines if line.seen not in owners)[:room]
        held = teams.get(name)
        if held is not None:
            teams[name] = held._replace(lines=(*held.lines, *new))
        elif len(teams) < MOST_TEAMS:
            teams[name] = team._replace(id=name, lines=new)
        else:
            continue
        room -= len(new)
    return Proposal(tuple(teams.values()), later.left_out)


def _owners(proposal: Proposal) -> dict[Seen, str]:
    return {line.seen: team.id for team in proposal.teams for line in team.lines}


def _known_as(team: ProposedTeam, owners: dict[Seen, str], asked: set[str]) -> str:
    """What the team was called before: by most of what it has, else by its name.

    Of a group whose name another group's team has already, nothing says that they
    are one: its team is called by the group's whole name.
    """
    times: Counter[str] = Counter()
    for line in team.lines:
        if line.seen in owners:
            times[owners[line.seen]] += line.times
    if times:
        return max(sorted(times), key=times.__getitem__)
    groups = [line.seen.name for line in team.lines if line.seen.subject == "group"]
    if groups and team.id in asked:
        return free_id(group_key(groups[0]).replace("/", "-"), "group")
    return team.id
