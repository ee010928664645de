"""True shares and trends of weeks, held to numbers worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.simulate.truth.true_judging import TrueReading
from monitor.simulate.truth.true_trends import slope, weeks_of
from tests.unit.simulate.truth.true_worlds import Told, date, team_of

# Four stream teams of one person work 4 x 5 x 8 hours a week.
WEEK = 4 * 5 * 28_800


def cost(told: Told, week: int, tooling: int, other: int) -> None:
    """Seconds waited on the Monday of a week, for platform and for somebody else."""
    told.waited(week * 7, tooling)
    told.waited(week * 7, other, "search", "review_wait")


# Signal 2: slow because of tooling.


def test_the_share_is_that_of_the_median_week() -> None:
    """One outage: 1/10, 9/10, 1/10, 1/5 of four weeks, so (1/10 + 1/5) / 2."""
    told = Told()
    for week, (tooling, other) in enumerate(((1, 9), (9_000, 1_000), (1, 9), (1, 4))):
        cost(told, week, tooling, other)
    assert told.ratio("slow_tooling", 26) is None
    assert told.reading("slow_tooling", 27) == TrueReading(Fraction(3, 20), "below")


def test_a_week_without_cost_has_no_share() -> None:
    told = Told()
    cost(told, 0, 1, 9)
    cost(told, 2, 1, 1)
    cost(told, 3, 9, 1)
    assert told.ratio("slow_tooling", 27) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("tooling", "other", "judged"),
    [
        (28_800, 28_800, "above"),
        (28_799, 28_800, "between"),
        (28_799, 28_799, "between"),
        (40_000, 6_079, "below"),
        (23_040, 34_560, "between"),
        (23_039, 34_561, "below"),
    ],
)
def test_half_of_the_cost_and_a_tenth_of_capacity(
    tooling: int, other: int, judged: str
) -> None:
    """A tenth of the week's 576,000 s is 57,600; 80 % of that are 46,080."""
    assert WEEK == 576_000
    told = Told()
    for week in range(4):
        cost(told, week, tooling, other)
    assert told.reading("slow_tooling", 27).judged == judged


def complaints(told: Told, week: int, count: int, team: str = "search") -> None:
    for _ in range(count):
        told.note("complained", week * 7 + 1, team, what="tooling")


def test_complaints_have_doubled_against_the_84_days_before() -> None:
    """9 in twelve weeks are 3 in 28 days; the median of 0, 1, 2, 9, four times, is 6.

    Only tickets of stream teams count, and no cost is known at all.
    """
    told = Told()
    told.note("complained", 0, "search", what="infra")
    complaints(told, 5, 8)
    for week, count in ((12, 0), (13, 1), (14, 2), (15, 9)):
        complaints(told, week, count)
        complaints(told, week, 50, "platform")
    assert told.reading("slow_tooling", 111) == TrueReading(None, "above")
    complaints(told, 6, 1)
    # Against 10/3 it is 1.8; and of 12, that is 4 in 28 days, 1.5.
    assert told.reading("slow_tooling", 111).judged == "between"
    complaints(told, 7, 2)
    assert told.reading("slow_tooling", 111).judged == "below"


def test_complaints_are_those_of_ten_engineers() -> None:
    """6 in 28 days against 3 are twice as many, of three times the people 2/3."""
    for grown, judged in ((112, "above"), (100, "below")):
        team = team_of("search", "stream", (None, 1), (date(grown), 3))
        told = Told(teams=(team,))
        told.note("complained", 0, "search", what="tooling")
        complaints(told, 0, 8)
        for week, count in ((12, 0), (13, 1), (14, 2), (15, 9)):
            complaints(told, week, count)
        assert told.reading("slow_tooling", 111).judged == judged


