"""The numbers at an instant as one plain object: what ``friction evaluate`` prints.

All keys are always present; what cannot be known is ``None``. Seconds are floats
rounded by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import Timeline
from monitor.domain.working_time import moment_of
from monitor.indicators.totals.cost import (
    Bounds,
    TeamCost,
    organisation_ratio,
    team_cost,
)
from monitor.indicators.totals.delivery_report import (
    Delivered,
    delivered_at,
    organisation_delivery,
    organisation_flow,
    team_delivery,
    team_flow,
)
from monitor.indicators.totals.instant import Totals, seconds, totals_of
from monitor.indicators.totals.moments import moments_of
from monitor.indicators.totals.verdict import interval_of, verdict_of

Document = dict[str, object]

_UNACCRUED: Final = ("idle", "stale", "internal", "pending")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything at one instant: totals, and the cost of every team.

    ``judged`` are those of the directory, and whoever anything is charged to: of who
    only delivered there is no verdict.
    """

    at: int
    start: int | None
    window: int | None
    totals: Totals
    costs: dict[str, TeamCost]
    delivered: Delivered
    judged: frozenset[str]


def rfc3339(instant: int) -> str:
    """An instant in milliseconds as RFC 3339 in UTC."""
    return moment_of(instant).isoformat().replace("+00:00", "Z")


def numbers_at(
    timelines: Sequence[Timeline],
    directory: Directory,
    model: Model,
    at: int,
    window: int | None,
    told_since: int = 0,
) -> Numbers:
    """Totals and costs of a window that ends at ``at`` (None: since the start).

    Capacity runs from the later of the window's start and the earliest instant
    at which anything accrues. Counts a day are over days since ``told_since``.
    """
    totals = totals_of(timelines, directory, _begin(at, window), at)
    start = totals.first
    if start is not None and window is not None:
        start = max(start, at - window)
    delivered = delivered_at(timelines, totals.first, at, window, told_since)
    judged = totals.accruing() | directory.teams.keys()
    met = judged | totals.teams() | delivered.teams.keys()
    teams = [*directory.teams, *sorted(met - set(directory.teams))]
    costs = {
        team: team_cost(totals, team, directory, model, start, at) for team in teams
    }
    return Numbers(at, start, window, totals, costs, delivered, frozenset(judged))


def _begin(at: int, window: int | None) -> int | None:
    return None if window is None else at - window


def report(
    numbers: Numbers, directory: Directory, model: Model, records: dict[str, int]
) -> Document:
    """The document of ``friction evaluate --format json`` (design 6, 11.5)."""
    organisation = organisation_ratio(numbers.costs, directory)
    return {
        "at": rfc3339(numbers.at),
        "from": rfc3339(numbers.start) if numbers.start is not None else None,
        "teams": {
            team: _team(numbers, cost, model) for team, cost in numbers.costs.items()
        },
        "waits": _waits(numbers.totals),
        "organisation": {
            "ratio": _bounds(organisation),
            "handoffs": _tally(numbers.totals, "handoff"),
            "returns": _tally(numbers.totals, "return"),
            "pingpongs": _tally(numbers.totals, "pingpong"),
            "delivery": organisation_delivery(numbers.delivered),
            "flow": organisation_flow(numbers.delivered, numbers.totals),
        },
        "records": dict(records),
        "cost_model": model.version,
    }


def _team(numbers: Numbers, cost: TeamCost, model: Model) -> Document:
    totals = numbers.totals
    items = totals.items.get(cost.team, {})
    interval = interval_of(moments_of(items.values()), model)
    team = cost.team
    return {
        "coordination_seconds": _bounds(cost.coordination),
        "feature_seconds": float(cost.feature),
        "active_seconds": {name: float(value) for name, value in cost.active.items()},
        "ratio": _bounds(cost.ratio),
        "share": _number(cost.share),
        "capacity_seconds": _number(cost.capacity),
        "payroll_scale": _number(cost.scale),
        "budget_burn": _number(cost.burn),
        "cost": _bounds(cost.money),
        "items": len(items),
        "interval": (
            {"lower": interval.lower, "upper": interval.upper} if interval else None
        ),
        "verdict": (
            verdict_of(cost, len(items), interval, numbers.window, model)
            if team in numbers.judged
            else None
        ),
        "unclassified_seconds": float(seconds(totals.unclassified[team])),
        "unaccrued_seconds": {
            name: float(seconds(totals.unaccrued[(team, name)])) for name in _UNACCRUED
        },
        "handoffs": _tally(totals, "handoff", team),
        "returns": _tally(totals, "return", team),
        "pingpongs": _tally(totals, "pingpong", team),
        "delivery": team_delivery(numbers.delivered, team),
        "flow": team_flow(numbers.delivered, team, totals),
    }


def _waits(totals: Totals) -> list[Document]:
    return [
        {
            "team": team,
            "on_team": on_team,
            "component": str(component),
            "phase": phase,
            "seconds": float(seconds(amount)),
        }
        for (team, on_team, component, phase), amount in sorted(totals.waits.items())
    ]


def _tally(totals: Totals, name: str, team: str | None = None) -> int:
    return sum(
        count
        for (tally, giver, _), count in totals.tallies.items()
        if tally == name and team in (None, giver)
    )


def _bounds(bounds: Bounds | None) -> dict[str, float | None]:
    if bounds is None:
        return {"lower": None, "central": None, "upper": None}
    return {
        "lower": float(bounds.lower),
        "central": float(bounds.central),
        "upper": float(bounds.upper),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
