"""The matrix keeps every sum, whoever is shown by name; the trend's areas are hours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.web.matrix import MOST, matrix_of
from monitor.adapters.web.trend import HEIGHT, WIDTH, picture_of
from monitor.domain.snapshot import PairRow
from tests.unit.web.opening import TREND

TEAMS = st.sampled_from([f"t{number:02}" for number in range(30)])
PAIRS = st.dictionaries(st.tuples(TEAMS, TEAMS), st.integers(1, 10**6), min_size=1)


@given(PAIRS)
def test_rows_columns_and_cells_sum_to_all_waiting(
    waits: dict[tuple[str, str], int],
) -> None:
    found = matrix_of([PairRow(*pair, float(s)) for pair, s in waits.items()])
    whole = sum(waits.values())
    assert sum(line.seconds for line in found.rows) == whole
    assert sum(line.seconds for line in found.columns) == whole
    assert sum(cell.seconds for row in found.cells for cell in row) == whole
    assert found.seconds == whole
    for line, cells in zip(found.rows, found.cells, strict=True):
        assert sum(cell.seconds for cell in cells) == line.seconds
    assert len(found.rows) <= MOST + 1
    named = [line.name for line in found.columns if line.name]
    assert named == sorted(named)


def test_beyond_twenty_those_with_the_least_are_one_line() -> None:
    pairs = [PairRow(f"t{n:02}", "platform", 100.0 + n) for n in range(22)]
    found = matrix_of(pairs)
    assert [line.name for line in found.rows] == [f"t{n:02}" for n in range(2, 22)] + [
        ""
    ]
    assert found.rows[-1].seconds == 100 + 101
    assert [line.name for line in found.columns] == ["platform"]


def test_a_cell_of_others_is_the_sum_of_all_of_them() -> None:
    pairs = [PairRow("a", "x", 5.0), PairRow("b", "x", 2.0), PairRow("c", "x", 1.0)]
    cells = matrix_of(pairs, 1).cells
    assert [[cell.seconds for cell in row] for row in cells] == [[5.0], [3.0]]


def test_a_cell_is_as_dark_as_it_is_long() -> None:
    pairs = [PairRow("a", "b", 100.0), PairRow("b", "c", 19.0), PairRow("c", "b", 61.0)]
    shades = {
        (cell.team, cell.on_team): cell.shade
        for row in matrix_of(pairs).cells
        for cell in row
    }
    # Fifths of the longest: up to 20, 40, 60, 80, 100.
    assert shades["a", "b"] == 5
    assert shades["b", "c"] == 1
    assert shades["c", "b"] == 4
    assert shades["a", "c"] == 0


def test_areas_of_the_trend_are_in_proportion_to_hours() -> None:
    picture = picture_of(TREND)
    assert picture is not None
    first, *rest = picture.steps
    # Nothing was measured in the first fortnight: no bar, but its place.
    assert first.coordination.height == 0
    # 14 hours in 7 days of 8 hours, then 16 hours in 4, then 6 in 3: a quarter, a half
    # and a quarter above; a half, a quarter and nothing below. The highest bars of both
    # sides fill the picture together.
    assert picture.axis == HEIGHT / 2
    assert [step.coordination.height for step in rest] == [25, 50, 25]
    assert [step.feature.height for step in rest] == [50, 25, 0]
    for step in rest:
        assert step.coordination.y + step.coordination.height == picture.axis
        assert step.feature.y == picture.axis
    widths = [round(step.coordination.width) for step in picture.steps]
    assert widths == [138, 68, 38, 28]  # 140, 70, 40, 30 of 280, with a gap of 2
    assert rest[-1].feature.x == pytest.approx(WIDTH * 25 / 28)


def test_without_any_hours_there_is_no_picture() -> None:
    assert picture_of(()) is None
    assert picture_of(TREND[:1]) is None
