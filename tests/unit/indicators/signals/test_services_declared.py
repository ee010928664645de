"""Signal 3: cost on service pairs is of when the pair was declared, to the instant.

Dates of a teams file begin at midnight in the organisation's zone (docs/directory.md),
days of readings in UTC: so a declaration begins and ends inside of a day.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.domain.signal_rules import Signal
from tests.harness.driving import directory_of
from tests.unit.indicators.signals.story import TEAMS, Story


def told(zone: str, served: str, *incidents: tuple[int, str, int, str]) -> Story:
    """Incidents of `search` that `data` caused, from a day and time (UTC) to another.

    They cost round the clock, second by second.
    """
    text = TEAMS.replace("zone: UTC", f"zone: {zone}")
    text = text.replace("[{team: search, from: 2026-01-01}]", served)
    story = Story(directory=directory_of(text))
    for number, (day, start, until, end) in enumerate(incidents):
        key, cause = f"INC-{number}", {"team": "search", "cause_team": "data"}
        story.tell("incident.opened", day, start, key, **cause)
        story.tell("incident.mitigated", until, end, key)
    return story


def share(story: Story, day: int) -> Fraction | None:
    return story.reading(Signal.HARD_INTERFACES, day).parts[1].value


ONE_DAY = "[{team: search, from: 2026-01-06, to: 2026-01-07}]"


# Tuesday is from Tuesday 05:00 to Wednesday 05:00 UTC in New York, in Tokyo from Monday
# 15:00 to Tuesday 15:00.
SIX_OF_SEVEN_HOURS = {
    "America/New_York": [(1, "20:00", 2, "02:00"), (2, "15:00", 2, "16:00")],
    "Asia/Tokyo": [(0, "16:00", 0, "22:00"), (1, "16:00", 1, "17:00")],
}


@pytest.mark.parametrize("zone", SIX_OF_SEVEN_HOURS)
def test_a_day_is_the_organisations(zone: str) -> None:
    story = told(zone, ONE_DAY, *SIX_OF_SEVEN_HOURS[zone])
    assert share(story, 2) == Fraction(6, 7)


def test_what_goes_on_when_a_declaration_begins_and_ends_is_cut_there() -> None:
    """Of the 32 hours from Tuesday 00:00 UTC on five are before, three after it."""
    waits = [(1, "00:00", 2, "00:00"), (2, "00:00", 2, "08:00")]
    assert share(told("America/New_York", ONE_DAY, *waits), 2) == Fraction(24, 32)


def test_a_team_that_is_served_by_name_and_as_everybody_is_served_once() -> None:
    served = '[{team: search, from: 2026-01-06}, {team: "*", from: 2026-01-06}]'
    waits = [(0, "00:00", 0, "12:00"), (1, "00:00", 1, "12:00")]
    assert share(told("UTC", served, *waits), 2) == Fraction(1, 2)
