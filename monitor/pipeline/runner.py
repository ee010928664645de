"""The data path, top to bottom: poll, decode, attribute, relate, evaluate, account.

One transaction a batch holds the states, the timelines, the totals, the offsets
and the dead letters, so a crash loses or repeats nothing. One thread runs this;
the HTTP thread only reads the books, under their lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.clock import Clock
from monitor.domain.facts import Fact
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.errors import SourceUnavailable
from monitor.pipeline.accounting import Accounted, accounted
from monitor.pipeline.assistant import Assistant, Nobody
from monitor.pipeline.books import Books
from monitor.pipeline.collecting import Collecting
from monitor.pipeline.deferring import defer, evaluate_deferred
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.intake import Intake, Taken
from monitor.pipeline.policies import Batching, Limits
from monitor.pipeline.ports import (
    KEPT_DEAD_LETTERS,
    Changes,
    Partition,
    Source,
    State,
)
from monitor.pipeline.recent import Recent
from monitor.pipeline.relating import Related, relate
from monitor.pipeline.watching import Watch
from monitor.pipeline.working_set import WorkingSet

_SHORTER: Final = 4


@dataclass(slots=True)
class Runner:
    """Embedded mode: one process, one store, all partitions."""

    source: Source
    state: State
    intake: Intake
    books: Books
    directory: Directory
    model: Model
    batching: Batching
    clock: Clock
    watch: Watch
    assistant: Assistant = field(default_factory=Nobody)
    publish_letters: Callable[[], object] | None = None
    stored: dict[Partition, int] = field(default_factory=dict)
    targets: Mapping[Partition, int] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    recent: Recent = field(default_factory=Recent)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, stop: threading.Event) -> None:
        """Read until told to stop; a batch that has begun is committed first."""
        self.stop, self.stored = stop, self.state.offsets()
        self.watch.dead_letters = len(self.state.dead_letters(KEPT_DEAD_LETTERS))
        if not self.stored and self.batching.assistant_from_records:
            self.assistant.call({})  # it loads while we connect
        try:
            self.source.start(self.stored)
        except SourceUnavailable:
            if stop.is_set():
                return  # told to stop while the broker was away: nothing is amiss
            raise
        self.targets = dict(self.source.end_offsets())
        self._call_assistant()
        try:
            with Collecting(self.watch.monotonic) as collecting:
                while not stop.is_set():
                    self.turn()
                    collecting.between_turns(ready=self.watch.ready)
        finally:
            self.assistant.dismiss()
        self.source.close()

    def turn(self) -> None:
        """One batch: whatever the source has, through every stage, stored at once."""
        self.watch.turn()
        changes = Changes()
        facts, read = self.read(changes)
        if read or self._moved():
            with self.watch.timing("friction_batch_seconds"):
                found = self.work(facts, changes)
            self.store(changes, found)
        with self.lock:
            self.books.advance(self.clock.now_ms() - self.model.settle_ms)
        self._arrive()
        self.source.refresh_partitions(self.clock.now_ms())
        if self.publish_letters is not None:
            self.publish_letters()

    def read(self, changes: Changes) -> tuple[list[Fact], int]:
        """One batch's facts, and how many records they came from.

        While catching up a batch takes several polls: bodies are decoded as they
        come and let go, so a batch of facts may stand for gigabytes of webhooks.
        """
        facts: list[Fact] = []
        read = 0
        limits = self.batching.limits(live=self.watch.ready)
        most = limits.max_records
        if not self._is_read_ahead() and self.assistant.is_coming():
            most //= _SHORTER  # who reads ahead begins between batches
        while read < most:
            taken = self._take(limits, most - read)
            facts += taken.facts
            changes.dead_letters += taken.letters
            read += taken.records
            # Whoever waited for a quiet moment would wait for ever on a busy topic.
            if not taken.records or self.watch.ready or self._at_ends():
                break
        return facts, read

    def _is_read_ahead(self) -> bool:
        return self.assistant.reads(self.source.positions(), self.targets)

    def _take(self, limits: Limits, most: int) -> Taken:
        """What one poll came to, which while catching up may be another process's."""
        if self._is_read_ahead():
            with self.watch.timing("friction_poll_seconds"):
                chunk = self.assistant.next(limits.timeout_ms)
            if chunk is None:
                return Taken()
            self.watch.polled(self.clock.now_ms(), chunk.problem)
            self.source.skip_to(chunk.positions)
            if chunk.records:
                return self.intake.take(chunk.records)
            self.intake.adopt(chunk.taken)
            return chunk.taken
        with self.watch.timing("friction_poll_seconds"):
            records = self.source.poll(most, limits.max_bytes, limits.timeout_ms)
        self.watch.polled(self.clock.now_ms(), self.source.problem())
        return self.intake.take(records)

    def work(self, facts: Sequence[Fact], changes: Changes) -> list[Accounted]:
        """Facts to what has to be stored and booked for them; neither is yet."""
        working = WorkingSet(self.state, self.recent)
        related: Related = relate(facts, working)
        self.watch.related(related)
        found: list[Accounted] = []
        if self.watch.ready:
            replaced = evaluate_touched(working, self.directory, self.model)
            now = self.books.accounts.instants[0]
            found.append(accounted(replaced, self.directory, now))
        else:
            defer(self.recent.newly_deferred(working.to_evaluate()), changes)
        working.collect(changes)
        # Should the commit fail, the program stops: nobody reads what was not stored.
        self.recent.keep(working.held())
        return found

    def store(self, changes: Changes, found: Iterable[Accounted]) -> None:
        """Book and commit the batch with its offsets, then tell the group.

        Both under one lock: a number shown before it is stored could be lost by a
        crash, and a correction after the restart would then let a counter fall.
        """
        positions = self.source.positions()
        for partition, position in positions.items():
            if self.stored.get(partition) != position:
                changes.offsets[partition] = (self.stored.get(partition), position)
        with self.lock:
            for one in found:
                self.books.enter(one, self.directory)
            self.books.collect(changes)
            with self.watch.timing("friction_commit_seconds"):
                self.state.commit(changes)
            self.books.find_first(self.state, self.directory)
        self.stored.update(positions)
        self.watch.committed(self.clock.now_ms(), changes.dead_letters)
        self.source.publish(positions)

    def _call_assistant(self) -> None:
        """Call the assistant when there is much to read, else send it away."""
        positions = self.source.positions()
        behind = sum(end - positions.get(at, 0) for at, end in self.targets.items())
        if not 0 < self.batching.assistant_from_records <= behind:
            self.assistant.dismiss()
        elif not self.assistant.is_coming():
            self.assistant.call(self.stored)

    def _at_ends(self) -> bool:
        positions = self.source.positions()
        return all(positions.get(p, 0) >= end for p, end in self.targets.items())

    def _moved(self) -> bool:
        """Whether something but records is to be stored."""
        if self.books.dirty:
            return True
        positions = self.source.positions()
        return any(self.stored.get(at) != next_ for at, next_ in positions.items())

    def _arrive(self) -> None:
        """Caught up: the ends read at the start are reached, and all is evaluated."""
        if self.watch.ready or not self._at_ends():
            return
        self.recent.clear()
        now = self.books.accounts.instants[0]
        for changes, found in evaluate_deferred(
            self.state, self.directory, self.model, now, self.assistant
        ):
            self.store(changes, found)
            self.watch.turn()
            if self.stop.is_set():
                return
        self.assistant.dismiss()
        with self.lock:
            self.books.served = True
            changes = Changes()
            self.books.collect(changes)
            self.state.commit(changes)
        self.watch.caught_up()
