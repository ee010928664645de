"""Projects that a teams file comes to name: what was read before is not searched."""

from __future__ import annotations

import json

import pytest
from structlog.testing import capture_logs

from monitor.pipeline import restating
from monitor.pipeline.ports import Changes
from tests.unit.pipeline.running import TEAMS, Process, event

STARTED = event("ticket.started", 0, team="checkout")
OWNED = "    owns: [{jira: PAY}, {jira: OPS}]\n"
MORE = TEAMS.replace("    headcount: 4\n", f"    headcount: 4\n{OWNED}")
GROWN = TEAMS.replace("headcount: 4", "headcount: 5")


def warned(process: Process, teams: str) -> list[list[str]]:
    """The new projects that the next start warns of."""
    with capture_logs() as lines:
        process.start(teams=teams)
    found = [line for line in lines if "tracker projects" in line["event"]]
    assert all("move the state file away" in line["event"] for line in found)
    return [line["projects"] for line in found]


def served() -> Process:
    process = Process()
    process.send(STARTED)
    process.caught_up()
    return process


def read(process: Process, hours: float) -> None:
    """One record more is read, with the file of the last start."""
    process.send(event("ticket.commented", hours))
    process.caught_up()


def test_a_new_project_is_told_at_the_first_start_that_has_it() -> None:
    assert TEAMS != MORE
    process = served()
    assert warned(process, MORE) == [["OPS", "PAY"]]
    assert warned(process, MORE) == []
    assert warned(process, TEAMS) == []


def test_a_project_that_was_left_out_while_nothing_was_read_is_not_new() -> None:
    process = Process(teams=MORE)
    read(process, 1)
    for other in (TEAMS, GROWN, TEAMS):
        assert warned(process, other) == []
    assert warned(process, MORE) == []


def test_a_project_that_was_left_out_while_something_was_read_is_new() -> None:
    process = Process(teams=MORE)
    read(process, 1)
    assert warned(process, TEAMS) == []
    read(process, 2)
    assert warned(process, GROWN) == []
    assert warned(process, MORE) == [["OPS", "PAY"]]
    # Nothing is read with it, and what was read without it is what it was.
    assert warned(process, TEAMS) == []
    assert warned(process, MORE) == [["OPS", "PAY"]]
    read(process, 3)
    assert warned(process, TEAMS) == []
    assert warned(process, MORE) == []


def test_of_several_projects_those_are_new_that_nobody_looked_for() -> None:
    process = Process(teams=MORE.replace(", {jira: OPS}", ""))
    read(process, 1)
    assert warned(process, TEAMS) == []
    assert warned(process, MORE) == [["OPS"]]


def test_a_state_that_has_read_nothing_has_missed_nothing() -> None:
    process = Process()
    process.caught_up()
    assert warned(process, MORE) == []
    read(process, 1)
    assert warned(process, TEAMS) == []
    assert warned(process, MORE) == []


def break_off(process: Process, teams: str) -> None:
    """A start that ends after the first of what it stores."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(restating, "place_by", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            process.start(teams=teams)


def test_what_a_start_that_was_broken_off_had_is_not_what_was_looked_for() -> None:
    other = MORE.replace("jira: OPS", "jira: WEB")
    process = Process(teams=MORE)
    read(process, 1)
    break_off(process, TEAMS)
    break_off(process, other)
    assert warned(process, MORE) == []
    break_off(process, other)
    assert warned(process, other) == [["WEB"]]


@pytest.mark.parametrize("other", [TEAMS, GROWN])
def test_the_same_projects_are_not_told(other: str) -> None:
    assert warned(served(), other) == []


def test_a_state_that_tells_no_projects_is_not_guessed_at() -> None:
    process = served()
    stored = process.state.get_many("meta", ["teams"])["teams"]
    kept = json.loads(stored)
    before = json.dumps({key: kept[key] for key in ("organisation", "teams")}).encode()
    process.state.commit(Changes(puts={"meta": {"teams": before}}))
    assert warned(process, MORE) == []


def test_a_state_of_an_older_program_tells_of_the_last_file_only() -> None:
    """What was read with it, nothing tells: as if something was."""
    process = served()
    stored = json.loads(process.state.get_many("meta", ["teams"])["teams"])
    before = {key: stored[key] for key in ("organisation", "teams", "projects")}
    row = json.dumps(before).encode()
    process.state.commit(Changes(puts={"meta": {"teams": row}}))
    assert warned(process, MORE) == [["OPS", "PAY"]]
