"""Measured beside true: what is shown of the seven signals is what is true of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import pytest

from monitor.adapters.state.memory import MemoryState
from monitor.domain.working_time import DAY, HOUR
from monitor.indicators.signals.report import Judging, history_at
from monitor.indicators.signals.standings import Standing, last_day, standings
from monitor.pipeline.batch import Batch, stored_marks
from monitor.simulate.settings import Disorder, Simulation
from monitor.simulate.truth import true_signals
from monitor.simulate.truth.true_days import history_of
from monitor.simulate.truth.true_signals import SIGNALS, TrueStanding
from monitor.simulate.world import SimulatedWorld, simulate
from tests.e2e.test_true_ledger import batch_of
from tests.e2e.worlds import TROUBLED_SEEDS, troubled

pytestmark = pytest.mark.slow

# What is true, and what was measured instead.
Difference = tuple[TrueStanding, TrueStanding]


def measured(batch: Batch, instants: Iterable[int]) -> Iterator[TrueStanding]:
    """What the product makes of the batch on the last whole day before each instant.

    Of what items say to the signals only what was said by then: later it is not known.
    """
    timelines = batch.timelines()
    marks = list(stored_marks(batch.state, batch.directory, batch.rules))
    by = Judging(batch.directory, batch.model, batch.rules)
    for at in instants:
        known = [mark for mark in marks if mark.start <= at]
        for found in standings(history_at(timelines, known, by, at), at):
            yield as_true(found, last_day(at))


def as_true(found: Standing, day: int) -> TrueStanding:
    """The product's standing in the simulator's words."""
    judged = found.reading.judged
    above, below = judged or (None, None)
    signal, ratio = str(found.signal), found.reading.ratio
    return TrueStanding(signal, day, ratio, above, below, found.active, found.since)


@lru_cache(maxsize=1)
def signals_of(world: SimulatedWorld) -> tuple[TrueStanding, ...]:
    """What is true, drawn once for all that a test asks."""
    return tuple(world.signals())


def differences(world: SimulatedWorld, instants: Iterable[int]) -> list[Difference]:
    """Every signal that was measured otherwise than it is true, at any instant."""
    true = {(one.signal, one.day): one for one in signals_of(world)}
    found = measured(batch_of(world), instants)
    pairs = ((true[one.signal, one.day], one) for one in found)
    return [(truth, seen) for truth, seen in pairs if truth != seen]


def instants_of(world: SimulatedWorld, count: int) -> list[int]:
    """Instants all over the world, on other days and at other hours, the end last."""
    start, end = world.config.from_ms + 2 * DAY, world.config.until_ms
    step = (end - start) // (count - 1)
    return [*(start + n * step + n % 24 * HOUR // 2 for n in range(count - 1)), end]


def known_in(world: SimulatedWorld, instants: Sequence[int]) -> set[str]:
    """The signals that truly have a ratio on the last whole day before an instant."""
    days = {last_day(at) for at in instants}
    return {
        one.signal
        for one in signals_of(world)
        if one.day in days and one.ratio is not None
    }


def on_in(world: SimulatedWorld, instants: Sequence[int]) -> dict[str, list[bool]]:
    """For each signal whether it truly is on at each instant."""
    active = {(one.signal, one.day): one.active for one in signals_of(world)}
    days = [last_day(at) for at in instants]
    return {name: [active[name, day] for day in days] for name in SIGNALS}


# No label says anything in the usual worlds, so nothing is known of the other two.
USUAL = {
    "slow_tooling",
    "hard_interfaces",
    "leaders_decide",
    "platform_postponed",
    "upkeep_neglected",
}


def test_measured_signals_are_the_true_ones_on_disorderly_records() -> None:
    world = simulate(Simulation(teams=6, days=115, seed=4, load=0.05))
    instants = instants_of(world, 24)
    assert len({last_day(at) for at in instants}) == 24
    assert differences(world, instants) == []
    assert known_in(world, instants) == USUAL


@pytest.mark.parametrize("seed", TROUBLED_SEEDS)
def test_measured_signals_are_the_true_ones_as_each_turns_on_and_off(seed: int) -> None:
    world = troubled(seed)
    first, last = (at // DAY for at in (world.config.from_ms, world.config.until_ms))
    instants = [day * DAY for day in range(first + 2, last + 1)]
    # A turn on another day shows in `since` for as long as the signal stays so; the
    # two worlds are looked at on other days.
    assert differences(world, instants[seed * 6 % 12 :: 12]) == []
    for name, states in on_in(world, instants).items():
        turns = sum(one != other for one, other in pairwise(states))
        assert (states[0], turns, states[-1]) == (False, 2, False), name


def test_measured_signals_are_the_true_ones_after_more_than_a_year() -> None:
    """No more than a year is looked back for."""
    world = simulate(Simulation(teams=6, days=440, seed=4, load=0.04))
    instants = instants_of(world, 13)
    assert differences(world, instants) == []
    assert known_in(world, instants) == USUAL


def test_measured_signals_are_the_true_ones_whatever_happens_in_jira() -> None:
    disorder = Disorder(late_share=0.05, repeated_share=0.05, redelivered_share=0.05)
    config = Simulation(
        teams=6, days=115, seed=9, disorder=disorder, jira_share=1.0, load=0.05
    )
    world = simulate(replace(config, jira_ways="all"))
    assert differences(world, instants_of(world, 20)) == []


def test_measured_signals_are_what_was_true_as_far_as_was_known_then() -> None:
    """At midnight a failed run may be nobody's that is a flaky one's tomorrow."""
    world = simulate(Simulation(teams=6, days=40, seed=3))
    hindsight = {(one.signal, one.day): one for one in world.signals()}
    end, first = batch_of(world), world.config.from_ms // DAY
    changed = set()
    for at in [(first + day) * DAY for day in (33, 34, 35)]:
        batch = Batch(MemoryState(), end.directory, end.settings, end.model, at)
        batch.read(world.records())
        history = history_of(world.truths(at), world.organisation)
        true = true_signals.signals(history, at)
        assert tuple(measured(batch, [at])) == true
        changed |= {one for one in true if one != hindsight[one.signal, one.day]}
    assert changed


def test_lost_records_are_noticed() -> None:
    """The comparison can fail: with records lost, measured is not true."""
    config = Simulation(teams=6, days=40, complete=False, lost_share=0.2)
    world = simulate(config)
    assert differences(world, instants_of(world, 4))
