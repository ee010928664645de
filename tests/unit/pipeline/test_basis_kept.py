"""A state of before the version followed the parameters is the state of them still."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from monitor.domain.facts import digest
from monitor.domain.model import DEFAULT_MODEL
from monitor.pipeline import restating
from monitor.pipeline.ports import Changes
from monitor.pipeline.restating import start_due
from monitor.pipeline.stored_teams import zones_of
from tests.unit.pipeline.running import Process
from tests.unit.pipeline.test_runner import BLOCKED, STARTED


def stored_before(central: Fraction, d0_ms: int, process: Process) -> bytes:
    """What a program whose models all were version 1 wrote of these parameters."""
    model: tuple[Any, ...] = (
        *("1", Fraction(0), central, Fraction(1), d0_ms, 300_000, 5, 10, True, True),
        *(10, 5, Fraction(1, 20), Fraction(3, 10), ("production", "prod", "live", "")),
    )
    directory = process.runner.directory
    by = (restating._RULES, model, zones_of(directory))
    return f"{directory.hash}/{digest(repr(by))}".encode()


@pytest.mark.parametrize(
    ("central", "d0_ms", "version"),
    [(Fraction(1, 4), 900_000, "1"), (Fraction(1, 2), 1_800_000, "1-197ec902")],
)
def test_a_start_with_the_parameters_of_before_evaluates_nothing(
    central: Fraction, d0_ms: int, version: str
) -> None:
    model = replace(DEFAULT_MODEL, omega_central=central, d0_ms=d0_ms)
    assert model.version == version
    process = Process(model=model)
    process.send(STARTED, BLOCKED)
    process.caught_up()
    stored = stored_before(central, d0_ms, process)
    process.state.commit(Changes(puts={"meta": {"basis": stored}}))
    assert start_due(process.state, process.runner.directory, model) == ""
    before = process.state.commits, process.state.get_many("timelines", ["T-1"])
    assert before[1] != {}
    process.start()
    after = process.state.commits, process.state.get_many("timelines", ["T-1"])
    assert after == before
