"""From what a sample names to teams to begin with: a proposal, never a claim.

One team for each name that stands for one: a team that native events name, a tracker
project that has tickets, a reviewer or approver group, a value of a tracker's team
field, a self-hosted runner pool; and for repositories that nothing else tells of, their
owner. Names that plainly mean one team are one: the same id, and a project whose
tickets mostly name a team.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.directory.ids import free_id, is_id
from monitor.directory.patterns import folded
from monitor.directory.placing import (
    Found,
    area_numbers,
    components_owned,
    named_owner,
    place_owner,
)
from monitor.directory.sightings import LABELLED, Seen, Sightings, Subject
from monitor.domain.facts import TEAM_AREA
from monitor.domain.opaque import is_address
from monitor.domain.teams import EXTERNAL, RESERVED

MOST_TEAMS: Final = 200
MOST_LINES: Final = 2_000
_ORDER: Final[tuple[Subject, ...]] = (
    "project",
    "group",
    "area",
    "component",
    "repo",
    "service",
    "pool",
    "team",
)
# So many other teams have to wait for a team before it is guessed to be a platform.
_PLATFORM_FROM: Final = 3


class ProposedLine(NamedTuple):
    """A reference the team would own, how often it was seen, and why it is theirs."""

    seen: Seen
    times: int
    why: str


class ProposedTeam(NamedTuple):
    """A team, how often events name it itself, and who waits on whom.

    ``asked_by`` counts the other teams that ask for it, ``asks`` those it asks for.
    """

    id: str
    named: int
    asked_by: int
    asks: int
    lines: tuple[ProposedLine, ...]

    @property
    def is_platform(self) -> bool:
        """Whether it is guessed to be a platform team.

        Three others ask for it, and it asks for half as many at most: teams that
        all ask one another are streams.
        """
        return self.asked_by >= max(_PLATFORM_FROM, 2 * self.asks)


class Proposal(NamedTuple):
    """The teams, most seen first, and what is not in them, by what it is."""

    teams: tuple[ProposedTeam, ...]
    left_out: tuple[tuple[str, int], ...]


def propose(seen: Sightings) -> Proposal:
    """The teams of the sample. Equal sightings give an equal proposal."""
    left_out: Counter[str] = Counter(seen.untold)
    ids = _identities(seen, left_out)
    lines = {one: _told(one, seen) for one in ids if one.subject != "team"}
    owners = {one: team for one, team in ids.items() if one.subject != "team"}
    components = list(components_owned(seen, ids))
    inherited = len(seen.names("component")) - len(components)
    if inherited:
        left_out["components that stay with their project's team"] = inherited
    for found in (*components, *_places_owned(seen, ids, left_out)):
        owners[found.place], lines[found.place] = found.team, found.why
    teams = _teams(seen, ids, owners, lines)
    kept = _bounded(teams, left_out)
    labelled = seen.labelled(but=(EXTERNAL, *(team.id for team in kept)))
    if labelled:
        left_out[LABELLED] = labelled
    return Proposal(kept, tuple(sorted(left_out.items())))


def _identities(seen: Sightings, left_out: Counter[str]) -> dict[Seen, str]:
    """What names a team by itself, and the id of the team it names."""
    ids: dict[Seen, str] = {}
    for team in seen.names("team"):
        is_persons = seen.is_person(team.name) or is_address(team.name)
        if is_id(team.name) and not is_persons:
            ids[team] = team.name
        elif folded(team.name) not in RESERVED:
            left_out["names of teams that can be no id, or are persons'"] += 1
    _add_groups(seen, ids, left_out)
    _add_areas(seen, ids, left_out)
    for project in seen.names("project"):
        # It is only seen where a ticket is its own, so it has tickets.
        named = named_owner(project, seen, ids)
        ids[project] = ids[named[0]] if named else free_id(project.name, "project")
    for pool in seen.names("pool"):
        ids[pool] = free_id(pool.name, "pool")
    return ids


def _add_groups(seen: Sightings, ids: dict[Seen, str], left_out: Counter[str]) -> None:
    """A group is the team of its last part; of two such, the more asked for is."""
    taken: set[str] = set()
    for group in seen.names("group"):
        whole = group.name.removeprefix("@").replace(":", "/")
        name = whole.rpartition("/")[2].strip()
        if not name or seen.is_person(name):
            left_out["groups that are persons', or nameless"] += 1
            continue
        if name in taken:
            name = whole.replace("/", "-")
        taken.add(name)
        ids[group] = free_id(name, "group")


def _add_areas(seen: Sightings, ids: dict[Seen, str], left_out: Counter[str]) -> None:
    """A value of a tracker's team field is the team of its name."""
    numbers = area_numbers(seen)
    for area in seen.names("area"):
        name = area.name.removeprefix(TEAM_AREA)
        if not name.strip() or seen.is_person(name):
            left_out["values of team fields that are persons', or nameless"] += 1
        elif area not in numbers:
            ids[area] = free_id(name, "area")


