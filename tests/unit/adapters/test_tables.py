"""Tables of the command line: no number reads as a limit that it is not."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import Any, cast

import pytest
from rich.console import Console

from monitor.adapters.terminal.explained import print_lines, write_csv
from monitor.adapters.terminal.signal_tables import print_signals
from monitor.adapters.terminal.tables import beside, print_report
from monitor.indicators.explaining.evidence import Because
from monitor.indicators.explaining.explain import Line
from monitor.indicators.totals.report import Document
from monitor.pipeline.explaining import Explained
from tests.unit.adapters.test_whole_tables import columns, shown, tables_in

DELIVERED = {
    "deploys": {"succeeded": 0, "failed": {}},
    "lead_time_seconds": {"p50": None, "p90": None},
    "recovery_seconds": {"p50": None},
    "change_fail_rate": None,
    "own_change_fail_rate": None,
}
FLOWN = {"done": 0, "in_flight": 0, "time_seconds": {"p50": None}, "efficiency": None}


def report_of(ratio: float, seconds: float = 72_000.0, **said: Any) -> str:
    """What is printed of one team of which all bounds are alike."""
    return printed(document_of(ratio, seconds, **said), print_report)


def document_of(
    ratio: float, seconds: float = 72_000.0, team: str = "checkout", **said: Any
) -> dict[str, Any]:
    """The report of one team of which all bounds are alike."""
    bounds = ("lower", "central", "upper")
    found = {
        "ratio": dict.fromkeys(bounds, ratio),
        "coordination_seconds": dict.fromkeys(bounds, seconds),
        "feature_seconds": 72_000.0,
        "items": 10,
        "verdict": "no",
        "payroll_scale": None,
        "capacity_seconds": None,
        "delivery": DELIVERED,
        "flow": FLOWN,
        **said,
    }
    return {
        "from": None,
        "at": "2026-03-02T17:00:00Z",
        "teams": {team: found},
        "waits": [],
        "records": {"rejected": 0, "read": 0},
    }


def printed(document: dict[str, Any], print_all: Any) -> str:
    out = io.StringIO()
    print_all(cast("Document", document), Console(file=out, width=160))
    return " ".join(out.getvalue().split())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.9994, "0.999"),
        (0.9996, "just under 1"),
        (1.0, "1.000"),
        # 20 hours and a second of coordination, and 20 hours of features.
        (72_001 / 72_000, "just over 1"),
        (1.001, "1.001"),
    ],
)
def test_a_ratio_that_is_not_1_is_not_shown_as_1(value: float, shown: str) -> None:
    row = f"checkout │ 20.00 │ 20.00 │ {shown} │ {shown} .. {shown} │ 10 │ no"
    assert row in report_of(value)


def test_little_is_not_shown_as_no_hours() -> None:
    assert "checkout │ < 0.01 │ 20.00" in report_of(0.5, 17.0)
    assert "checkout │ 0.01 │ 20.00" in report_of(0.5, 18.0)
    assert "checkout │ 0.00 │ 20.00" in report_of(0.5, 0.0)


def test_other_limits_than_1_are_kept_apart() -> None:
    assert beside(0.29999, 0.3, ".3g") == "just under 0.3"
    assert beside(0.3, 0.3, ".3g") == "0.3"
    assert beside(0.301, 0.3, ".3g") == "0.301"


def test_a_signal_that_is_off_does_not_stand_at_its_threshold() -> None:
    condition = {"name": "share", "value": 0.49999, "threshold": 0.5}
    signal = {
        "ratio": 0.99998,
        "active": False,
        "since": None,
        "exempt": "",
        "conditions": [condition],
        "evidence": [],
    }
    staffing = {
        "sentence": "None.",
        "current": None,
        "low": 0,
        "high": 0,
        "needed": None,
        "reason": "none",
    }
    document = {"signals": {"slow_tooling": signal}, "platform_pm": staffing}
    text = printed(document, print_signals)
    assert "slow_tooling │ just under 1 │ off │ - │ share just under 0.5 of 0.5" in text


def test_waits_on_incidents_are_not_said_to_be_working_hours() -> None:
    assert "Waits (working hours; of incidents wall hours x responders)" in report_of(1)


def test_a_team_without_working_hours_is_not_said_to_have_items_in_parallel() -> None:
    """One incident on a Saturday, on a Sunday: 0 of 2 hours."""
    text = report_of(1, 7_200.0, payroll_scale=0.0, capacity_seconds=0.0)
    assert "C and F of checkout are shown as 0: they had no working hours" in text
    assert "at once" not in text


def test_hours_beyond_capacity_are_of_parallel_items_or_of_incidents() -> None:
    text = report_of(1, payroll_scale=0.5, capacity_seconds=72_000.0)
    assert "times payroll_scale: items, several at once or incidents at any" in text
    assert "shown as 0" not in text


def test_a_report_in_80_columns_has_whole_names_and_numbers() -> None:
    team = "a-team-of-a-very-long-name-in-a-domain-of-a-long-name-as-well"
    wait = {"team": team, "on_team": team, "component": "ci_shared_failure"}
    document = document_of(0.5, 123_456_789.0, team, flow=FLOWN | {"done": 123_456})
    document["waits"] = [wait | {"phase": "chronic", "seconds": 123_456_789.0}]
    lines = shown(lambda console: print_report(cast("Document", document), console), 80)
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)
    hours = "34,293.55"  # of both tables
    assert sum(hours in line for line in lines) == 2
    assert sum("123456" in line for line in lines) == 1
    report, waits, delivery = (columns(table) for table in tables_in(lines))
    assert report[0] == waits[0] == waits[1] == delivery[0] == team


@pytest.mark.parametrize(
    ("number", "counted"), [(0, "0 segments"), (1, "1 segment"), (2, "2 segments")]
)
def test_segments_are_counted_in_words(number: int, counted: str) -> None:
    line = Line("A-1", "a", "active", "", "", 0, 1_000, Fraction(1), Fraction(1))
    found = [Explained(line, Because(()))] * number
    out = io.StringIO()
    print_lines(found, str, Console(file=out, width=160))
    *_, last = out.getvalue().splitlines()
    assert last == f"{counted}, sum of seconds: {number}"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(1), "1"),
        (Fraction(1, 2), "0.5"),
        (Fraction(2, 3), "0.666666667"),
        (Fraction(3), "3"),
    ],
)
def test_a_share_has_a_decimal_that_is_no_date(share: Fraction, shown: str) -> None:
    line = Line("A-1", "a", "active", "", "", 0, 1_000, share, share)
    out = io.StringIO()
    write_csv([Explained(line, Because(()))], str, str, out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (row["share"], row["share_decimal"]) == (str(share), shown)
