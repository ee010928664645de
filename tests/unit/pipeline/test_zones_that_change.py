"""Another database of time zones than the one that stored sums were worked out with."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.domain.model import DEFAULT_MODEL
from monitor.pipeline.restating import OTHER_ZONES, start_due
from tests.harness.driving import directory_of
from tests.harness.zone_database import ZONE, Means, zone_database
from tests.unit.pipeline.running import TEAMS, Process
from tests.unit.pipeline.test_runner import (
    AT_ONE,
    BLOCKED,
    CAPACITY,
    CHRONIC,
    DEBT,
    STARTED,
    total,
)

THERE = TEAMS.replace("{name: Acme}", f"{{name: Acme, calendar: {{zone: {ZONE}}}}}")


@pytest.fixture
def means(tmp_path: Path) -> Iterator[Means]:
    with zone_database(tmp_path) as update:
        yield update


def caught_up() -> Process:
    """A service that has shown what was begun and blocked."""
    process = Process(teams=THERE)
    process.send(STARTED, BLOCKED)
    process.caught_up()
    return process


def test_history_is_worked_out_anew_and_no_counter_falls(means: Means) -> None:
    """What was from 9 to 17 UTC is from 12 to 20: waited since 12, not since 10."""
    means("Etc/GMT")
    process = caught_up()
    before = process.shown(CAPACITY)["checkout",]
    assert (total(process), before) == (AT_ONE, 4 * (4 * 3_600 - 300))
    means("Etc/GMT+3")
    with capture_logs() as logs:
        process.start()
    (told,) = [one for one in logs if "zones" in one]
    assert told["zones"] == [ZONE]
    process.caught_up()
    waited = 55 * 60
    window = process.shown("friction_window_wait_seconds")
    assert window["3d", *CHRONIC] == waited - 900
    capacity = process.shown("friction_window_capacity_seconds")
    assert capacity["3d", "checkout"] == 4 * waited
    debts = process.shown(DEBT)
    assert total(process) == AT_ONE
    assert debts[*CHRONIC, "", ""] == AT_ONE - (waited - 900)
    assert process.shown(CAPACITY)["checkout",] == before
    assert debts["checkout", "", "", "", "", ""] == before - 4 * waited


def test_the_same_rules_change_nothing(means: Means) -> None:
    means("Etc/GMT")
    process = caught_up()
    means("Etc/UTC")
    with capture_logs() as logs:
        process.start()
    assert not [one for one in logs if "zones" in one]
    assert process.state.get_many("timelines", ["T-1"]) != {}


def test_a_zone_that_is_no_more_is_known_by_its_rules(means: Means) -> None:
    """Where a team has moved to one that is there."""
    means("Etc/GMT")
    process = caught_up()
    means("Etc/GMT+3")
    zoneinfo.reset_tzpath(to=[])
    process.start(TEAMS)
    process.caught_up()
    assert total(process) == AT_ONE
    assert not process.shown(DEBT).get((*CHRONIC, "", ""))


def test_the_state_tells_that_a_start_is_due(means: Means) -> None:
    means("Etc/GMT")
    process = caught_up()
    assert start_due(process.state, directory_of(THERE), DEFAULT_MODEL) == ""
    means("Etc/GMT+3")
    assert start_due(process.state, directory_of(THERE), DEFAULT_MODEL) == OTHER_ZONES
    process.start()
    process.caught_up()
    assert start_due(process.state, directory_of(THERE), DEFAULT_MODEL) == ""
