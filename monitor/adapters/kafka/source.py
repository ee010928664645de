"""Records from Kafka, read by our own offsets; see docs/exactly-once.md for why."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from kafka.errors import (
    KafkaError,
    LogTruncationError,
    OffsetOutOfRangeError,
    TopicAuthorizationFailedError,
)

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.diagnose import explain
from monitor.adapters.kafka.group import GroupOffsets
from monitor.adapters.kafka.heartbeat import Heartbeat
from monitor.adapters.kafka.patience import Backoff, Patience, delay_seconds
from monitor.adapters.kafka.reach import Reach, bounds_served
from monitor.adapters.kafka.reader import Fetching, Reader
from monitor.adapters.kafka.room import Room
from monitor.adapters.kafka.telling import SILENT, Telling
from monitor.adapters.kafka.trouble import (
    differing,
    lost_of,
    outlook,
    truncation,
    unreachable,
    with_topics,
)
from monitor.adapters.kafka.unreadable import UNPACKING_ERRORS
from monitor.domain.outcomes import Record
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import NO_EPOCHS, Epochs, Offsets, Partition

_SLICE: Final = 1_000  # records asked of the library at once
_LOOK_FOR_PARTITIONS_MS: Final = 20_000
_PAUSE_SECONDS: Final = 0.5


class KafkaSource:
    """All partitions of the topics, from the stored offsets on; one thread uses it.

    ``wait(seconds)`` pauses between attempts and returns true to give up (the
    program was asked to stop). ``tell(problem)`` is called when the problem changes,
    ``failed()`` for each attempt that failed, ``throttled()`` once a quota is met.
    """

    def __init__(
        self,
        connection: Connection,
        topics: Sequence[str],
        group: str | None,
        *,
        monotonic: Callable[[], float],
        wait: Callable[[float], bool],
        tell: Callable[[str | None], None] = lambda _: None,
        failed: Callable[[], None] = lambda: None,
        throttled: Callable[[], None] = lambda: None,
        fetching: Fetching | None = None,
    ) -> None:
        """Remember how to connect; nothing is contacted before ``start``."""
        self._connection = connection
        self._topics = tuple(dict.fromkeys(topics))
        self._monotonic = monotonic
        self._wait = wait
        self._telling = Telling(tell, failed, throttled)
        self._fetching = fetching or Fetching()
        how = self._fetching.answer_ms, monotonic
        self._group = GroupOffsets(connection, group, *how)
        self._reader: Reader | None = None
        self._heartbeat: Heartbeat | None = None
        self._ends: dict[Partition, int] = {}
        self._positions: dict[Partition, int] = {}
        self._epochs: Epochs = NO_EPOCHS
        self._last_look_ms = float("-inf")
        self._reach = Reach(monotonic)
        self._patience = Patience()
        self._backoff = Backoff()

    @property
    def publish_failures(self) -> int:
        """How often the group could not be told our offsets."""
        return self._group.failures

    def start(self, stored: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Connect and read on from the stored offsets, else from the oldest record.

        Tries again, at longer and longer intervals, until it works or ``wait`` gives
        up. Raises LogTruncated; SourceUnavailable only when ``wait`` gave up.
        """
        self._epochs = epochs
        for failures in itertools.count(1):
            try:
                self._open(stored)
            except SourceUnavailable as problem:
                self._telling.failed(str(problem))
                if self._wait(delay_seconds(failures)):
                    raise
            else:
                self._telling.note(None)
                return

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        """The next records, within about ``timeout_ms``. Raises LogTruncated."""
        self._group.tell()
        until = self._monotonic() + timeout_ms / 1000
        records: list[Record] = []
        room = Room(max_bytes)
        while len(records) < max_records and room.left > 0:
            left_ms = max(0, round((until - self._monotonic()) * 1000))
            new = self._fetch(min(_SLICE, max_records - len(records)), room, left_ms)
            records += new
            if not new or self._at_end():
                break
        if records:
            self._patience.answered()
        self._look_after()
        return records

    def positions(self) -> Mapping[Partition, int]:
        """The next offset to read of each partition, after what ``poll`` returned."""
        if self._reader is not None:
            self._positions = self._reader.positions()
        return dict(self._positions)

    def epochs(self) -> Epochs:
        """Under which leader what is before each position was written, if known."""
        if self._reader is not None:
            self._epochs = self._reader.epochs()
        return self._epochs

    def skip_to(self, offsets: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Read on from these offsets: what is before them was read elsewhere."""
        now = self.positions()
        ours = {at: to for at, to in offsets.items() if now.get(at, to) != to}
        self._positions |= ours
        kept = {at: one for at, one in self.epochs().items() if at not in ours}
        self._epochs = kept | {at: epochs[at] for at in ours.keys() & epochs.keys()}
        if self._reader is not None:
            self._reader.seek(ours, epochs)

    def end_offsets(self) -> Mapping[Partition, int]:
        """The end of each partition's log, as last told by the broker."""
        if self._reader is not None:
            self._ends |= self._reach.ends_fetched(self._reader)
        positions = self.positions()
        return {at: max(end, positions.get(at, 0)) for at, end in self._ends.items()}

    def left_out(self) -> Collection[Partition]:
        """Partitions that stopped at a record nobody here can unpack."""
        return tuple(self._reach.unreadable.left_out)

    def out_of_reach(self) -> Collection[Partition]:
        """Partitions that nothing can be read of now, those left out among them."""
        return self._reach.beyond()

    def refresh_partitions(self, now_ms: int) -> Sequence[Partition]:
        """Partitions that appeared since the last look, now read from the beginning."""
        since_ms = now_ms - self._last_look_ms
        if self._reader is None or 0 <= since_ms < _LOOK_FOR_PARTITIONS_MS:
            return ()
        self._last_look_ms = now_ms
        if not self._patience.is_tried:
            self._ends |= self._reach.ends_beyond(self._reader, self._topics)
        new = self._reader.partitions(self._topics) - self._ends.keys()
        bounds = bounds_served(self._reader, new)
        self._reader.take({at: oldest for at, (oldest, _) in bounds.items()})
        self._ends |= {at: newest for at, (_, newest) in bounds.items()}
        return sorted(bounds)

    def publish(self, offsets: Mapping[Partition, int]) -> None:
        """Tell the group how far we are; failures are counted only."""
        self._group.publish(offsets)

    def problem(self) -> str | None:
        """What keeps the source from reading now; None when well."""
        return self._telling.problem

    def is_silent(self) -> bool:
        """Whether nobody has answered since, or nothing at all can be read."""
        return self._patience.is_tried or self._reach.is_empty(self.positions())

    def close(self) -> None:
        """Tell the group the last offsets and close the connections."""
        self._group.close()
        self._drop_reader()

    def _open(self, stored: Mapping[Partition, int]) -> None:
        found = explain(self._connection)
        if found is not None:
            raise SourceUnavailable(found)
        reader = Reader(self._connection, self._fetching)
        with contextlib.ExitStack() as undo:
            undo.callback(reader.close)
            try:
                self._begin(reader, stored)
            except KafkaError as problem:
                text = unreachable(self._connection) or f"Kafka: {problem}"
                raise SourceUnavailable(text) from problem
            undo.pop_all()
        self._reader = reader
        self._heartbeat = Heartbeat(reader, self._topics, self._monotonic)
        self._group.open()

    def _begin(self, reader: Reader, stored: Mapping[Partition, int]) -> None:
        reader.await_metadata(self._topics)
        there = reader.partitions(self._topics)
        # Begun before, with another client, the others are read on.
        silent = reader.leaderless(there) if self._ends else set()
        if wrong := with_topics(reader, self._topics, but=silent):
            raise SourceUnavailable(wrong)
        bounds = reader.bounds(there - silent)
        ours = {at: offset for at, offset in stored.items() if at[0] in self._topics}
        if lost := truncation({at: ours[at] for at in ours.keys() - silent}, bounds):
            raise lost
        starts = {at: oldest for at, (oldest, _) in bounds.items()}
        reader.take(starts | {at: ours[at] for at in ours.keys() & there}, self._epochs)
        if cut := differing(reader, self._epochs.keys() & ours.keys()):
            raise cut
        for partition in self._reach.unreadable.left_out.keys() & there:
            reader.leave_out(partition)
        self._ends |= {at: newest for at, (_, newest) in bounds.items()}

    def _fetch(self, max_records: int, room: Room, timeout_ms: int) -> list[Record]:
        if self._reader is None:
            self._reopen(timeout_ms)
            return []
        try:
            return self._reader.fetch(max_records, room, timeout_ms)
        except (OffsetOutOfRangeError, LogTruncationError) as problem:
            raise lost_of(self._reader, problem) from problem
        except TopicAuthorizationFailedError as problem:
            self._telling.failed(self._reach.refused(self._reader, problem))
        except UNPACKING_ERRORS as problem:
            self._reach.unreadable.met(self._reader, problem)
            self._give_up_reader(problem)
        except KafkaError as problem:
            self._give_up_reader(problem)
        return []

    def _reopen(self, timeout_ms: int) -> None:
        told_to_stop = self._wait(min(_PAUSE_SECONDS, timeout_ms / 1000))
        if told_to_stop or not self._backoff.is_over(self._monotonic()):
            return
        try:
            self._open(self._positions)
        except SourceUnavailable as problem:
            self._patience.unanswered()
            self._backoff.failed(self._monotonic())
            self._telling.failed(str(problem))
        else:
            self._backoff = Backoff()

    def _give_up_reader(self, problem: Exception) -> None:
        self._drop_reader()
        self._patience.unanswered()  # the next one has to be answered first
        self._telling.failed(self._reach.unreadable.text() or f"Kafka: {problem!r}")

    def _at_end(self) -> bool:
        ends = self.end_offsets()
        fetched = ends.keys() - self._reach.beyond()
        return all(self._positions.get(at, 0) >= ends[at] for at in fetched)

    def _look_after(self) -> None:
        if self._reader is None or self._heartbeat is None:
            return
        match self._heartbeat.beat():
            case True:
                self._patience.answered()
                if self._heartbeat.is_held_back:
                    self._telling.throttled()
                else:  # whoever is tried again has an answer before the next time
                    self._reach.try_again(self._reader)
                self._telling.note(self._reach.look(self._reader, self._topics))
            case False:
                self._doubt(self._reader)

    def _doubt(self, reader: Reader) -> None:
        # Are the brokers away, or does only our client not find them, because they
        # moved? Then a new one goes on at the same offsets.
        self._patience.unanswered()
        now = outlook(self._connection)
        self._telling.failed(now.problem or SILENT)
        if now.problem is not None:
            self._patience.brokers_are_away()
        elif self._patience.is_over(self._monotonic(), reader.advertised(), now.told):
            self._drop_reader()
            self._group.drop()

    def _drop_reader(self) -> None:
        if self._reader is not None:
            self._positions, self._epochs = dict(self.positions()), self.epochs()
            self._reader.close()
            self._reader = None
