"""Cost: seconds weighed, per team, with bounds, scale, burn and money.

Delay is not cost. Acute and response seconds weigh 1; chronic seconds weigh
omega, for which nobody has a number: hence lower, central and upper.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from monitor.domain.model import Model
from monitor.domain.teams import EXTERNAL, UNKNOWN, Directory, Team
from monitor.indicators.totals.instant import SECOND_UNITS, Totals, seconds


class Bounds(NamedTuple):
    """A cost in seconds under omega lower, central and upper."""

    lower: Fraction
    central: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True)
class TeamCost:
    """What one team spent in a window, in exact seconds.

    ``ratio`` is coordination over feature cost, absent without feature work.
    ``capacity`` is headcount times working time, less the share of absence, and
    there is none without a headcount;
    ``scale`` and ``burn`` are absent with it.
    """

    team: str
    coordination: Bounds
    feature: Fraction
    active: dict[str, Fraction]
    ratio: Bounds | None
    share: Fraction | None
    capacity: Fraction | None
    scale: Fraction | None
    burn: Fraction | None
    money: Bounds | None
    unknown_share: Fraction
    unclassified_share: Fraction


@dataclass(slots=True)
class Waited:
    """Waits of one team by how they weigh, in ``millisecond x UNIT``.

    Whole numbers until they are weighed: adding fractions takes ten times as long.
    """

    full: int = 0
    chronic: int = 0
    unknown_full: int = 0
    unknown_chronic: int = 0

    def add(self, on_team: str, phase: str, amount: int) -> None:
        """Add the amount of a wait on a team."""
        if on_team == UNKNOWN:
            if phase == "chronic":
                self.unknown_chronic += amount
            else:
                self.unknown_full += amount
        elif on_team != EXTERNAL:
            if phase == "chronic":
                self.chronic += amount
            else:
                self.full += amount

    def weighed(self, model: Model) -> Bounds:
        """C = acute + omega * chronic + response, over other teams and components.

        `external` is in no bound, `unknown` in the upper one only. Unit: seconds.
        """
        return Bounds(
            _weighed(self.full, self.chronic, model.omega_lower),
            _weighed(self.full, self.chronic, model.omega_central),
            _weighed(
                self.full + self.unknown_full,
                self.chronic + self.unknown_chronic,
                model.omega_upper,
            ),
        )


def _weighed(full: int, chronic: int, omega: Fraction) -> Fraction:
    amount = full * omega.denominator + chronic * omega.numerator
    return Fraction(amount, omega.denominator * SECOND_UNITS)


def weigh(totals: Totals, team: str, model: Model) -> Bounds:
    """The coordination cost of one team, in seconds."""
    waited = Waited()
    for (charged, on_team, _, phase), amount in totals.waits.items():
        if charged == team:
            waited.add(on_team, phase, amount)
    return waited.weighed(model)


def capacity_between(team: Team, start: int, end: int) -> Fraction | None:
    """K: headcount as of each instant times working seconds; None without one.

    Less the share of it that people are absent.
    """
    if team.headcount is None:
        return None
    total = Fraction(0)
    entries = team.headcount
    for index, (since, people) in enumerate(entries):
        until = entries[index + 1][0] if index + 1 < len(entries) else end
        left, right = max(start, since), min(end, until)
        if left < right:
            working = team.calendar.between(left, right)
            total += Fraction(str(people)) * Fraction(working, 1_000)
    return total * (1 - team.absence_share)


def team_cost(
    totals: Totals,
    team: str,
    directory: Directory,
    model: Model,
    start: int | None,
    end: int,
) -> TeamCost:
    """The cost of one team between two instants; ``start`` None: nothing accrued."""
    known = directory.team(team)
    capacity = None
    if known is not None and start is not None:
        capacity = capacity_between(known, start, end)
    return cost_of(totals, team, directory, model, capacity)


def cost_of(
    totals: Totals,
    team: str,
    directory: Directory,
    model: Model,
    capacity: Fraction | None,
) -> TeamCost:
    """The cost of a team that had this capacity, however many teams it stands for."""
    coordination = weigh(totals, team, model)
    active = {
        work_class: seconds(amount)
        for (charged, work_class), amount in sorted(totals.active.items())
        if charged == team
    }
    feature = active.get("feature", Fraction(0))
    work = coordination.central + sum(active.values(), Fraction(0))
    scale = payroll_scale(capacity, work)
    delivered = coordination.central + feature
    return TeamCost(
        team=team,
        coordination=coordination,
        feature=feature,
        active=active,
        ratio=Bounds(*(c / feature for c in coordination)) if feature else None,
        share=coordination.central / delivered if delivered else None,
        capacity=capacity,
        scale=scale,
        burn=_burn(coordination, capacity, scale, directory),
        money=_money(coordination, scale, directory),
        unknown_share=_unknown_share(totals, team),
        unclassified_share=_unclassified_share(totals, team, active),
    )


def payroll_scale(capacity: Fraction | None, work: Fraction) -> Fraction | None:
    """The s of O6: min(1, K / W), with W coordination and all active seconds."""
    if capacity is None:
        return None
    return min(Fraction(1), capacity / work) if work else Fraction(1)


def _burn(
    cost: Bounds,
    capacity: Fraction | None,
    scale: Fraction | None,
    directory: Directory,
) -> Fraction | None:
    budget = Fraction(str(directory.organisation.budget))
    if not capacity or scale is None or not budget:
        return None
    return cost.central * scale / capacity / budget


def _money(cost: Bounds, scale: Fraction | None, directory: Directory) -> Bounds | None:
    """Engineer-seconds x s x rate / 3600, in the organisation's currency."""
    rate = directory.organisation.engineer_cost_per_hour
    if rate is None or scale is None:
        return None
    return Bounds(*(c * scale * Fraction(str(rate)) / 3600 for c in cost))


def _unknown_share(totals: Totals, team: str) -> Fraction:
    unknown = all_waits = 0
    for (charged, on_team, _, _), amount in totals.waits.items():
        if charged == team:
            all_waits += amount
            unknown += amount if on_team == UNKNOWN else 0
    return Fraction(unknown, all_waits) if all_waits else Fraction(0)


def _unclassified_share(
    totals: Totals, team: str, active: dict[str, Fraction]
) -> Fraction:
    whole = sum(active.values(), Fraction(0))
    return seconds(totals.unclassified[team]) / whole if whole else Fraction(0)


def organisation_ratio(
    costs: dict[str, TeamCost], directory: Directory
) -> Bounds | None:
    """R of the organisation: sum of C over sum of F of the stream teams."""
    known = {team: directory.team(team) for team in costs}
    streams = [
        costs[team] for team, one in known.items() if one and one.kind == "stream"
    ]
    feature = sum((cost.feature for cost in streams), Fraction(0))
    if not feature:
        return None
    sums = zip(*(cost.coordination for cost in streams), strict=True)
    return Bounds(*(sum(column, Fraction(0)) / feature for column in sums))
