"""What the product makes of a real log: its batch path, as ``friction evaluate``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.domain.timeline import Sort
from monitor.indicators.items.flight import flights_of
from monitor.indicators.totals.instant import amount_between, seconds, totals_of
from monitor.pipeline.batch import Batch, stored_items
from tests.harness.driving import directory_of

# After everything of every log, and after every segment that ends by itself.
AT = 1_767_225_600_000  # 2026-01-01T00:00:00Z
_FLOWN = (Sort.WAIT, Sort.ACTIVE, Sort.UNACCRUED)

Spent = dict[tuple[str, ...], Fraction]


@dataclass(frozen=True)
class Measured:
    """The product's figures of a log; seconds, except where a name says counts.

    ``waits`` by team, on_team, component and phase; ``active`` by team and class;
    ``unaccrued`` by team and why; ``handovers`` counts by giver and receiver;
    ``reopened`` counts by item; ``flown`` is the time of each item, whatever of.
    """

    records: dict[str, int]
    waits: Spent
    active: Spent
    unaccrued: Spent
    handovers: dict[tuple[str, str], int]
    pingpongs: dict[str, int]
    reopened: dict[str, int]
    flown: dict[str, Fraction]


def measured(
    bodies: Iterable[Mapping[str, Any]],
    teams: str,
    settings: DecodeSettings = DecodeSettings(),  # noqa: B008 - frozen
    at: int = AT,
) -> Measured:
    """The figures of these bodies at an instant later than all of them."""
    directory = directory_of(teams)
    batch = Batch(MemoryState(), directory, settings, DEFAULT_MODEL, at)
    batch.read(
        Record("t", 0, offset, None, None, (), json.dumps(body).encode())
        for offset, body in enumerate(bodies)
    )
    timelines = batch.timelines()
    totals = totals_of(timelines, directory, None, at)
    tallies = totals.tallies
    pingpongs = Counter(
        timeline.item
        for timeline in timelines
        for tally in timeline.tallies
        if tally.name == "pingpong"
    )
    lives = (
        (item.key, flights_of(item))
        for item, _ in stored_items(batch.state, batch.directory)
    )
    flown: dict[str, Fraction] = {}
    for timeline in timelines:
        spent = sum(
            amount_between(segment, directory, 0, at)
            for segment in timeline.segments
            if segment.sort in _FLOWN
        )
        flown[timeline.item] = flown.get(timeline.item, Fraction(0)) + seconds(spent)
    return Measured(
        batch.records(),
        {tuple(map(str, k)): seconds(v) for k, v in totals.waits.items()},
        {k: seconds(v) for k, v in totals.active.items()},
        {k: seconds(v) for k, v in totals.unaccrued.items()},
        {(a, b): n for (name, a, b), n in tallies.items() if name == "handoff"},
        dict(pingpongs),
        {key: len(life.modes) for key, life in lives if life.modes},
        {key: spent for key, spent in flown.items() if spent},
    )
