"""The catalogue: its names, its bounds, its page, and the pipeline held to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, ProcessCollector

from monitor.adapters.prometheus.catalogue import CATALOGUE, METRICS
from monitor.adapters.prometheus.health_metrics import LATER
from monitor.adapters.prometheus.labels import COUNTERPARTS, VERDICT, WINDOWS
from monitor.adapters.prometheus.metric import (
    ALWAYS_SHOWN,
    Group,
    Metric,
    Size,
    label_sets,
    series_bound,
)
from monitor.adapters.prometheus.reference_page import metrics_page
from monitor.domain.snapshot import Family
from monitor.domain.teams import EXTERNAL, OTHER, UNKNOWN
from monitor.indicators.totals.series import BUCKETS, SPAN_BUCKETS
from monitor.pipeline.showing.families import business_families
from monitor.pipeline.showing.sums import WINDOW_NAMES
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.series_bounds import bounds_by_group
from tests.unit.pipeline.running import HOUR, MONDAY
from tests.unit.prometheus.serving import EVENTS, TEAMS, Serving, busy

LARGE = Size(teams=200)
PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
every = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


@every
def test_a_name_follows_the_conventions(metric: Metric) -> None:
    assert re.fullmatch(r"(friction|process)_[a-z]+(_[a-z]+)*", metric.name)
    assert metric.name.endswith("_total") == (metric.type == "counter")
    assert metric.name.endswith("_info") == (metric.type == "info")
    if metric.unit:
        assert metric.family.endswith(f"_{metric.unit}")
    reserved = ("_bucket", "_count", "_sum", "_created")
    assert not metric.name.endswith(reserved)
    other_units = {"minutes", "hours", "days", "milliseconds", "percent"}
    assert not set(metric.name.split("_")) & other_units


@every
def test_a_name_with_a_unit_at_its_end_states_it(metric: Metric) -> None:
    named = metric.family.rpartition("_")[2]
    if named in {"seconds", "bytes", "ratio"}:
        assert metric.unit == named


@every
def test_a_definition_is_one_line_and_ends_like_a_sentence(metric: Metric) -> None:
    assert metric.help.endswith(".")
    assert "\n" not in metric.help
    assert "|" not in metric.help


@every
def test_no_label_holds_work_or_a_person(metric: Metric) -> None:
    assert len(set(metric.label_names)) == len(metric.label_names)
    for name in metric.label_names:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
        assert name not in {"le", "quantile", "job", "instance"}
    forbidden = {"ticket", "item", "entity", "change", "run", "sha", "commit"}
    forbidden |= {"repo", "service", "person", "author", "actor", "user", "reviewer"}
    assert forbidden.isdisjoint(metric.label_names)


@every
def test_only_histograms_have_buckets_and_they_rise(metric: Metric) -> None:
    assert bool(metric.buckets) == (metric.type == "histogram")
    assert list(metric.buckets) == sorted(set(metric.buckets))


def test_no_two_metrics_share_a_name_in_openmetrics() -> None:
    assert len(CATALOGUE) == len(METRICS)
    families = {metric.family for metric in METRICS}
    assert len(families) == len(METRICS)
    for metric in METRICS:
        if metric.type == "histogram":
            parts = {f"{metric.name}_{end}" for end in ("bucket", "count", "sum")}
            assert parts.isdisjoint({*families, *CATALOGUE})


def test_a_closed_set_of_values_is_its_bound() -> None:
    for metric in METRICS:
        for label in metric.labels:
            assert len(set(label.values)) == len(label.values)
            if label.values and label.bound != 1:
                assert label.bound == len(label.values)


def test_windows_and_buckets_are_those_the_accounts_keep() -> None:
    assert WINDOW_NAMES == WINDOWS
    seconds = tuple(bound / 1_000 for bound in BUCKETS)
    assert CATALOGUE["friction_wait_duration_seconds"].buckets == seconds
    spans = tuple(bound / 1_000 for bound in SPAN_BUCKETS)
    assert CATALOGUE["friction_flow_time_seconds"].buckets == spans


# Teams and 2 reserved ids charged: 202. Waited for: 15 by name and 3 reserved.
# Components and phases: 11 with two, 2 with one.
STATED = {
    "friction_window_wait_seconds": 4 * 202 * 18 * 24,
    "friction_wait_seconds_total": 202 * 18 * 24,
    "friction_window_active_seconds": 4 * 202 * 7,
    "friction_waits_total": 202 * 18 * 13,
    "friction_handoffs_total": 202 * 18,
    # Eight buckets, +Inf, the sum and the count.
    "friction_wait_duration_seconds": 202 * 13 * 11,
    "friction_correction_debt_seconds": 202 * (18 * 24 + 7 + 1 + 2),
    # Twelve buckets.
    "friction_flow_time_seconds": 202 * 15,
    "friction_window_deploys": 4 * 202 * 4,
    "friction_window_spans": 202 * 3 * 13,
    "friction_consumer_lag_records": 12,
    "friction_phase_weight": 9,
    "friction_ready": 1,
}


@pytest.mark.parametrize("name", STATED)
def test_bounds_multiply(name: str) -> None:
    assert series_bound(CATALOGUE[name], CATALOGUE, LARGE) == STATED[name]


def test_two_hundred_teams_stay_below_the_stated_maximum() -> None:
    most = bounds_by_group(LARGE)
    # Every label at its bound at once; a Prometheus of 1 GB holds a million series.
    assert most[Group.BUSINESS] < 800_000
    assert most[Group.MODEL] + most[Group.INFO] < 500
    assert most[Group.HEALTH] < 10_000


def test_the_page_of_metrics_is_that_of_the_catalogue() -> None:
    assert PAGE.read_text(encoding="utf-8") == metrics_page()


@every
def test_the_page_has_a_row_for_every_metric(metric: Metric) -> None:
    assert metrics_page().count(f"| `{metric.name}` | {metric.type} |") == 1


def test_the_process_metrics_are_those_of_the_client_library() -> None:
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    found = {
        sample.name: (metric.type, metric.documentation)
        for metric in registry.collect()
        for sample in metric.samples
    }
    stated = {m.name: (m.type, m.help) for m in METRICS if "process_" in m.name}
    assert found == stated


@pytest.fixture(scope="module")
def serving() -> Serving:
    return busy()


def samples_of(family: Family) -> Iterator[tuple[str, ...]]:
    yield from (labels for labels, _ in family.samples)
    yield from (one.labels for one in family.histograms)


def allowed(metric: Metric, labels: tuple[str, ...]) -> bool:
    """Whether each value is one of its label, or empty where that is permitted."""
    if len(labels) != len(metric.labels):
        return False
    for label, value in zip(metric.labels, labels, strict=True):
        empty = not value and (metric.follows or label.name == "domain")
        if not empty and label.values and value not in label.values:
            return False
        if not value and not empty:
            return False
    return True


def test_what_the_pipeline_shows_has_exactly_the_labels_of_the_catalogue(
    serving: Serving,
) -> None:
    for family in (*serving.shown().values(), *serving.meters.families()):
        metric = CATALOGUE[family.name]
        found = list(samples_of(family))
        assert len(set(found)) == len(found), family.name
        for labels in found:
            assert allowed(metric, labels), (family.name, labels)
        assert not (family.samples and metric.type == "histogram")
        assert not (family.histograms and metric.type != "histogram")


def test_totals_driven_without_a_broker_are_in_the_catalogue_too() -> None:
    directory = directory_of(TEAMS)
    drive = Drive(directory, MONDAY, served=True)
    drive.take(facts_of(EVENTS, directory))
    drive.advance(MONDAY + 24 * 30 * HOUR)
    for family in business_families(drive.books, directory, drive.model):
        metric = CATALOGUE[family.name]
        assert metric.group in {Group.BUSINESS, Group.MODEL}
        for labels in samples_of(family):
            assert allowed(metric, labels), (family.name, labels)


def test_every_metric_of_the_catalogue_is_really_shown(serving: Serving) -> None:
    assert heads_of(serving) == set(CATALOGUE)


def heads_of(serving: Serving) -> set[str]:
    """The names of the families that a scraper is sent."""
    return set(re.findall(r"^# TYPE (\S+)", serving.scrape(), flags=re.MULTILINE))


def test_a_health_family_is_there_from_the_start_or_the_page_says_until_when() -> None:
    names = {metric.name for metric in METRICS if metric.group in ALWAYS_SHOWN}
    assert names - heads_of(Serving()) == LATER.keys()
    for name, when in LATER.items():
        assert f"- `{name}`: until {when}\n" in PAGE.read_text()


def test_while_catching_up_what_the_page_says_is_absent() -> None:
    serving = busy()
    serving.process.runner.watch.ready = False
    until_then = {name for name, when in LATER.items() if when.startswith("caught up")}
    assert LATER.keys() - heads_of(serving) == until_then


def test_while_catching_up_only_health_and_information_are_shown() -> None:
    heads = re.findall(r"^# TYPE (\S+)", Serving().scrape(), flags=re.MULTILINE)
    assert "friction_ready" in heads
    assert "friction_build_info" in heads
    assert {CATALOGUE[name].group for name in heads} == ALWAYS_SHOWN


def counterparts(serving: Serving, name: str) -> set[str]:
    """Whom checkout waits for, as a family shows it."""
    names = CATALOGUE[name].label_names
    team, on_team = names.index("team"), names.index("on_team")
    return {
        labels[on_team]
        for labels, _ in serving.shown()[name].samples
        if labels[team] == "checkout"
    }


def test_no_team_has_more_counterparts_than_the_catalogue_states(
    serving: Serving,
) -> None:
    reserved = {OTHER, UNKNOWN, EXTERNAL}
    found = counterparts(serving, "friction_waits_total")
    assert len(found - reserved) == COUNTERPARTS
    assert OTHER in found
    # One of them was corrected away: its counter stands, its window is empty.
    windows = counterparts(serving, "friction_window_wait_seconds")
    assert found - windows == {"counterpart-01"}


def test_a_team_of_two_is_not_named(serving: Serving) -> None:
    text = serving.scrape()
    assert 'team="tiny"' not in text
    assert 'team="domain:shop"' in text


def test_a_shown_series_stays_within_its_bound(serving: Serving) -> None:
    size = Size(teams=len(serving.process.runner.directory.teams), topics=1)
    for family in serving.shown().values():
        shown = len(list(samples_of(family)))
        assert shown <= label_sets(CATALOGUE[family.name], size), family.name


def test_a_pair_keeps_its_name_after_a_restart() -> None:
    serving = busy()
    before = serving.shown()["friction_waits_total"].samples
    serving.send(EVENTS[0])
    seats = serving.process.runner.books.seats
    serving.process.start()
    assert serving.process.runner.books.seats == seats
    again = Serving(serving.process)
    again.process.caught_up()
    assert set(again.shown()["friction_waits_total"].samples) == set(before)


@pytest.mark.parametrize(
    "name",
    [
        "friction_window_wait_seconds",
        "friction_wait_seconds_total",
        "friction_wait_duration_seconds",
    ],
)
def test_a_wait_that_may_be_an_incident_says_that_it_runs_by_the_wall(
    name: str,
) -> None:
    # Indicators 1.3: an incident is response on the 24x7 clock.
    assert "wall-clock seconds" in CATALOGUE[name].help


def test_verdicts_are_listed_as_they_are_judged() -> None:
    """The order of design 11.4, because the page says that the first holds."""
    assert VERDICT.values == (
        "no feature work",
        "too few items",
        "withheld",
        "established",
        "indicated",
        "possible",
        "no",
    )
