"""Parts of a number, as tables show them: by team and cause, the phases beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.pages import ItemRow, PartRow

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
    """Waits of one pair, the longest reason first; phases and seconds of all."""

    on_team: str
    causes: tuple[Cause, ...]
    phases: Mapping[str, float]
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
            _together(causes.values()),
            sum(sum(phases.values()) for phases in causes.values()),
        )
        for on_team, causes in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.seconds, row.on_team)))


def causes_of(parts: Iterable[PartRow]) -> tuple[Cause, ...]:
    """The waits among the parts by cause and team, the longest first."""
    found = [cause for row in counterparts_of(parts) for cause in row.causes]
    return tuple(sorted(found, key=_longest))


def apart_of(parts: Sequence[PartRow]) -> tuple[PartRow, ...]:
    """The parts that are no waits, in their order."""
    return tuple(part for part in parts if part.what in _NO_WAITS)


def of_kind(parts: Sequence[PartRow], what: str) -> tuple[PartRow, ...]:
    """The parts that are no waits but this, in their order."""
    return tuple(part for part in parts if part.what == what)


def makers(item: ItemRow) -> bool:
    """Whether anything else than the item itself made a segment of it that is shown."""
    return any(segment.entity != item.item for segment in item.segments)


def total(parts: Iterable[PartRow]) -> float:
    """Their seconds together."""
    return sum(part.seconds for part in parts)


def _causes(on_team: str, causes: Mapping[str, Mapping[str, float]]) -> list[Cause]:
    return [
        Cause(on_team, component, phases, sum(phases.values()))
        for component, phases in causes.items()
    ]


def _together(causes: Iterable[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for phases in causes:
        for phase, seconds in phases.items():
            found[phase] = found.get(phase, 0.0) + seconds
    return found


def _longest(cause: Cause) -> tuple[float, str]:
    return -cause.seconds, cause.component
