"""Parts of a number, as tables show them: by team and cause, the phases beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.pages import PartRow

PHASES: Final = ("acute", "chronic", "response")
_NO_WAITS: Final = frozenset({"active", "own_failure", "unclassified"})


@dataclass(frozen=True, slots=True)
class Cause:
    """Waits of one pair for one reason, seconds by phase and together."""

    on_team: str
    component: str
    phases: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Waits of one pair, the longest reason first."""

    on_team: str
    causes: tuple[Cause, ...]
    seconds: float


def counterparts_of(parts: Iterable[PartRow]) -> tuple[Counterpart, ...]:
    """The waits among the parts by team, the longest first."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for part in parts:
        if part.what not in _NO_WAITS:
            phases = found.setdefault(part.on_team, {}).setdefault(part.what, {})
            phases[part.phase] = phases.get(part.phase, 0.0) + part.seconds
    rows = [
        Counterpart(
            on_team,
            tuple(sorted(_causes(on_team, causes), key=_longest)),
            sum(sum(phases.values()) for phases in causes.values()),
        )
        for on_team, causes in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.seconds, row.on_team)))


def of_kind(parts: Sequence[PartRow], what: str) -> tuple[PartRow, ...]:
    """The parts that are no waits but this, in their order."""
    return tuple(part for part in parts if part.what == what)


def total(parts: Iterable[PartRow]) -> float:
    """Their seconds together."""
    return sum(part.seconds for part in parts)


def _causes(on_team: str, causes: Mapping[str, Mapping[str, float]]) -> list[Cause]:
    return [
        Cause(on_team, component, phases, sum(phases.values()))
        for component, phases in causes.items()
    ]


def _longest(cause: Cause) -> tuple[float, str]:
    return -cause.seconds, cause.component
