"""The data path, top to bottom: poll, decode, attribute, relate, evaluate, account.

One transaction a batch holds the states, the timelines, the totals, the offsets
and the dead letters, so a crash loses or repeats nothing. One thread runs this;
the HTTP thread only reads the books, under their lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from monitor.clock import Clock
from monitor.domain.facts import Fact
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.working_time import FOREVER
from monitor.errors import SourceUnavailable
from monitor.pipeline.accounting import Accounted, accounted
from monitor.pipeline.books import Books
from monitor.pipeline.catching_up.deferring import defer_touched, evaluate_deferred
from monitor.pipeline.catching_up.sharing import Sharing
from monitor.pipeline.collecting import Collecting
from monitor.pipeline.evaluating import evaluate_touched
from monitor.pipeline.leader_epochs import keep_epochs, stored_epochs
from monitor.pipeline.ports import (
    Changes,
    Partition,
    Source,
    State,
)
from monitor.pipeline.reading import Reading
from monitor.pipeline.recent import Recent
from monitor.pipeline.relating.relate import Related, relate
from monitor.pipeline.sealing import Sealing
from monitor.pipeline.touched import Touched
from monitor.pipeline.watching import Watch
from monitor.pipeline.working_set import WorkingSet

# Facts of a batch at which sealing waits for a quieter one.
_BUSY: Final = 500


@dataclass(slots=True)
class Runner:
    """Embedded mode: one process, one store, all partitions.

    ``running`` says whether one turn follows the other, so that what waits is stored.
    """

    reading: Reading
    state: State
    books: Books
    directory: Directory
    model: Model
    clock: Clock
    watch: Watch
    publish_letters: Callable[[], object] | None = None
    sealing: Sealing | None = None
    stored: dict[Partition, int] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    running: bool = False
    recent: Recent = field(default_factory=Recent)
    lock: threading.Lock = field(default_factory=threading.Lock)
    touched: Touched = field(default_factory=Touched)
    _sharing: Sharing | None = None
    # When the source was last known to be well (ms).
    _answered: int | None = None

    @property
    def sharing(self) -> Sharing:
        """Who evaluates what was deferred, here and in the assistant."""
        if self._sharing is None:
            assistant = self.reading.assistant
            self._sharing = Sharing(self.state, self.directory, self.model, assistant)
        return self._sharing

    @property
    def source(self) -> Source:
        """Where records come from."""
        return self.reading.source

    def run(self, stop: threading.Event) -> None:
        """Read until told to stop; a batch that has begun is committed first."""
        self.stop = stop
        self.watch.dead_letters = self.state.letters_kept()
        try:
            self.start()
            self.running = True
            with Collecting(self.watch.monotonic) as collecting:
                while not stop.is_set():
                    self.turn()
                    collecting.between_turns(ready=self.watch.ready)
            self._leave()
        except SourceUnavailable:
            if not stop.is_set():
                raise
            # Told to stop while the broker was away: nothing is amiss.
        finally:
            self.running = False
            self.reading.assistant.dismiss()
        self.state.verify()
        self.source.close()

    def start(self) -> None:
        """Connect, to go on from what is stored; nobody sees numbers until caught up.

        Raises SourceUnavailable, LogTruncated.
        """
        self.stored = self.state.offsets()
        self.reading.intake.load(self.state)
        with self.lock:
            self.books.begin_catching_up()
        self.reading.start(self.stored, stored_epochs(self.state, self.stored))

    def turn(self) -> None:
        """One batch: whatever the source has, through every stage, stored at once."""
        self.state.verify()
        batch = self.reading.batch(self.stop.is_set)
        if self.watch.ready:
            self.books.may_show(self._settled())
        if batch.records or self._moved():
            changes = Changes(dead_letters=batch.letters)
            with self.watch.timing("friction_batch_seconds"):
                found = self.work(batch.facts, changes)
            self.store(changes, found, batch.told_since)
        with self.lock:
            self.books.advance(self._instant())
        self.watch.stands_at(self.books.accounts.instants[0], self._settled())
        self._approach()
        self._arrive()
        self._seal(len(batch.facts))
        self.source.refresh_partitions(self.clock.now_ms())
        if self.publish_letters is not None:
            self.publish_letters()

    def _settled(self) -> int:
        """Up to when totals may run at present.

        While nobody answers, nobody knows what has happened since somebody last did.
        """
        now = self.clock.now_ms()
        if self._answered is None or not self.source.is_silent():
            self._answered = now
        return min(now - self.model.settle_ms, self._answered)

    def _instant(self) -> int:
        """Up to when totals run; none is shown that was not said to be.

        While catching up they stand where they were shown last: should it end before,
        the next start finds what is to be held where this one found it.
        """
        instant, until = self._settled(), self.books.shown_until
        return instant if until is None else min(instant, until)

    def work(self, facts: Sequence[Fact], changes: Changes) -> list[Accounted]:
        """Facts to what has to be stored and booked for them; neither is yet."""
        working = WorkingSet(self.state, self.recent, self.directory.projects)
        related: Related = relate(facts, working)
        self.watch.related(related)
        found: list[Accounted] = []
        if self.watch.ready:
            replaced = evaluate_touched(working, self.directory, self.model)
            now = self.books.accounts.instants[0]
            found.append(accounted(replaced, self.directory, now))
            self.watch.late(working.told_late)
        else:
            self.sharing.touched(defer_touched(working, changes, self.recent))
        working.collect(changes)
        # Should the commit fail, the program stops: nobody reads what was not stored.
        self.recent.keep(working.held())
        return found

    def store(
        self,
        changes: Changes,
        found: Sequence[Accounted],
        told_since: int = FOREVER,
    ) -> None:
        """Book and commit the batch with its offsets, then tell the group.

        Both under one lock: a number shown before it is stored could be lost by a
        crash, and a correction after the restart would then let a counter fall.
        """
        positions = self.source.positions()
        self.reading.intake.collect(changes)
        for partition, position in positions.items():
            if self.stored.get(partition) != position:
                changes.offsets[partition] = (self.stored.get(partition), position)
        keep_epochs(changes, self.source.epochs())
        with self._together():
            self.books.enter(found, self.directory)
            self.books.tell(told_since)
            self.books.collect(changes)
            with self.watch.timing("friction_commit_seconds"):
                self.state.commit(changes)
            self.touched.note(changes.puts.get("timelines", {}), changes.replaced)
            self.books.find_first(self.state, self.directory)
        self.stored.update(positions)
        # The books alone are stored once a minute, whether or not records get here. Of
        # what is left out none ever will.
        all_else = not self.watch.ready or self.reading.all_else_is_read()
        if changes.offsets or all_else:
            self.watch.committed(self.clock.now_ms())
        if changes.dead_letters:
            kept = self.state.letters_kept()
            publishing = self.reading.intake.taking.publish_bodies
            self.watch.rejected(changes.dead_letters, kept, publishing=publishing)
        self.source.publish(positions)

    @contextmanager
    def _together(self) -> Iterator[None]:
        """The books and the store change together, or nobody sees the books again.

        Whoever waits for the lock meanwhile, to read them, is not shown them either.
        """
        with self.lock:
            try:
                yield
            except BaseException:
                self.watch.not_stored()
                raise

    def _seal(self, facts: int) -> None:
        """While nothing else is to be done: seal some of what is long closed."""
        if self.sealing is None or not self.watch.ready or facts > _BUSY:
            return
        lowest = self.reading.intake.broker.lowest(self.source.positions())
        if lowest is None:
            return
        # A record may be stamped with any time: none is later than the present.
        chunk = self.sealing.step(min(lowest, self.clock.now_ms()))
        if chunk is None or chunk.is_empty:
            return
        with self._together():
            self.books.close(chunk.sealed)
            self.books.collect(chunk.changes)
            self.state.commit(chunk.changes)
        if chunk.sealed:
            self.recent.clear()

    def _moved(self) -> bool:
        """Whether something but records is to be stored."""
        if self.books.dirty:
            return True
        positions = self.source.positions()
        return any(self.stored.get(at) != next_ for at, next_ in positions.items())

    def _approach(self) -> None:
        """Near the ends the assistant has read them, and may begin to evaluate."""
        if self.reading.is_near_ends():
            now = self.books.accounts.instants[0]
            self.sharing.give_early(now)

    def _arrive(self) -> None:
        """Caught up: the ends read at the start are reached, and all is evaluated."""
        if self.watch.ready or not self.reading.at_ends():
            return
        self.recent.clear()
        now = self.books.accounts.instants[0]
        assistant = self.reading.assistant
        for changes, found, late in evaluate_deferred(self.sharing, now):
            self.store(changes, found)
            self.watch.late(late)
            self.watch.turn()
            if self.stop.is_set():
                return
        assistant.dismiss()
        with self.lock:
            self.books.caught_up()
            self.books.may_show(self._settled())
            self.books.advance(self._instant())
            self._store_books()
        self.watch.caught_up()

    def _leave(self) -> None:
        """Say up to when numbers were shown: what comes later nobody has seen."""
        if self.watch.ready:
            with self.lock:
                self.books.shown_last()
                self._store_books()

    def _store_books(self) -> None:
        changes = Changes()
        self.books.collect(changes)
        self.state.commit(changes)
