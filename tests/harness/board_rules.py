"""What recording rules make of stated waits and features, computed in Python.

Independent of the rules and of the boards: the formulas are those of the cost model.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol

DAY, HOUR = 86_400, 3_600
BUDGET = 0.2
WEIGHTS = {
    "lower": {"acute": 1.0, "chronic": 0.0, "response": 1.0},
    "central": {"acute": 1.0, "chronic": 0.25, "response": 1.0},
    "upper": {"acute": 1.0, "chronic": 1.0, "response": 1.0},
}
LEFT_OUT = {
    "lower": ("unknown", "external"),
    "central": ("unknown", "external"),
    "upper": ("external",),
}

Labels = tuple[tuple[str, str], ...]
Series = dict[tuple[str, Labels], float]


class Put(Protocol):
    """Keeps the value of a series."""

    def __call__(self, name: str, value: float, **labels: str) -> None:
        """Keep it."""


class Wait(NamedTuple):
    """Hours of waiting in 28 days: now and before; None: no series then."""

    team: str
    on_team: str
    component: str
    phase: str
    now: float
    before: float | None
    fresh: bool = False


class Team(NamedTuple):
    """A team, its hours of features, its items, its capacity in hours (or none)."""

    name: str
    kind: str
    feature: float
    before: float | None
    items: int
    capacity: float | None


def recorded(
    window: str,
    part: float,
    waits: Sequence[tuple[Wait, float]],
    features: Sequence[tuple[Team, float]],
) -> Series:
    """Return the recorded series of a window from seconds of waiting and of features.

    ``part`` is the window's part of a month, for the capacity.
    """
    found: Series = {}

    def put(name: str, value: float, **labels: str) -> None:
        found[name, tuple(sorted({"window": window, **labels}.items()))] = value

    costs = _put_waits(put, waits)
    stream_cost, stream_feature = 0.0, 0.0
    scales: dict[str, float] = {}
    for team, feature in features:
        bounds = {bound: costs[bound, team.name] for bound in WEIGHTS}
        _put_team(put, team.name, feature, bounds)
        scales[team.name] = 1.0
        if team.capacity is not None:
            capacity = team.capacity * part * HOUR
            scales[team.name] = _scale(capacity, bounds["central"] + feature)
            burnt = bounds["central"] * scales[team.name]
            _put_capacity(put, team.name, capacity, burnt)
        _put_capped(put, team.name, feature, bounds["central"], scales[team.name])
        if team.kind == "stream":
            stream_cost += bounds["central"]
            stream_feature += feature
    ratio = stream_cost / stream_feature
    put("window:friction_coordination_per_feature:ratio", ratio)
    return found | _capped_causes(found, scales)


def _put_waits(
    put: Put, waits: Sequence[tuple[Wait, float]]
) -> defaultdict[tuple[str, str], float]:
    """Keep what is by cause, and return the cost by bound and team."""
    costs: defaultdict[tuple[str, str], float] = defaultdict(float)
    causes: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    by_phase = "window_team_on_team_component_phase:friction_wait_seconds:max"
    by_cause = "window_team_on_team_component:friction_coordination_cost_seconds:sum"
    for (team, on_team, component, phase, *_), seconds in waits:
        labels = {"team": team, "on_team": on_team, "component": component}
        put(by_phase, seconds, phase=phase, **labels)
        for bound, weights in WEIGHTS.items():
            if on_team not in LEFT_OUT[bound]:
                costs[bound, team] += seconds * weights[phase]
        if on_team not in LEFT_OUT["central"]:
            causes[team, on_team, component] += seconds * WEIGHTS["central"][phase]
    for (team, on_team, component), cost in causes.items():
        put(by_cause, cost, team=team, on_team=on_team, component=component)
    return costs


def _put_team(put: Put, team: str, feature: float, cost: dict[str, float]) -> None:
    active = "window_team_class:friction_active_seconds:max"
    put("window_team:friction_feature_cost_seconds:sum", feature, team=team)
    put(active, feature, team=team, work_class="feature")
    sums = "window_team:friction_coordination_cost"
    put(f"{sums}_lower_seconds:sum", cost["lower"], team=team)
    put(f"{sums}_seconds:sum", cost["central"], team=team)
    put(f"{sums}_upper_seconds:sum", cost["upper"], team=team)
    central = cost["central"]
    if feature > 0:
        ratio = "window_team:friction_coordination_per_feature:ratio"
        put(ratio, central / feature, team=team)
    if central + feature > 0:
        share = "window_team:friction_coordination_per_delivery:ratio"
        put(share, central / (central + feature), team=team)


def _scale(capacity: float, spent: float) -> float:
    """What hours are shown by: all of them together are no more than capacity."""
    return min(1.0, capacity / spent) if spent else 1.0


def _put_capacity(put: Put, team: str, capacity: float, burnt: float) -> None:
    put("window_team:friction_capacity_seconds:max", capacity, team=team)
    burn = burnt / capacity / BUDGET
    put("window_team:friction_budget_burn:ratio", burn, team=team)


def _put_capped(put: Put, team: str, feature: float, cost: float, scale: float) -> None:
    coordination = "window_team:friction_coordination_cost_capped_seconds:sum"
    put(coordination, cost * scale, team=team)
    put(
        "window_team:friction_feature_cost_capped_seconds:sum",
        feature * scale,
        team=team,
    )


def _capped_causes(found: Series, scales: dict[str, float]) -> Series:
    """The costs by cause, as they are shown."""
    whole = "window_team_on_team_component:friction_coordination_cost_seconds:sum"
    capped = whole.replace("cost_", "cost_capped_")
    return {
        (capped, labels): cost * scales[dict(labels)["team"]]
        for (name, labels), cost in found.items()
        if name == whole
    }
