"""The calendars, headcounts and absences that stored sums were worked out with.

Sums are kept relative to a calendar, so under another teams file, or with another
database of time zones, they say nothing.
What a counter showed under the old file is its floor under the new one, and can be
told only with what it says of capacity: that is stored beside the sums.
"""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from monitor.domain.facts import digest
from monitor.domain.stored_values import reading_stored
from monitor.domain.teams import Directory, Team
from monitor.domain.working_time import Calendar, Hours, calendar_of
from monitor.domain.zone_rules import Rules, rules_of
from monitor.pipeline.ports import Changes, StateReader

_TEAMS: Final = "teams"
# In place of a digest, which is never negative: no record was read yet.
_NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class StoredTeams:
    """The teams of the file that was in force, as far as sums depend on them.

    Also the tracker's ``projects`` it named, and those ``looked_for`` in what was read
    last before it was stored, which was up to ``read_to``; None where nothing tells.
    ``zones`` are the rules of the zones, ``formerly`` the ids that its teams had
    before; none of either are of a state of before.
    """

    organisation: Calendar
    teams: dict[str, Team]
    projects: frozenset[str] | None = None
    looked_for: frozenset[str] | None = None
    read_to: int | None = None
    zones: Mapping[str, Rules] = field(default_factory=dict)
    formerly: frozenset[str] = frozenset()

    def calendar(self, team: str) -> Calendar:
        """The team's calendar; the organisation's for any other name."""
        found = self.teams.get(team)
        return self.organisation if found is None else found.calendar


def looked_for(state: StateReader, directory: Directory) -> frozenset[str] | None:
    """The projects whose keys were looked for in what was read last.

    Those of the last file if anything was read with it, else those of the file before
    that; None where nothing tells. Where nothing was read yet, nothing was missed.
    """
    read_to = _read_to(state)
    if read_to == _NOWHERE:
        return directory.projects
    known = stored_teams(state)
    if known is None:
        return None
    return known.looked_for if known.read_to == read_to else known.projects


def put_teams(
    directory: Directory,
    looked: frozenset[str] | None,
    state: StateReader,
    changes: Changes,
) -> None:
    """Store what sums depend on of this directory, and what was looked for before."""
    stored = {
        "organisation": _hours_row(directory.organisation.calendar),
        "teams": {team.id: _team_row(team) for team in directory.teams.values()},
        "projects": sorted(directory.projects),
        "looked_for": None if looked is None else sorted(looked),
        "read_to": _read_to(state),
        "zones": zones_of(directory),
        "formerly": sorted(
            old for team in directory.teams.values() for old in team.formerly
        ),
    }
    changes.put("meta", _TEAMS, json.dumps(stored).encode())


def stored_teams(state: StateReader) -> StoredTeams | None:
    """What was stored of the directory then in force; None in a new store.

    Raises StateCorrupt.
    """
    packed = state.get_many("meta", [_TEAMS]).get(_TEAMS)
    if packed is None:
        return None
    with reading_stored("the teams"):
        return _unpacked(json.loads(packed))


def _unpacked(stored: Mapping[str, Any]) -> StoredTeams:
    zones = {
        zone: tuple((at, offset) for at, offset in rules)
        for zone, rules in stored.get("zones", {}).items()
    }
    other = {zone: rules for zone, rules in zones.items() if rules != _rules_of(zone)}
    return StoredTeams(
        _calendar(stored["organisation"], other),
        {name: _team(other, name, *row) for name, row in stored["teams"].items()},
        _projects(stored.get("projects")),
        _projects(stored.get("looked_for")),
        stored.get("read_to"),
        zones,
        frozenset(stored.get("formerly", ())),
    )


def zones_of(directory: Directory) -> dict[str, Rules]:
    """What the zones of its calendars mean here, by name, in order."""
    calendars = [directory.organisation.calendar]
    calendars += [team.calendar for team in directory.teams.values()]
    names = {calendar.hours.zone for calendar in calendars}
    return {name: _rules_of(name) for name in sorted(names)}


def _rules_of(zone: str) -> Rules:
    """What it means here: nothing, where there is no such zone any more."""
    try:
        return rules_of(zone)
    except zoneinfo.ZoneInfoNotFoundError:
        return ()


def _projects(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _read_to(state: StateReader) -> int:
    """How far everything is read: another number wherever anything more is."""
    begun = sorted(one for one in state.offsets().items() if one[1])
    return digest(*map(repr, begun)) if begun else _NOWHERE


def _team_row(team: Team) -> list[object]:
    """Without a share of absence the row is what it was before there were any."""
    absence = [str(team.absence_share)] if team.absence_share else []
    return [_hours_row(team.calendar), team.headcount, *absence]


def _team(
    zones: Mapping[str, Rules],
    name: str,
    hours: Mapping[str, Any],
    headcount: Any,
    absence_share: str = "0",
) -> Team:
    dated = None if headcount is None else tuple((at, size) for at, size in headcount)
    absence = Fraction(absence_share)
    return Team(name, "stream", False, "", dated, _calendar(hours, zones), absence)


def _hours_row(calendar: Calendar) -> dict[str, object]:
    hours = calendar.hours
    return {
        "zone": hours.zone,
        "days": hours.days,
        "opens": hours.opens,
        "closes": hours.closes,
        "holidays": sorted(day.isoformat() for day in hours.holidays),
    }


def _calendar(row: Mapping[str, Any], zones: Mapping[str, Rules]) -> Calendar:
    """``zones`` are the rules of those that mean something else here."""
    return calendar_of(
        Hours(
            row["zone"],
            tuple(row["days"]),
            row["opens"],
            row["closes"],
            frozenset(dt.date.fromisoformat(day) for day in row["holidays"]),
            zones.get(row["zone"]),
        )
    )
