"""A runner over memory: topics, a store that survives, and a clock told by hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitor.adapters.kafka.memory import MemorySource, MemoryTopics
from monitor.adapters.state.memory import MemoryState
from monitor.decode.settings import DecodeSettings
from monitor.domain.model import DEFAULT_MODEL, Model
from monitor.domain.outcomes import Record
from monitor.domain.teams import Directory
from monitor.pipeline.batch import no_hint
from monitor.pipeline.decoding import Decoding
from monitor.pipeline.intake import Intake, Taking
from monitor.pipeline.policies import Batching
from monitor.pipeline.ports import (
    KEPT_DEAD_LETTERS,
    NO_EPOCHS,
    Changes,
    Epochs,
    Offsets,
    Source,
)
from monitor.pipeline.reading import Reading
from monitor.pipeline.restating import restated
from monitor.pipeline.runner import Runner
from monitor.pipeline.sealing import Retention, Sealing
from monitor.pipeline.showing.families import business_families
from monitor.pipeline.stored_books import load_books
from monitor.pipeline.watching import Watch, silent_meter
from tests.harness.driving import Samples, directory_of

TEAMS = """
version: 1
organisation: {name: Acme}
teams:
  - id: checkout
    headcount: 4
  - id: platform
    kind: platform
    headcount: 5
"""
# Monday 2 March 2026, 09:00 UTC.
MONDAY = 1_772_442_000_000
HOUR = 3_600_000


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    ms: int = MONDAY + 4 * HOUR

    def now_ms(self) -> int:
        return self.ms

    def monotonic(self) -> float:
        return self.ms / 1000


@dataclass
class CountingState(MemoryState):
    """Counts commits; may be told to watch a lock during each."""

    commits: int = 0
    lock: threading.Lock | None = None
    unlocked: int = 0
    keep_letters: int = KEPT_DEAD_LETTERS

    def __post_init__(self) -> None:
        MemoryState.__init__(self, keep_letters=self.keep_letters)

    def commit(self, changes: Changes) -> None:
        self.commits += 1
        if self.lock is not None and not self.lock.locked():
            self.unlocked += 1
        super().commit(changes)


@dataclass
class Process:
    """One process after the other on the same topics and the same store."""

    topics: MemoryTopics = field(default_factory=lambda: MemoryTopics({"t": 1}))
    state: CountingState = field(default_factory=CountingState)
    clock: HandClock = field(default_factory=HandClock)
    teams: str = TEAMS
    directory: Directory | None = None
    stop_after: int = 1_000
    batching: Batching = field(default_factory=Batching)
    retention: Retention | None = None
    model: Model = DEFAULT_MODEL
    runner: Runner = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self, teams: str | None = None, source: Source | None = None) -> None:
        """A new process: nothing but the store is left of the one before."""
        self.teams = teams or self.teams
        directory = self.directory or directory_of(self.teams)
        now = self.clock.now_ms() - DEFAULT_MODEL.settle_ms
        books = load_books(directory, self.state, now)
        watch = Watch(silent_meter(), self.clock.monotonic)
        settings = DecodeSettings(projects=directory.projects)
        decoding = Decoding(directory, settings, no_hint)
        reading = Reading(
            source or MemorySource(self.topics),
            Intake(Taking(decoding, self.stop_after), watch),
            self.batching,
            self.clock,
            watch,
        )
        self.runner = Runner(
            reading,
            self.state,
            restated(self.state, books, directory, self.model),
            directory,
            self.model,
            self.clock,
            watch,
            sealing=self._sealing(directory),
        )
        self.runner.stored = self.state.offsets()

    def _sealing(self, directory: Directory) -> Sealing | None:
        kept = self.retention
        return Sealing(self.state, directory, self.model, kept) if kept else None

    def begin(self) -> None:
        """Connect, as ``run`` does, without its loop."""
        self.runner.start()

    def caught_up(self) -> None:
        """Connect and turn until ready."""
        self.begin()
        while not self.runner.watch.ready:
            self.runner.turn()

    def send(
        self, *bodies: bytes | Mapping[str, Any] | None, timestamp: int | None = None
    ) -> None:
        """Append records to the first partition of the first topic."""
        values = [
            body if isinstance(body, bytes | None) else json.dumps(body).encode()
            for body in bodies
        ]
        self.topics.append("t", 0, values, timestamp)

    def shown(self, name: str) -> Samples:
        """What a scrape shows of a family now."""
        runner = self.runner
        families = business_families(runner.books, runner.directory, runner.model)
        return next((dict(f.samples) for f in families if f.name == name), {})


class FailingSource(MemorySource):
    """A source whose broker never answers before the program is told to stop."""

    def __init__(self, problem: Exception, stop: threading.Event | None) -> None:
        super().__init__(MemoryTopics({"t": 1}))
        self._failure = problem
        self._stop = stop

    def start(self, stored: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        del stored, epochs
        if self._stop is not None:
            self._stop.set()
        raise self._failure


def record(value: bytes | None, topic: str = "t", offset: int = 0) -> Record:
    """A record without key, headers and time."""
    return Record(topic, 0, offset, None, None, (), value)


def event(
    kind: str, hours: float, entity: str = "T-1", **fields: Any
) -> dict[str, Any]:
    """A native event so many hours after Monday 09:00."""
    return {
        "schema": "friction.event.v1",
        "id": f"{kind}-{hours}-{entity}",
        "source": "tracker.example",
        "kind": kind,
        "time": rfc3339(MONDAY + round(hours * HOUR)),
        "entity": entity,
        **fields,
    }


def mistaken(action: str, hours: float, **more: Any) -> dict[str, Any]:
    """What GitHub tells of an issue of no repository that anybody claims.

    It is put into progress, and deleted as a mistake, so that nothing is left of it.
    """
    created, updated = (
        rfc3339(MONDAY - 96 * HOUR),
        rfc3339(MONDAY + round(hours * HOUR)),
    )
    issue = {"number": 9, "created_at": created, "updated_at": updated}
    repository = {"id": 5, "full_name": "acme/till"}
    return {"action": action, "issue": issue, "repository": repository, **more}


def rfc3339(instant: int) -> str:
    """An instant as events state it."""
    return datetime.fromtimestamp(instant // 1_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
