"""What each team had to spend in the window, and in every part of it.

Person-hours are displayed as no more than that (indicators O6, the payroll cap): items
in parallel can cost more hours than there are people for.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from monitor.domain.teams import Directory, Team
from monitor.pipeline.showing.capacities import Capacities
from monitor.pipeline.showing.readings import Reading


class Payroll:
    """The capacity of teams as they are shown, at the instants of a reading."""

    def __init__(
        self, reading: Reading, directory: Directory, merged: Mapping[str, str]
    ) -> None:
        """``merged`` teams are together what the name they are shown by has."""
        now = reading.instants[0]
        first = now if reading.first is None else reading.first
        starts = (max(first, instant) for instant in reading.instants)
        self._capacities = Capacities(now, starts)
        self._members: dict[str, list[Team]] = {}
        for team in directory.teams.values():
            if team.headcount is not None:
                name = merged.get(team.id, team.id)
                self._members.setdefault(name, []).append(team)
        self._since: dict[str, tuple[Fraction, ...]] = {}

    def capacity(self, name: str, older: int, newer: int = 0) -> Fraction | None:
        """K between two accountants, in seconds; None where no headcount is stated.

        From when anything was measured on; each member's by its own calendar.
        """
        if name not in self._members:
            return None
        if name not in self._since:
            self._since[name] = self._summed(self._members[name])
        since = self._since[name]
        return since[older] - since[newer]

    def _summed(self, members: list[Team]) -> tuple[Fraction, ...]:
        found = [self._capacities.of(team) for team in members]
        return tuple(
            sum((Fraction(amounts[k], units) for amounts, units in found), Fraction(0))
            for k in range(len(found[0][0]))
        )
