"""Delivery as families: counters with their debt, windows, and histograms."""

from __future__ import annotations

import json
import random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.snapshot import Family, HistogramSample
from monitor.domain.timeline import Measured
from monitor.domain.working_time import DAY
from monitor.indicators.totals.report import Numbers, numbers_at
from monitor.pipeline.books import BOOKS
from monitor.pipeline.ports import Changes
from monitor.pipeline.showing.families import business_families
from tests.harness.driving import Drive, Samples, directory_of, facts_of
from tests.harness.histories import History, histories
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import teams_yaml
from tests.unit.pipeline.running import HOUR, MONDAY, Process, event

_TILL: Final = {"team": "checkout", "service": "till", "environment": "prod"}
FAILED: Final = event("deploy.finished", 2, "D-1", outcome="failure", **_TILL)
EVENTS: Final = (
    event("change.opened", 0, "PR-1", team="checkout", work_class="feature", sha="a"),
    event("change.merged", 1, "PR-1", sha="b"),
    FAILED,
    event("deploy.finished", 3, "D-2", outcome="success", **_TILL, shas=["b", "c"]),
    event("ticket.requested", 0, "PLT-1", team="platform", requester_team="checkout"),
    event("ticket.started", 1, "PLT-1", team="platform"),
)


@pytest.fixture
def process() -> Process:
    process = Process()
    process.send(*EVENTS)
    process.caught_up()
    return process


def test_deploys_are_counted_by_how_they_ended_and_why(process: Process) -> None:
    expected = {("checkout", "failure", "own"): 1, ("checkout", "success", "none"): 1}
    assert process.shown("friction_deploys_total") == expected
    windows = process.shown("friction_window_deploys")
    assert windows == {
        (window, *labels): value
        for window in ("3d", "7d", "14d", "28d")
        for labels, value in expected.items()
    }


def test_what_is_done_in_flight_and_asked(process: Process) -> None:
    done = process.shown("friction_items_done_total")
    assert done == {("checkout", "feature"): 1}
    flying = process.shown("friction_items_in_flight")
    assert flying == {("platform",): 1}
    requests = process.shown("friction_window_requests")
    assert requests["28d", "platform", "opened"] == 1
    assert ("28d", "platform", "closed") not in requests
    process.send(event("ticket.done", 3, "PLT-1"))
    process.runner.turn()
    requests = process.shown("friction_window_requests")
    assert requests["28d", "platform", "closed"] == 1
    assert process.shown("friction_requests_closed_total") == {("platform",): 1}
    assert process.shown("friction_items_in_flight") == {}


def histogram(process: Process, name: str) -> HistogramSample:
    runner = process.runner
    families = business_families(runner.books, runner.directory, runner.model)
    family: Family = next(one for one in families if one.name == name)
    (sample,) = family.histograms
    return sample


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("friction_change_lead_time_seconds", 3 * 3_600),
        ("friction_deploy_recovery_seconds", 3_600),
        ("friction_flow_time_seconds", 3_600),
    ],
)
def test_spans_are_a_histogram(process: Process, name: str, seconds: int) -> None:
    bounds = (300, 900, 3_600, 14_400, 43_200, 86_400, 172_800, 345_600, 604_800)
    found = histogram(process, name)
    counts = tuple(int(seconds <= bound) for bound in bounds)
    assert found == HistogramSample(("checkout",), (*counts, 1, 1, 1), seconds, 1)


def test_the_spans_of_the_month_are_cumulated_by_their_length(process: Process) -> None:
    def spans(measure: str) -> dict[str, float]:
        shown = process.shown("friction_window_spans")
        return {
            labels[3]: value
            for labels, value in shown.items()
            if labels[:3] == ("28d", "checkout", measure)
        }

    found = spans("recovery")
    assert (found["900"], found["3600"], found["+Inf"]) == (0, 1, 1)
    assert len(found) == 13
    process.clock.ms += 29 * DAY
    process.runner.turn()
    assert spans("recovery") == {}
    assert histogram(process, "friction_deploy_recovery_seconds").observations == 1


def test_a_corrected_counter_stands_and_says_what_it_owes(process: Process) -> None:
    """D-1 was the platform's fault after all, which a turn after it was told."""
    later = {**FAILED, "cause_team": "platform", "revision": 2}
    process.send(later, event("ticket.cancelled", -1, "PLT-1"))
    process.runner.turn()
    assert process.shown("friction_deploys_total") == {
        ("checkout", "failure", "own"): 1,
        ("checkout", "failure", "other_team"): 1,
        ("checkout", "success", "none"): 1,
    }
    owed = process.shown("friction_correction_debt_occurrences")
    counter = "friction_deploys_total"
    assert owed == {(counter, "checkout", "", "", "failure", "own", ""): 1}
    window = process.shown("friction_window_deploys")
    assert ("3d", "checkout", "failure", "own") not in window
    assert window["3d", "checkout", "failure", "other_team"] == 1


def test_each_counter_owes_under_its_own_labels(process: Process) -> None:
    mistake = event("change.opened", 0, "PR-1", team="checkout", revision=2)
    process.send({**mistake, "work_class": "debt"})
    process.send(event("ticket.requested", 0, "PLT-1", team="checkout", revision=2))
    process.runner.turn()
    owed = process.shown("friction_correction_debt_occurrences")
    assert {labels for labels in owed if "items" in labels[0]} == {
        ("friction_items_done_total", "checkout", "", "", "", "", "feature")
    }


