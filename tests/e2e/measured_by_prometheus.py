"""What a Prometheus with the shipped rules recorded, beside `friction evaluate`."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.harness.prometheus_server import PrometheusServer

EVALUATED_AT = "friction_evaluated_at_timestamp_seconds"
# What stands for each number of the output of `evaluate`, by team.
_OF_A_TEAM = {
    "window_team:friction_feature_cost_seconds:sum": ("feature_seconds",),
    "window_team:friction_coordination_cost_seconds:sum": (
        "coordination_seconds",
        "central",
    ),
    "window_team:friction_coordination_cost_lower_seconds:sum": (
        "coordination_seconds",
        "lower",
    ),
    "window_team:friction_coordination_cost_upper_seconds:sum": (
        "coordination_seconds",
        "upper",
    ),
    "window_team:friction_coordination_per_feature:ratio": ("ratio", "central"),
    "window_team:friction_coordination_per_delivery:ratio": ("share",),
    "window_team:friction_payroll_scale:ratio": ("payroll_scale",),
    "window_team:friction_budget_burn:ratio": ("budget_burn",),
    "window_team:friction_capacity_seconds:max": ("capacity_seconds",),
}
_ORGANISATION = "window:friction_coordination_per_feature:ratio"
HEADLINES = (*_OF_A_TEAM, _ORGANISATION)

_COPIED = {
    (
        "friction_window_active_seconds",
        "window_team_class:friction_active_seconds:max",
    ): ("window", "team", "work_class"),
    (
        "friction_window_wait_seconds",
        "window_team_on_team_component_phase:friction_wait_seconds:max",
    ): ("window", "team", "on_team", "component", "phase"),
}

Key = tuple[str, ...]  # recorded name, window, team (none for the organisation)


def an_evaluation(server: PrometheusServer) -> tuple[float, float]:
    """An instant at which rules were evaluated, and what it was evaluated for.

    A scrape may have come between the rules and this question, so the one that they
    saw is found by what they copied from it.
    """
    (at,) = server.values(f"timestamp({_ORGANISATION}{{window='28d'}})").values()
    (scraped,) = server.values(f"timestamp({EVALUATED_AT})", at=at).values()
    kept = _copies(server, at, recorded=True)
    for scrape in (at, scraped - 0.001):
        if _copies(server, scrape, recorded=False) == kept:
            (instant,) = server.values(EVALUATED_AT, at=scrape).values()
            return at, instant
    raise AssertionError(f"at {at} the rules saw neither of the last two scrapes")


def _copies(
    server: PrometheusServer, at: float, *, recorded: bool
) -> list[dict[Key, float]]:
    """What the rules only copy where there is one replica: recorded, or as scraped."""
    return [
        server.values(names[recorded], *labels, at=at)
        for names, labels in _COPIED.items()
    ]


def recorded(server: PrometheusServer, at: float) -> dict[Key, float]:
    """The headline numbers of an evaluation."""
    return {
        (name, *labels): value
        for name in HEADLINES
        for labels, value in server.values(name, "window", "team", at=at).items()
    }


def expected(documents: Mapping[str, Mapping[str, Any]]) -> dict[Key, float]:
    """The same numbers from the output of ``evaluate`` for each window.

    What is null there is absent here. A team of which nothing is known in the window
    is in no series that divides by what it did.
    """
    return {
        key: value
        for window, document in documents.items()
        for key, value in _of_window(window, document)
        if value is not None
    }


def _of_window(
    window: str, document: Mapping[str, Any]
) -> Iterator[tuple[Key, float | None]]:
    for team, numbers in document["teams"].items():
        busy = numbers["coordination_seconds"]["central"] + sum(
            numbers["active_seconds"].values()
        )
        for name, path in _OF_A_TEAM.items():
            divides = path[0] in {"payroll_scale", "budget_burn"}
            value = None if divides and not busy else _at(numbers, path)
            yield (name, window, team), value
    organisation = _at(document["organisation"], ("ratio", "central"))
    yield (_ORGANISATION, window, ""), organisation


def _at(numbers: Mapping[str, Any], path: tuple[str, ...]) -> float | None:
    found: Any = numbers
    for name in path:
        found = None if found is None else found[name]
    return None if found is None else float(found)


def differences(
    measured: Mapping[Key, float], evaluated: Mapping[Key, float]
) -> list[str]:
    """Where they differ by more than 0.1 %, or only one of them has a number."""
    return [
        f"{key}: recorded {measured.get(key)}, evaluated {evaluated.get(key)}"
        for key in sorted({*measured, *evaluated})
        if key not in measured
        or key not in evaluated
        or measured[key] != pytest.approx(evaluated[key], rel=1e-3, abs=1e-9)
    ]


def wrong_rules(server: PrometheusServer) -> list[str]:
    """Every rule that could not be evaluated, and why."""
    return [
        f"{rule['name']}: {rule['health']} {rule.get('lastError', '')}"
        for rule in server.rules()
        if rule["health"] != "ok"
    ]
