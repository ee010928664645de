"""What counters carry when teams change their names; why is said in ``named``."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import add, sub
from typing import Final

from monitor.adapters.prometheus.metric import Metric
from monitor.adapters.prometheus.naming import Naming, Seats, names_at
from monitor.domain.snapshot import Family, HistogramSample, Sample
from monitor.pipeline.named import Amounts, Carried, Named
from monitor.pipeline.showing.columns import Labels

_COUNTING: Final = frozenset({"counter", "histogram"})


def renamed_to(
    merged: Mapping[str, str],
    before: Named,
    families: Iterable[Family],
    catalogue: Mapping[str, Metric],
    seats: tuple[Seats, Seats],
) -> Named:
    """The names with these teams ``merged``, once the families come to so much.

    ``seats`` are those of before and of now. A pair keeps its seat and ``other`` what
    it holds, so only a team that is shown by another name moves anything.
    """
    if before.merged == merged:
        return before
    if before.merged is None:
        return Named(merged)
    was, now = Naming(before.merged, seats[0]), Naming(merged, seats[1])
    carried: dict[str, Mapping[Labels, Amounts]] = dict(before.carried)
    for family in families:
        metric = catalogue[family.name]
        if metric.type in _COUNTING and "team" in metric.label_names:
            known = before.carried.get(family.name, {})
            rows = _moved(known, family, names_at(metric), was, now)
            carried[family.name] = rows
    return Named(merged, {family: rows for family, rows in carried.items() if rows})


def _moved(
    known: Mapping[Labels, Amounts],
    family: Family,
    named: slice,
    was: Naming,
    now: Naming,
) -> dict[Labels, Amounts]:
    rows = dict(known)
    for labels, amounts in _amounts(family):
        before, after = was.row(labels, named), now.row(labels, named)
        if before != after and any(amounts) and not was.is_unseated(labels, named):
            nothing = (Fraction(),) * len(amounts)
            rows[before] = tuple(map(add, rows.get(before, nothing), amounts))
            rows[after] = tuple(map(sub, rows.get(after, nothing), amounts))
    return {labels: amounts for labels, amounts in rows.items() if any(amounts)}


def _amounts(family: Family) -> Iterator[tuple[Labels, Amounts]]:
    for labels, value in family.samples:
        yield labels, (Fraction(value),)
    for one in family.histograms:
        yield one.labels, _of_histogram(one)


def _of_histogram(one: HistogramSample) -> Amounts:
    return tuple(map(Fraction, (*one.buckets, one.total, one.observations)))


def shown_rows(
    carried: Carried, catalogue: Mapping[str, Metric], naming: Naming
) -> dict[str, dict[Labels, Amounts]]:
    """What is carried by rows that may be shown; those of merged teams are kept."""
    return {
        family: {
            labels: amounts
            for labels, amounts in rows.items()
            if naming.shows(labels, names_at(catalogue[family]))
        }
        for family, rows in carried.items()
    }


def sums(places: Iterable[int], values: Iterable[float], size: int) -> list[float]:
    """The values of each place added up, in whatever order they come.

    Rounded once: a counter of several rows would otherwise fall by its last bit when
    a new process meets them in another order.
    """
    joined = [0.0] * size
    met: dict[int, list[float]] = {}
    for place, value in zip(places, values, strict=False):
        if not joined[place]:
            joined[place] = value
        elif value:
            met.setdefault(place, [joined[place]]).append(value)
    for place, several in met.items():
        joined[place] = math.fsum(several)
    return joined


def carrying(
    rows: Sequence[Sample],
    parts: Iterable[tuple[Labels, float]],
    carried: Mapping[Labels, Amounts],
) -> list[Sample]:
    """The rows as shown, with what they carry; ``parts`` are what they add up.

    A row that carries something is there also when it is 0 or has no parts left.
    """
    exact = {labels: amounts[0] for labels, amounts in carried.items()}
    for labels, value in parts:
        if labels in exact:
            exact[labels] += Fraction(value)
    others = [row for row in rows if row[0] not in exact]
    return others + [(labels, float(amount)) for labels, amount in exact.items()]


def joined_histograms(
    histograms: Iterable[tuple[Labels, HistogramSample]],
    carried: Mapping[Labels, Amounts],
) -> tuple[HistogramSample, ...]:
    """One histogram for each row as shown, with what it carries."""
    parts: defaultdict[Labels, list[HistogramSample]] = defaultdict(list)
    for labels, one in histograms:
        parts[labels].append(one)
    rows = {**dict.fromkeys(parts), **carried}
    return tuple(
        parts[labels][0]._replace(labels=labels)
        if amounts is None and len(parts[labels]) == 1
        else _joined(labels, parts[labels], amounts)
        for labels, amounts in rows.items()
    )


def _joined(
    labels: Labels, parts: Iterable[HistogramSample], carried: Amounts | None
) -> HistogramSample:
    amounts = [*map(_of_histogram, parts), *([] if carried is None else [carried])]
    *buckets, total, observations = map(sum, zip(*amounts, strict=True))
    counts = tuple(map(int, buckets))
    return HistogramSample(labels, counts, float(total), int(observations))
