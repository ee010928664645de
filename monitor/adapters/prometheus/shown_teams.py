"""Which teams are shown by their name, and what those are shown as that are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.adapters.prometheus.naming import merged_names
from monitor.directory.proposing import MOST_TEAMS
from monitor.domain.teams import OTHER, Directory, Team
from monitor.pipeline.books import Books
from monitor.pipeline.showing.met_teams import met
from monitor.pipeline.showing.team_series import TeamSeries


def names_together(
    directory: Directory, before: Mapping[str, str], instant: int
) -> dict[str, str]:
    """What teams are shown as that are not shown by their own name, at an instant (ms).

    A team that is listed no more stays what it was ``before``.
    """
    gone = {team: name for team, name in before.items() if team not in directory.teams}
    return gone | merged_names(directory.teams.values(), instant)


class Shown(NamedTuple):
    """The teams that are known, and the names that stand for those ``merged``."""

    teams: list[Team]
    merged: dict[str, str]


@dataclass(slots=True)
class ShownTeams:
    """Tells the teams of the books. May be asked by several threads."""

    books: Books
    directory: Directory
    series: TeamSeries = field(default_factory=TeamSeries)

    def names(self) -> list[str]:
        """Every name that anything is charged to or waits for."""
        return self.series.names(self.books.accounts)

    def at(self, now_ms: int) -> Shown:
        """The teams by the headcounts of an instant.

        Provisional teams are as many as events name, and labels are few: those that
        came when there were enough are ``other``. A team that is listed no more stays
        what it was shown as: nobody says that it has grown.
        """
        listed = self.directory.teams.values()
        came = met(self.names(), self.directory)
        room = max(0, MOST_TEAMS - len(listed))
        beyond = {team.id: OTHER for team in came[room:]}
        shown = [*listed, *came[:room]]
        known = {team.id for team in shown}
        before = self.books.named.merged or {}
        gone = {team: name for team, name in before.items() if team not in known}
        return Shown(shown, gone | merged_names(listed, now_ms) | beyond)
