"""The families of exposure (indicators 1.3): gauges that are never summed into cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from monitor.domain.snapshot import Family
from monitor.domain.timeline import Component, Measured
from monitor.domain.working_time import SECOND
from monitor.indicators.explaining.open_waits import UNSTARTED
from monitor.indicators.totals.series import Family as Kept
from monitor.pipeline.showing.columns import Labels
from monitor.pipeline.showing.readings import Reading

_LINK: Final = Component.DEPENDENCY_LINK.value


def exposure_families(reading: Reading) -> Iterator[Family]:
    """What may hold items up at the instant of the reading."""
    yield Family("friction_open_dependency_links", tuple(_links(reading).items()))
    oldest = reading.oldest.items()
    yield Family(
        "friction_oldest_unstarted_ticket_timestamp_seconds",
        tuple(
            ((team,), start / SECOND)
            for (team, on_team), start in oldest
            if on_team == UNSTARTED
        ),
    )


def _links(reading: Reading) -> dict[Labels, float]:
    """Open links of a pair of teams: those that are waits, and those that are none."""
    links: defaultdict[Labels, float] = defaultdict(float)
    for labels, number in _now(reading, Kept.OPEN):
        if labels[2] == _LINK:
            links[labels[:2]] += number
    for labels, number in _now(reading, Measured.OPEN_LINKS):
        links[labels] += number
    return links


def _now(reading: Reading, kind: str) -> Iterator[tuple[Labels, int]]:
    """What of a kind is not 0 now: that is not shown, as in columns."""
    table = reading.tables.get(kind)
    if table is not None:
        rows = zip(table.labels, table.totals[0], strict=False)
        yield from (row for row in rows if row[1])
