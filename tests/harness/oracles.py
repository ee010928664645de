"""All worked scenarios, and their numbers looked up in an evaluation's output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.harness import scenarios, scenarios_late, scenarios_life
from tests.harness.scenarios import Scenario, Wait, agrees

ALL: tuple[Scenario, ...] = tuple(
    value
    for module in (scenarios, scenarios_late, scenarios_life)
    for value in vars(module).values()
    if isinstance(value, Scenario)
)
CENTRAL = {"acute": 1.0, "chronic": 0.25, "response": 1.0}


def differences(
    scenario: Scenario, waits: Mapping[Wait, float], output: Mapping[str, Any]
) -> list[str]:
    """Every expected number that is another, and every wait nobody expects."""
    found = [
        f"{wait}: {waits.get(wait, 0)} is not {scenario.waits.get(wait, 0)}"
        for wait in sorted({*waits, *scenario.waits})
        if not agrees(waits.get(wait, 0), scenario.waits.get(wait, 0))
    ]
    for team, numbers in scenario.teams.items():
        for path, expected in numbers.items():
            actual = look_up(output["teams"].get(team, {}), path)
            if not agrees(actual, expected):
                found.append(f"{team}.{path}: {actual} is not {expected}")
    return found + list(_rest(scenario, output))


def _rest(scenario: Scenario, output: Mapping[str, Any]) -> Iterator[str]:
    if scenario.organisation is not None:
        actual = output["organisation"]["ratio"]["central"]
        if not agrees(actual, scenario.organisation):
            yield f"organisation: {actual} is not {scenario.organisation}"


def look_up(table: Mapping[str, Any], path: str) -> float | None:
    """The number at a dotted path; an absent class of active time is 0."""
    first, _, rest = path.partition(".")
    value = table.get(first)
    if rest and isinstance(value, Mapping):
        value = value.get(rest, 0)
    return None if value is None else float(value)


def named_central(waits: Mapping[Wait, float]) -> dict[str, float]:
    """Central cost by the team waited for."""
    named: dict[str, float] = {}
    for (_, on_team, _, phase), seconds in waits.items():
        named[on_team] = named.get(on_team, 0.0) + CENTRAL[phase] * float(seconds)
    return named
