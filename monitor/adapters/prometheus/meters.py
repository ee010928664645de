"""Counts and durations of the service itself, for the health families.

Held here and not in the client library's objects so that one renderer writes
everything, and so that no hostile value can grow a label beyond its bound.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, product
from typing import Final, Literal, get_args

from monitor.adapters.prometheus.labels import SOURCE
from monitor.adapters.prometheus.metric import Metric, Size
from monitor.domain.snapshot import Family, HistogramSample
from monitor.domain.teams import OTHER

CountName = Literal[
    "friction_events_total",
    "friction_late_dropped_total",
    "friction_rejected_total",
    "friction_rejected_records_total",
    "friction_unknown_fields_total",
    "friction_label_overflow_total",
    "friction_unrepresentable_samples_total",
    "friction_source_failures_total",
    "friction_offset_publish_failures_total",
    "friction_refresh_failures_total",
    "friction_dead_letter_publish_failures_total",
    "friction_dead_letters_given_up_total",
]
WorkName = Literal[
    "friction_poll_seconds",
    "friction_batch_seconds",
    "friction_commit_seconds",
    "friction_scrape_seconds",
    "friction_refresh_seconds",
]

_OVERFLOW: Final = "friction_label_overflow_total"
# A longer value is no name of anything, and would be sent with every scrape.
_LONGEST: Final = 100
# Counted over all kinds together, so that a kind of record has no number of them.
_OF_NO_KIND: Final = "duplicate"
_DUPLICATES: Final = ("any", "any", _OF_NO_KIND)


class Meters:
    """Adds up what happened since the process started; safe between threads.

    Prometheus sees growth between two scrapes only, so whatever can be is there with 0
    before it is counted: counters without labels, durations, duplicates, and of each
    counter that it overflowed from the start; what is told of a source alone, from the
    start for these ``sources``; and beside each new label set those that differ from it
    by what became of a record, or why.
    """

    def __init__(
        self, catalogue: Mapping[str, Metric], size: Size, sources: Iterable[str] = ()
    ) -> None:
        """Meter names of this catalogue, bounded for an organisation of this size."""
        self._catalogue = catalogue
        self._size = size
        self._lock = threading.Lock()
        self._counts: dict[str, dict[tuple[str, ...], float]] = {
            name: {} if catalogue[name].labels else {(): 0}
            for name in get_args(CountName)
        }
        self._work = {
            name: _Durations(catalogue[name].buckets) for name in get_args(WorkName)
        }
        self._seen: dict[tuple[str, str], set[str]] = {}
        for name, labels in (*self._known(), *self._known_of(sources)):
            self._add(name, self._bounded(name, labels), 0)

    def count(self, name: CountName, *labels: str, amount: float = 1) -> None:
        """Add to a counter; a label value beyond its bound counts as ``other``."""
        with self._lock:
            self._add(name, self._bounded(name, labels), amount)

    def took(self, name: WorkName, seconds: float) -> None:
        """Note how long a piece of work took."""
        with self._lock:
            self._work[name].add(seconds)

    def families(self) -> tuple[Family, ...]:
        """Everything added up so far."""
        with self._lock:
            counts = [
                Family(name, tuple(samples.items()))
                for name, samples in self._counts.items()
            ]
            work = [
                Family(name, (), (durations.sample(),))
                for name, durations in self._work.items()
            ]
        return (*counts, *work)

    def _add(self, name: str, labels: tuple[str, ...], amount: float) -> None:
        samples = self._counts[name]
        if labels not in samples:
            for beside in _beside(self._catalogue[name], labels):
                samples.setdefault(beside, 0)
        samples[labels] = samples.get(labels, 0) + amount

    def _known(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The label sets that are known whatever the sources are."""
        yield "friction_events_total", _DUPLICATES
        for name in self._counts:
            if self._catalogue[name].labels and name != _OVERFLOW:
                yield _OVERFLOW, (name,)

    def _known_of(
        self, sources: Iterable[str]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """A label set of each source, of every counter whose other labels are known."""
        for name, source in product(self._counts, sources):
            of, *others = self._catalogue[name].labels or (None,)
            if of is SOURCE and all(label.values for label in others):
                yield name, (source, *(label.values[0] for label in others))

    def _bounded(self, name: str, labels: tuple[str, ...]) -> tuple[str, ...]:
        if labels in self._counts[name]:
            return labels
        metric = self._catalogue[name]
        bounded = []
        for label, value in zip(metric.labels, labels, strict=True):
            seen = self._seen.setdefault((name, label.name), set())
            if label.values:
                fits = value in label.values
            else:
                # The last value is kept free for `other`.
                room = len(seen) < label.most(self._size) - 1
                fits = len(value) <= _LONGEST and (value in seen or room)
            if fits:
                seen.add(value)
            else:
                self._add(_OVERFLOW, (name,), 1)
            bounded.append(value if fits else OTHER)
        return tuple(bounded)


def _beside(metric: Metric, labels: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All that differ from a label set by a last label whose values are known."""
    if not labels or labels[-1] == _OF_NO_KIND:
        return
    for end in metric.labels[-1].values:
        if end != _OF_NO_KIND:
            yield (*labels[:-1], end)


class _Durations:
    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._total += seconds

    def sample(self) -> HistogramSample:
        *buckets, everything = accumulate(self._counts)
        return HistogramSample((), tuple(buckets), self._total, everything)
