"""What a window's seconds are made of, out of the accounts: pairs, causes, phases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from monitor.domain.pages import PartRow
from monitor.indicators.totals.instant import seconds
from monitor.indicators.totals.series import Family
from monitor.pipeline.showing.readings import Reading


class Part(NamedTuple):
    """Exact seconds charged to a team; without a team waited for ``on_team`` is empty.

    ``what`` is a component of waiting, else the family of the series.
    """

    team: str
    what: str
    phase: str
    on_team: str
    seconds: Fraction


def parts_of(reading: Reading, k: int) -> Iterator[Part]:
    """Every part of the window between accountants 0 and k that is not nothing."""
    for (family, _, team, *rest), amount in reading.accrued(k):
        if family == Family.WAIT:
            on_team, component, phase = rest
            yield Part(team, component, phase, on_team, seconds(amount))
        else:
            yield Part(team, family, rest[0] if rest else "", "", seconds(amount))


def part_rows(
    parts: Iterable[Part], counterpart: Callable[[Part], str]
) -> tuple[PartRow, ...]:
    """The parts as rows, the most seconds first; equal ones are one row."""
    sums: dict[tuple[str, str, str], Fraction] = {}
    for part in parts:
        key = (part.what, part.phase, counterpart(part))
        sums[key] = sums.get(key, Fraction(0)) + part.seconds
    rows = sorted(sums.items(), key=lambda row: (-row[1], row[0]))
    return tuple(PartRow(*key, float(amount)) for key, amount in rows)
