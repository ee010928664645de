"""Families under few names: no team of two, and few counterparts of a team.

Applied to totals at exposition, so that what is stored stays exact; sums over what
was merged do not change. Which name a row is shown under follows from its labels,
and is kept from scrape to scrape as long as names stay.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from monitor.adapters.prometheus.metric import Metric
from monitor.adapters.prometheus.naming import Naming, Seats, seated
from monitor.domain.snapshot import Family, HistogramSample
from monitor.domain.teams import RESERVED
from monitor.pipeline.showing.columns import ByRow, Column, Labels, rows_of

# The family whose seconds say which counterparts matter most.
WEIGHT: Final = "friction_wait_seconds_total"


class Folded(NamedTuple):
    """Families under the names as shown, the seats to keep, the pairs folded."""

    families: tuple[Family, ...]
    seats: Seats
    folded: int


def fold(
    families: Sequence[Family],
    catalogue: Mapping[str, Metric],
    merged: Mapping[str, str],
    seats: Seats,
) -> Folded:
    """Show the families under few names; ``seats`` are those kept from before."""
    return Folding(catalogue).fold(families, merged, seats)


class Folding:
    """Folds the same families again and again. Not for two threads at once.

    Info families are left alone: ``team_info`` makes the one with teams.
    """

    def __init__(self, catalogue: Mapping[str, Metric]) -> None:
        """Fold families of this catalogue only."""
        self._catalogue = catalogue
        self._unseated = _Unseated(catalogue, Naming())
        self._names = _Names(catalogue, Naming())

    def fold(
        self, families: Sequence[Family], merged: Mapping[str, str], seats: Seats
    ) -> Folded:
        """Show the families under few names; ``seats`` are those kept from before."""
        before = Naming(merged, seats)
        if self._unseated.naming != before:
            self._unseated = _Unseated(self._catalogue, before)
        seating = seated(seats, self._unseated.weights(families))
        if not merged and not seating.folded:
            return Folded(tuple(families), seating.seats, 0)
        naming = Naming(merged, seating.seats)
        if self._names.naming != naming:
            self._names = _Names(self._catalogue, naming)
        shown = tuple(map(self._names.shown, families))
        return Folded(shown, seating.seats, seating.folded)


def renamed(family: Family, metric: Metric, naming: Naming) -> Family:
    """The family under the names as shown; samples that meet become one.

    They add up, except where the metric says that the least counts (timestamps).
    """
    return _Names({metric.name: metric}, naming).shown(family)


class _Unseated:
    """The pairs that may want a seat, by family and row; mostly there are none."""

    def __init__(self, catalogue: Mapping[str, Metric], naming: Naming) -> None:
        self.naming = naming
        # Windows are not looked at: their pairs are among those of the counters.
        self._pairs = {
            name: ByRow(partial(_unseated, _named(metric), naming))
            for name, metric in catalogue.items()
            if "on_team" in metric.label_names and "window" not in metric.label_names
        }

    def weights(self, families: Iterable[Family]) -> dict[tuple[str, str], float]:
        """Every pair shown without a seat, as shown, with the seconds ever waited."""
        weights: dict[tuple[str, str], float] = {}
        for name, samples, _ in families:
            if name not in self._pairs:
                continue
            labels, values = rows_of(samples)
            pairs = self._pairs[name].of(labels)
            if any(pairs):
                hides, weighs = isinstance(samples, Column), name == WEIGHT
                for pair, value in zip(pairs, values, strict=False):
                    if pair and (value or not hides):
                        weights[pair] = weights.get(pair, 0) + (value if weighs else 0)
        return weights


def _unseated(named: slice, naming: Naming, labels: Labels) -> tuple[str, str] | None:
    """The pair of a row as shown if it has no seat and may want one."""
    team, on_team = labels[named]
    if not on_team:
        return None
    charged, waited_for = naming.team(team), naming.team(on_team)
    if waited_for in RESERVED or waited_for in naming.seats.get(charged, ()):
        return None
    return charged, waited_for


class _Names:
    """Families under the names as shown, as long as these names hold."""

    def __init__(self, catalogue: Mapping[str, Metric], naming: Naming) -> None:
        self.naming = naming
        self._catalogue = catalogue
        self._rows: dict[str, _Rows] = {}

    def shown(self, family: Family) -> Family:
        """The family under the names as shown."""
        metric = self._catalogue[family.name]
        if metric.type == "info" or "team" not in metric.label_names:
            return family
        naming, named = self.naming, _named(metric)
        histograms = _joined(family.histograms, named, naming)
        labels, values = rows_of(family.samples)
        rows = self._rows.get(family.name)
        if rows is None or not rows.places.holds(labels):
            rows = self._rows[family.name] = _Rows(named, naming)
        places = rows.places.of(labels)
        if rows.shown == labels:
            return Family(family.name, family.samples, histograms)
        joined = _JOINED[metric.combine](places, values, len(rows.shown))
        if isinstance(family.samples, Column):
            return Family(family.name, Column(rows.shown, joined), histograms)
        samples = list(zip(rows.shown, joined, strict=True))
        return Family(family.name, samples, histograms)


class _Rows:
    """Where the rows of a family go: those that meet share a row as shown."""

    def __init__(self, named: slice, naming: Naming) -> None:
        self._named = named
        self._naming = naming
        self._at: dict[Labels, int] = {}
        self.shown: list[Labels] = []
        self.places = ByRow(self._place)

    def _place(self, labels: Labels) -> int:
        shown = _shown(labels, self._named, self._naming)
        place = self._at.setdefault(shown, len(self.shown))
        if place == len(self.shown):
            self.shown.append(shown)
        return place


def _sums(places: Iterable[int], values: Iterable[float], size: int) -> list[float]:
    joined = [0.0] * size
    for place, value in zip(places, values, strict=False):
        joined[place] += value
    return joined


def _least(places: Iterable[int], values: Iterable[float], size: int) -> list[float]:
    joined = [math.inf] * size
    for place, value in zip(places, values, strict=False):
        joined[place] = min(joined[place], value)
    return joined


_JOINED: Final = {"sum": _sums, "min": _least}


def _named(metric: Metric) -> slice:
    """Where a sample's labels hold the team, and the counterpart if there is one."""
    names = metric.label_names
    at = names.index("team")
    if "on_team" not in names:
        return slice(at, at + 1)
    if names.index("on_team") != at + 1:
        raise ValueError(f"{metric.name}: on_team must follow team")
    return slice(at, at + 2)


def _shown(labels: Labels, named: slice, naming: Naming) -> Labels:
    """The labels under the names as shown; the very same when nothing changes."""
    names = team, *rest = labels[named]
    # An empty counterpart is a label that does not apply to the series.
    if rest and rest[0]:
        shown: Labels = naming.pair(team, rest[0])
    else:
        shown = (naming.team(team), *rest)
    if shown == names:
        return labels
    return labels[: named.start] + shown + labels[named.stop :]


def _joined(
    histograms: Sequence[HistogramSample], named: slice, naming: Naming
) -> tuple[HistogramSample, ...]:
    joined: dict[Labels, HistogramSample] = {}
    for one in histograms:
        key = _shown(one.labels, named, naming)
        held = joined.get(key)
        joined[key] = one._replace(labels=key) if held is None else _sum(held, one)
    return tuple(joined.values())


def _sum(one: HistogramSample, other: HistogramSample) -> HistogramSample:
    return HistogramSample(
        one.labels,
        tuple(a + b for a, b in zip(one.buckets, other.buckets, strict=True)),
        one.total + other.total,
        one.observations + other.observations,
    )
