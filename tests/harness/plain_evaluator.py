"""A second opinion on every number: slow, exact, written from the definitions.

It shares no code with the product. Elementary intervals of one item, between any
two instants at which something can change, are judged one by one in fractions.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.harness.plain_calendar import instant, text_of
from tests.harness.plain_counts import Counted, counted_reopenings
from tests.harness.plain_delivery import delivery
from tests.harness.plain_events import PlainWorld, parse
from tests.harness.plain_incident import incident_amounts
from tests.harness.plain_item import Amount, amounts_of, outside_amounts
from tests.harness.plain_runs import whole
from tests.harness.plain_waits import lives_of

OMEGA = {"lower": Fraction(0), "central": Fraction(1, 4), "upper": Fraction(1)}
BOUNDS = tuple(OMEGA)


@dataclass(frozen=True)
class Measured:
    """Everything evaluated: the amounts in time order, and what is counted."""

    world: PlainWorld
    at: int
    start: int | None
    amounts: tuple[Amount, ...]
    handoffs: tuple[tuple[str, str, int], ...]
    returns: tuple[tuple[str, str, int], ...]
    pingpongs: tuple[tuple[str, str, int], ...]
    delivered: Mapping[tuple[str, ...], int | list[int]]
    reopened: tuple[Counted, ...]

    @property
    def since(self) -> int | None:
        """From when capacity runs."""
        return self.start


def measure(
    bodies: Iterable[Mapping[str, Any]],
    world: PlainWorld,
    at: str,
    window: int | None = None,
) -> Measured:
    """Evaluate native events at an instant; ``window`` in milliseconds."""
    moment = instant(at)
    events = whole(parse(bodies, moment))
    lives = lives_of(events, world)
    edge = moment - window if window is not None else None
    cuts = [cut for cut in (edge, moment) if cut is not None]
    amounts: list[Amount] = []
    for root, life in sorted(lives.items()):
        if life.root == "incident":
            amounts += incident_amounts(root, life, world, cuts)
            amounts += outside_amounts(root, lives, world, cuts)
        elif life.root != "run":
            amounts += amounts_of(root, lives, world, cuts)
    accrued = [amount for amount in amounts if amount.sort != "unaccrued"]
    first = min((_first(amount, world) for amount in accrued), default=None)
    if edge is not None:
        amounts = [amount for amount in amounts if amount.start >= edge]
        first = max(edge, first) if first is not None else None
    hands = [life.hands for _, life in sorted(lives.items())]
    low = edge if edge is not None else -(1 << 60)
    counted = [
        tuple(entry for held in lists for entry in held if entry[2] >= low)
        for lists in (
            [hand.handoffs for hand in hands],
            [hand.returns for hand in hands],
            [hand.pingpongs for hand in hands],
        )
    ]
    delivered = delivery(lives, world, moment, edge).told()
    handoffs, returns, pingpongs = counted
    return Measured(
        world,
        moment,
        first,
        tuple(amounts),
        handoffs,
        returns,
        pingpongs,
        delivered,
        tuple(counted_reopenings(lives, world)),
    )


def _first(amount: Amount, world: PlainWorld) -> int:
    """The first instant at which the amount accrues."""
    if amount.component == "incident":
        return amount.start
    calendar = world.calendar_of(amount.team)
    return calendar.after(amount.start, 1) - 1


def report(measured: Measured) -> dict[str, Any]:
    """The numbers of ``friction evaluate --format json``, as fractions of seconds."""
    teams = {*measured.world.teams} | {amount.team for amount in measured.amounts}
    seconds: dict[tuple[str, str, str, str], Fraction] = defaultdict(Fraction)
    for a in measured.amounts:
        if a.sort == "wait":
            key = (a.team, a.on_team, a.component, a.phase)
            seconds[key] += a.milliseconds / 1000
    tables = {team: team_numbers(measured, team) for team in sorted(teams)}
    stream = [tables[team] for team in tables if measured.world.stream(team)]
    feature = sum(table["feature_seconds"] for table in stream)
    cost = {b: sum(t["coordination_seconds"][b] for t in stream) for b in BOUNDS}
    return {
        "from": None if measured.since is None else text_of(measured.since),
        "teams": tables,
        "waits": dict(seconds),
        "own_deploys": {
            team: _sum(list(measured.amounts), "own_failure", "deploy", team)
            for team in sorted(teams)
        },
        "organisation": {
            "ratio": {b: cost[b] / feature if feature else None for b in BOUNDS}
        },
        "handoffs": len(measured.handoffs),
        "returns": len(measured.returns),
        "pingpongs": len(measured.pingpongs),
        "delivered": measured.delivered,
        "reopened": measured.reopened,
    }


def team_numbers(measured: Measured, team: str) -> dict[str, Any]:
    """What one team is charged, against what it built."""
    own = [amount for amount in measured.amounts if amount.team == team]
    active = _active(measured.world, team, own)
    feature = active.get("feature", Fraction(0))
    cost = {bound: sum(map(_cost(bound), own), Fraction(0)) for bound in BOUNDS}
    ratio = {bound: cost[bound] / feature if feature else None for bound in BOUNDS}
    total = cost["central"] + feature
    numbers: dict[str, Any] = {
        "coordination_seconds": cost,
        "feature_seconds": feature,
        "active_seconds": active,
        "ratio": ratio,
        "share": cost["central"] / total if total else None,
        "items": len({a.item for a in own if a.sort != "unaccrued"}),
        "unclassified_seconds": _sum(own, "active", "unclassified"),
        "unaccrued_seconds": {
            phase: _sum(own, "unaccrued", phase)
            for phase in ("idle", "stale", "internal", "pending")
        },
        "interval": interval(measured.world, team, own),
    }
    work = cost["central"] + sum(active.values(), Fraction(0))
    return numbers | _money(measured, team, cost, work)


def _active(world: PlainWorld, team: str, own: list[Amount]) -> dict[str, Fraction]:
    classes: dict[str, Fraction] = defaultdict(Fraction)
    for amount in own:
        if amount.sort == "active":
            booked = amount.phase
            if booked == "unclassified" and world.stream(team):
                booked = "feature"
            classes[booked] += amount.milliseconds / 1000
    return dict(classes)


def _sum(
    amounts: list[Amount], sort: str, phase: str, team: str | None = None
) -> Fraction:
    found = (a for a in amounts if a.sort == sort and a.phase == phase)
    ours = (a.milliseconds for a in found if team in (None, a.team))
    return sum(ours, Fraction(0)) / 1000


def _cost(bound: str) -> Any:
    def of(amount: Amount) -> Fraction:
        if amount.sort != "wait" or amount.on_team == "external":
            return Fraction(0)
        if amount.on_team == "unknown" and bound != "upper":
            return Fraction(0)
        weight = OMEGA[bound] if amount.phase == "chronic" else Fraction(1)
        return weight * amount.milliseconds / 1000

    return of


def _money(
    measured: Measured, team: str, cost: dict[str, Fraction], work: Fraction
) -> dict[str, Any]:
    """Capacity, payroll scale, burn and money; absent without a headcount."""
    world, known = measured.world, world_team(measured.world, team)
    if known is None or measured.since is None:
        nothing = ("capacity_seconds", "payroll_scale", "budget_burn", "cost")
        return dict.fromkeys(nothing)
    worked = world.calendar_of(team).worked(measured.since, measured.at)
    there = 100 - (world.teams[team].absence or 0)
    capacity = Fraction(known) * worked * there / 100 / 1000
    scale = min(Fraction(1), capacity / work) if work else Fraction(1)
    burn = cost["central"] * scale / capacity if capacity else None
    rate = world.rate
    return {
        "capacity_seconds": capacity,
        "payroll_scale": scale,
        "budget_burn": None if burn is None else float(burn) / world.budget,
        "cost": None
        if rate is None
        else {b: float(cost[b] * scale) * rate / 3600 for b in BOUNDS},
    }


def world_team(world: PlainWorld, team: str) -> float | None:
    """The stated headcount of a team, if any."""
    return world.teams[team].headcount if team in world.teams else None


def interval(
    world: PlainWorld, team: str, own: list[Amount]
) -> tuple[float, float] | None:
    """The 95 % interval of the central ratio over items, from two items up."""
    costs: dict[str, Fraction] = defaultdict(Fraction)
    features: dict[str, Fraction] = defaultdict(Fraction)
    for amount in own:
        if amount.sort == "unaccrued":
            continue
        costs[amount.item] += _cost("central")(amount)
        features[amount.item] += _active(world, team, [amount]).get("feature", 0)
    feature = sum(features.values(), Fraction(0))
    count = len(costs)
    if count < 2 or not feature or not sum(costs.values()):
        return None
    ratio = sum(costs.values(), Fraction(0)) / feature
    spread = sum((costs[i] - ratio * features[i]) ** 2 for i in costs)
    error = math.sqrt(count / (count - 1) * float(spread)) / float(feature)
    middle = float(ratio)
    factor = math.exp(1.96 * error / middle)
    return middle / factor, middle * factor
