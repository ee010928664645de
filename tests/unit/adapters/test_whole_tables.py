"""Tables in a narrow terminal, and where there is none: nothing is cut off."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction

import pytest
from rich.console import Console

from monitor.adapters.terminal.dead_letters import print_letters
from monitor.adapters.terminal.explained import print_facts, print_lines
from monitor.adapters.terminal.opened import print_open
from monitor.adapters.terminal.whole_tables import columns_of, print_whole
from monitor.domain.facts import Kind
from monitor.domain.making import make_fact
from monitor.domain.timeline import Component, Wait
from monitor.indicators.explaining.evidence import Because, Reason
from monitor.indicators.explaining.explain import Line
from monitor.indicators.explaining.open_now import Effect, OpenNow
from monitor.pipeline.dead_letters import DeadLetter, KeptLetter
from monitor.pipeline.explaining import Explained, OpenExplained

ITEM = "acme/a-repository-of-a-long-name#69401"
RECORD = "friction.deployments.of-another-organisation/11/123456789012"
NOON = 1_772_452_800_000  # 2026-03-02T12:00:00Z
SECONDS = Fraction(123_456_789_012, 35)
FACT = make_fact(Kind.TICKET_BLOCKED, NOON, ITEM, "tracker.example")
BECAUSE = Because((Reason("blocked flag without a team", ITEM, (FACT,), ()),))
LINE = Explained(
    Line(
        ITEM,
        "a",
        "ticket_blocked",
        "platform-engineering",
        "chronic",
        NOON,
        NOON + 1_000,
        Fraction(1, 35),
        SECONDS,
    ),
    BECAUSE,
)
WAIT = Wait("a", "platform-engineering", Component.TICKET_BLOCKED, NOON, 9**15, 9)
OPEN = OpenExplained(OpenNow(ITEM, WAIT, Effect.BESIDE), BECAUSE.reasons)
LETTER = DeadLetter(RECORD, 11, 12, NOON, ("a reason that is long " * 6,), "0")


class Terminal(io.StringIO):
    """What rich takes for a terminal; plain, so that lines can be measured."""

    def isatty(self) -> bool:
        return True


def shown(print_it: Callable[[Console], None], width: int) -> list[str]:
    """The lines that a terminal of this width is given."""
    out = Terminal()
    print_it(Console(file=out, width=width, color_system=None))
    return out.getvalue().splitlines()


def columns(lines: list[str]) -> list[str]:
    """What stands in each column of a table, from its first to its last line.

    Without blanks: a text is also folded at those.
    """
    rows = [line[1:-1].split("│") for line in lines if line.startswith("│")]
    return ["".join("".join(column).split()) for column in zip(*rows, strict=True)]


def tables_in(lines: list[str]) -> list[list[str]]:
    """The lines of each table, of several printed one after the other."""
    found: list[list[str]] = []
    for line in lines:
        if line.startswith("┏"):
            found.append([])
        if found:
            found[-1].append(line)
    return found


def segments(console: Console) -> None:
    print_lines([LINE], str, console)


def test_a_terminal_of_80_columns_shows_all_of_a_segment() -> None:
    lines = shown(segments, 80)
    assert max(map(len, lines)) <= 80
    assert columns(lines) == [
        ITEM,
        "ticket_blocked",
        "platform-engineering",
        "chronic",
        "2026-03-02T12:00:00Z",
        "2026-03-02T12:00:01Z",
        "1/35",
        "123456789012/35",
        "blockedflagwithoutateam",
    ]


@pytest.mark.parametrize("width", [20, 80, 200])
def test_seconds_and_their_sum_are_never_broken(width: int) -> None:
    lines = shown(segments, width)
    assert sum("│123456789012/35│" in line.replace(" ", "") for line in lines) == 1
    assert lines[-1] == "1 segment, sum of seconds: 123456789012/35"


def test_without_a_terminal_a_table_is_as_wide_as_it_has_to_be() -> None:
    out = io.StringIO()
    console = Console(file=out, width=160)
    print_facts([LINE], lambda _: RECORD * 3, str, console)
    (row,) = [line for line in out.getvalue().splitlines() if line[0] == "│"]
    assert f"│ {RECORD * 3} │" in row


@pytest.mark.parametrize(
    ("print_it", "told"),
    [
        (lambda console: print_facts([LINE], lambda _: RECORD, str, console), RECORD),
        (lambda console: print_open([OPEN], NOON, lambda _: "", str, console), ITEM),
        (
            lambda console: print_open([OPEN], NOON, lambda _: RECORD, str, console),
            RECORD,
        ),
        (
            lambda console: print_letters([KeptLetter(LETTER, waits=True)], console),
            f"{RECORD}/11/12",
        ),
    ],
)
@pytest.mark.parametrize("width", [20, 80])
def test_no_name_is_cut_off(
    print_it: Callable[[Console], None], told: str, width: int
) -> None:
    lines = shown(print_it, width)
    assert told in columns(lines)
    assert "…" not in "".join(lines)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (30, "│ 2026-03-02T12:00:00Z │ b c │"),
        (28, "│2026-03-02T12:00:00Z│b c│"),
        (25, "│2026-03-02│b c│"),
    ],
)
def test_blanks_go_first_then_the_time_of_day_has_a_line_of_its_own(
    width: int, expected: str
) -> None:
    found = columns_of(("t", "n"), times=("t",))
    rows = [("2026-03-02T12:00:00Z", "b c")]
    lines = shown(lambda console: print_whole(None, found, rows, console), width)
    assert expected in [line.rstrip() for line in lines]
