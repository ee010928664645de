"""Tables of the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, cast

from rich.console import Console
from rich.text import Text

from monitor.adapters.doctor.check import Check, Mark
from monitor.adapters.terminal.printable import written_out
from monitor.adapters.terminal.standard_error import standard_error
from monitor.adapters.terminal.whole_tables import Rows, columns_of, print_whole
from monitor.indicators.totals.report import Document

_WIDE = 160
_DELIVERED = (
    "deploys + failed",
    "failed",
    "failed by own",
    "lead p50 (h)",
    "lead p90 (h)",
    "recovery p50 (h)",
    "done",
    "flow p50 (h)",
    "efficiency",
    "in flight",
)
_DELIVERY = columns_of(("team", *_DELIVERED), numbers=_DELIVERED)
_SUMS = ("C (h)", "F (h)", "R", "lower .. upper", "items")
_REPORT = columns_of(("team", *_SUMS, "verdict"), numbers=_SUMS)
_WAITS = columns_of(
    ("team", "on team", "component", "phase", "hours"), numbers=("hours",)
)
# What would be rounded to no hours at all.
_LEAST_HOURS = 0.005


def print_report(document: Document, console: Console) -> None:
    """The report as a table of teams and a table of waits."""
    began = document["from"]
    title = f"{began} to" if began else "Nothing that counts before"
    teams = cast("dict[str, dict[str, object]]", document["teams"])
    rows: Rows = [[cell(team), *_team_cells(found)] for team, found in teams.items()]
    print_whole(f"{title} {document['at']}", _REPORT, rows, console)
    for line in _scaled_lines(teams):
        console.print(line, markup=False)
    named = ("team", "on_team", "component", "phase")
    waits: Rows = [
        [*(cell(str(wait[key])) for key in named), _hours(wait["seconds"])]
        for wait in cast("list[dict[str, object]]", document["waits"])
    ]
    title = "Waits (working hours; of incidents wall hours x responders)"
    print_whole(title, _WAITS, waits, console)
    print_delivery(document, console)
    print_rejected(cast("dict[str, int]", document["records"]), console)


def print_rejected(records: Mapping[str, int], console: Console) -> None:
    """How many records are in no number, if any; nothing is said of none."""
    if records["rejected"]:
        console.print(
            f"{records['rejected']:,} of {records['read']:,} records were rejected, "
            "and are in no number: friction decode tells why."
        )


def print_delivery(document: Document, console: Console) -> None:
    """What each team delivered, in one line; teams that delivered nothing have none."""
    teams = cast("dict[str, dict[str, Any]]", document["teams"])
    rows: Rows = [
        [cell(team), *_delivered_cells(found)]
        for team, found in teams.items()
        if _delivered_anything(found)
    ]
    print_whole("Delivery (wall time)", _DELIVERY, rows, console)


def _delivered_anything(found: Mapping[str, Any]) -> bool:
    deploys, flow = found["delivery"]["deploys"], found["flow"]
    deployed = deploys["succeeded"] or any(deploys["failed"].values())
    return bool(deployed or flow["done"] or flow["in_flight"])


def _delivered_cells(found: Mapping[str, Any]) -> list[str]:
    delivery, flow = found["delivery"], found["flow"]
    deploys, lead = delivery["deploys"], delivery["lead_time_seconds"]
    return [
        f"{deploys['succeeded']} + {sum(deploys['failed'].values())}",
        _figure(delivery["change_fail_rate"]),
        _figure(delivery["own_change_fail_rate"]),
        _span(lead["p50"]),
        _span(lead["p90"]),
        _span(delivery["recovery_seconds"]["p50"]),
        str(flow["done"]),
        _span(flow["time_seconds"]["p50"]),
        _figure(flow["efficiency"]),
        str(flow["in_flight"]),
    ]


def _span(value: float | None) -> str:
    return "-" if value is None else _hours(value)


def _team_cells(found: dict[str, object]) -> list[str]:
    ratio = cast("dict[str, float | None]", found["ratio"])
    cost = cast("dict[str, float]", found["coordination_seconds"])
    return [
        _hours(cost["central"] * _scale(found)),
        _hours(cast("float", found["feature_seconds"]) * _scale(found)),
        _figure(ratio["central"]),
        f"{_figure(ratio['lower'])} .. {_figure(ratio['upper'])}",
        str(found["items"]),
        str(found["verdict"] or "-"),
    ]


def _scaled_lines(teams: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Of which teams less is displayed than was measured, and why."""
    scales = {team: _scale(found) for team, found in teams.items()}
    none = [written_out(team) for team, scale in scales.items() if scale == 0]
    fewer = [written_out(team) for team, scale in scales.items() if 0 < scale < 1]
    if none:
        yield (
            f"C and F of {', '.join(none)} are shown as 0: they had no working hours "
            "in this time (capacity_seconds is 0). R and waits are as measured."
        )
    if fewer:
        yield (
            f"C and F of {', '.join(fewer)} are times payroll_scale: items, several at "
            "once or incidents at any hour, took more hours than there were. "
            "R and waits are as measured."
        )


def _scale(found: Mapping[str, object]) -> float:
    """What makes a team's person-hours fit into its capacity, as pages show them."""
    scale = cast("float | None", found["payroll_scale"])
    return 1.0 if scale is None else scale


def _hours(value: object) -> str:
    amount = cast("float", value) / 3_600
    return "< 0.01" if 0 < amount < _LEAST_HOURS else f"{amount:,.2f}"


def _figure(value: float | None) -> str:
    return "-" if value is None else beside(value, 1, ".3f")


def beside(value: float, limit: float, digits: str) -> str:
    """A number by these digits, unless they show it as the limit that it is not.

    >>> beside(1.0001, 1, ".3f"), beside(1.0, 1, ".3f"), beside(1.001, 1, ".3f")
    ('just over 1', '1.000', '1.001')
    """
    shown = format(value, digits)
    if value == limit or shown != format(limit, digits):
        return shown
    return f"just {'over' if value > limit else 'under'} {limit:g}"


def print_checks(checks: Iterable[Check]) -> int:
    """Each as soon as it is known; returns how many are wrong."""
    wrong = 0
    for check in checks:
        show(str(check))
        wrong += check.mark is Mark.WRONG
    return wrong


def seconds_text(value: Fraction) -> str:
    """Exact seconds: as a decimal where that is exact, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = value * 1_000_000
    if scaled.denominator == 1:
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    return f"{value.numerator}/{value.denominator}"


def cell(name: str) -> Text:
    """A name from events as it is; characters that steer a terminal are written out."""
    return Text(written_out(name))


def console() -> Console:
    """Where tables go: as wide as the terminal, and wide where there is none."""
    return Console() if sys.stdout.isatty() else Console(width=_WIDE)


def say(text: str) -> None:
    """A line for who typed the command; no name in it steers the terminal."""
    standard_error().write(f"{written_out(text)}\n")


def show(text: str) -> None:
    """A line of what was asked for, at once; no name in it steers the terminal."""
    sys.stdout.write(f"{written_out(text)}\n")
    sys.stdout.flush()


def names_of(values: Iterable[str]) -> str:
    """Names as a person lists them."""
    return ", ".join(sorted(values)) or "none"
