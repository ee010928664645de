"""What accrued to each team between two instants, every team's by itself.

By itself, because weighing looks at all waits that it is given: one pass over the
series then serves all teams.
"""

from __future__ import annotations

from collections import defaultdict

from monitor.indicators.totals.instant import Totals
from monitor.indicators.totals.series import Family, Key
from monitor.pipeline.showing.readings import Reading


def totals_by_team(reading: Reading, older: int, newer: int = 0) -> dict[str, Totals]:
    """Waits, active and unclassified time of every team that has any."""
    teams: defaultdict[str, Totals] = defaultdict(Totals)
    for key, amount in reading.accrued(older, newer):
        if key[0] != Family.OWN_FAILURE:
            _add(teams[key[2]], key, amount)
    return dict(teams)


def _add(totals: Totals, key: Key, amount: int) -> None:
    family, _, team, *rest = key
    if family == Family.WAIT:
        on_team, component, phase = rest
        totals.waits[(team, on_team, component, phase)] += amount
    elif family == Family.ACTIVE:
        totals.active[(team, rest[0])] += amount
    else:
        totals.unclassified[team] += amount
