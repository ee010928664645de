"""Every family of a small history, with numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.directory.growing import NOTHING
from monitor.directory.provisional import directory_of as provisional_directory
from monitor.domain.model import DEFAULT_MODEL
from monitor.pipeline.showing.families import business_families, info_families
from tests.harness.driving import directory_of
from tests.unit.pipeline.running import HOUR, MONDAY, TEAMS, Process, event

BLOCK = ("checkout", "platform", "ticket_blocked")
# Monday: started 09:00, blocked 10:00 to 11:00, blocked again from 12:00;
# read at 12:55 (13:00 less five minutes to settle).
EVENTS = (
    event("ticket.started", 0, team="checkout", work_class="feature"),
    event("ticket.blocked", 1, on_team="platform"),
    event("ticket.unblocked", 2, on_team="platform"),
    event("ticket.blocked", 3, on_team="platform"),
)


@pytest.fixture
def process() -> Process:
    process = Process()
    process.send(*EVENTS)
    process.caught_up()
    return process


def lengths(process: Process) -> dict[tuple[str, ...], tuple[float, int]]:
    """How long closed waits were together, and how many."""
    runner = process.runner
    families = business_families(runner.books, runner.directory, runner.model)
    one = next(f for f in families if f.name == "friction_wait_duration_seconds")
    return {h.labels: (h.total, h.observations) for h in one.histograms}


def test_waits_are_split_into_acute_and_chronic(process: Process) -> None:
    expected = {(*BLOCK, "acute"): 1_800, (*BLOCK, "chronic"): 2_700 + 2_400}
    assert process.shown("friction_wait_seconds_total") == expected
    window = process.shown("friction_window_wait_seconds")
    assert {key[1:]: v for key, v in window.items() if key[0] == "7d"} == expected


def test_active_time_has_its_class_and_feature_is_there_for_every_team(
    process: Process,
) -> None:
    active = process.shown("friction_window_active_seconds")
    assert active["28d", "checkout", "feature"] == 7_200
    assert active["28d", "platform", "feature"] == 0
    total = process.shown("friction_active_seconds_total")
    assert total == {("checkout", "feature"): 7_200}


def test_waits_are_counted_and_the_open_one_is_shown_with_its_start(
    process: Process,
) -> None:
    assert process.shown("friction_waits_total") == {BLOCK: 2}
    assert process.shown("friction_open_waits") == {BLOCK: 1}
    oldest = process.shown("friction_oldest_open_wait_timestamp_seconds")
    assert oldest == {("checkout", "platform"): (MONDAY + 3 * HOUR) / 1000}


def test_a_closed_wait_is_in_the_histogram(process: Process) -> None:
    runner = process.runner
    families = business_families(runner.books, runner.directory, runner.model)
    histogram = next(f for f in families if f.name == "friction_wait_duration_seconds")
    (sample,) = histogram.histograms
    # One hour is at most 3,600 seconds: the third of the bounds 300, 900, 3600, ...
    assert sample.labels == ("checkout", "ticket_blocked")
    assert sample.buckets == (0, 0, 1, 1, 1, 1, 1, 1)
    assert (sample.total, sample.observations) == (3_600, 1)


def test_a_reopening_is_counted_open_and_timed_and_does_not_wait() -> None:
    process, by_platform = Process(), ("checkout", "platform", "reopen")
    process.send(
        event("ticket.started", 0, team="checkout"),
        event("ticket.done", 1),
        event("ticket.reopened", 2, cause_team="platform"),
    )
    process.caught_up()
    assert process.shown("friction_waits_total") == {by_platform: 1}
    assert process.shown("friction_open_waits") == {by_platform: 1}
    assert process.shown("friction_oldest_open_wait_timestamp_seconds") == {}
    process.send(event("ticket.done", 3))
    process.runner.turn()
    assert process.shown("friction_waits_total") == {by_platform: 1}
    assert not any(process.shown("friction_open_waits").values())
    assert lengths(process) == {("checkout", "reopen"): (3_600, 1)}


def test_capacity_runs_from_the_earliest_accrual(process: Process) -> None:
    seconds = 4 * 3_600 - 300
    capacity = process.shown("friction_window_capacity_seconds")
    assert capacity["3d", "checkout"] == 4 * seconds
    assert process.shown("friction_capacity_seconds_total") == {
        ("checkout",): 4 * seconds,
        ("platform",): 5 * seconds,
    }
    assert process.shown("friction_team_size") == {("checkout",): 4, ("platform",): 5}


def test_items_of_a_window_are_counted(process: Process) -> None:
    items = process.shown("friction_window_items")
    assert items == {(w, "checkout"): 1 for w in ("3d", "7d", "14d", "28d")}


def test_without_events_there_are_no_totals_and_no_capacity() -> None:
    process = Process()
    process.caught_up()
    for name in ("friction_wait_seconds_total", "friction_capacity_seconds_total"):
        assert process.shown(name) == {}


def test_the_model_is_shown_as_data(process: Process) -> None:
    weights = process.shown("friction_phase_weight")
    assert weights["chronic", "central"] == 0.25
    assert weights["acute", "lower"] == weights["response", "upper"] == 1
    assert process.shown("friction_budget_ratio") == {(): 0.20}
    assert process.shown("friction_engineer_cost_per_second") == {}


def test_every_family_is_in_the_catalogue_with_as_many_labels(
    process: Process,
) -> None:
    runner = process.runner
    found = [
        *business_families(runner.books, runner.directory, runner.model),
        *info_families(runner.directory, runner.model, "1.2"),
    ]
    for family in found:
        labels = CATALOGUE[family.name].labels
        for of_sample, _ in family.samples:
            assert len(of_sample) == len(labels), family.name


def test_information_names_file_model_and_program() -> None:
    directory = directory_of(TEAMS)
    model = Process().runner.model
    found = {f.name: dict(f.samples) for f in info_families(directory, model, "1.2")}
    assert found["friction_directory_info"] == {(directory.hash,): 1}
    assert found["friction_build_info"] == {("1.2",): 1}
    assert found["friction_costing_model_info"] == {("1",): 1}
    assert found["friction_directory_provisional"] == {(): 0}


def test_information_names_another_model_otherwise() -> None:
    directory = directory_of(TEAMS)
    model = replace(DEFAULT_MODEL, d0_ms=1_800_000)
    found = {f.name: dict(f.samples) for f in info_families(directory, model, "1.2")}
    assert found["friction_costing_model_info"] == {(model.version,): 1}
    assert model.version != "1"


def test_information_says_that_teams_are_provisional() -> None:
    rules = provisional_directory(NOTHING)
    model = Process().runner.model
    found = {f.name: dict(f.samples) for f in info_families(rules, model, "1.2")}
    assert found["friction_directory_info"] == {(f"provisional-{rules.hash}",): 1}
    assert found["friction_directory_provisional"] == {(): 1}