def _told(one: Seen, seen: Sightings) -> str:
    """How often a name was seen, in words: ``40 tickets, 3 changes``."""
    counts = sorted(seen.things[one].items(), key=lambda kind: (-kind[1], kind[0]))
    return ", ".join(plural(number, thing) for thing, number in counts)


def plural(number: int, thing: str) -> str:
    """So many of a thing, in words."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _places_owned(
    seen: Sightings, ids: dict[Seen, str], left_out: Counter[str]
) -> Iterable[Found]:
    """Repositories and services with the team they would go to."""
    by_repo: dict[Seen, str] = {}
    for repo in seen.names("repo"):
        account = repo.name.partition("/")[0].strip() if "/" in repo.name else ""
        if not account or seen.is_person(account):
            left_out["repositories of persons, or without an owner"] += 1
            continue
        owned = place_owner(repo, seen, ids) or _by_account(repo, account, seen, ids)
        by_repo[repo] = owned.team
        yield owned
    names: dict[str, set[str]] = {}
    for repo, team in by_repo.items():
        names.setdefault(repo.name.rpartition("/")[2], set()).add(team)
    for service in seen.names("service"):
        found = place_owner(service, seen, ids | by_repo)
        same = names.get(folded(service.name), set())
        if found is None and len(same) == 1:
            found = Found(service, min(same), "a repository has its name")
        if found is None:
            left_out["services that no event puts beside a team"] += 1
        else:
            yield found


def _by_account(
    repo: Seen, account: str, seen: Sightings, ids: dict[Seen, str]
) -> Found:
    """The team of all repositories of one owner that nothing else tells of."""
    name = free_id(account, "repo")
    team = f"{name}-repositories" if name in ids.values() else name
    return Found(repo, team, f"{_told(repo, seen)}; none tells whose, so its owner's")


def _teams(
    seen: Sightings,
    ids: dict[Seen, str],
    owners: dict[Seen, str],
    lines: dict[Seen, str],
) -> list[ProposedTeam]:
    named: Counter[str] = Counter()
    asked_by: dict[str, set[str]] = {}
    for one, team in (ids | owners).items():
        named[team] += seen.count(one) if one.subject == "team" else 0
        askers = {owners[by] for by in seen.askers.get(one, ()) if by in owners}
        asked_by.setdefault(team, set()).update(askers - {team})
    asks = Counter(asker for askers in asked_by.values() for asker in askers)
    owned: dict[str, list[ProposedLine]] = {team: [] for team in named}
    for one, team in owners.items():
        owned[team].append(ProposedLine(one, seen.count(one), lines[one]))
    return [
        ProposedTeam(team, named[team], len(asked), asks[team], tuple(owned[team]))
        for team, asked in asked_by.items()
    ]


def _weight(team: ProposedTeam) -> tuple[int, str]:
    return -team.named - sum(line.times for line in team.lines), team.id


def _rank(line: ProposedLine) -> tuple[int, Seen]:
    return -line.times, line.seen


def _in_file(line: ProposedLine) -> tuple[int, int, Seen]:
    return _ORDER.index(line.seen.subject), *_rank(line)


def _bounded(
    teams: list[ProposedTeam], left_out: Counter[str]
) -> tuple[ProposedTeam, ...]:
    """The teams most seen, with the references most seen; the rest is counted."""
    teams, beyond = sorted(teams, key=_weight)[:MOST_TEAMS], teams[MOST_TEAMS:]
    lines = sorted((line for team in teams for line in team.lines), key=_rank)
    kept = {line.seen for line in lines[:MOST_LINES]}
    if beyond:
        left_out["teams beyond the most that are proposed"] = len(beyond)
    if len(lines) > len(kept):
        left_out["references beyond the most that are proposed"] = len(lines) - len(
            kept
        )
    return tuple(
        team._replace(
            lines=tuple(sorted((x for x in team.lines if x.seen in kept), key=_in_file))
        )
        for team in teams
    )
