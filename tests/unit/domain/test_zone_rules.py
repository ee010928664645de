"""Zones by their rules: the same calendars as by their names."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from monitor.domain.working_time import Hours, calendar_of
from monitor.domain.zone_rules import RuledZone, rules_of

HOUR = 3_600_000
# Of every kind: none, two a year, half an hour, Ramadan, a day left out (2011), over
# midnight, and one that ended.
ZONES = [
    "UTC",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Santiago",
    "Asia/Tehran",
]


def ms(year: int, month: int, day: int, hour: int) -> int:
    moment = dt.datetime(year, month, day, hour, tzinfo=dt.UTC)
    return int(moment.timestamp() * 1_000)


def test_rules_are_the_changes_of_the_clock() -> None:
    """In the summer of 2026 New York is 4 hours behind, from 8 March to 1 November."""
    of_2026 = [
        (at, offset)
        for at, offset in rules_of("America/New_York")
        if ms(2026, 1, 1, 0) <= at < ms(2027, 1, 1, 0)
    ]
    assert of_2026 == [
        (ms(2026, 3, 8, 7), -4 * HOUR),
        (ms(2026, 11, 1, 6), -5 * HOUR),
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("opens", "closes"), [(0, 1_440), (540, 1_020), (90, 150)])
@pytest.mark.slow
def test_by_its_rules_a_zone_has_the_same_working_time(
    zone: str, opens: int, closes: int
) -> None:
    named = Hours(zone, tuple(range(7)), opens, closes)
    ruled = Hours(zone, tuple(range(7)), opens, closes, rules=rules_of(zone))
    one, other = calendar_of(named), calendar_of(ruled)
    instants = range(ms(2011, 6, 1, 0), ms(2028, 1, 1, 0), 5 * HOUR)
    assert other.working_each(instants) == one.working_each(instants)


@pytest.mark.parametrize("zone", ZONES)
def test_each_reading_of_the_clock_is_that_of_the_zone(zone: str) -> None:
    """Around each change of 17 years, minute by the half hour, there and back."""
    ruled, named = RuledZone(rules_of(zone)), zoneinfo.ZoneInfo(zone)
    for at, _ in rules_of(zone):
        if not ms(2010, 1, 2, 0) < at < ms(2027, 1, 1, 0):
            continue
        for half in range(-60, 61):
            instant = dt.datetime.fromtimestamp(at // 1_000 + half * 1_800, dt.UTC)
            local, expected = instant.astimezone(ruled), instant.astimezone(named)
            assert local.replace(tzinfo=None) == expected.replace(tzinfo=None)
            for fold in (0, 1):
                reading = expected.replace(fold=fold)
                assert (
                    reading.replace(tzinfo=ruled).utcoffset() == reading.utcoffset()
                ), reading
            assert local.fold == expected.fold
