"""Names from events in tables: as they are, but that none steers the terminal."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from monitor.adapters.terminal.explained import print_facts, print_lines, write_csv
from monitor.adapters.terminal.opened import print_open, span_text, write_open_csv
from monitor.adapters.terminal.printable import csv_text, json_text, written_out
from monitor.adapters.terminal.tables import show
from monitor.domain.facts import Kind
from monitor.domain.making import make_fact
from monitor.domain.timeline import Component, Wait
from monitor.indicators.explaining.evidence import Because, Reason
from monitor.indicators.explaining.explain import Line
from monitor.indicators.explaining.open_now import Effect, OpenNow
from monitor.pipeline.explaining import Explained, OpenExplained

NAME = "I\x1b[31m\n[bold]x"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("acme/shop#7", "acme/shop#7"),
        ("Größe 7", "Größe 7"),
        (NAME, "I\\x1b[31m\\n[bold]x"),
        ("a\u202eb\x9bc", "a\\u202eb\\x9bc"),
    ],
)
def test_what_cannot_be_printed_is_written_out(name: str, shown: str) -> None:
    assert written_out(name) == shown


@given(st.text())
def test_json_is_exact_and_has_nothing_that_steers_a_terminal(name: str) -> None:
    text = json_text({name: [name, "Größe"]})
    assert text.isprintable()
    assert "Größe" in text
    assert json.loads(text) == {name: [name, "Größe"]}


@pytest.mark.parametrize("name", ["=cmd|calc!1", "+1", "-1", "@SUM(A1)", "\uff1d1"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_behind_a_quote(
    name: str,
) -> None:
    assert csv_text(name) == f"'{name}"


@pytest.mark.parametrize("name", ["CHK-1", "acme/shop#7", "~d0=", ""])
def test_any_other_cell_is_as_it_is(name: str) -> None:
    assert csv_text(name) == name


def test_comma_separated_segments_and_waits_have_names_that_do_nothing() -> None:
    fact = make_fact(Kind.TICKET_BLOCKED, 0, NAME, "tracker.example")
    name = f"={NAME}"
    line = Line(name, "a", "active", name, "", 0, 1_000, Fraction(1), Fraction(1))
    wait = Wait("a", name, Component.TICKET_BLOCKED, 0, 9_000, 9)
    reason = Reason("blocked flag", name, (fact,), (fact,))
    out = io.StringIO()

    write_csv([Explained(line, Because((reason,)))], lambda _: NAME, str, out)
    open_now = OpenNow(name, wait, Effect.COUNTS)
    found = OpenExplained(open_now, (reason,))
    write_open_csv([found], 1_000, lambda _: NAME, lambda _: name, str, out)

    segment, waiting = (
        row for row in csv.reader(io.StringIO(out.getvalue())) if "a" in row
    )
    shown = "I\\x1b[31m\\n[bold]x"
    told = f"ticket.blocked {shown} 1970-01-01T00:00:00Z {shown}"
    assert [segment[n] for n in (0, 3, 15, 12, 13)] == [*[f"'={shown}"] * 3, told, told]
    assert [waiting[n] for n in (0, 3, 8, 9, 11, 10)] == [*[f"'={shown}"] * 5, told]


def test_a_line_that_is_shown_steers_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(NAME)
    assert capsys.readouterr().out == "I\\x1b[31m\\n[bold]x\n"


def test_explained_segments_and_facts_show_names_as_they_are() -> None:
    fact = make_fact(Kind.TICKET_STARTED, 0, NAME, "tracker.example")
    line = Line(NAME, "a", "active", NAME, "", 0, 1_000, Fraction(1), Fraction(1))
    reason = Reason("started", NAME, (fact,), ())
    out = io.StringIO()
    console = Console(file=out, width=200)

    print_lines([Explained(line, Because((reason,)))], str, console)
    print_facts([Explained(line, Because((reason,)))], lambda _: NAME, str, console)

    assert out.getvalue().count("I\\x1b[31m\\n[bold]x") == 4
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize(
    ("ms", "shown"),
    [(59_999, "0 h 0 min"), (86_399_999, "23 h 59 min"), (86_400_000, "1 d 0 h")],
)
def test_how_long_a_wait_is_open_is_told_by_the_wall(ms: int, shown: str) -> None:
    assert span_text(ms) == shown


def test_open_waits_show_names_as_they_are() -> None:
    wait = Wait("a", NAME, Component.REVIEW_WAIT, 0, 9_000, 9)
    out = io.StringIO()
    found = OpenExplained(OpenNow(NAME, wait, Effect.COUNTS), ())
    print_open([found], 1_000, lambda _: "", str, Console(file=out, width=200))
    assert out.getvalue().count("I\\x1b[31m\\n[bold]x") == 2
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize("pipeline", ["", "acme/shop/ci"])
def test_a_column_names_the_pipelines_of_open_waits_where_there_are_any(
    pipeline: str,
) -> None:
    fact = make_fact(Kind.RUN_FINISHED, 0, "r-1", "ci.example")
    wait = Wait("a", "b", Component.CI_SHARED_FAILURE, 0, 9_000, 9)
    reason = Reason("stated cause", "r-1", (fact, fact), ())
    found = OpenExplained(OpenNow("T-1", wait, Effect.WORKED), (reason,))
    out = io.StringIO()
    print_open([found], 1_000, lambda _: pipeline, str, Console(file=out, width=200))
    assert ("pipeline" in out.getvalue()) is bool(pipeline)
    assert out.getvalue().count("acme/shop/ci") == bool(pipeline)
