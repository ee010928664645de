"""Tables: a query for each column, joined by their labels.

Grafana has no types for what a column or a transformation takes, so all of it is
written here, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from grafana_foundation_sdk.builders import common, table
from grafana_foundation_sdk.models import dashboard as parts

from grafana.boards.links import TITLE, of_row, page_address, place_of
from grafana.boards.queries import rows
from grafana.boards.style import BLUE, COUNT, About, described

# How many rows a table may have; Grafana and eyes both give up on more.
MOST_ROWS: Final = 50

# In one cell; a whole table without rows says why instead.
_NO_CELL: Final = "-"
_REFS: Final = "ABCDEFGHIJKLMN"


@dataclass(frozen=True, slots=True)
class Words:
    """A number that stands for words, and their colour; the words say it alone."""

    code: int
    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values: its heading, its query, its unit, how its cells look."""

    heading: str
    expr: str
    unit: str
    decimals: int | None = None
    gauge: bool = False
    words: tuple[Words, ...] = ()


def told_by(words: Sequence[Words]) -> parts.ValueMap:
    """Words for numbers, in cells and panels alike."""
    return parts.ValueMap(
        options={
            str(word.code): parts.ValueMappingResult(
                text=word.text, color=word.colour, index=place
            )
            for place, word in enumerate(words)
        }
    )


def table_panel(
    about: About,
    labels: Mapping[str, str],
    columns: Sequence[Column],
    sort: str,
    *,
    descending: bool = False,
) -> table.Panel:
    """A table: columns of labels (label to heading), then columns of values.

    A label links to the monitor's page of what its row says up to there: a team, the
    team waited for, the reason.
    """
    refs = _REFS[: len(columns)]
    targets = [rows(ref, c.expr) for ref, c in zip(refs, columns, strict=True)]
    panel = described(table.Panel(), about, COUNT, *targets)
    panel.show_header(True).sort_by(
        [common.TableSortByFieldState().display_name(sort).desc(descending)]
    )
    panel.with_transformation(parts.DataTransformerConfig("merge", options={}))
    fields = [f"Value #{ref}" for ref in refs] if len(refs) > 1 else ["Value"]
    shown = dict(zip(fields, columns, strict=True))
    panel.with_transformation(_organised(labels, shown))
    for number, heading in enumerate(labels.values(), start=1):
        row = of_row(dict(islice(labels.items(), number)))
        panel.override_by_name(heading, [_linked(place_of(row, about.section))])
    for column in columns:
        panel.override_by_name(column.heading, _looks(column))
    return panel


def organised(
    renamed: Mapping[str, str], hidden: Sequence[str]
) -> parts.DataTransformerConfig:
    """Rename fields, in this order, and leave others out."""
    return parts.DataTransformerConfig(
        "organize",
        options={
            "excludeByName": dict.fromkeys(hidden, True),
            "indexByName": {name: place for place, name in enumerate(renamed)},
            "renameByName": dict(renamed),
        },
    )


def _organised(
    labels: Mapping[str, str], columns: Mapping[str, Column]
) -> parts.DataTransformerConfig:
    headings = {field: column.heading for field, column in columns.items()}
    return organised({**labels, **headings}, ["Time"])


def _linked(place: str) -> parts.DynamicConfigValue:
    link = {"title": TITLE, "url": page_address(place), "targetBlank": True}
    return parts.DynamicConfigValue("links", [link])


def _looks(column: Column) -> list[parts.DynamicConfigValue]:
    found = [
        parts.DynamicConfigValue("unit", column.unit),
        parts.DynamicConfigValue("noValue", _NO_CELL),
    ]
    if column.decimals is not None:
        found.append(parts.DynamicConfigValue("decimals", column.decimals))
    if column.gauge:
        found += [
            parts.DynamicConfigValue(
                "custom.cellOptions", {"type": "gauge", "mode": "basic"}
            ),
            parts.DynamicConfigValue("min", 0),
            parts.DynamicConfigValue("color", {"mode": "fixed", "fixedColor": BLUE}),
        ]
    if column.words:
        found += [
            parts.DynamicConfigValue("custom.cellOptions", {"type": "color-text"}),
            parts.DynamicConfigValue("mappings", [told_by(column.words)]),
        ]
    return found
