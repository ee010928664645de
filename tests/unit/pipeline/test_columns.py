"""Samples by columns, and what is kept of rows while their labels stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.pipeline.showing.columns import ByRow, Column, Labels, rows_of

_LABELS = st.lists(st.tuples(st.sampled_from("abc")), max_size=5)


def lengths(made: list[str]) -> ByRow[int]:
    """Keeps a number for each row, and writes down what it was made of."""

    def make(labels: Labels) -> int:
        made.append("".join(labels))
        return len(made)

    return ByRow(make)


def test_a_row_whose_value_is_0_is_not_shown() -> None:
    column = Column([("a",), ("b",), ("c",)], [1.5, 0.0, 2.0])
    assert list(column) == [(("a",), 1.5), (("c",), 2.0)]
    assert len(column) == 2
    assert (column[1], column[:1]) == ((("c",), 2.0), [(("a",), 1.5)])
    assert not Column([("a",)], [0.0])


def test_labels_that_came_later_are_in_no_row() -> None:
    labels: list[Labels] = [("a",)]
    column = Column(labels, [1.0])
    labels.append(("b",))
    assert list(column) == [(("a",), 1.0)]


def test_rows_of_samples_and_of_columns_are_the_same() -> None:
    samples = [(("a",), 1.0), (("b",), 2.0)]
    labels, values = rows_of(samples)
    assert (labels, values) == ([("a",), ("b",)], [1.0, 2.0])
    assert rows_of(Column(labels, values)) == (labels, values)


def test_only_new_rows_of_a_list_that_grew_are_made() -> None:
    made: list[str] = []
    labels: list[Labels] = [("a",), ("b",)]
    rows = lengths(made)
    assert rows.of(labels) == [1, 2]
    labels.append(("c",))
    assert rows.of(labels) == [1, 2, 3]
    assert rows.of([*labels]) == [1, 2, 3]
    assert made == ["a", "b", "c"]


def test_other_labels_are_made_from_scratch_and_the_old_are_forgotten() -> None:
    made: list[str] = []
    rows = lengths(made)
    rows.of([("a",), ("b",)])
    assert rows.of([("b",)]) == [3]
    assert len(rows) == 1


@given(st.lists(_LABELS, max_size=6))
def test_what_is_kept_is_what_would_be_made(shown: list[list[Labels]]) -> None:
    rows = ByRow("".join)
    growing: list[Labels] = []
    for labels in shown:
        assert rows.of(labels) == list(map("".join, labels))
        growing.extend(labels)
        assert rows.of(growing) == list(map("".join, growing))
