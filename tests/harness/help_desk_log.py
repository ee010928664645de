"""The log of an Italian help desk as native events.

Its values are numbered ("Value 3"), so that names tell nothing. ``workgroup`` is the
team: it is the only column of an organisation that ever changes within a case;
``responsible_section`` and ``support_section`` never do. Who waits for whom, and what
an upgrade or an anomaly holds up, is not told.
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

_ACTIVITY, _WORKGROUP = "concept:name", "workgroup"
# Every other activity changes nothing about how the ticket stands: it is given a
# seriousness, or something is said of the anomaly found in it, which lives elsewhere.
_STANDINGS: Final = {
    "Take in charge ticket": Standing.WORKED,
    "Wait": Standing.WAITING,
    "Resolve ticket": Standing.DONE,
    "Closed": Standing.DONE,
}


def help_desk_cases() -> list[Case]:
    """The cases of the log."""
    path = payloads_dir() / "process-logs" / "helpdesk" / "helpdesk.xes.gz"
    return cases_of(path, (_ACTIVITY, _WORKGROUP))


def help_desk_step(row: Row) -> Step:
    """What a row means."""
    standing = _STANDINGS.get(row.values[_ACTIVITY], Standing.UNTOLD)
    return Step(row.time, standing, row.values[_WORKGROUP])


def help_desk_events(cases: Iterable[Case]) -> Iterator[Event]:
    """The log as native events; a ticket is a request."""
    for case in cases:
        yield from events_of(case.name, map(help_desk_step, case.rows), "request")


def help_desk_teams(cases: Iterable[Case]) -> str:
    """A teams file of every workgroup of the log."""
    return teams_file({row.values[_WORKGROUP] for case in cases for row in case.rows})
