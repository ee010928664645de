"""Figures beside each other: equal on complete records, and by how much not else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from monitor.domain.outcomes import Record
from monitor.domain.working_time import HOUR, to_ms
from monitor.simulate.truth.costs import Entry
from tests.accuracy.__main__ import tables
from tests.accuracy.comparison import Outcome, Sample, compared
from tests.accuracy.damage import DAMAGES, lost, told_by
from tests.accuracy.figures import WINDOW, Figures, Measured, true_figures
from tests.accuracy.tables import MARKS, PAGE, with_tables
from tests.harness.driving import directory_of
from tests.harness.scenarios import WORLD, teams_yaml


@pytest.fixture(scope="module")
def sample() -> Sample:
    """A small world of two stream teams."""
    return Sample(teams=4, days=30, seed=3)


def test_measured_is_true_to_the_last_fraction_when_nothing_is_damaged(
    sample: Sample,
) -> None:
    """Else no sample would be made."""
    assert all(figures.central and figures.feature for figures in sample.true.values())
    assert {t: one.figures for t, one in sample.undamaged.items()} == sample.true
    none = compared([sample.whole])
    assert (none.ratio, none.worst, none.changed) == (0, 0, 0)


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.slow
def test_every_damage_is_seen_and_none_of_it_is_rejected(
    sample: Sample, name: str
) -> None:
    found = compared([sample.under(DAMAGES[name], 0.4)])
    assert found.worst > 0
    # What is not labelled is unknown; what is lost or late is not there.
    assert (found.unknown > 0.1) == (name == "unlabelled")
    assert compared([sample.under(DAMAGES[name], 0.0)]).worst == 0


@pytest.mark.slow
def test_what_was_late_makes_no_difference_once_it_has_arrived(sample: Sample) -> None:
    """``under`` holds the numbers after the last arrival to those without delay."""
    found = sample.under(DAMAGES["late"], 1.0)
    assert found.damaged != found.undamaged


@pytest.mark.slow
def test_a_second_hook_tells_what_the_first_lost() -> None:
    one, two = (Sample(teams=3, days=8, seed=5, hooks=hooks) for hooks in (1, 2))
    assert one.true == two.true
    untold = [
        _bodies(sample.records) - _bodies(lost(sample.records, 0.2, 5, 0).arrived)
        for sample in (one, two)
    ]
    # A fifth of them, and a fifth of a fifth.
    assert 0 < len(untold[1]) < len(untold[0]) / 2


def _bodies(records: Sequence[Record]) -> set[bytes | None]:
    """What GitHub tells, by whichever hook."""
    return {record.value for record in records if told_by(record) == "GitHub"}


MONDAY = to_ms(dt.datetime(2026, 3, 2, tzinfo=dt.UTC))


def entry(sort: str, phase: str, start: float, end: float, **more: Any) -> Entry:
    """An entry of checkout's on that Monday, from one hour to another."""
    from_ms, to = (MONDAY + round(hour * HOUR) for hour in (start, end))
    blank = Entry("X-1", sort, "checkout", "", "", phase, from_ms, to, to - from_ms)
    return blank._replace(**more)


def test_true_figures_are_weighed_and_clipped_by_hand() -> None:
    directory = directory_of(teams_yaml(WORLD))
    half = Fraction(1, 2)
    ledger = [
        # Before the window's start at 10:00 one hour, in it one.
        entry("active", "feature", 9, 11),
        entry("active", "defect", 11, 12),
        entry("wait", "acute", 12, 12.25, on_team="platform", component="ci_queue"),
        entry("wait", "chronic", 13, 14, on_team="platform", component="ci_queue"),
        entry("wait", "chronic", 14, 15, on_team="unknown", share=half),
        entry("wait", "acute", 15, 16, on_team="external"),
        # By the wall clock, also at night, and split over two causes.
        entry(
            "wait",
            "response",
            20,
            22,
            on_team="platform",
            component="incident",
            share=half,
        ),
        entry("unaccrued", "idle", 16, 17),
        entry("active", "feature", 9, 17, team="elsewhere"),
    ]
    at = MONDAY + 10 * HOUR + WINDOW
    # 900 + 3,600 of response; chronic 3,600 weighs 0, 1/4, 1; unknown 1,800.
    seconds = (4_500, 4_500 + 900, 4_500 + 3_600 + 1_800, 3_600)
    found = true_figures(ledger, directory, at)["checkout"]
    assert found == Figures(*map(Fraction, seconds))


def figures(central: int, feature: int) -> Figures:
    return Figures(*(Fraction(n) for n in (central, central, central, feature)))


def test_changes_are_of_the_sums_and_errors_are_of_the_teams() -> None:
    true = {"a": figures(100, 100), "b": figures(100, 300)}
    none = Fraction(0)
    undamaged = {t: Measured(f, "no", none) for t, f in true.items()}
    found = {
        # R of a: 1 as before; of b: 1/3 before, 2/3 now.
        "a": Measured(figures(50, 50), "withheld", Fraction(1, 2)),
        "b": Measured(figures(200, 300), "no", none),
    }
    seen = compared([Outcome(true, undamaged, found, 40, 30)])
    # 250 for 200, and 350 for 400.
    assert seen.figures == (0.25, 0.25, 0.25, -0.125)
    assert seen.ratio == pytest.approx(250 / 350 / 0.5 - 1)
    assert seen.ratios == pytest.approx((3 / 7, 3 / 7))
    assert (seen.median, seen.worst) == pytest.approx((0.5, 1.0))
    assert (seen.teams, seen.changed, seen.declined) == (2, 1, 1)
    # R of a is 1 and measured so, without bounds; of b it is not 2/3.
    assert seen.inside == 1
    assert seen.missing == 0.25
    assert seen.unknown == 0.25


@pytest.mark.slow
def test_the_tool_prints_a_row_for_each_damage_and_writes_it_where_it_belongs() -> None:
    said: list[str] = []
    by_share, by_source = tables(2, 8, (1,), said.append)
    page = PAGE.read_text(encoding="utf-8")
    written = with_tables(page, (by_share, by_source))
    assert with_tables(written, (by_share, by_source)) == written
    for shown, (begin, end) in zip((by_share, by_source), MARKS, strict=True):
        inside = written.partition(begin)[2].partition(end)[0]
        assert inside.strip() == shown
        # The committed page has the same rows and columns, of larger worlds.
        committed = page.partition(begin)[2].partition(end)[0].strip()
        assert _frame(committed) == _frame(shown)
    assert (
        "| none | 0 | 0 | 0 | 0 | 0 | 0 to 0 | 0.0% | 0% | 1 of 1 | 0 of 1 |"
        in by_share
    )
    assert said == ["world 1"]


def _frame(text: str) -> tuple[str, list[str]]:
    """The table's head, and the name of each row."""
    head, _, *rows = text.splitlines()
    return head, [row.split(" | ")[0] for row in rows]
