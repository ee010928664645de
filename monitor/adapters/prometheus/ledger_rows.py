"""The rows of the pages behind a number, under the names as shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from monitor.adapters.prometheus.naming import Naming
from monitor.domain.pages import ItemRow, OpenCount, OpenRow, SegmentRow
from monitor.indicators.explaining.explain import Line
from monitor.indicators.explaining.open_now import OpenNow
from monitor.pipeline.showing.charged_items import Behind
from monitor.pipeline.showing.item_names import Known
from monitor.pipeline.showing.open_items import OpenPart


def item_row(
    behind: Behind, naming: Naming, known: Mapping[str, Known], most: int
) -> ItemRow:
    """The item with its longest segments, in order of time."""
    name, url = _known(behind.item, known)
    longest = sorted(behind.lines, key=lambda line: -line.seconds)[:most]
    return ItemRow(
        name,
        url,
        float(behind.seconds),
        tuple(
            _segment_row(line, naming, known)
            for line in sorted(longest, key=lambda one: (one.start, one))
        ),
        min(line.start for line in behind.lines),
        max(line.end for line in behind.lines),
        len(behind.lines) - len(longest),
    )


def _segment_row(line: Line, naming: Naming, known: Mapping[str, Known]) -> SegmentRow:
    return SegmentRow(
        line.what,
        line.phase,
        naming.team(line.on_team),
        *_known(line.item, known),
        line.start,
        line.end,
        float(line.share),
        float(line.seconds),
    )


def _known(key: str, known: Mapping[str, Known]) -> Known:
    return known.get(key) or Known(key, "")


def open_rows(
    found: Sequence[OpenNow], naming: Naming, known: Mapping[str, Known]
) -> tuple[OpenRow, ...]:
    """The open waits, in their order."""
    return tuple(
        OpenRow(
            wait.component,
            naming.team(wait.on_team),
            *_known(item, known),
            wait.start,
            effect,
        )
        for item, wait, effect in found
    )


def open_counts(
    parts: Iterable[OpenPart], counterpart: Callable[[OpenPart], str]
) -> tuple[OpenCount, ...]:
    """How many waits are open, the most first; equal parts are one row."""
    sums: dict[tuple[str, str], int] = {}
    for part in parts:
        key = (part.component, counterpart(part))
        sums[key] = sums.get(key, 0) + part.number
    rows = sorted(sums.items(), key=lambda row: (-row[1], row[0]))
    return tuple(OpenCount(*key, number) for key, number in rows)
