"""The accounts against a sum over all timelines, clipped at the same instants."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.working_time import DAY
from monitor.indicators.totals.instant import seconds
from monitor.indicators.totals.report import Numbers, numbers_at
from monitor.indicators.totals.series import Family
from monitor.pipeline.accounting import Accounted
from tests.harness.driving import Drive, Samples, directory_of, facts_of
from tests.harness.histories import History, histories
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import teams_yaml


def driven(history: History, chance: random.Random) -> Drive:
    """The history in shuffled batches, with time and restarts in between.

    Some batches come while catching up, when items are not evaluated at once.
    """
    directory = directory_of(teams_yaml(history.world))
    facts = facts_of(history.events, directory)
    chance.shuffle(facts)
    times = [instant(body["time"]) for body in history.events]
    start = chance.randrange(min(times), max(times) + 40 * DAY)
    drive = Drive(directory, start, served=chance.random() < 0.5)
    while facts:
        size = chance.randint(1, 6)
        deferring = chance.random() < 0.4
        if not deferring:
            drive.catch_up()
        drive.take(facts[:size], deferring=deferring)
        facts = facts[size:]
        if chance.random() < 0.3:
            drive.restart()
        if chance.random() < 0.6:
            drive.advance(drive.now + chance.randrange(30 * DAY))
    drive.catch_up()
    return drive


def window(samples: Samples, days: int) -> Samples:
    """The samples of one window that are not zero."""
    name = f"{days}d"
    return {
        key[1:]: value for key, value in samples.items() if key[:1] == (name,) and value
    }


def close(actual: Samples, expected: Samples) -> bool:
    """Whether the same series have the same values, to a microsecond."""
    return actual.keys() == expected.keys() and all(
        abs(actual[key] - expected[key]) < 1e-6 for key in expected
    )


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(most=10), st.randoms(use_true_random=False))
def test_every_window_is_the_clipped_sum_of_the_timelines(
    history: History, chance: random.Random
) -> None:
    drive = driven(history, chance)
    families, timelines = drive.families(), drive.timelines()
    at = drive.books.accounts.instants[0]
    for days in (3, 7, 14, 28):
        truth = numbers_at(timelines, drive.directory, DEFAULT_MODEL, at, days * DAY)
        waits: Samples = {k: float(seconds(v)) for k, v in truth.totals.waits.items()}
        active: Samples = {k: float(seconds(v)) for k, v in truth.totals.active.items()}
        items = {(team,): float(len(of)) for team, of in truth.totals.items.items()}
        shown = {name: window(samples, days) for name, samples in families.items()}
        assert close(shown.get("friction_window_wait_seconds", {}), waits)
        assert close(shown["friction_window_active_seconds"], active)
        assert shown.get("friction_window_items", {}) == items
        assert shown.get("friction_window_capacity_seconds", {}) == capacities(truth)


def capacities(truth: Numbers) -> Samples:
    """The capacity of each team that has one, where anything accrues at all."""
    return {
        (team,): float(cost.capacity)
        for team, cost in truth.costs.items()
        if cost.capacity and truth.start is not None
    }


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(most=10), st.randoms(use_true_random=False))
def test_counters_never_fall_and_are_exact_minus_their_debt(
    history: History, chance: random.Random
) -> None:
    directory = directory_of(teams_yaml(history.world))
    facts = facts_of(history.events, directory)
    chance.shuffle(facts)
    start = max(instant(body["time"]) for body in history.events)
    drive = Drive(directory, start, served=True)
    before: Samples = {}
    families: dict[str, Samples] = {}
    for fact in facts:
        drive.take([fact])
        families = drive.families()
        shown = families.get("friction_wait_seconds_total", {})
        assert all(shown.get(key, 0.0) >= value for key, value in before.items())
        before = shown
    truth = numbers_at(
        drive.timelines(),
        directory,
        DEFAULT_MODEL,
        drive.books.accounts.instants[0],
        None,
    )
    debts = families.get("friction_correction_debt_seconds", {})
    exact = {
        key: value - debts.get((*key, "", ""), 0.0) for key, value in before.items()
    }
    waits: Samples = {k: float(seconds(v)) for k, v in truth.totals.waits.items()}
    assert close({k: v for k, v in exact.items() if abs(v) > 1e-6}, waits)


def test_what_rises_and_falls_in_one_entry_holds_no_counter() -> None:
    """Parts that are entered together are shown together."""
    key = (Family.WAITS, "", "checkout", "platform", "ticket_blocked")
    drive = Drive(
        directory_of("version: 1\nteams: [{id: checkout}]\n"), 10 * DAY, served=True
    )
    rising = Accounted({key: {DAY: 5}}, [], [])
    falling = Accounted({key: {DAY: -3, 2 * DAY: 1}}, [], [])
    drive.books.enter([rising, falling], drive.directory)
    series = drive.books.accounts.series_of(key)
    assert drive.books.accounts.total(series, 0) == 3
    assert series.floor == 0
    # Entered apart, what was shown in between is held.
    drive.books.enter([Accounted({key: {DAY: -2}}, [], [])], drive.directory)
    assert series.floor == 3
