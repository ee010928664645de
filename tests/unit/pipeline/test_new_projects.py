"""Projects that a teams file comes to name: what was read before is not searched."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

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


def test_a_new_project_is_told_at_the_first_start_that_has_it() -> None:
    assert TEAMS != MORE
    process = served()
    assert warned(process, MORE) == [["OPS", "PAY"]]
    assert warned(process, MORE) == []
    assert warned(process, TEAMS) == []


@pytest.mark.parametrize("other", [TEAMS, GROWN])
def test_the_same_projects_are_not_told(other: str) -> None:
    assert warned(served(), other) == []


def test_a_state_that_tells_no_projects_is_not_guessed_at() -> None:
    process = served()
    stored = process.state.get_many("meta", ["teams"])["teams"]
    before = stored.partition(b', "projects"')[0] + b"}"
    process.state.commit(Changes(puts={"meta": {"teams": before}}))
    assert warned(process, MORE) == []
