"""Selectors of what there is: a misspelt metric, label or value stops the generator.

Names of metrics come from the catalogue, recorded names from the list below, which
a test holds to the recording rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from monitor.adapters.prometheus.catalogue import CATALOGUE

# Recorded names, as docs and rules write them (level:metric:operations).
WAITS: Final = "window_team_on_team_component_phase:friction_wait_seconds:max"
ACTIVE: Final = "window_team_class:friction_active_seconds:max"
CAPACITY: Final = "window_team:friction_capacity_seconds:max"
FEATURE: Final = "window_team:friction_feature_cost_seconds:sum"
COST: Final = "window_team:friction_coordination_cost_seconds:sum"
COST_LOWER: Final = "window_team:friction_coordination_cost_lower_seconds:sum"
COST_UPPER: Final = "window_team:friction_coordination_cost_upper_seconds:sum"
# What person-hours are shown from: no more than the team's capacity in the window.
CAPPED_BY_CAUSE: Final = (
    "window_team_on_team_component:friction_coordination_cost_capped_seconds:sum"
)
CAPPED_COST: Final = "window_team:friction_coordination_cost_capped_seconds:sum"
CAPPED_FEATURE: Final = "window_team:friction_feature_cost_capped_seconds:sum"
RATIO: Final = "window_team:friction_coordination_per_feature:ratio"
SHARE: Final = "window_team:friction_coordination_per_delivery:ratio"
BURN: Final = "window_team:friction_budget_burn:ratio"
ORGANISATION_RATIO: Final = "window:friction_coordination_per_feature:ratio"
DEPLOYS: Final = "window_team_outcome_cause:friction_deploys:max"
CHANGE_FAIL: Final = "window_team:friction_change_fail:ratio"
OWN_CHANGE_FAIL: Final = "window_team:friction_own_change_fail:ratio"
REWORK: Final = "window_team:friction_deploy_rework:ratio"
SPANS: Final = "window_team_measure_le:friction_spans:max"
SPANS_P50: Final = "window_team_measure:friction_spans_seconds:p50"
SPANS_P90: Final = "window_team_measure:friction_spans_seconds:p90"
EFFICIENCY: Final = "window_team:friction_flow_efficiency:ratio"

_TEAM: Final = ("window", "team")
_CAUSE: Final = (*_TEAM, "on_team", "component")

RECORDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        WAITS: (*_CAUSE, "phase"),
        ACTIVE: (*_TEAM, "work_class"),
        CAPACITY: _TEAM,
        FEATURE: _TEAM,
        COST: _TEAM,
        COST_LOWER: _TEAM,
        COST_UPPER: _TEAM,
        CAPPED_BY_CAUSE: _CAUSE,
        CAPPED_COST: _TEAM,
        CAPPED_FEATURE: _TEAM,
        RATIO: _TEAM,
        SHARE: _TEAM,
        BURN: _TEAM,
        ORGANISATION_RATIO: ("window",),
        DEPLOYS: (*_TEAM, "outcome", "cause"),
        CHANGE_FAIL: _TEAM,
        OWN_CHANGE_FAIL: _TEAM,
        REWORK: _TEAM,
        SPANS: (*_TEAM, "measure", "le"),
        SPANS_P50: (*_TEAM, "measure"),
        SPANS_P90: (*_TEAM, "measure"),
        EFFICIENCY: _TEAM,
    }
)

# The window that carries the headline, and the teams chosen on the board.
MONTH: Final = "28d"
CHOSEN: Final = "=~$team"

_OPERATORS: Final = ("=~", "!~", "!=")
_SECONDS_OF_AN_HOUR: Final = 3600
_SECONDS_OF_MONTH: Final = 28 * 24 * _SECONDS_OF_AN_HOUR


def select(name: str, **matchers: str) -> str:
    """One selector. A value may begin with ``=~``, ``!~`` or ``!=``; else it equals.

    >>> select("friction_window_items", window="28d", team="=~$team")
    'friction_window_items{window="28d", team=~"$team"}'

    Raises:
        ValueError: there is no such metric or recorded name, or it has no such label.
    """
    labels = _labels_of(name)
    if lost := matchers.keys() - set(labels):
        raise ValueError(
            f"{name} has no label {', '.join(sorted(lost))}; it has {', '.join(labels)}"
        )
    written = ", ".join(
        f"{label}{_matching(value)}" for label, value in matchers.items()
    )
    return f"{name}{{{written}}}" if written else name


def hours(seconds: str) -> str:
    """Person-hours of an expression in seconds, in parentheses."""
    return f"({seconds}) / {_SECONDS_OF_AN_HOUR}"


def share(part: str, whole: str) -> str:
    """A part of a whole; 0 where there is a whole without the part, else nothing.

    A part that never happened has no series, which is no missing data as long as
    the whole is there.
    """
    return f"(sum({part}) or vector(0)) / (sum({whole}) > 0)"


def wholly_known(offset: str) -> str:
    """A month is compared only where it is known: of some hours, anything may be."""
    known = select("friction_window_known_seconds", window=MONTH)
    return f"max({known}{offset}) >= {_SECONDS_OF_MONTH}"


def _labels_of(name: str) -> tuple[str, ...]:
    if name in RECORDED:
        return RECORDED[name]
    if name not in CATALOGUE:
        raise ValueError(
            f"{name} is neither in the catalogue of metrics nor a recorded name"
        )
    return CATALOGUE[name].label_names


def _matching(value: str) -> str:
    for operator in _OPERATORS:
        if value.startswith(operator):
            return f'{operator}"{value.removeprefix(operator)}"'
    return f'="{value}"'
