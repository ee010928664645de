"""Tables of which nothing is cut off, however narrow the terminal is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

# An instant in RFC 3339 folds into its date and its time of day, of ten places each.
_DATE: Final = 10
# Below this nobody can read what was folded: the table is wider than the terminal.
_FOLDED: Final = 4

# What stands in each column, a row after the other.
Rows = Iterable[Sequence[str | Text]]


class Content(StrEnum):
    """What a column holds, and with that how it may become narrower."""

    NAME = "name"
    NUMBER = "number"
    TIME = "time"


class Column(NamedTuple):
    """A column: names fold anywhere, times before the time of day, numbers never."""

    name: str
    content: Content = Content.NAME


class _Range(NamedTuple):
    """The narrowest and the widest that a column may be; times are one or other."""

    least: int
    most: int
    content: Content

    def at(self, level: int) -> int:
        if self.most <= level:
            return self.most
        return self.least if self.content is Content.TIME else max(self.least, level)


def columns_of(
    names: Iterable[str], *, numbers: Iterable[str] = (), times: Iterable[str] = ()
) -> tuple[Column, ...]:
    """Columns of these names, of which some hold numbers or times."""
    contents = dict.fromkeys(numbers, Content.NUMBER) | dict.fromkeys(
        times, Content.TIME
    )
    return tuple(Column(name, contents.get(name, Content.NAME)) for name in names)


def print_whole(
    title: str | None,
    columns: Sequence[Column],
    rows: Rows,
    console: Console,
) -> None:
    """Print it as wide as it has to be, where there is a terminal no wider than that.

    What does not fit is folded, the widest first. Only where a terminal is too narrow
    even for the numbers is the table wider, and folded by the terminal.
    """
    cells = [[Text(one) if isinstance(one, str) else one for one in r] for r in rows]
    found = [
        _range(column, [row[place] for row in cells])
        for place, column in enumerate(columns)
    ]
    most = sum(one.most for one in found) + _frame(found, padding=1)
    room = console.width if console.file.isatty() else most
    padding = 1 if most <= room else 0
    widths = _widths(found, room - _frame(found, padding))
    whole = sum(widths) + _frame(found, padding)
    # Its own width: the console would shrink columns to nothing until they fit.
    table = Table(title=title, padding=(0, padding), width=whole)
    for column, width in zip(columns, widths, strict=True):
        right = column.content is Content.NUMBER
        table.add_column(
            column.name,
            justify="right" if right else "left",
            overflow="fold",
            width=width,
        )
    for row in cells:
        table.add_row(*row)
    console.print(table, crop=False)


def _frame(found: Sequence[_Range], padding: int) -> int:
    """What lines and blanks between the columns take."""
    return len(found) * (2 * padding + 1) + 1


def _range(column: Column, cells: Iterable[Text]) -> _Range:
    lines = (line for one in cells for line in one.plain.split("\n"))
    widest = max(map(cell_len, lines), default=0)
    most = max(widest, cell_len(column.name))
    least = {
        Content.NAME: _FOLDED,
        Content.NUMBER: max(widest, _FOLDED),
        Content.TIME: _DATE,
    }
    return _Range(min(least[column.content], most), most, column.content)


def _widths(found: Sequence[_Range], room: int) -> list[int]:
    """The widths that fit into the room, the widest columns made narrower first."""
    levels = range(max(one.most for one in found), 0, -1)
    fits = (level for level in levels if sum(o.at(level) for o in found) <= room)
    level = next(fits, 0)
    return [one.at(level) for one in found]
