"""The waits of the first page, out of every team's totals: there are thousands.

Whole numbers of ``millisecond x UNIT``, until what is shown is chosen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import chain
from math import fsum
from typing import Final

from monitor.domain.model import Model
from monitor.domain.snapshot import AskedRow, PairRow, WaitRow
from monitor.domain.teams import EXTERNAL, UNKNOWN
from monitor.indicators.totals.cost import TeamCost
from monitor.indicators.totals.instant import SECOND_UNITS, Pair, Totals, seconds

MOST_WAITS: Final = 15
# Who waits, for whom and why.
Wait = tuple[str, str, str]
TeamsTotals = Mapping[str, Totals]


def by_team(
    waits: Mapping[Wait, int],
) -> tuple[Mapping[str, Sequence[tuple[Wait, int]]], Mapping[str, int]]:
    """The waits of each team, and for how long it is waited for."""
    found: defaultdict[str, list[tuple[Wait, int]]] = defaultdict(list)
    asked: defaultdict[str, int] = defaultdict(int)
    for wait in waits.items():
        (team, on_team, _), amount = wait
        found[team].append(wait)
        asked[on_team] += amount
    return found, asked


def waits_in(totals: TeamsTotals) -> Mapping[Wait, int]:
    """Waits by pair and component, in ``millisecond x UNIT``: there are thousands."""
    found: defaultdict[Wait, int] = defaultdict(int)
    for (team, on_team, component, _), amount in _all_waits(totals):
        found[(team, on_team, component)] += amount
    return found


def longest_of(waits: Iterable[tuple[Wait, int]], most: int) -> tuple[WaitRow, ...]:
    """The longest of the waits, the longest first; of equal ones by name."""
    longest = nsmallest(most, waits, key=_most_first)
    return tuple(WaitRow(*wait, amount / SECOND_UNITS) for wait, amount in longest)


def _all_waits(totals: TeamsTotals) -> Iterator[tuple[Pair, int]]:
    return chain.from_iterable(one.waits.items() for one in totals.values())


def pairs_of(waits: Mapping[Wait, int]) -> tuple[PairRow, ...]:
    """The seconds of each pair, for whatever reason, by name."""
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (team, on_team, _), amount in waits.items():
        found[(team, on_team)] += amount
    return tuple(
        PairRow(*pair, amount / SECOND_UNITS) for pair, amount in sorted(found.items())
    )


def asked_for(
    totals: TeamsTotals, model: Model, costs: Mapping[str, TeamCost]
) -> tuple[AskedRow, ...]:
    """Who is waited for, by what it costs; nobody can be asked in unknown teams.

    The cost of each team that waits is times its payroll scale, as that of its row.
    """
    delay: Counter[str] = Counter()
    weighed: defaultdict[str, list[float]] = defaultdict(list)
    for team, one in totals.items():
        scale = costs[team].scale
        for on_team, (amount, chronic) in _asked_by(one).items():
            delay[on_team] += amount
            cost = seconds(amount) - (1 - model.omega_central) * seconds(chronic)
            weighed[on_team].append(float(cost if scale is None else cost * scale))
    # However many there are: their sum does not depend on their order.
    rows = [
        AskedRow(team, amount / SECOND_UNITS, fsum(weighed[team]), len(weighed[team]))
        for team, amount in delay.items()
    ]
    rows.sort(key=lambda row: (-row.cost_seconds, row.on_team))
    return tuple(rows[:MOST_WAITS])


def _asked_by(totals: Totals) -> Mapping[str, tuple[int, int]]:
    """Whom one team waits for, and how long: in all, and of it chronic."""
    found: dict[str, tuple[int, int]] = {}
    for (_, on_team, _, phase), amount in totals.waits.items():
        if on_team not in {UNKNOWN, EXTERNAL}:
            whole, chronic = found.get(on_team, (0, 0))
            more = amount if phase == "chronic" else 0
            found[on_team] = whole + amount, chronic + more
    return found


def _most_first(entry: tuple[Wait, int]) -> tuple[int, Wait]:
    wait, amount = entry
    return -amount, wait