def test_a_window_is_known_from_the_first_that_was_told() -> None:
    """A deploy on Sunday 09:00, before any work: nothing accrued until Monday."""
    process = Process()
    early = event("deploy.finished", -24, "D-0", outcome="success", **_TILL)
    process.send(early, *EVENTS)
    process.caught_up()
    # It is Monday 12:55.
    day_and_more = (24 + 4) * 3_600 - 300
    expected = {(window,): day_and_more for window in ("3d", "7d", "14d", "28d")}
    assert process.shown("friction_window_known_seconds") == expected
    process.clock.ms += 4 * DAY
    process.runner.turn()
    shown = process.shown("friction_window_known_seconds")
    assert shown["3d",] == 3 * 86_400
    assert shown["28d",] == day_and_more + 4 * 86_400


def test_of_a_state_from_before_it_is_read_what_is_known(process: Process) -> None:
    before = process.shown("friction_window_known_seconds")
    changes = Changes()
    stored = json.loads(process.state.get_many("meta", [BOOKS])[BOOKS])
    changes.put("meta", BOOKS, json.dumps(stored[:6]).encode())
    process.state.commit(changes)
    process.start()
    assert process.runner.books.dirty
    process.caught_up()
    assert process.shown("friction_window_known_seconds") == before


def test_a_restart_shows_the_same(process: Process) -> None:
    names = (
        "friction_deploys_total",
        "friction_window_spans",
        "friction_window_known_seconds",
    )
    before = [process.shown(name) for name in names]
    process.start()
    process.caught_up()
    assert [process.shown(name) for name in names] == before


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(histories(most=10), st.randoms(use_true_random=False))
def test_every_window_is_what_evaluation_says(
    history: History, chance: random.Random
) -> None:
    directory = directory_of(teams_yaml(history.world))
    facts = facts_of(history.events, directory)
    chance.shuffle(facts)
    drive = Drive(directory, instant(history.instants[-1]), served=True)
    while facts:
        size = chance.randint(1, 6)
        drive.take(facts[:size])
        facts = facts[size:]
        drive.advance(drive.now + chance.randint(0, 3 * HOUR))
    at = drive.books.accounts.instants[0]
    families, timelines = drive.families(), drive.timelines()
    for days in (3, 7, 14, 28):
        truth = numbers_at(timelines, directory, DEFAULT_MODEL, at, days * DAY)
        for name, expected in delivered(truth).items():
            assert window(families.get(name, {}), days) == expected, name
        known = window(families.get("friction_window_known_seconds", {}), days)
        lasts = truth.delivered.days
        assert known == ({(): float(lasts * 86_400)} if lasts else {})
    whole = numbers_at(timelines, directory, DEFAULT_MODEL, at, None)
    debts = families.get("friction_correction_debt_occurrences", {})
    for counter, measure in (
        ("friction_deploys_total", "friction_window_deploys"),
        ("friction_items_done_total", "friction_window_items_done"),
    ):
        owed = {key[1:]: value for key, value in debts.items() if key[0] == counter}
        exact = {
            key: value - owed.get(placed(key), 0)
            for key, value in families.get(counter, {}).items()
        }
        assert {k: v for k, v in exact.items() if v} == delivered(whole)[measure]


def placed(labels: tuple[str, ...]) -> tuple[str, ...]:
    """A counter's labels among those of its debt."""
    if len(labels) == 3:
        return (labels[0], "", "", *labels[1:], "")
    return (labels[0], "", "", "", "", labels[1])


def delivered(truth: Numbers) -> dict[str, Samples]:
    """What windows show, out of the evaluation; nothing that is zero."""
    found: dict[str, Samples] = {
        "friction_window_deploys": {},
        "friction_window_items_done": {},
        "friction_window_requests": {},
    }
    for team, one in truth.delivered.teams.items():
        for (name, label), count in one.counts.items():
            key: Any = None
            if name == Measured.DEPLOYS:
                outcome = "success" if label == "none" else "failure"
                key = ("friction_window_deploys", (team, outcome, label))
            elif name == Measured.DONE:
                key = ("friction_window_items_done", (team, label))
            elif name in (Measured.REQUESTS_OPENED, Measured.REQUESTS_CLOSED):
                state = str(name).removeprefix("requests_")
                key = ("friction_window_requests", (team, state))
            if key and count:
                found[key[0]][key[1]] = count
    return found


def window(samples: Samples, days: int) -> Samples:
    return {
        key[1:]: value
        for key, value in samples.items()
        if key[0] == f"{days}d" and value
    }


def test_windows_forget_what_is_older(process: Process) -> None:
    process.clock.ms = MONDAY + 4 * DAY
    process.runner.turn()
    shown = process.shown("friction_window_deploys")
    assert ("3d", "checkout", "success", "none") not in shown
    assert shown["7d", "checkout", "success", "none"] == 1


@pytest.mark.parametrize("others", [False, True])
def test_a_span_of_no_length_is_in_the_histogram(*, others: bool) -> None:
    """Also where no team has any length at all."""
    process = Process()
    live = {"environment": "prod", "outcome": "success"}
    process.send(
        event("change.opened", 1, "PR-1", team="checkout", sha="a"),
        event("deploy.finished", 1, "D-1", team="checkout", shas=["a"], **live),
    )
    if others:
        process.send(
            event("change.opened", 1, "PR-2", team="platform", sha="b"),
            event("deploy.finished", 3, "D-2", team="platform", shas=["b"], **live),
        )
    process.caught_up()
    runner = process.runner
    families = business_families(runner.books, runner.directory, runner.model)
    (found,) = (
        one for one in families if one.name == "friction_change_lead_time_seconds"
    )
    totals = {one.labels: (one.observations, one.total) for one in found.histograms}
    assert totals == {
        ("checkout",): (1, 0.0),
        **({("platform",): (1, 7_200.0)} if others else {}),
    }
