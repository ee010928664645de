"""What an impossible history is made of, and the expected result beside it.

The expected seconds are worked out from the specification, over Monday 2 March 2026,
09:00 to 17:00 UTC, unless a case says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.domain.teams import Directory
from monitor.pipeline.batch import Batch, stored_timelines
from tests.harness.driving import directory_of
from tests.unit.indicators.history import at, seconds_by_key

Body = dict[str, Any]

TEAMS = """
version: 1
organisation:
  name: Acme
  engineer_cost_per_hour: 100
teams:
  - {id: checkout, headcount: 4, owns: [{service: till}]}
  - {id: search, headcount: 3}
  - {id: platform, kind: platform, headcount: 5, owns: [{pool: large}]}
"""
NO_PEOPLE = TEAMS.replace("headcount: 4", "headcount: 0")
ALWAYS_OFF = TEAMS.replace(
    "headcount: 4",
    "headcount: 4, calendar: {days: [mon], holidays: ['2026-03-02', '2026-03-09']}",
)
# The clocks of Berlin leap from 02:00 to 03:00 on Sunday 29 March 2026.
IN_THE_GAP = TEAMS.replace(
    "headcount: 4",
    "headcount: 4, calendar:"
    " {zone: Europe/Berlin, days: [sun], hours: ['02:00', '03:00']}",
)
BLOCK = "checkout>platform ticket_blocked"
DAY = 28_800


@dataclass(frozen=True)
class Case:
    """A history, and what becomes of its seconds.

    ``zeros`` are negative lengths; ``said`` is of the document of ``evaluate``, by
    path, and ``shown`` are lines of ``/metrics``.
    """

    name: str
    bodies: tuple[Body, ...]
    expected: Mapping[str, float]
    until: str = "Mon 17:00"
    zeros: int = 0
    teams: str = TEAMS
    said: Mapping[str, Any] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def body(kind: str, when: str, entity: str = "CHK-1", **fields: Any) -> Body:
    """A native event; ``when`` is a day and time of the week, or a whole date."""
    time = when
    if not when[0].isdigit():
        time = datetime.fromtimestamp(at(when) / 1_000, UTC).isoformat()
    about = {"schema": "friction.event.v1", "source": "tracker.example"}
    told = {"kind": kind, "time": time, "entity": entity, **fields}
    return {**about, "id": f"{entity} {kind} {when}", **told}


def started(when: str = "Mon 09:00", entity: str = "CHK-1", **fields: Any) -> Body:
    told = {"team": "checkout", "work_class": "feature", **fields}
    return body("ticket.started", when, entity, **told)


def blocked(when: str, on_team: str = "platform") -> Body:
    return body("ticket.blocked", when, on_team=on_team)


def waited(key: str, seconds: float, working: float = DAY) -> dict[str, float]:
    """One wait of so many seconds out of a day of checkout's work."""
    acute = {f"{key} acute": min(seconds, 900)}
    chronic = {f"{key} chronic": seconds - 900} if seconds > 900 else {}
    rest = working - seconds
    return {**acute, **chronic, **({"checkout feature": rest} if rest else {})}


WORKED = {"checkout feature": float(DAY)}


def name_of(case: Case) -> str:
    """The name by which documentation and tests know a case."""
    return case.name


@cache
def directory(text: str) -> Directory:
    """The directory of a teams file; most cases share one."""
    return directory_of(text)


def batch_of(case: Case, bodies: tuple[Body, ...]) -> Batch:
    """The pipeline of ``friction evaluate`` after these bodies."""
    teams = directory(case.teams)
    state, settings = MemoryState(), DecodeSettings(projects=teams.projects)
    batch = Batch(state, teams, settings, DEFAULT_MODEL, at(case.until))
    batch.read(
        Record("t", 0, offset, None, None, (), json.dumps(one).encode())
        for offset, one in enumerate(bodies)
    )
    return batch


def spent(state: Any, case: Case, teams: Directory) -> dict[str, float]:
    """What the timelines of a state make of the case, by short keys."""
    return seconds_by_key(stored_timelines(state), case.until, directory=teams)
