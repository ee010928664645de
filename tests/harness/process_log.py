"""Process logs (XES) as native events: what happened to each case, step by step.

A log's own module says what its rows mean as steps; here steps become the events a
tracker would have published. Persons are never read: only the columns asked for are.
"""

from __future__ import annotations

import enum
import gzip
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

_XES: Final = "{http://www.xes-standard.org/}"
Event = dict[str, Any]


class Row(NamedTuple):
    """One event of a log: its columns as text, by their XES keys."""

    values: Mapping[str, str]

    @property
    def time(self) -> datetime:
        """When it happened."""
        return datetime.fromisoformat(self.values["time:timestamp"])


class Case(NamedTuple):
    """A case of a log: its name and its rows, as the log orders them."""

    name: str
    rows: tuple[Row, ...]


class Standing(enum.Enum):
    """What a row says of a case from then on."""

    QUEUED = "queued"  # somebody's, and in nobody's hands
    WORKED = "worked"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    UNTOLD = "untold"  # something was done; how the case stands is as before


class Step(NamedTuple):
    """A row as what it means; ``on_team`` is whom a waiting case waits for."""

    time: datetime
    standing: Standing
    team: str
    on_team: str | None = None


def cases_of(path: Path, columns: Collection[str]) -> list[Case]:
    """The cases of a gzipped XES file, with the columns asked for and no others."""
    asked = {"time:timestamp", *columns}
    with gzip.open(path) as opened:
        # The file is one of those kept beside the repository, no stranger's.
        root = ET.parse(opened).getroot()  # noqa: S314
    return [
        Case(
            _values(trace, {"concept:name"})["concept:name"],
            tuple(Row(_values(row, asked)) for row in trace.iter(f"{_XES}event")),
        )
        for trace in root.iter(f"{_XES}trace")
    ]


def _values(element: ET.Element, asked: Collection[str]) -> dict[str, str]:
    found = ((one.get("key", ""), one.get("value", "")) for one in element)
    return {key: value for key, value in found if key in asked}


def events_of(name: str, steps: Iterable[Step], work_class: str) -> Iterator[Event]:
    """The native events of one case's life.

    A change of the team is a handover, taken on at once by a team that works. A row
    in a queue of the team that had it parks it; one after the end reopens it.
    """
    life = _Life(name, work_class)
    for step in steps:
        yield from life.take(step)


@dataclass(slots=True)
class _Life:
    name: str
    work_class: str
    team: str = ""
    standing: Standing | None = None
    on_team: str | None = None
    count: int = field(default=0)

    def take(self, step: Step) -> Iterator[Event]:
        first, moved = self.standing is None, step.team != self.team
        if first:
            told = {"team": step.team, "work_class": self.work_class}
            yield self._event("ticket.created", step, **told)
        if step.standing is Standing.UNTOLD:
            yield self._event("ticket.updated", step)
            if first:
                self.team, self.standing = step.team, Standing.QUEUED
            return
        yield from self._leave(step)
        if moved and not first:
            yield self._event("ticket.assigned", step, to_team=step.team)
        yield from self._enter(step, moved=moved)
        self.team, self.standing, self.on_team = step.team, step.standing, step.on_team

    def _leave(self, step: Step) -> Iterator[Event]:
        """Leave how the case stood: a wait ends, an end is taken back."""
        closing = step.standing in (Standing.DONE, Standing.CANCELLED)
        if self.standing is Standing.WAITING and (
            step.standing is not Standing.WAITING or step.on_team != self.on_team
        ):
            yield self._event("ticket.unblocked", step)
        if self.standing in (Standing.DONE, Standing.CANCELLED) and not closing:
            yield self._event("ticket.reopened", step)

    def _enter(self, step: Step, *, moved: bool) -> Iterator[Event]:
        match step.standing:
            case Standing.QUEUED:
                if self.standing is Standing.QUEUED:
                    yield self._event("ticket.updated", step)
                elif self.standing is not None and not moved:
                    yield self._event("ticket.parked", step)
            case Standing.WORKED | Standing.WAITING:
                yield self._event("ticket.accepted", step, team=step.team)
                if step.standing is Standing.WAITING and self._waits_anew(step):
                    waited = {"on_team": step.on_team} if step.on_team else {}
                    yield self._event("ticket.blocked", step, **waited)
            case Standing.DONE:
                yield self._event("ticket.done", step, by_team=step.team)
            case Standing.CANCELLED:
                yield self._event("ticket.cancelled", step, by_team=step.team)
            case Standing.UNTOLD:
                raise AssertionError(step)

    def _waits_anew(self, step: Step) -> bool:
        return self.standing is not Standing.WAITING or step.on_team != self.on_team

    def _event(self, kind: str, step: Step, **fields: Any) -> Event:
        self.count += 1
        return {
            "schema": "friction.event.v1",
            "id": f"{self.name}/{self.count}",
            "source": "process-log.example",
            "kind": kind,
            "time": step.time.astimezone(UTC).isoformat(),
            "entity": self.name,
            **fields,
        }


def teams_file(teams: Iterable[str]) -> str:
    """A teams file of these teams, who all work round the clock.

    The logs tell nobody's hours, so every hour counts.
    """
    days = "[mon, tue, wed, thu, fri, sat, sun]"
    return "\n".join(
        [
            "version: 1",
            "organisation:",
            "  name: Example",
            f'  calendar: {{zone: UTC, days: {days}, hours: ["00:00", "24:00"]}}',
            "teams:",
            *(f"  - {{id: {team}}}" for team in sorted(teams)),
            "",
        ]
    )
