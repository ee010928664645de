"""What teams had to spend, by the names as they are shown."""

from __future__ import annotations

from monitor.indicators.totals.cost import capacity_between
from monitor.pipeline.showing.payroll import Payroll
from monitor.pipeline.showing.readings import Reading, reading_of
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant
from tests.harness.scenarios import event

NOW = instant("2026-03-23T16:00:00Z")
FIRST = instant("2026-03-02T10:00:00Z")
DIRECTORY = directory_of(
    """
version: 1
teams:
  - {id: checkout, headcount: 4}
  - {id: tiny, headcount: 2, domain: shop}
  - {id: small, headcount: 1.5, domain: shop, calendar: {zone: America/New_York}}
  - {id: silent}
"""
)
MERGED = {"tiny": "domain:shop", "small": "domain:shop"}


def reading() -> Reading:
    """Something was first charged on Monday 2 March at 10:00."""
    drive = Drive(DIRECTORY, NOW, served=True)
    begun = event("ticket.started", "2026-03-02 10:00", "A-1", team="silent")
    drive.take(facts_of([begun], DIRECTORY))
    return reading_of(drive.books)


def alone(team: str, start: int, end: int = NOW) -> object:
    return capacity_between(DIRECTORY.teams[team], start, end)


def test_capacity_begins_with_what_was_measured_first() -> None:
    payroll = Payroll(reading(), DIRECTORY, {})
    # 28 and 14 days before, which is Monday 9 March.
    assert payroll.capacity("checkout", 4) == alone("checkout", FIRST)
    fortnight = instant("2026-03-09T16:00:00Z")
    assert payroll.capacity("checkout", 4, 3) == alone("checkout", FIRST, fortnight)
    assert payroll.capacity("checkout", 3) == alone("checkout", fortnight)


def test_teams_shown_together_have_what_each_has_by_its_own_calendar() -> None:
    payroll = Payroll(reading(), DIRECTORY, MERGED)
    found = capacity_between(DIRECTORY.teams["tiny"], FIRST, NOW)
    more = capacity_between(DIRECTORY.teams["small"], FIRST, NOW)
    assert found is not None
    assert more is not None
    assert payroll.capacity("domain:shop", 4) == found + more
    assert payroll.capacity("tiny", 4) is None


def test_who_states_no_headcount_has_none() -> None:
    payroll = Payroll(reading(), DIRECTORY, MERGED)
    assert payroll.capacity("silent", 4) is None
    assert payroll.capacity("unknown", 4) is None
