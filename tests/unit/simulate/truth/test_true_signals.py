"""The seven signals day by day, and how a world writes them."""

from __future__ import annotations

import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from monitor.domain.working_time import DAY
from monitor.simulate.settings import Simulation
from monitor.simulate.truth.true_signals import (
    SIGNALS,
    TrueStanding,
    signals,
    signals_by_day,
)
from monitor.simulate.world import simulate
from monitor.simulate.write import signal_line, write_directory
from tests.unit.simulate.truth.true_worlds import FIRST, STREAMS, Told, at


def asked_from(day: int) -> Told:
    """Four teams do one thing in four ways, told on one day."""
    told = Told()
    for team in STREAMS:
        told.note("uses", day, team, what="ci", detail=team, until=day)
    return told


def test_a_signal_is_on_from_its_14th_day_until_14_days_without_anything() -> None:
    """D is 1 on days 3 to 92, and afterwards there is none."""
    told = asked_from(3)
    signal = "different_ways"
    assert told.standing(signal, 15) == TrueStanding(
        signal, FIRST + 15, Fraction(1), True, False, False, None
    )
    assert told.standing(signal, 16)[5:] == (True, at(17))
    assert told.standing(signal, 105) == TrueStanding(
        signal, FIRST + 105, None, None, None, True, at(17)
    )
    assert told.standing(signal, 106)[5:] == (False, None)


def test_only_whole_days_are_read() -> None:
    told = asked_from(3)
    days = {one.day for one in signals(told.history, at(9, "23:59"))}
    assert days == {FIRST + 8}
    days = {one.day for one in signals(told.history, at(10))}
    assert days == {FIRST + 9}


@pytest.mark.slow
def test_days_read_together_are_those_read_one_by_one() -> None:
    history = asked_from(3).history
    found = defaultdict(list)
    for one in signals_by_day(history, at(120, "12:00")):
        found[one.day].append(one)
    assert list(found) == list(range(FIRST + 3, FIRST + 120))
    for day, standings in found.items():
        assert tuple(standings) == signals(history, (day + 1) * DAY)


def test_where_nothing_is_known_nothing_is_on() -> None:
    found = signals(Told().history, at(10))
    assert [one.signal for one in found] == list(SIGNALS)
    assert {one[2:] for one in found} == {(None, None, None, False, None)}
    assert list(signals_by_day(Told().history, at(10))) == []


def test_a_ratio_a_judgement_or_being_on_is_something_to_tell() -> None:
    nothing = TrueStanding("slow_tooling", FIRST, None, None, None, False, None)
    assert not nothing.is_known
    assert nothing._replace(ratio=Fraction(0)).is_known
    assert nothing._replace(above=False, below=True).is_known
    assert nothing._replace(active=True, since=at(0)).is_known


def test_a_standing_is_written_as_plain_values() -> None:
    standing = TrueStanding(
        "different_ways", FIRST, Fraction(1, 4), False, True, True, at(0)
    )
    assert signal_line(standing) == {
        "signal": "different_ways",
        "day": "2026-01-05",
        "ratio": 0.25,
        "above": False,
        "active": True,
        "since": "2026-01-05T00:00:00Z",
    }
    unknown = standing._replace(ratio=None, above=None, active=False, since=None)
    assert [*signal_line(unknown).values()][2:] == [None, None, False, None]


@pytest.mark.slow
def test_a_world_is_written_with_every_day_of_which_anything_is_known(
    tmp_path: Path,
) -> None:
    world = simulate(Simulation(teams=5, days=35))
    write_directory(world, tmp_path)
    lines = (tmp_path / "signals.jsonl").read_text(encoding="utf-8").splitlines()
    written = [json.loads(line) for line in lines]
    known = [one for one in world.signals() if one.is_known]
    assert written == [signal_line(one) for one in known]
    assert {one["signal"] for one in written} > {"slow_tooling", "hard_interfaces"}
    assert len(written) < len(list(world.signals()))
