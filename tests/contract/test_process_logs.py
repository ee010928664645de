"""Two real process logs, imported and measured, against a second reading of them.

The second reading takes nothing from the product nor from the importers: it scans
the text of the log line by line, and judges each pair of neighbouring rows of a case
by looking back at the raw rows. Every row is somebody's doing and every hour is a
working hour, so each stretch between two rows stands for itself.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.harness.help_desk_log import help_desk_step
from tests.harness.measured import Measured
from tests.harness.problem_log import problem_step
from tests.harness.process_log import Row, Standing
from tests.harness.reference_data import REPOSITORY, payloads_dir
from tests.harness.validation import LOGS, log_figures, measured_log

PROBLEMS, HELP_DESK = "closed problems", "help desk"
AT = datetime(2026, 1, 1, tzinfo=UTC)
# Indicators 1.10, a working day being 28,800 s.
IDLE, STALE, ACUTE = 5 * 28_800, 10 * 28_800, 900

QUEUE, WORK, WAIT, DONE, NOTHING = "queue", "work", "wait", "done", "nothing"
ACTING = (WORK, WAIT, DONE)
_VALUE = re.compile(r'key="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Line:
    """A row as this file reads it."""

    time: datetime
    word: str
    team: str


@dataclass
class Plain:
    """The figures of the second reading, as the product's are keyed."""

    cases: int = 0
    rows: int = 0
    waits: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    active: Counter[tuple[str, str]] = field(default_factory=Counter)
    unaccrued: Counter[tuple[str, str]] = field(default_factory=Counter)
    handovers: Counter[tuple[str, str]] = field(default_factory=Counter)
    pingpongs: Counter[str] = field(default_factory=Counter)
    reopened: Counter[str] = field(default_factory=Counter)
    flown: Counter[str] = field(default_factory=Counter)


def lines_of(path: Path, group: str) -> Iterator[tuple[str, list[Line]]]:
    """The cases of a log, scanned as text."""
    name = ""
    lines: list[Line] = []
    values: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as text:
        for row in text:
            if "<trace>" in row:
                name, lines, values = "", [], {}
            elif "<event>" in row:
                name = name or values["concept:name"]
                values = {}
            elif "</event>" in row:
                time = datetime.fromisoformat(values["time:timestamp"])
                team = "Org line Other" if values[group] == "Other" else values[group]
                lines.append(Line(time, word_of(values), team))
            elif "</trace>" in row:
                yield name, lines
            elif found := _VALUE.search(row):
                values[found[1]] = found[2]


def word_of(values: dict[str, str]) -> str:
    said, state = values["concept:name"], values.get("lifecycle:transition", "")
    if said == "Accepted":
        return WAIT if state == "Wait" else WORK
    return {
        "Queued": QUEUE,
        "Completed": DONE,
        "Take in charge ticket": WORK,
        "Wait": WAIT,
        "Resolve ticket": DONE,
        "Closed": DONE,
    }.get(said, NOTHING)


@cache
def plain(log: str) -> Plain:
    """The second reading of a log."""
    folder = payloads_dir() / "process-logs"
    path, group, work = {
        PROBLEMS: ("bpic2013/bpic2013_closed_problems.xes.gz", "org:group", "defect"),
        HELP_DESK: ("helpdesk/helpdesk.xes.gz", "workgroup", "request"),
    }[log]
    found = Plain()
    for name, lines in lines_of(folder / path, group):
        found.cases += 1
        found.rows += len(lines)
        told = [lines[0], *(line for line in lines[1:] if line.word != NOTHING)]
        for one, other in pairwise(told):
            found.handovers[one.team, other.team] += one.team != other.team
            back = one.word == DONE and other.word != DONE
            found.reopened[name] += back
        found.pingpongs[name] += pingpongs(told)
        add_hours(found, name, lines, work)
    return found


def pingpongs(told: list[Line]) -> int:
    """How often a case went from one team to another and back, all three acting.

    A team that is given back what it owns, because nobody took it, need not act.
    """
    owner = told[0].team
    holders: list[list[object]] = [[owner, True]]
    for line in told[1:]:
        if line.team != holders[-1][0]:
            holders.append([line.team, line.team == owner])
        if line.word in ACTING:
            owner, holders[-1][1] = line.team, True
    return sum(
        a[0] == c[0] and bool(a[1] and b[1] and c[1])
        for a, b, c in zip(holders, holders[1:], holders[2:], strict=False)
    )


def standing(lines: list[Line]) -> tuple[str, str, str]:
    """How a case stands after these rows: what, whose it is, who is waited for."""
    told = [line for line in lines if line.word != NOTHING]
    if not told or told[-1].word == DONE:
        return NOTHING, "", ""
    if told[-1].word != QUEUE:
        return told[-1].word, told[-1].team, "unknown"
    first = max((n + 1 for n, line in enumerate(told) if line.word != QUEUE), default=0)
    if first == 0 or told[first].team == told[first - 1].team:
        return NOTHING, "", ""
    owner = told[first - 1].team
    if told[-1].team == owner:
        return WORK, owner, ""
    return QUEUE, owner, told[-1].team


