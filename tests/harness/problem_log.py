"""The closed problems of BPI Challenge 2013 (Volvo IT) as native events.

``org:group`` is the team. *Queued* after a change of group is a handover, *Queued* in
the group's own queue is a backlog. *Wait - User*, *Customer* and *Vendor* name
somebody outside; a plain *Wait*, the only one of this log, names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from tests.harness.process_log import (
    Case,
    Event,
    Row,
    Standing,
    Step,
    cases_of,
    events_of,
    teams_file,
)
from tests.harness.reference_data import payloads_dir

_STATUS, _STATE, _GROUP = "concept:name", "lifecycle:transition", "org:group"
_OUTSIDE: Final = ("Wait - User", "Wait - Customer", "Wait - Vendor")


def problem_cases() -> list[Case]:
    """The cases of the log."""
    folder = payloads_dir() / "process-logs" / "bpic2013"
    path = folder / "bpic2013_closed_problems.xes.gz"
    return cases_of(path, (_STATUS, _STATE, _GROUP))


def group_of(row: Row) -> str:
    """The group of a row; one is called by a word that no team may be called by."""
    group = row.values[_GROUP]
    return "Org line Other" if group == "Other" else group


def problem_step(row: Row) -> Step:
    """What a row means."""
    status, state = row.values[_STATUS], row.values[_STATE]
    team = group_of(row)
    on_team = "external" if state in _OUTSIDE else None
    return Step(row.time, _standing(status, state), team, on_team)


def _standing(status: str, state: str) -> Standing:
    match status:
        case "Queued":
            return Standing.QUEUED
        case "Accepted":
            waits = state.startswith("Wait")
            return Standing.WAITING if waits else Standing.WORKED
        case "Completed":
            return Standing.CANCELLED if state == "Cancelled" else Standing.DONE
        case _:
            return Standing.UNTOLD


def problem_events(cases: Iterable[Case]) -> Iterator[Event]:
    """The log as native events; a problem is a defect."""
    for case in cases:
        yield from events_of(case.name, map(problem_step, case.rows), "defect")


def problem_teams(cases: Iterable[Case]) -> str:
    """A teams file of every group of the log."""
    return teams_file({group_of(row) for case in cases for row in case.rows})
