"""Both text formats, read back by the client library's own parsers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import Metric as Parsed
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parse_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as parse_text

from monitor.adapters.prometheus.business_metrics import WAIT_BUCKETS
from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.negotiation import Syntax
from monitor.adapters.prometheus.render import Renderer, Rendering
from monitor.domain.snapshot import Family, HistogramSample

GAUGE = "friction_open_waits"
COUNTER = "friction_waits_total"
INFO = "friction_team_info"
HISTOGRAM = "friction_wait_duration_seconds"
DEBT = "friction_correction_debt_seconds"

Read = dict[tuple[str, frozenset[tuple[str, str]]], float]

hostile = st.text(max_size=12) | st.sampled_from(
    [
        '"',
        "\\",
        "\n",
        "\\n",
        '\\"',
        "\x00",
        "\r\n",
        "}",
        "{a=",
        "# EOF",
        "\u2028",
        "é🐙",
    ]
)
finite = st.floats(allow_nan=False, allow_infinity=False)
both = pytest.mark.parametrize("syntax", list(Syntax))


def rendering(families: Iterable[Family], syntax: Syntax) -> Rendering:
    return Renderer(CATALOGUE).render(families, syntax)


def text_of(family: Family, syntax: Syntax = Syntax.TEXT) -> str:
    return rendering([family], syntax).text.decode()


def parsed(text: bytes, syntax: Syntax) -> list[Parsed]:
    parse = parse_openmetrics if syntax is Syntax.OPENMETRICS else parse_text
    return list(parse(text.decode()))


def read(text: bytes, syntax: Syntax) -> Read:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for metric in parsed(text, syntax)
        for sample in metric.samples
    }


def put_in(family: Family) -> Read:
    """What the samples of a family say, label values that are empty left in."""
    names = CATALOGUE[family.name].label_names
    return {
        (family.name, frozenset(zip(names, labels, strict=True))): value
        for labels, value in family.samples
    }


def labelled(number: int) -> st.SearchStrategy[dict[tuple[str, ...], float]]:
    return st.dictionaries(
        st.tuples(*[hostile] * number), finite, min_size=1, max_size=5
    )


@given(labelled(3), st.sampled_from(Syntax))
def test_whatever_gauges_say_is_read_back(
    samples: dict[tuple[str, ...], float], syntax: Syntax
) -> None:
    family = Family(GAUGE, tuple(samples.items()))
    assert read(rendering([family], syntax).text, syntax) == put_in(family)


@given(labelled(3), st.sampled_from(Syntax))
def test_whatever_counters_say_is_read_back(
    samples: dict[tuple[str, ...], float], syntax: Syntax
) -> None:
    # OpenMetrics lets no counter be below 0, and none here ever is.
    family = Family(COUNTER, [(labels, abs(v)) for labels, v in samples.items()])
    assert read(rendering([family], syntax).text, syntax) == put_in(family)


@given(st.tuples(hostile, hostile, hostile), st.sampled_from(Syntax))
def test_whatever_information_says_is_read_back(
    labels: tuple[str, ...], syntax: Syntax
) -> None:
    family = Family(INFO, ((labels, 1),))
    assert read(rendering([family], syntax).text, syntax) == put_in(family)


@given(
    st.tuples(hostile, hostile),
    st.lists(st.integers(0, 10**9), min_size=9, max_size=9).map(sorted),
    st.floats(0, 1e12),
    st.sampled_from(Syntax),
)
def test_whatever_histograms_say_is_read_back(
    labels: tuple[str, ...], counts: Sequence[int], total: float, syntax: Syntax
) -> None:
    *buckets, everything = counts
    sample = HistogramSample(labels, tuple(buckets), total, everything)
    found = read(rendering([Family(HISTOGRAM, (), [sample])], syntax).text, syntax)
    named = {("team", labels[0]), ("component", labels[1])}
    bounds = ["300.0", "900.0", "3600.0", "14400.0", "28800.0", "86400.0"]
    bounds += ["144000.0", "288000.0", "+Inf"]
    assert found == {
        **{
            (f"{HISTOGRAM}_bucket", frozenset({*named, ("le", bound)})): count
            for bound, count in zip(bounds, counts, strict=True)
        },
        (f"{HISTOGRAM}_count", frozenset(named)): everything,
        (f"{HISTOGRAM}_sum", frozenset(named)): total,
    }


@given(st.text(st.characters(categories=["Cs"]), min_size=1))
def test_half_a_character_does_not_cost_the_scrape(broken: str) -> None:
    text = rendering([Family(INFO, (((broken, "d", "stream"), 1),))], Syntax.TEXT).text
    ((_, labels),) = read(text, Syntax.TEXT)
    assert dict(labels)["domain"] == "d"


def test_a_family_is_written_as_the_text_format_says() -> None:
    family = Family(COUNTER, ((("a", 'b"\\', "c\nd"), 3.0),))
    assert text_of(family) == (
        "# HELP friction_waits_total Waits on another team by items in flight, "
        "halting or not; reopenings that it caused, too.\n"
        "# TYPE friction_waits_total counter\n"
        r'friction_waits_total{team="a",on_team="b\"\\",component="c\nd"} 3.0'
        "\n"
    )


def test_a_family_is_written_as_openmetrics_says() -> None:
    family = Family("friction_active_seconds_total", ((("a", "feature"), 1.5),))
    assert text_of(family, Syntax.OPENMETRICS) == (
        "# HELP friction_active_seconds Working item-seconds that work of team was "
        "active, by class.\n"
        "# TYPE friction_active_seconds counter\n"
        "# UNIT friction_active_seconds seconds\n"
        'friction_active_seconds_total{team="a",work_class="feature"} 1.5\n'
        "# EOF\n"
    )


@both
def test_information_has_the_type_its_format_knows(syntax: Syntax) -> None:
    text = rendering([Family(INFO, ((("a", "d", "stream"), 1),))], syntax).text
    (metric,) = parsed(text, syntax)
    shown = {Syntax.TEXT: "gauge", Syntax.OPENMETRICS: "info"}
    assert metric.type == shown[syntax]


@both
def test_only_openmetrics_ends_with_eof(syntax: Syntax) -> None:
    text = rendering([Family("friction_ready", (((), 1),))], syntax).text
    assert text.endswith(b"\n# EOF\n") == (syntax is Syntax.OPENMETRICS)
    assert text.count(b"# EOF") == (syntax is Syntax.OPENMETRICS)


@both
def test_nothing_to_show_is_still_an_exposition(syntax: Syntax) -> None:
    assert parsed(rendering([], syntax).text, syntax) == []


@both
def test_all_families_of_the_catalogue_together_are_read_back(syntax: Syntax) -> None:
    text = rendering(reversed(list(one_of_each())), syntax).text
    assert len(parsed(text, syntax)) == len(CATALOGUE)
    heads = [line.split()[2] for line in text.decode().splitlines() if "# TYPE" in line]
    openmetrics = syntax is Syntax.OPENMETRICS
    assert heads == [
        metric.family if openmetrics else name for name, metric in CATALOGUE.items()
    ]


def one_of_each() -> Iterator[Family]:
    for name, metric in CATALOGUE.items():
        labels = tuple(f"a value of {label}" for label in metric.label_names)
        if metric.type == "histogram":
            buckets = tuple(range(len(metric.buckets)))
            sample = HistogramSample(labels, buckets, 1.0, len(buckets))
            yield Family(name, (), (sample,))
        else:
            yield Family(name, ((labels, 1.0),))


@both
def test_help_and_type_are_the_catalogues(syntax: Syntax) -> None:
    text = rendering(one_of_each(), syntax).text
    for metric, stated in zip(parsed(text, syntax), CATALOGUE.values(), strict=True):
        assert metric.documentation == stated.help
        if syntax is Syntax.OPENMETRICS:
            assert (metric.type, metric.unit) == (stated.type, stated.unit)


@both
def test_what_is_no_finite_number_is_left_out_and_counted(syntax: Syntax) -> None:
    gauge = Family(
        GAUGE,
        [
            (("a", "b", "x"), math.nan),
            (("a", "c", "x"), math.inf),
            (("a", "d", "x"), -math.inf),
            (("a", "e", "x"), 2.0),
        ],
    )
    infinite = HistogramSample(("a", "x"), (0,) * len(WAIT_BUCKETS), math.inf, 1)
    found = rendering([gauge, Family(HISTOGRAM, (), (infinite,))], syntax)
    assert found.left_out == 4
    kept = Family(GAUGE, [(("a", "e", "x"), 2.0)])
    assert read(found.text, syntax) == put_in(kept)


def test_finite_numbers_whose_sum_is_not_are_all_shown() -> None:
    family = Family(GAUGE, [(("a", "b", "x"), 1.7e308), (("a", "c", "x"), 1.7e308)])
    found = rendering([family], Syntax.TEXT)
    assert found.left_out == 0
    assert read(found.text, Syntax.TEXT) == put_in(family)


def test_a_family_without_samples_has_no_head() -> None:
    assert rendering([Family(GAUGE), Family(HISTOGRAM)], Syntax.TEXT).text == b""
    all_nan = Family(GAUGE, [(("a", "b", "x"), math.nan)])
    assert rendering([all_nan], Syntax.TEXT).text == b""


def test_debt_carries_only_the_labels_of_its_series() -> None:
    family = Family(
        DEBT,
        [
            (("a", "b", "reopen", "response", "", ""), 1.0),
            (("a", "", "", "", "feature", ""), 2.0),
            (("a", "", "", "", "", "ci"), 3.0),
            (("a", "", "", "", "", ""), 4.0),
        ],
    )
    *_, waits, active, failures, capacity = text_of(family).splitlines()
    assert waits == (
        f'{DEBT}{{team="a",on_team="b",component="reopen",phase="response"}} 1.0'
    )
    assert active == f'{DEBT}{{team="a",work_class="feature"}} 2.0'
    assert failures == f'{DEBT}{{team="a",kind="ci"}} 3.0'
    assert capacity == f'{DEBT}{{team="a"}} 4.0'


@pytest.mark.parametrize(
    "family",
    [
        Family(GAUGE, ((("a", "b"), 1.0),)),
        Family(DEBT, ((("a", "b"), 1.0),)),
        Family(HISTOGRAM, (), (HistogramSample(("a",), (0,) * 8, 0.0, 0),)),
        Family(HISTOGRAM, (), (HistogramSample(("a", "x"), (0,), 0.0, 0),)),
    ],
)
def test_a_sample_that_does_not_fit_its_metric_is_refused(family: Family) -> None:
    with pytest.raises(ValueError, match=r"labels?|zip"):
        rendering([family], Syntax.TEXT)


def test_a_family_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(KeyError):
        rendering([Family("friction_rumours_total", (((), 1.0),))], Syntax.TEXT)


def test_series_that_are_no_longer_shown_are_forgotten() -> None:
    renderer = Renderer(CATALOGUE)
    buckets = (0,) * len(WAIT_BUCKETS)
    for generation in range(10):
        names = [f"{generation}-{number}" for number in range(400)]
        gauges = Family(GAUGE, [((name, "b", "x"), 1.0) for name in names])
        histograms = Family(
            HISTOGRAM,
            (),
            [HistogramSample((name, "x"), buckets, 0, 0) for name in names],
        )
        renderer.render([gauges, histograms], Syntax.TEXT)
    # Of each family at most twice what was shown, the spare thousand, and the new.
    assert renderer.series_kept() <= 2 * (2 * 400 + 1_000 + 400)


def test_what_is_kept_of_a_series_is_the_same_in_both_formats() -> None:
    renderer = Renderer(CATALOGUE)
    family = Family(GAUGE, ((('a"', "b", "x"), 1.0),))
    first = renderer.render([family], Syntax.TEXT).text
    renderer.render([family], Syntax.OPENMETRICS)
    assert renderer.render([family], Syntax.TEXT).text == first
