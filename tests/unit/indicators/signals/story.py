"""Stories of several months told as native events, and how the signals read them.

Day 0 is Monday 2026-01-05. Everything goes through decoding, relating and evaluation;
calendars are UTC, Monday to Friday, 09:00 to 17:00.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.marks import Mark
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.outcomes import Record
from monitor.domain.signal_rules import Exemption, Signal, SignalRules, Way
from monitor.domain.teams import Directory
from monitor.domain.working_time import DAY
from monitor.indicators.signals.history import History
from monitor.indicators.signals.judging import Reading
from monitor.indicators.signals.report import Judging, history_at
from monitor.indicators.signals.standings import Standing, reading_on, standing_of
from monitor.pipeline.batch import Batch, stored_marks
from tests.harness.driving import directory_of

_DAY_0: Final = 1_767_571_200_000  # 2026-01-05T00:00:00Z
_FIRST: Final = _DAY_0 // DAY
STREAMS: Final = ("basket", "checkout", "payments", "search")
TEAMS: Final = """
version: 1
organisation:
  platform: {pms: 1, domains: [developer-platform]}
  calendar: {zone: UTC, days: [mon, tue, wed, thu, fri], hours: ["09:00", "17:00"]}
teams:
  - {id: basket, kind: stream, headcount: 1, owns: [{jira: BASKET}]}
  - {id: checkout, kind: stream, headcount: 1, owns: [{jira: CHECKOUT}]}
  - {id: payments, kind: stream, headcount: 1, owns: [{jira: PAYMENTS}]}
  - {id: search, kind: stream, headcount: 1, owns: [{jira: SEARCH}]}
  - {id: platform, kind: platform, headcount: 5, owns: [{jira: PLT}]}
  - {id: data, kind: platform, owns: [{jira: DATA}],
     as_a_service_to: [{team: search, from: 2026-01-01}]}
"""
DIRECTORY: Final[Directory] = directory_of(TEAMS)


def instant(day: float, clock: str = "00:00") -> int:
    """Milliseconds UTC of a time on a day of the story."""
    hours, minutes = map(int, clock.split(":"))
    return round(_DAY_0 + day * DAY) + (hours * 60 + minutes) * 60_000


def weekdays(first: int, last: int) -> Iterator[int]:
    """The days from first to last on which people work."""
    return (day for day in range(first, last + 1) if day % 7 < 5)


@dataclass
class Story:
    """Events in the order they are told, and rules."""

    directory: Directory = DIRECTORY
    exemptions: tuple[Exemption, ...] = ()
    ways: tuple[Way, ...] = ()
    events: list[dict[str, Any]] = field(default_factory=list)
    _history: History | None = None
    _tickets: int = 0
    _readings: dict[tuple[Signal, int], Reading] = field(default_factory=dict)

    def tell(
        self, kind: str, day: float, clock: str, entity: str, **fields: Any
    ) -> None:
        """One event."""
        seconds, milliseconds = divmod(instant(day, clock), 1_000)
        time = f"{_text(seconds)}.{milliseconds:03d}Z"
        self.events.append(
            {
                "schema": "friction.event.v1",
                "id": str(len(self.events)),
                "source": "tracker.example",
                "kind": kind,
                "time": time,
                "entity": entity,
                **fields,
            }
        )

    def ticket(self, project: str) -> str:
        """A new key in a project."""
        self._tickets += 1
        return f"{project.upper()}-{self._tickets}"

    def worked(
        self, team: str, day: float, start: str, end: str, work_class: str = "feature"
    ) -> str:
        """A ticket that a team worked on for some hours of a day."""
        key = self.ticket(team)
        self.tell("ticket.started", day, start, key, team=team, work_class=work_class)
        self.tell("ticket.done", day, end, key)
        return key

    def waited(self, team: str, on_team: str, day: float, start: str, end: str) -> str:
        """A ticket that was begun, and did nothing but wait until it was done."""
        key = self.ticket(team)
        self.tell("ticket.started", day, start, key, team=team, work_class="feature")
        self.tell("ticket.blocked", day, start, key, on_team=on_team)
        self.tell("ticket.done", day, end, key)
        return key

    def batch(self, events: Iterable[dict[str, Any]] | None = None) -> Batch:
        """The whole pipeline over the events; none may be rejected."""
        settings = DecodeSettings(projects=self.directory.projects)
        rules = SignalRules(self.exemptions, self.ways)
        far = instant(5_000)
        batch = Batch(
            MemoryState(), self.directory, settings, DEFAULT_MODEL, far, rules=rules
        )
        told = self.events if events is None else list(events)
        bodies = (json.dumps(event).encode() for event in told)
        batch.read(
            Record("t", 0, index, None, None, (), body)
            for index, body in enumerate(bodies)
        )
        assert batch.records()["rejected"] == 0
        return batch

    def marks(self) -> list[Mark]:
        """Every mark, sorted."""
        return marks_in(self.batch())

    @property
    def history(self) -> History:
        """What the signals read."""
        if self._history is None:
            batch = self.batch()
            by = Judging(batch.directory, batch.model, batch.rules)
            marks = marks_in(batch)
            self._history = history_at(batch.timelines(), marks, by, instant(400))
        return self._history

    def reading(self, signal: Signal, day: int) -> Reading:
        """The signal when a day of the story has ended."""
        return self._on(signal, _FIRST + day)

    def _on(self, signal: Signal, day: int) -> Reading:
        if (signal, day) not in self._readings:
            self._readings[signal, day] = reading_on(signal, self.history, day)
        return self._readings[signal, day]

    def standing(self, signal: Signal, day: int) -> Standing:
        """How the signal stands when a day has ended."""
        first = self.history.first
        assert first is not None
        on = partial(self._on, signal)
        return standing_of(signal, _FIRST + day, first, on)

    def on_days(self, signal: Signal, last: int) -> list[int]:
        """The days up to ``last`` at whose end the signal is on."""
        return [d for d in range(last + 1) if self.standing(signal, d).active]


def marks_in(batch: Batch) -> list[Mark]:
    """Every mark of a batch, sorted."""
    return sorted(stored_marks(batch.state, batch.directory, batch.rules))


def shuffled(story: Story, seed: int) -> list[dict[str, Any]]:
    """The events in another order, some of them twice."""
    chance = random.Random(seed)
    told = [*story.events, *chance.sample(story.events, len(story.events) // 5)]
    chance.shuffle(told)
    return told


def exempt(
    signal: Signal, first: int, last: int, *, team: str = "", subject: str = ""
) -> Exemption:
    """What is declared from the first to the last day of the story."""
    return Exemption(signal, instant(first), instant(last + 1), "said", team, subject)


def _text(seconds: int) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
