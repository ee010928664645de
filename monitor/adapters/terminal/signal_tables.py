"""The seven signals and the range of Platform PMs, as ``evaluate`` prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from rich.console import Console
from rich.text import Text

from monitor.adapters.terminal.printable import written_out
from monitor.adapters.terminal.tables import beside, cell
from monitor.adapters.terminal.whole_tables import columns_of, print_whole
from monitor.indicators.totals.report import Document

_COLUMNS: Final = columns_of(
    ("signal", "ratio", "on", "since", "conditions"), times=("since",)
)
_EVIDENCE_COLUMNS: Final = columns_of(
    ("signal", "what", "value", "number", "teams", "items"),
    numbers=("value", "number"),
)
_WORDS: Final = {True: "yes", False: "no", None: "not known"}
_FIRST: Final = 3


def print_signals(document: Document, console: Console) -> None:
    """The signals, what made those that have anything, and the article's sentence."""
    signals = cast("dict[str, dict[str, Any]]", document["signals"])
    rows = ((name, *_cells(found)) for name, found in signals.items())
    print_whole("Signals (thresholds are judgement)", _COLUMNS, rows, console)
    evidence = [
        (name, *_evidence_cells(one))
        for name, found in signals.items()
        for one in found["evidence"]
    ]
    if evidence:
        print_whole("Evidence", _EVIDENCE_COLUMNS, evidence, console)
    _print_staffing(cast("dict[str, Any]", document["platform_pm"]), console)


def _cells(found: Mapping[str, Any]) -> list[str | Text]:
    conditions = [
        f"{one['name']} {_figure(one['value'], one['threshold'])}"
        f" of {_figure(one['threshold'])}"
        for one in found["conditions"]
    ]
    if found["exempt"]:
        conditions.insert(0, f"not judged: {found['exempt']}")
    return [
        _figure(found["ratio"], 1.0),
        "on" if found["active"] else "off",
        str(found["since"] or "-")[:10],
        Text("\n".join(map(written_out, conditions))),
    ]


def _evidence_cells(one: Mapping[str, Any]) -> list[str | Text]:
    names = one["names"]
    items = [*names[:_FIRST], *(["..."] if len(names) > _FIRST else [])]
    return [
        cell(one["what"]),
        _figure(one["value"]),
        str(one["number"]),
        cell(", ".join(one["teams"])),
        cell(", ".join(items)),
    ]


def _print_staffing(found: Mapping[str, Any], console: Console) -> None:
    console.print(found["sentence"], highlight=False)
    current = "not stated" if found["current"] is None else found["current"]
    range_ = f"{found['low']} .. {found['high']}"
    console.print(
        f"Platform PMs: {range_} by the patterns, now {current}. "
        f"Needed: {_WORDS[found['needed']]} ({found['reason']}).",
        highlight=False,
        markup=False,
    )


def _figure(value: float | None, limit: float | None = None) -> str:
    """Three digits, which never show a value as the limit that it is not."""
    if value is None or limit is None:
        return "-" if value is None else f"{value:.3g}"
    return beside(value, limit, ".3g")
