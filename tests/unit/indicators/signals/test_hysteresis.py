"""On after 14 days above, off after 14 days below 80 % of the threshold."""

from __future__ import annotations

from itertools import repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.indicators.signals.hysteresis import Standing, standing
from monitor.indicators.signals.judging import Judged

ABOVE = Judged(above=True, below=False)
BETWEEN = Judged(above=False, below=False)
BELOW = Judged(above=False, below=True)
OFF = Standing(active=False, since=None)


def plain(days: list[Judged | None]) -> Standing:
    """Day by day from the first one, as the specification puts it."""
    active, since, up, down = False, None, 0, 0
    for day, judged in enumerate(days):
        up = up + 1 if judged == ABOVE else 0
        down = down + 1 if judged in (None, BELOW) else 0
        if up == 14 and not active:
            active, since = True, day
        if down == 14:
            active, since = False, None
    return Standing(active, since)


def stood(days: list[Judged | None]) -> Standing:
    return standing(len(days) - 1, 0, days.__getitem__)


runs = st.lists(
    st.tuples(st.sampled_from([ABOVE, BETWEEN, BELOW, None]), st.integers(1, 20)),
    max_size=12,
).map(lambda found: [one for kind, length in found for one in repeat(kind, length)])


@settings(max_examples=200, deadline=None)
@given(runs)
def test_it_stands_as_if_every_day_had_been_gone_through(
    days: list[Judged | None],
) -> None:
    assert stood(days) == plain(days)
    undated = standing(len(days) - 1, 0, days.__getitem__, dated=False)
    assert undated.active == plain(days).active


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], OFF),
        ([ABOVE] * 13, OFF),
        ([ABOVE] * 14, Standing(active=True, since=13)),
        ([ABOVE] * 13 + [BETWEEN] + [ABOVE] * 13, OFF),
        ([ABOVE] * 14 + [BELOW] * 13, Standing(active=True, since=13)),
        ([ABOVE] * 14 + [BELOW] * 14, OFF),
        # Between the two nothing changes, for however long.
        ([ABOVE] * 14 + [BETWEEN] * 200, Standing(active=True, since=13)),
        # What cannot be judged turns nothing on, and something off.
        ([ABOVE] * 7 + [None] + [ABOVE] * 7, OFF),
        ([ABOVE] * 14 + [BELOW, None] * 7, OFF),
        # Turned on again: since the second time.
        ([ABOVE] * 20 + [BELOW] * 14 + [ABOVE] * 15, Standing(active=True, since=47)),
    ],
)
def test_how_many_days_it_takes(days: list[Judged | None], expected: Standing) -> None:
    assert stood(days) == expected


def test_days_before_the_run_that_turned_it_off_are_not_asked_for() -> None:
    asked: list[int] = []

    def judged_on(day: int) -> Judged:
        asked.append(day)
        return BELOW

    assert standing(1_000, 0, judged_on) == OFF
    assert asked == list(range(1_000, 986, -1))


def test_without_a_date_days_before_the_run_that_turned_it_on_are_not_either() -> None:
    asked: list[int] = []

    def judged_on(day: int) -> Judged:
        asked.append(day)
        return ABOVE

    assert standing(1_000, 0, judged_on, dated=False).active
    assert asked == list(range(1_000, 986, -1))
