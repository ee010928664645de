"""One scrape: the present snapshot as bytes, in the form the scraper asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.compression import Gzip
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.prometheus.metric import ALWAYS_SHOWN
from monitor.adapters.prometheus.negotiation import (
    Syntax,
    accepts_gzip,
    choose_format,
)
from monitor.adapters.prometheus.render import Renderer
from monitor.domain.snapshot import Family, SnapshotSource


class Scrape(NamedTuple):
    """An answer to ``GET /metrics``; ``encoding`` is empty when not compressed."""

    body: bytes
    content_type: str
    encoding: str


class Exposition:
    """Answers scrapes from a source of snapshots; safe between threads.

    While catching up, only health and info families are in the answer. To the
    snapshot's families it adds readiness, the evaluated instant, the meters and the
    process; of two families with one name the snapshot's is shown.
    """

    def __init__(
        self,
        source: SnapshotSource,
        meters: Meters,
        timer: Callable[[], float],
    ) -> None:
        """Show what source and meters say; ``timer`` tells monotonic seconds."""
        self._source = source
        self._meters = meters
        self._timer = timer
        self._renderer = Renderer(CATALOGUE)
        self._gzip = Gzip()
        self._process = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._process)
        self._one_at_a_time = threading.Lock()

    def scrape(self, accept: str, accept_encoding: str) -> Scrape:
        """The present numbers, for these two request headers."""
        form = choose_format(accept)
        with self._one_at_a_time:
            began = self._timer()
            families = {one.name: one for one in self._families()}
            parts = self._parts(families.values(), form.syntax)
            zipped = accepts_gzip(accept_encoding)
            body = self._gzip.compressed(parts) if zipped else b"".join(parts)
            self._meters.took("friction_scrape_seconds", self._timer() - began)
        return Scrape(body, form.content_type, "gzip" if zipped else "")

    def _parts(self, families: Iterable[Family], syntax: Syntax) -> Iterator[bytes]:
        """The text of the answer, made as it is asked for."""
        left_out = 0
        for part in self._renderer.parts(families, syntax):
            left_out += part.left_out
            yield part.text
        if left_out:
            self._meters.count(
                "friction_unrepresentable_samples_total", amount=left_out
            )

    def _families(self) -> Iterator[Family]:
        snapshot = self._source.snapshot()
        yield Family("friction_ready", (((), 1 if snapshot.ready else 0),))
        if snapshot.evaluated_at_ms is not None:
            seconds = snapshot.evaluated_at_ms / 1000
            yield Family("friction_evaluated_at_timestamp_seconds", (((), seconds),))
        yield from self._meters.families()
        yield from self._process_families()
        for family in (*snapshot.business, *snapshot.health):
            if snapshot.ready or CATALOGUE[family.name].group in ALWAYS_SHOWN:
                yield family

    def _process_families(self) -> Iterator[Family]:
        for metric in self._process.collect():
            for sample in metric.samples:
                yield Family(sample.name, (((), sample.value),))
