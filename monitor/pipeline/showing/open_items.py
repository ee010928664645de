"""The waits that are open now, by item: read outside of the lock, so many at most.

How many there are is in the totals. Of the items only those are looked at that began
to wait first; what is copied under the lock tells which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.domain.timeline import Component
from monitor.indicators.explaining.open_now import OpenNow, open_at
from monitor.indicators.explaining.open_waits import Noted, Pair
from monitor.indicators.totals.series import Family
from monitor.pipeline.kept_timelines import timelines_of
from monitor.pipeline.ports import StateReader
from monitor.pipeline.showing.readings import Reading

# Reopened items are worked on, and do not wait.
WAITS: Final = frozenset(map(str, Component)) - {Component.REOPEN}
# Items looked at for a page: of those that wait no more some are still noted.
_MOST_LOOKED_AT: Final = 500


class OpenPart(NamedTuple):
    """How many waits of a team on another are open, for one reason."""

    team: str
    on_team: str
    component: str
    number: int


def open_parts(reading: Reading) -> Iterator[OpenPart]:
    """How many waits of each pair and reason are open at the reading's instant."""
    table = reading.tables.get(Family.OPEN)
    if table is None:
        return
    for (team, on_team, component), number in zip(
        table.labels, table.totals[0], strict=False
    ):
        if number > 0 and component in WAITS:
            yield OpenPart(team, on_team, component, number)


def oldest_open(
    state: StateReader,
    noted: Mapping[Pair, Sequence[Noted]],
    parts: Sequence[OpenPart],
    instant: int,
    most: int,
) -> list[OpenNow]:
    """The waits of these parts that are open at the instant, the oldest first.

    So many ``most``, or fewer where many others of the same pair are older.
    """
    asked = {part[:3] for part in parts}
    limit = min(most, sum(part.number for part in parts))
    pairs = {part[:2] for part in parts}
    begun = {
        (start, item)
        for pair in pairs
        for start, _, item, end in noted.get(pair, ())
        if start <= instant < end
    }
    found: list[OpenNow] = []
    items: dict[str, list[OpenNow]] = {}
    for start, item in sorted(begun):
        if len(found) >= limit or len(items) >= _MOST_LOOKED_AT:
            break
        if item not in items:
            items[item] = [*open_at(timelines_of(state, item), instant)]
        found += [
            one
            for one in items[item]
            if one.wait.start == start and one.wait[:3] in asked
        ]
    return found[:limit]
