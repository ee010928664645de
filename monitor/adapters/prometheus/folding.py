"""Families under few names: no team of two, and few counterparts of a team.

Applied to totals at exposition, so that what is stored stays exact; sums over what
was merged do not change. Which name a row is shown under follows from its labels,
and is kept from scrape to scrape as long as names stay.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from monitor.adapters.prometheus.carrying import (
    carrying,
    joined_histograms,
    renamed_to,
    shown_rows,
    sums,
)
from monitor.adapters.prometheus.metric import Metric
from monitor.adapters.prometheus.naming import Naming, Seats, names_at, seated
from monitor.domain.snapshot import Family, Sample
from monitor.domain.teams import RESERVED
from monitor.pipeline.named import NOTHING_SHOWN, Carried, Named
from monitor.pipeline.showing.columns import ByRow, Column, Labels, rows_of

# The family whose seconds say which counterparts matter most.
WEIGHT: Final = "friction_wait_seconds_total"


class Folded(NamedTuple):
    """Families under the names as shown, the pairs folded, and what is to be kept.

    That is the seats, and the names with what counters carry from one to another.
    """

    families: tuple[Family, ...]
    seats: Seats
    folded: int
    named: Named


def fold(
    families: Sequence[Family],
    catalogue: Mapping[str, Metric],
    merged: Mapping[str, str],
    seats: Seats,
    named: Named = NOTHING_SHOWN,
) -> Folded:
    """Show the families under few names; the rest was kept from before."""
    return Folding(catalogue).fold(families, merged, seats, named)


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
        self,
        families: Sequence[Family],
        merged: Mapping[str, str],
        seats: Seats,
        named: Named = NOTHING_SHOWN,
    ) -> Folded:
        """Show the families under few names; the rest was kept from before."""
        before = Naming(merged, seats)
        if self._unseated.naming != before:
            self._unseated = _Unseated(self._catalogue, before)
        found, folded = seated(seats, self._unseated.weights(families))
        now = renamed_to(merged, named, families, self._catalogue, (seats, found))
        if not merged and not folded and not now.carried:
            return Folded(tuple(families), found, 0, now)
        naming = Naming(merged, found)
        if self._names.naming != naming or self._names.carried != now.carried:
            self._names = _Names(self._catalogue, naming, now.carried)
        shown = tuple(map(self._names.shown, families))
        return Folded((*shown, *self._names.left(families)), found, folded, now)


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
            name: ByRow(partial(_unseated, names_at(metric), naming))
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

    def __init__(
        self,
        catalogue: Mapping[str, Metric],
        naming: Naming,
        carried: Carried = NOTHING_SHOWN.carried,
    ) -> None:
        self.naming = naming
        self.carried = carried
        self._catalogue = catalogue
        self._carry = shown_rows(carried, catalogue, naming)
        self._rows: dict[str, _Rows] = {}

    def shown(self, family: Family) -> Family:
        """The family under the names as shown."""
        metric = self._catalogue[family.name]
        if metric.type == "info" or "team" not in metric.label_names:
            return family
        naming, named = self.naming, names_at(metric)
        carry = self._carry.get(family.name, {})
        if metric.type == "histogram":
            parts = ((naming.row(one.labels, named), one) for one in family.histograms)
            return Family(family.name, (), joined_histograms(parts, carry))
        labels, values = rows_of(family.samples)
        rows = self._rows.get(family.name)
        if rows is None or not rows.places.holds(labels):
            rows = self._rows[family.name] = _Rows(named, naming)
        places = rows.places.of(labels)
        if rows.shown == labels and not carry:
            return family
        joined = _JOINED[metric.combine](places, values, len(rows.shown))
        samples: Sequence[Sample] = list(zip(rows.shown, joined, strict=True))
        if isinstance(family.samples, Column):
            samples = Column(rows.shown, joined)
        if carry:
            as_shown = map(rows.shown.__getitem__, places)
            samples = carrying(samples, zip(as_shown, values, strict=False), carry)
        return Family(family.name, samples)

    def left(self, families: Iterable[Family]) -> Iterator[Family]:
        """Of the families that are not among these what their rows carry."""
        gone = self._carry.keys() - {name for name, *_ in families}
        return (self.shown(Family(name)) for name in sorted(gone))


class _Rows:
    """Where the rows of a family go: those that meet share a row as shown."""

    def __init__(self, named: slice, naming: Naming) -> None:
        self._named = named
        self._naming = naming
        self._at: dict[Labels, int] = {}
        self.shown: list[Labels] = []
        self.places = ByRow(self._place)

    def _place(self, labels: Labels) -> int:
        shown = self._naming.row(labels, self._named)
        place = self._at.setdefault(shown, len(self.shown))
        if place == len(self.shown):
            self.shown.append(shown)
        return place


def _least(places: Iterable[int], values: Iterable[float], size: int) -> list[float]:
    joined = [math.inf] * size
    for place, value in zip(places, values, strict=False):
        joined[place] = min(joined[place], value)
    return joined


_JOINED: Final = {"sum": sums, "min": _least}