def add_hours(found: Plain, name: str, lines: list[Line], work: str) -> None:
    """Book every stretch between two rows, limits counted from the row before it."""
    origin, waited, again = "", 0, False
    ends = [*(line.time for line in lines[1:]), AT]
    for number, (line, end) in enumerate(zip(lines, ends, strict=True)):
        length = int((end - line.time) / timedelta(seconds=1))
        state, owner, named = standing(lines[: number + 1])
        again = again or (state != NOTHING and DONE in {x.word for x in lines[:number]})
        if length == 0:
            continue
        if state == NOTHING:
            waited = 0
            continue
        origin = origin or owner
        found.flown[name] += length
        if state == WORK:
            kind = "rework" if again else work if owner == origin else "request"
            found.active[owner, kind] += min(length, IDLE)
            found.unaccrued[owner, "idle"] += max(length - IDLE, 0)
            waited = 0
            continue
        charged = owner if state == WAIT else origin
        spent = min(length, STALE)
        found.unaccrued[charged, "stale"] += length - spent
        if named == origin:
            found.unaccrued[charged, "internal"] += spent
            waited = 0
            continue
        component = "ticket_blocked" if state == WAIT else "handoff"
        acute = min(spent, max(ACUTE - waited, 0))
        found.waits[charged, named, component, "acute"] += acute
        found.waits[charged, named, component, "chronic"] += spent - acute
        waited += spent


def product(log: str) -> Measured:
    return measured_log(log)


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("process_logs")]
both = pytest.mark.parametrize("log", [PROBLEMS, HELP_DESK])


@both
def test_every_case_and_row_of_the_log_is_read(log: str) -> None:
    cases = LOGS[log].cases()
    assert len(cases) == plain(log).cases
    assert sum(len(case.rows) for case in cases) == plain(log).rows
    assert product(log).records["rejected"] == product(log).records["ignored"] == 0


@both
def test_the_handover_matrix_is_that_of_neighbouring_rows(log: str) -> None:
    expected = {pair: n for pair, n in plain(log).handovers.items() if n}
    assert product(log).handovers == expected
    assert sum(product(log).handovers.values()) == sum(expected.values()) > 0


@both
def test_pingpongs_are_found_in_the_same_cases(log: str) -> None:
    assert product(log).pingpongs == {
        c: n for c, n in plain(log).pingpongs.items() if n
    }


@both
def test_reopenings_are_found_in_the_same_cases(log: str) -> None:
    assert product(log).reopened == {c: n for c, n in plain(log).reopened.items() if n}


@both
@pytest.mark.parametrize("state", ["waits", "active", "unaccrued"])
def test_the_seconds_of_every_state_are_the_same(log: str, state: str) -> None:
    expected = {key: s for key, s in getattr(plain(log), state).items() if s}
    assert getattr(product(log), state) == expected


@both
def test_the_states_of_every_case_sum_to_its_time_in_flight(log: str) -> None:
    assert product(log).flown == dict(plain(log).flown)


def test_a_wait_for_user_customer_or_vendor_is_external() -> None:
    """The incidents log has these words; this one has only a plain wait."""
    about = {"time:timestamp": "2013-01-01T00:00:00+01:00", "org:group": "G1"}
    for state, on_team in [
        ("Wait - User", "external"),
        ("Wait - Customer", "external"),
        ("Wait - Vendor", "external"),
        ("Wait", None),
    ]:
        row = Row({**about, "concept:name": "Accepted", "lifecycle:transition": state})
        step = problem_step(row)
        assert (step.standing, step.on_team) == (Standing.WAITING, on_team)


def test_no_person_of_a_log_is_read() -> None:
    for log in LOGS.values():
        columns = {
            key for case in log.cases() for row in case.rows for key in row.values
        }
        assert "org:resource" not in columns
        assert "time:timestamp" in columns


def test_what_an_anomaly_found_in_a_ticket_becomes_does_not_move_the_ticket() -> None:
    about = {"time:timestamp": "2013-01-01T00:00:00+00:00", "workgroup": "Value 3"}
    for activity in ("RESOLVED", "INVALID", "VERIFIED", "DUPLICATE"):
        step = help_desk_step(Row({**about, "concept:name": activity}))
        assert step.standing is Standing.UNTOLD


@both
def test_the_documentation_has_the_figures(log: str) -> None:
    written = (REPOSITORY / "docs" / "validation.md").read_text()
    assert "\n".join(log_figures(log)) in written
