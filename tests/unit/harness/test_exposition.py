"""The tests' own reading of the text format is that of the client library."""

from __future__ import annotations

import pytest
from hypothesis import given
from prometheus_client.parser import text_string_to_metric_families

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.negotiation import Syntax
from monitor.domain.snapshot import Family, HistogramSample
from tests.harness.exposition import Numbers, parsed
from tests.unit.prometheus.test_render import (
    COUNTER,
    GAUGE,
    HISTOGRAM,
    labelled,
    rendering,
)


def by_the_library(text: str) -> Numbers:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@given(labelled(3), labelled(3), labelled(2))
def test_whatever_is_written_is_read_as_the_library_reads_it(
    gauges: dict[tuple[str, ...], float],
    counters: dict[tuple[str, ...], float],
    lengths: dict[tuple[str, ...], float],
) -> None:
    families = [
        Family(GAUGE, tuple(gauges.items())),
        Family(COUNTER, tuple(counters.items())),
        Family(
            HISTOGRAM,
            (),
            [HistogramSample(at, (1,) * 8, sum_, 2) for at, sum_ in lengths.items()],
        ),
        Family("friction_ready", (((), 1.0),)),
    ]
    text = rendering(families, Syntax.TEXT).text.decode()
    assert len(parsed(text)) > len(gauges) + len(counters)
    assert parsed(text) == by_the_library(text)


def test_every_family_is_read_as_the_library_reads_it() -> None:
    families = [
        Family(metric.name, [(("x",) * len(metric.label_names), 0.5)])
        for metric in CATALOGUE.values()
        if metric.name != HISTOGRAM
    ]
    text = rendering(families, Syntax.TEXT).text.decode()
    assert parsed(text) == by_the_library(text)


@pytest.mark.parametrize(
    "line",
    ["ready", "ready{} ", "ready 1 2", "ready{a=1} 1", 'ready{a="1} 1', "2nd 1", "r x"],
)
def test_what_is_no_sample_is_refused(line: str) -> None:
    with pytest.raises(
        ValueError, match=line.split("{", maxsplit=1)[0].split(maxsplit=1)[0]
    ):
        parsed(f"friction_ready 1\n{line}\n")
