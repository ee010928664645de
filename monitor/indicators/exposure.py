"""Exposure, not cost (indicators 1.3): what may hold up, and is never summed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.domain.facts import Kind
from monitor.domain.items import FOREVER, ItemFacts
from monitor.domain.teams import Directory
from monitor.domain.timeline import Measure, Measured
from monitor.indicators.blocks import link_stretches
from monitor.indicators.counted import counted_waits
from monitor.indicators.subtasks import subtasks_of
from monitor.indicators.sweep import Sweep


def exposed_links(
    item: ItemFacts, sweep: Sweep, directory: Directory
) -> Iterator[Measure]:
    """Open links, where a link is no wait: one more, and one less, of a pair of teams.

    They are open where they would be waits: the item is in flight, the blocker another
    team's and unresolved. So their number is the same whether they are charged or not.
    """
    if Kind.LINK_ADDED not in item.kinds:
        return
    links = list(link_stretches(item, directory, subtasks_of(item)))
    for wait in counted_waits(replace(sweep, stretches=links), directory):
        team, on_team, _, start, end, _ = wait
        yield Measure(Measured.OPEN_LINKS, team, on_team, start)
        if end < FOREVER:
            yield Measure(Measured.OPEN_LINKS, team, on_team, end, -1)
