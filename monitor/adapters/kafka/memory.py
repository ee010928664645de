"""Topics and a source without a broker: for tests of whatever reads a source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from monitor.adapters.kafka.trouble import truncation
from monitor.domain.outcomes import Record
from monitor.pipeline.ports import NO_EPOCHS, Epochs, Offsets, Partition

_LOOK_FOR_PARTITIONS_MS: Final = 20_000


class MemoryTopics:
    """Logs that grow at the end and may lose their beginning, as a broker's do."""

    def __init__(self, partitions: Mapping[str, int]) -> None:
        """Make topics with so many partitions each."""
        self.logs: dict[Partition, list[Record]] = {
            (topic, number): []
            for topic, count in partitions.items()
            for number in range(count)
        }
        self.oldest: dict[Partition, int] = dict.fromkeys(self.logs, 0)

    def append(
        self,
        topic: str,
        partition: int,
        values: Iterable[bytes | None],
        timestamp: int | None = None,
    ) -> None:
        """Add records without key and headers, of a broker's time (ms) if told."""
        log = self.logs[topic, partition]
        for value in values:
            log.append(Record(topic, partition, len(log), timestamp, None, (), value))

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        """Lose the records below an offset."""
        self.oldest[topic, partition] = offset

    def grow(self, topic: str, partitions: int) -> None:
        """Have so many partitions from now on."""
        for number in range(partitions):
            self.logs.setdefault((topic, number), [])
            self.oldest.setdefault((topic, number), 0)

    def bounds(self) -> dict[Partition, tuple[int, int]]:
        """The oldest offset and the end of each log."""
        return {at: (self.oldest[at], len(log)) for at, log in self.logs.items()}


class MemorySource:
    """A source of such topics with the promises of the one that reads Kafka."""

    def __init__(self, topics: MemoryTopics) -> None:
        """Read all of them."""
        self._topics = topics
        self._positions: dict[Partition, int] = {}
        self._last_look_ms: int | None = None
        self.published: dict[Partition, int] = {}

    def start(self, stored: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Read on from the stored offsets, else the oldest. Raises LogTruncated."""
        del epochs
        bounds = self._topics.bounds()
        names = {topic for topic, _ in bounds}
        ours = {at: offset for at, offset in stored.items() if at[0] in names}
        lost = truncation(ours, bounds)
        if lost is not None:
            raise lost
        self._positions = {at: ours.get(at, bounds[at][0]) for at in bounds}

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        """The next records, possibly none; never waits. Raises LogTruncated."""
        del timeout_ms
        bounds = self._topics.bounds()
        lost = truncation(self._positions, bounds)
        if lost is not None:
            raise lost
        records: list[Record] = []
        size = 0
        for at in self._positions:
            log = self._topics.logs[at]
            while (
                self._positions[at] < len(log)
                and len(records) < max_records
                and size < max_bytes
            ):
                record = log[self._positions[at]]
                records.append(record)
                size += len(record.value or b"")
                self._positions[at] += 1
        return records

    def positions(self) -> Mapping[Partition, int]:
        """The next offset to read of each partition."""
        return dict(self._positions)

    def epochs(self) -> Epochs:
        """None: a log here has no leader."""
        return NO_EPOCHS

    def skip_to(self, offsets: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Read on from these offsets."""
        del epochs
        ours = self._positions.keys() & offsets.keys()
        self._positions |= {at: offsets[at] for at in ours}

    def end_offsets(self) -> Mapping[Partition, int]:
        """The end of each partition's log."""
        return {at: len(self._topics.logs[at]) for at in self._positions}

    def left_out(self) -> Collection[Partition]:
        """Never any."""
        return ()

    def out_of_reach(self) -> Collection[Partition]:
        """Those left out."""
        return self.left_out()

    def refresh_partitions(self, now_ms: int) -> Sequence[Partition]:
        """Partitions that appeared since the last look, now read from the beginning."""
        last = self._last_look_ms
        if last is not None and 0 <= now_ms - last < _LOOK_FOR_PARTITIONS_MS:
            return ()
        self._last_look_ms = now_ms
        new = sorted(self._topics.logs.keys() - self._positions.keys())
        self._positions |= {at: self._topics.oldest[at] for at in new}
        return new

    def publish(self, offsets: Mapping[Partition, int]) -> None:
        """Keep the offsets in ``published``."""
        self.published = dict(offsets)

    def problem(self) -> str | None:
        """Never any."""
        return None

    def is_silent(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing to give back."""
