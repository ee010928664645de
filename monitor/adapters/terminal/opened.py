"""What ``friction explain --open`` prints: the waits that are open, in three forms."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, TextIO

from rich.console import Console

from monitor.adapters.terminal.explained import (
    Called,
    Named,
    csv_facts,
    nanoseconds,
    reason_documents,
    rules_of,
)
from monitor.adapters.terminal.printable import csv_text
from monitor.adapters.terminal.tables import cell
from monitor.adapters.terminal.whole_tables import columns_of, print_whole
from monitor.indicators.explaining.evidence import Reason
from monitor.indicators.totals.report import rfc3339
from monitor.pipeline.explaining import OpenExplained

_COLUMNS: Final = ("item", "what", "on team", "since", "open for", "now", "because")
_MINUTE: Final = 60_000
CSV_COLUMNS: Final = (
    "item",
    "team",
    "component",
    "on_team",
    "since",
    "open_seconds",
    "now",
    "rule",
    "thing",
    "pipeline",
    "opened",
    "name",
)


def print_open(
    found: Sequence[OpenExplained],
    at: int,
    pipeline: Named,
    called: Called,
    console: Console,
) -> None:
    """The waits that are open at an instant (ms), the oldest first.

    Their pipelines have a column where there are any.
    """
    pipelines = [_pipelines(reasons, pipeline) for _, reasons in found]
    columns = (*_COLUMNS, "pipeline") if any(pipelines) else _COLUMNS
    counted = "1 wait" if len(found) == 1 else f"{len(found)} waits"
    rows = (
        (
            cell(called(item)),
            wait.component,
            cell(wait.on_team),
            rfc3339(wait.start),
            span_text(at - wait.start),
            effect,
            rules_of(reasons),
            *([cell(run_by)] if len(columns) > len(_COLUMNS) else ()),
        )
        for ((item, wait, effect), reasons), run_by in zip(
            found, pipelines, strict=True
        )
    )
    title = f"{counted} open at {rfc3339(at)}"
    shown = columns_of(columns, numbers=("open for",), times=("since",))
    print_whole(title, shown, rows, console)


def open_documents(
    found: Iterable[OpenExplained],
    at: int,
    named: Named,
    pipeline: Named,
    called: Called,
) -> list[dict[str, object]]:
    """The waits as JSON objects; ``now`` says whether each counts, or why not."""
    return [
        {
            "item": item,
            "team": wait.team,
            "component": wait.component,
            "on_team": wait.on_team,
            "since": rfc3339(wait.start),
            "open_seconds": (at - wait.start) / 1_000,
            "now": effect,
            "because": reason_documents(reasons, named, pipeline),
            "name": called(item),
        }
        for (item, wait, effect), reasons in found
    ]


def write_open_csv(
    found: Iterable[OpenExplained],
    at: int,
    named: Named,
    pipeline: Named,
    called: Called,
    out: TextIO,
) -> None:
    """The waits as RFC 4180 has it."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for (item, wait, effect), reasons in found:
        writer.writerow(
            (
                csv_text(item),
                csv_text(wait.team),
                wait.component,
                csv_text(wait.on_team),
                rfc3339(wait.start),
                nanoseconds(Fraction(at - wait.start, 1_000)),
                effect,
                rules_of(reasons),
                csv_text("; ".join(dict.fromkeys(one.entity for one in reasons))),
                csv_text(_pipelines(reasons, pipeline)),
                csv_facts((fact for one in reasons for fact in one.opened), named),
                csv_text(called(item)),
            )
        )


def _pipelines(reasons: Iterable[Reason], pipeline: Named) -> str:
    """The pipelines of what opened a wait, each once."""
    told = (pipeline(fact) for reason in reasons for fact in reason.opened)
    return "; ".join(dict.fromkeys(filter(None, told)))


def span_text(ms: int) -> str:
    """A span by the wall: in days and hours, below a day in hours and minutes."""
    minutes = ms // _MINUTE
    hours, days = minutes // 60, minutes // (24 * 60)
    return f"{days} d {hours % 24} h" if days else f"{hours} h {minutes % 60} min"
