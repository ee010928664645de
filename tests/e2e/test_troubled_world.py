"""A troubled world by the product: each signal turns on, and off again."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, partial

import pytest

from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.signal_rules import SIGNALS, Signal
from monitor.domain.working_time import DAY
from monitor.indicators.signals.history import History, Window
from monitor.indicators.signals.report import Judging, history_at
from monitor.indicators.signals.slow_tooling import BURDEN
from monitor.indicators.signals.standings import reading_on, standing_of
from monitor.pipeline.batch import stored_marks
from monitor.simulate.notes import Note, NoteSort
from monitor.simulate.plan import stories
from monitor.simulate.settings import Simulation
from monitor.simulate.troubles.trouble_phases import Phase, phases_of
from monitor.simulate.world import SimulatedWorld, simulate
from tests.e2e.test_true_ledger import batch_of
from tests.e2e.worlds import TROUBLED, TROUBLED_SEEDS, troubled


def history_in(world: SimulatedWorld) -> History:
    """What the product's signals read of the world's records."""
    batch = batch_of(world)
    marks = stored_marks(batch.state, batch.directory, batch.rules)
    judging = Judging(batch.directory, DEFAULT_MODEL, batch.rules)
    return history_at(batch.timelines(), marks, judging, batch.at)


def on_by_day(history: History, days: range) -> list[set[Signal]]:
    """The signals that are on when each day has ended."""
    assert history.first is not None
    on: list[set[Signal]] = [set() for _ in days]
    for signal in SIGNALS:
        read = cache(partial(reading_on, signal, history))
        for place, day in enumerate(days):
            if standing_of(signal, day, history.first, read).active:
                on[place].add(signal)
    return on


@pytest.mark.slow
@pytest.mark.parametrize("seed", TROUBLED_SEEDS)
def test_every_signal_is_off_then_on_then_off(seed: int) -> None:
    world = troubled(seed)
    before, trouble, after = phases_of(world.config)
    first = before.start // DAY
    on = on_by_day(history_in(world), range(first, after.end // DAY))
    assert set.union(*on[: trouble.start // DAY - first]) == set()
    assert on[trouble.end // DAY - first] == set(SIGNALS)
    assert set.union(*on[-14:]) == set()


def notes_in(world: SimulatedWorld, sort: NoteSort, phase: Phase) -> list[Note]:
    """The notes of a sort that begin in a phase."""
    return [
        note
        for _, lives in stories(world.config, world.organisation)
        for life in lives
        for note in life.notes
        if note.sort == sort and phase.start <= note.time < phase.end
    ]


def test_three_flaws_that_are_each_found_in_every_team_are_no_sign() -> None:
    """By teams alone these would be three classes, and all findings there are."""
    world = troubled(1)
    calm, *_ = phases_of(world.config)
    teams, flaws = defaultdict(set), defaultdict(set)
    for note in notes_in(world, "found", calm):
        teams[note.what].add(note.team)
        flaws[note.what].add(note.detail)
    assert [len(found) for found in teams.values()] == [5, 5, 5]
    assert [len(found) for found in flaws.values()] == [1, 1, 1]


def test_many_questions_of_one_team_are_no_sign() -> None:
    world = troubled(1)
    calm, *_ = phases_of(world.config)
    asked = Counter(note.team for note in notes_in(world, "how_to", calm))
    assert asked == {"checkout": 10}


@pytest.mark.slow
@TROUBLED[0]
def test_one_week_without_a_platform_is_no_sign() -> None:
    """In that week alone waiting was more than a tenth of capacity."""
    world = troubled(1)
    calm, *_ = phases_of(world.config)
    history = history_in(world)
    weeks = Window(calm.start // DAY, calm.end // DAY - 1).weeks
    burdens = [
        history.daily.cost_seconds(sum(history.waited_by_team(week).values()))
        / sum(history.capacity(week).values())
        for week in weeks
    ]
    assert [burden >= BURDEN for burden in burdens].count(True) == 1
    assert sum(burdens) < BURDEN * len(weeks) / 2


def test_a_troubled_world_of_fewer_days_is_refused() -> None:
    with pytest.raises(ValueError, match="280 days"):
        list(simulate(Simulation(days=279, habits="troubled")).records())
