"""Families as text, in the Prometheus text format 0.0.4 and OpenMetrics 1.0.

Written here because the client library needs a second for 100,000 series, during
which the consumer stands still. What is constant about a series, all but its
value, is made once and kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.adapters.prometheus.metric import Metric
from monitor.adapters.prometheus.negotiation import Syntax
from monitor.domain.snapshot import Family, HistogramSample, Sample

# Kept beyond twice what a family last showed, so that small families never flap.
_SPARE: Final = 1_000

_value_of = itemgetter(1)


class Rendering(NamedTuple):
    """An exposition, and how many samples it leaves out as no finite numbers."""

    text: bytes
    left_out: int


class Renderer:
    """Writes expositions; keeps the constant part of every series it has written.

    At most twice the series last shown are kept. Not for two threads at once.
    """

    def __init__(self, catalogue: Mapping[str, Metric]) -> None:
        """Write families of this catalogue only."""
        self._catalogue = catalogue
        self._rank = {name: rank for rank, name in enumerate(catalogue)}
        self._series = {name: _Series(metric) for name, metric in catalogue.items()}
        self._buckets = {name: _Buckets(metric) for name, metric in catalogue.items()}

    def render(self, families: Iterable[Family], syntax: Syntax) -> Rendering:
        """The families in the catalogue's order; those without samples are left out.

        Raises:
            KeyError: a family is not in the catalogue.
            ValueError: a sample has not as many label values as its metric labels.
        """
        parts: list[str] = []
        left_out = 0
        for family in sorted(families, key=lambda family: self._rank[family.name]):
            metric = self._catalogue[family.name]
            samples = _finite(family.samples)
            histograms = [one for one in family.histograms if math.isfinite(one.total)]
            left_out += len(family.samples) - len(samples)
            left_out += len(family.histograms) - len(histograms)
            if samples or histograms:
                parts.append(_head(metric, syntax))
                parts.extend(self._lines(metric, samples))
                parts.extend(self._histogram_lines(metric, histograms))
        if syntax is Syntax.OPENMETRICS:
            parts.append("# EOF")
        parts.append("")
        return Rendering("\n".join(parts).encode(), left_out)

    def series_kept(self) -> int:
        """How many series have their constant part kept."""
        kept: list[_Series | _Buckets] = [
            *self._series.values(),
            *self._buckets.values(),
        ]
        return sum(len(one) for one in kept)

    def _lines(self, metric: Metric, samples: Sequence[Sample]) -> list[str]:
        series = self._series[metric.name]
        if len(series) > 2 * len(samples) + _SPARE:
            series.clear()
        return [series[labels] + repr(value) for labels, value in samples]

    def _histogram_lines(
        self, metric: Metric, histograms: Sequence[HistogramSample]
    ) -> Iterable[str]:
        buckets = self._buckets[metric.name]
        if len(buckets) > 2 * len(histograms) + _SPARE:
            buckets.clear()
        for labels, counts, total, count in histograms:
            values = (*counts, count, count, total)
            for prefix, value in zip(buckets[labels], values, strict=True):
                yield prefix + repr(value)


class _Series(dict[tuple[str, ...], str]):
    """Label values to ``name{labels} ``, made when first asked for."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self._metric = metric
        self._template = _template(metric.name, metric.label_names)

    def __missing__(self, labels: tuple[str, ...]) -> str:
        if self._metric.follows:
            prefix = _of_applying(self._metric, labels)
        elif len(labels) == len(self._metric.labels):
            prefix = self._template % tuple(map(escaped, labels))
        else:
            raise ValueError(f"{self._metric.name}: wrong number of label values")
        self[labels] = prefix
        return prefix


class _Buckets(dict[tuple[str, ...], tuple[str, ...]]):
    """Label values to the prefixes of the buckets, +Inf, the count and the sum."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self._metric = metric

    def __missing__(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        name, names = self._metric.name, self._metric.label_names
        if len(labels) != len(names):
            raise ValueError(f"{name}: wrong number of label values")
        values = tuple(map(escaped, labels))
        bucket = _template(f"{name}_bucket", (*names, "le"))
        bounds = [*map(repr, self._metric.buckets), "+Inf"]
        prefixes = (
            *(bucket % (*values, bound) for bound in bounds),
            _template(f"{name}_count", names) % values,
            _template(f"{name}_sum", names) % values,
        )
        self[labels] = prefixes
        return prefixes


def _template(name: str, labels: Sequence[str]) -> str:
    if not labels:
        return f"{name} "
    inside = ",".join(f'{label}="%s"' for label in labels)
    return f"{name}{{{inside}}} "


def _of_applying(metric: Metric, labels: tuple[str, ...]) -> str:
    named = dict(zip(metric.label_names, labels, strict=True))
    applying = {name: escaped(value) for name, value in named.items() if value}
    return _template(metric.name, tuple(applying)) % tuple(applying.values())


# Bounded; a service has far fewer names than this, and each is in many series.
@lru_cache(maxsize=16_384)
def escaped(value: str) -> str:
    """A label value as both formats want it between quotes, valid in UTF-8."""
    value = value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
    if value.isascii():
        return value
    # A lone surrogate has no UTF-8 form; one bad name must not cost the scrape.
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _head(metric: Metric, syntax: Syntax) -> str:
    text = metric.help.replace("\\", r"\\").replace("\n", r"\n")
    if syntax is Syntax.TEXT:
        shown = "gauge" if metric.type == "info" else metric.type
        return f"# HELP {metric.name} {text}\n# TYPE {metric.name} {shown}"
    name = metric.family
    text = text.replace('"', r"\"")
    head = f"# HELP {name} {text}\n# TYPE {name} {metric.type}"
    return f"{head}\n# UNIT {name} {metric.unit}" if metric.unit else head


def _finite(samples: Sequence[Sample]) -> Sequence[Sample]:
    # One sum tells of any NaN or infinity at a fraction of the cost of looking.
    if math.isfinite(sum(map(_value_of, samples))):
        return samples
    return [sample for sample in samples if math.isfinite(sample[1])]
