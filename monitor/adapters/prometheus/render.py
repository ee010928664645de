"""Families as text, in the Prometheus text format 0.0.4 and OpenMetrics 1.0.

Written here because the client library needs a second for 100,000 series, during
which the consumer stands still. What is constant about a series, all but its
value, is made once and kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import compress, islice
from typing import Final, NamedTuple

from pydantic_core import to_json

from monitor.adapters.prometheus.metric import Metric
from monitor.adapters.prometheus.negotiation import Syntax
from monitor.domain.snapshot import Family, HistogramSample
from monitor.pipeline.showing.columns import ByRow, Column, Labels, rows_of

# Samples written before other threads get their turn: about a millisecond.
_SLICE: Final = 8_192


class Rendering(NamedTuple):
    """An exposition, or a part, and how many samples it leaves out as not finite."""

    text: bytes
    left_out: int


class Renderer:
    """Writes expositions; keeps the constant part of every series it wrote last.

    Not for two threads at once.
    """

    def __init__(self, catalogue: Mapping[str, Metric]) -> None:
        """Write families of this catalogue only."""
        self._catalogue = catalogue
        self._rank = {name: rank for rank, name in enumerate(catalogue)}
        self._series = {
            name: ByRow(partial(_prefix, metric, _template(name, metric.label_names)))
            for name, metric in catalogue.items()
        }
        self._buckets = {
            name: ByRow(partial(_bucket_prefixes, metric))
            for name, metric in catalogue.items()
        }

    def render(self, families: Iterable[Family], syntax: Syntax) -> Rendering:
        """The families in the catalogue's order; those without samples are left out.

        Raises:
            KeyError: a family is not in the catalogue.
            ValueError: a sample has not as many label values as its metric labels.
        """
        parts = list(self.parts(families, syntax))
        text = b"".join(part.text for part in parts)
        return Rendering(text, sum(part.left_out for part in parts))

    def parts(self, families: Iterable[Family], syntax: Syntax) -> Iterator[Rendering]:
        """The same exposition in parts that are made one after the other."""
        for family in sorted(families, key=lambda family: self._rank[family.name]):
            metric = self._catalogue[family.name]
            head = _head(metric, syntax)
            for lines, left_out in self._lines(metric, family):
                yield Rendering(head + lines if lines else b"", left_out)
                head = b"" if lines else head
            if not head:
                yield Rendering(b"\n", 0)
        if syntax is Syntax.OPENMETRICS:
            yield Rendering(b"# EOF\n", 0)

    def series_kept(self) -> int:
        """How many series have their constant part kept."""
        return sum(map(len, self._series.values())) + sum(
            map(len, self._buckets.values())
        )

    def _lines(self, metric: Metric, family: Family) -> Iterator[Rendering]:
        """Lines of the family's samples, each after a line feed."""
        labels, values = rows_of(family.samples)
        prefixes = iter(self._series[metric.name].of(labels))
        hides = isinstance(family.samples, Column)
        for start in range(0, len(values), _SLICE):
            written = values[start : start + _SLICE]
            begun = islice(prefixes, len(written))
            yield _finite_lines(*_shown(begun, written) if hides else (begun, written))
        yield from self._histogram_lines(metric, family.histograms)

    def _histogram_lines(
        self, metric: Metric, histograms: Sequence[HistogramSample]
    ) -> Iterator[Rendering]:
        finite = [one for one in histograms if math.isfinite(one.total)]
        by_row = self._buckets[metric.name].of([one.labels for one in finite])
        lines = [
            line
            for prefixes, (_, counts, total, count) in zip(by_row, finite, strict=True)
            for line in zip(prefixes, (*counts, count, count, total), strict=True)
        ]
        prefixes, values = (
            [prefix for prefix, _ in lines],
            [value for _, value in lines],
        )
        yield Rendering(_joined(prefixes, values), len(histograms) - len(finite))


def _shown(
    prefixes: Iterable[bytes], values: list[float]
) -> tuple[Iterable[bytes], list[float]]:
    return compress(prefixes, values), list(filter(None, values))


def _finite_lines(prefixes: Iterable[bytes], values: list[float]) -> Rendering:
    # One sum tells of any NaN or infinity at a fraction of the cost of looking.
    if math.isfinite(sum(values)):
        return Rendering(_joined(prefixes, values), 0)
    finite = list(map(math.isfinite, values))
    text = _joined(compress(prefixes, finite), list(compress(values, finite)))
    return Rendering(text, finite.count(False))


def _joined(prefixes: Iterable[bytes], values: list[float]) -> bytes:
    if not values:
        return b""
    pieces = [b""] * (2 * len(values))
    pieces[::2] = prefixes
    # As JSON every number is its shortest text, ten times as fast as by `repr`.
    pieces[1::2] = to_json(values)[1:-1].split(b",")
    return b"".join(pieces)


def _prefix(metric: Metric, template: str, labels: Labels) -> bytes:
    """A line feed and all of a sample's line before its value."""
    if metric.follows:
        return _of_applying(metric, labels).encode()
    if len(labels) != len(metric.labels):
        raise ValueError(f"{metric.name}: wrong number of label values")
    return (template % tuple(map(escaped, labels))).encode()


def _bucket_prefixes(metric: Metric, labels: Labels) -> tuple[bytes, ...]:
    """The same for the buckets, +Inf, the count and the sum."""
    name, names = metric.name, metric.label_names
    if len(labels) != len(names):
        raise ValueError(f"{name}: wrong number of label values")
    values = tuple(map(escaped, labels))
    bucket = _template(f"{name}_bucket", (*names, "le"))
    bounds = [*map(repr, metric.buckets), "+Inf"]
    lines = (
        *(bucket % (*values, bound) for bound in bounds),
        _template(f"{name}_count", names) % values,
        _template(f"{name}_sum", names) % values,
    )
    return tuple(line.encode() for line in lines)


def _template(name: str, labels: Sequence[str]) -> str:
    if not labels:
        return f"\n{name} "
    inside = ",".join(f'{label}="%s"' for label in labels)
    return f"\n{name}{{{inside}}} "


def _of_applying(metric: Metric, labels: Labels) -> str:
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


def _head(metric: Metric, syntax: Syntax) -> bytes:
    """What a family begins with, without the line feed at its end."""
    text = metric.help.replace("\\", r"\\").replace("\n", r"\n")
    if syntax is Syntax.TEXT:
        shown = "gauge" if metric.type == "info" else metric.type
        return f"# HELP {metric.name} {text}\n# TYPE {metric.name} {shown}".encode()
    name = metric.family
    text = text.replace('"', r"\"")
    unit = f"\n# UNIT {name} {metric.unit}" if metric.unit else ""
    return f"# HELP {name} {text}\n# TYPE {name} {metric.type}{unit}".encode()
