from __future__ import annotations

import pytest

from monitor.indicators.accounts import ACCOUNTANTS
from monitor.indicators.series import ACCRUING
from monitor.pipeline.readings import copy_of, reading_of
from tests.unit.pipeline.running import Process, event

_DAY = 24


@pytest.fixture
def process() -> Process:
    """An item of four weeks ago, one with a gap, and one that waits now."""
    process = Process()
    for number, hours in enumerate((-30 * _DAY, -10 * _DAY, 0)):
        key = f"CHK-{number}"
        process.send(
            event("ticket.started", hours, key, team="checkout", work_class="feature"),
            event("ticket.blocked", hours + 1, key, on_team="platform"),
        )
    process.send(event("ticket.unblocked", -2 * _DAY, "CHK-0"))
    process.send(event("ticket.done", -_DAY, "CHK-0"))
    process.caught_up()
    return process


def test_a_reading_holds_the_totals_of_every_instant(process: Process) -> None:
    accounts = process.runner.books.accounts
    reading = reading_of(copy_of(process.runner.books))
    accrued = {key: totals for key, totals, _ in reading.accrued}
    counted = {key: total for key, total, _ in reading.counted}
    assert (
        accrued.keys() | counted.keys() | reading.items.keys() == accounts.series.keys()
    )
    for key, series in accounts.series.items():
        expected = tuple(accounts.total(series, k) for k in range(ACCOUNTANTS))
        if key[0] in ACCRUING:
            assert accrued[key] == expected
        elif key in counted:
            assert counted[key] == expected[0]
        else:
            assert reading.items[key] == expected


def test_a_reading_does_not_change_with_the_books(process: Process) -> None:
    copied = copy_of(process.runner.books)
    before = reading_of(copied)
    process.send(
        event("ticket.unblocked", 2, "CHK-2"), event("ticket.done", 3, "CHK-2")
    )
    process.clock.ms += 3_600_000
    process.runner.turn()
    assert reading_of(copied) == before
    assert reading_of(copy_of(process.runner.books)) != before
