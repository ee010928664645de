"""Samples by columns: what is constant about series apart from their values.

A scrape shows tens of thousands of samples whose labels were there before. Kept
apart, labels are looked at once, and values go through every step as one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import Generic, TypeVar, overload

from monitor.domain.snapshot import Sample

Labels = tuple[str, ...]
_Made = TypeVar("_Made")


class Column(Sequence[Sample]):
    """Samples of a family; a row whose value is 0 is kept in its place, not shown.

    The list of labels is the same object from scrape to scrape and only ever grows,
    also after this column was made: the values tell how many rows there are.
    """

    __slots__ = ("labels", "values")

    def __init__(self, labels: list[Labels], values: list[float]) -> None:
        """Values, each in the row of its labels."""
        self.labels = labels
        self.values = values

    def __iter__(self) -> Iterator[Sample]:
        """Every sample shown, in the order of rows."""
        return compress(zip(self.labels, self.values, strict=False), self.values)

    def __len__(self) -> int:
        """How many samples are shown."""
        return len(self.values) - self.values.count(0)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sample]: ...
    def __getitem__(self, index: int | slice) -> Sample | Sequence[Sample]:
        """Samples by their place among those shown."""
        return list(self)[index]


def rows_of(samples: Sequence[Sample]) -> tuple[list[Labels], list[float]]:
    """Labels and values apart, one row each; of a column, also what is not shown."""
    if isinstance(samples, Column):
        return samples.labels, samples.values
    return [labels for labels, _ in samples], [value for _, value in samples]


class ByRow(Generic[_Made]):
    """What is made of the labels of each row, kept while the labels stay.

    Of a list that grew only the new rows are made; a list with other labels is
    made from scratch. So no more is kept than what was last shown.
    """

    __slots__ = ("_labels", "_made", "_make")

    def __init__(self, make: Callable[[Labels], _Made]) -> None:
        """Make something of the labels of one row."""
        self._make = make
        self._labels: list[Labels] = []
        self._made: list[_Made] = []

    def __len__(self) -> int:
        """How many rows are kept."""
        return len(self._made)

    def holds(self, labels: list[Labels]) -> bool:
        """Whether what is kept was made of these rows, but for new ones."""
        return labels is self._labels or labels == self._labels

    def of(self, labels: list[Labels]) -> list[_Made]:
        """What was made of these rows; a list that may grow with the labels."""
        if not self.holds(labels):
            self._made = []
        self._labels = labels
        if len(self._made) < len(labels):
            self._made.extend(map(self._make, labels[len(self._made) :]))
        return self._made
