"""The matrix of who waits on whom: the most waiting by name, the rest as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.snapshot import PairRow

# More rows or columns than this are read by nobody.
MOST: Final = 20
# Shades of a cell, from none to the most.
_SHADES: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column: a team, or with an empty name all others."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Cell:
    """Seconds of a row's teams waiting on a column's; ``shade`` is 0 to 5."""

    team: str
    on_team: str
    seconds: float
    shade: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows wait on columns; ``cells`` hold a list for each row."""

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: tuple[tuple[Cell, ...], ...]
    seconds: float


def matrix_of(pairs: Sequence[PairRow], most: int = MOST) -> Matrix:
    """The pairs as a matrix, in order of name; sums are kept.

    >>> pairs = [PairRow("a", "x", 2.0), PairRow("b", "x", 1.0)]
    >>> [(line.name, line.seconds) for line in matrix_of(pairs, 1).rows]
    [('a', 2.0), ('', 1.0)]
    """
    rows = _lines(((pair.team, pair.seconds) for pair in pairs), most)
    columns = _lines(((pair.on_team, pair.seconds) for pair in pairs), most)
    row_names = {line.name for line in rows}
    column_names = {line.name for line in columns}
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for pair in pairs:
        row = pair.team if pair.team in row_names else ""
        column = pair.on_team if pair.on_team in column_names else ""
        sums[(row, column)] += pair.seconds
    top = max(sums.values(), default=0)
    cells = tuple(
        tuple(
            Cell(
                row.name,
                column.name,
                sums[(row.name, column.name)],
                shade(sums[(row.name, column.name)], top),
            )
            for column in columns
        )
        for row in rows
    )
    return Matrix(rows, columns, cells, sum(pair.seconds for pair in pairs))


def shade(seconds: float, top: float) -> int:
    """How dark a cell is: 0 for nothing, else 1 to 5 in equal steps up to the most.

    >>> [shade(s, 10) for s in (0, 1, 2, 2.1, 10)]
    [0, 1, 1, 2, 5]
    """
    if seconds <= 0 or top <= 0:
        return 0
    return min(_SHADES, -int(-_SHADES * seconds // top))


def _lines(amounts: Iterable[tuple[str, float]], most: int) -> tuple[Line, ...]:
    sums: dict[str, float] = {}
    for name, amount in amounts:
        sums[name] = sums.get(name, 0.0) + amount
    order = sorted(sums, key=lambda name: (-sums[name], name))
    shown = tuple(Line(name, sums[name]) for name in sorted(order[:most]))
    rest = order[most:]
    return (*shown, Line("", sum(sums[name] for name in rest))) if rest else shown