def test_complaints_are_no_trend_where_they_are_few_or_new() -> None:
    """All the while nothing is waited for, which is no burden: it is below."""
    told = Told()
    told.worked(0, 1)
    for week in range(12, 16):
        complaints(told, week, 3)
    # Before there was none: nothing is doubled.
    assert told.reading("slow_tooling", 111) == TrueReading(None, "below")
    complaints(told, 3, 1)
    assert told.reading("slow_tooling", 111).judged == "above"
    # Not before there are 112 days.
    later = Told(notes=told.notes)
    assert later.reading("slow_tooling", 111).judged == "below"
    few = Told()
    few.note("complained", 0, "search", what="tooling")
    for week in range(12, 16):
        complaints(few, week, 1)
    assert few.reading("slow_tooling", 111).judged == "below"
    complaints(few, 15, 1)
    # The median is 1: 4 now against a third.
    assert few.reading("slow_tooling", 111).judged == "above"


def test_weeks_are_whole_and_end_with_the_window() -> None:
    assert weeks_of(range(3, 17)) == [range(3, 10), range(10, 17)]


# Signal 6: upkeep is neglected.


def test_the_slope_of_four_weeks() -> None:
    """Of 2, 4, 3 and 7 per cent: 1.4 points a week."""
    assert slope([Fraction(2), Fraction(4), Fraction(3), Fraction(7)]) == Fraction(7, 5)


def test_a_slope_of_weeks_of_which_half_is_known() -> None:
    """Through (1, 5) and (3, 6)."""
    assert slope([None, Fraction(5), None, Fraction(6)]) == Fraction(1, 2)
    assert slope([None, Fraction(5), None, Fraction(6), None]) is None
    assert slope([Fraction(5)]) is None


def twelve_weeks(upkeep: int) -> Told:
    """Of each week 100 s, some of it for upkeep."""
    told = Told()
    for week in range(12):
        told.worked(week * 7, upkeep, "debt" if week % 2 else "risk")
        told.worked(week * 7, 100 - upkeep)
        told.worked(week * 7, 500, "debt", team="security")
    return told


def test_upkeep_is_a_share_of_active_time_of_84_days() -> None:
    told = twelve_weeks(14)
    share = Fraction(14, 100)
    assert told.ratio("upkeep_neglected", 82) is None
    # Nothing grows, and of deploys nothing is known.
    assert told.reading("upkeep_neglected", 83) == TrueReading(share, "below")
    # Monday of the first week is out: eleven weeks are like twelve.
    assert told.ratio("upkeep_neglected", 84) == share


@pytest.mark.parametrize(
    ("upkeep", "judged"),
    [(14, "above"), (15, "between"), (18, "between"), (19, "below")],
)
def test_it_is_judged_where_something_grows(upkeep: int, judged: str) -> None:
    flaky = twelve_weeks(upkeep)
    flaky.waited(80, 60, "platform", "ci_flaky")
    assert flaky.reading("upkeep_neglected", 83).judged == judged
    failing = twelve_weeks(upkeep)
    failing.note("deployed", 80, "platform", what="failed")
    for week in range(6, 12):
        failing.note("deployed", week * 7, "search", what="ok")
        failing.note("deployed", week * 7, "platform", what="failed")
    assert failing.reading("upkeep_neglected", 83).judged == "below"
    failing.note("deployed", 80, "search", what="failed")
    assert failing.reading("upkeep_neglected", 83).judged == judged


def test_rework_grows() -> None:
    told = twelve_weeks(10)
    told.worked(77, 10, "rework")
    share = Fraction(120, 1_210)
    assert told.reading("upkeep_neglected", 83) == TrueReading(share, "above")
    for _ in range(2):
        told.worked(0, 10, "rework")
    share = Fraction(120, 1_230)
    assert told.reading("upkeep_neglected", 83) == TrueReading(share, "below")


def test_flaky_runs_fall() -> None:
    told = twelve_weeks(10)
    told.waited(0, 60, "platform", "ci_flaky")
    assert told.reading("upkeep_neglected", 83).judged == "below"


def test_a_week_in_which_nobody_worked_says_nothing_of_flaky_runs() -> None:
    """As much in each of the six weeks in which anybody worked is no rise."""
    told = Told()
    told.note("complained", 0, "search", what="tooling")
    for week in range(6, 12):
        told.worked(week * 7, 100)
        told.waited(week * 7, 60, "platform", "ci_flaky")
    assert told.reading("upkeep_neglected", 83).judged == "below"
    told.waited(77, 1, "platform", "ci_flaky")
    assert told.reading("upkeep_neglected", 83).judged == "above"
