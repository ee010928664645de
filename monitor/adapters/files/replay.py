"""A source that replays records at hand: the demo's, where there is no broker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from monitor.domain.outcomes import Record
from monitor.pipeline.ports import NO_EPOCHS, Epochs, Offsets, Partition

_PLACE: Partition = ("demo", 0)


class ReplaySource:
    """One partition with a fixed log; after its end polls wait for nothing."""

    def __init__(
        self, records: Sequence[Record], wait: Callable[[float], bool]
    ) -> None:
        """Replay these records in order; ``wait(seconds)`` pauses after the last."""
        self._records = records
        self._wait = wait
        self._next = 0

    def start(self, stored: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Go on after what is stored."""
        del epochs
        self._next = stored.get(_PLACE, 0)

    def poll(
        self, max_records: int, max_bytes: int, timeout_ms: int
    ) -> Sequence[Record]:
        """The next records; waits when all were read."""
        del max_bytes
        if self._next >= len(self._records):
            self._wait(timeout_ms / 1_000)
            return ()
        found = self._records[self._next : self._next + max_records]
        self._next += len(found)
        return found

    def positions(self) -> Mapping[Partition, int]:
        """The next record to read."""
        return {_PLACE: self._next}

    def epochs(self) -> Epochs:
        """None: a log here has no leader."""
        return NO_EPOCHS

    def skip_to(self, offsets: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Go on from there."""
        del epochs
        self._next = offsets.get(_PLACE, self._next)

    def end_offsets(self) -> Mapping[Partition, int]:
        """The end of the log."""
        return {_PLACE: len(self._records)}

    def left_out(self) -> Collection[Partition]:
        """Never any."""
        return ()

    def out_of_reach(self) -> Collection[Partition]:
        """Never any."""
        return ()

    def refresh_partitions(self, now_ms: int) -> Sequence[Partition]:
        """There is one partition for good."""
        del now_ms
        return ()

    def publish(self, offsets: Mapping[Partition, int]) -> None:
        """There is no group to tell."""

    def problem(self) -> str | None:
        """Nothing can go wrong with a list."""
        return None

    def is_silent(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing is held."""
