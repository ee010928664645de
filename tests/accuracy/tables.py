"""The tables of docs/accuracy.md, and where they stand in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.accuracy.comparison import Compared
from tests.harness.reference_data import REPOSITORY

PAGE: Final = REPOSITORY / "docs" / "accuracy.md"
# What stands between them is generated.
MARKS: Final = (
    ("<!-- by share: python -m tests.accuracy --write -->", "<!-- end of by share -->"),
    (
        "<!-- by source: python -m tests.accuracy --write -->",
        "<!-- end of by source -->",
    ),
)
Cell = Callable[[Compared], str]


def _signed(change: float) -> str:
    text = f"{change:+.1%}"
    return "0" if text in ("+0.0%", "-0.0%") else text


def _verdicts(one: Compared) -> str:
    declined = f" ({one.declined} decline)" if one.declined else ""
    return f"{one.changed} of {one.teams}{declined}"


_COST: Final[dict[str, Cell]] = {
    "C lower": lambda one: _signed(one.figures[0]),
    "C central": lambda one: _signed(one.figures[1]),
    "C upper": lambda one: _signed(one.figures[2]),
    "F": lambda one: _signed(one.figures[3]),
    "R": lambda one: _signed(one.ratio),
}
_RANGE: Final[dict[str, Cell]] = {
    "R in one world": lambda one: " to ".join(map(_signed, one.ratios)),
}
_TEAMS: Final[dict[str, Cell]] = {
    "a team's R: median": lambda one: f"{one.median:.1%}",
    "worst": lambda one: f"{one.worst:.0%}",
    "true R within its bounds": lambda one: f"{one.inside} of {one.teams}",
    "verdicts changed": _verdicts,
}
_UNKNOWN: Final[dict[str, Cell]] = {
    "waits on `unknown`": lambda one: f"{one.unknown:.1%}",
}
_MISSING: Final[dict[str, Cell]] = {
    "facts missing": lambda one: f"{one.missing:.1%}",
}
BY_SHARE: Final = _COST | _RANGE | _TEAMS | _UNKNOWN
BY_SOURCE: Final = _MISSING | _COST | _TEAMS


def table(first: str, columns: Mapping[str, Cell], rows: Mapping[str, Compared]) -> str:
    """A row for each damage, as Markdown; ``first`` heads their names."""
    lines = [
        f"| {' | '.join((first, *columns))} |",
        f"| --- |{' ---: |' * len(columns)}",
    ]
    for name, one in rows.items():
        cells = [cell(one) for cell in columns.values()]
        lines.append(f"| {' | '.join((name, *cells))} |")
    return "\n".join(lines)


def with_tables(page: str, tables: Sequence[str]) -> str:
    """The page with each table between its marks."""
    for (begin, end), text in zip(MARKS, tables, strict=True):
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n{text}\n{end}{after}"
    return page
