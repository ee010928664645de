"""The calendars, headcounts and absences that stored sums were worked out with.

Sums are kept relative to a calendar, so under another teams file they say nothing.
What a counter showed under the old file is its floor under the new one, and can be
told only with what it says of capacity: that is stored beside the sums.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from monitor.domain.stored_values import reading_stored
from monitor.domain.teams import Directory, Team
from monitor.domain.working_time import Calendar, Hours, calendar_of
from monitor.pipeline.ports import Changes, StateReader

_TEAMS: Final = "teams"


@dataclass(frozen=True, slots=True)
class StoredTeams:
    """The teams of the file that was in force, as far as sums depend on them.

    Also the tracker's ``projects`` it named, whose keys changes were searched for;
    None where nothing tells.
    """

    organisation: Calendar
    teams: dict[str, Team]
    projects: frozenset[str] | None = None

    def calendar(self, team: str) -> Calendar:
        """The team's calendar; the organisation's for any other name."""
        found = self.teams.get(team)
        return self.organisation if found is None else found.calendar


def put_teams(directory: Directory, changes: Changes) -> None:
    """Store what sums depend on of this directory."""
    stored = {
        "organisation": _hours_row(directory.organisation.calendar),
        "teams": {team.id: _team_row(team) for team in directory.teams.values()},
        "projects": sorted(directory.projects),
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
    return StoredTeams(
        _calendar(stored["organisation"]),
        {name: _team(name, *row) for name, row in stored["teams"].items()},
        frozenset(stored["projects"]) if "projects" in stored else None,
    )


def _team_row(team: Team) -> list[object]:
    """Without a share of absence the row is what it was before there were any."""
    absence = [str(team.absence_share)] if team.absence_share else []
    return [_hours_row(team.calendar), team.headcount, *absence]


def _team(
    name: str, hours: Mapping[str, Any], headcount: Any, absence_share: str = "0"
) -> Team:
    dated = None if headcount is None else tuple((at, size) for at, size in headcount)
    absence = Fraction(absence_share)
    return Team(name, "stream", False, "", dated, _calendar(hours), absence)


def _hours_row(calendar: Calendar) -> dict[str, object]:
    hours = calendar.hours
    return {
        "zone": hours.zone,
        "days": hours.days,
        "opens": hours.opens,
        "closes": hours.closes,
        "holidays": sorted(day.isoformat() for day in hours.holidays),
    }


def _calendar(row: Mapping[str, Any]) -> Calendar:
    return calendar_of(
        Hours(
            row["zone"],
            tuple(row["days"]),
            row["opens"],
            row["closes"],
            frozenset(dt.date.fromisoformat(day) for day in row["holidays"]),
        )
    )
