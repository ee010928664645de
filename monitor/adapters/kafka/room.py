"""How much the library hands out at once, in bytes of what batches unpack to.

It counts records alone, and a broker packed bytes alone: a few kilobytes may unpack to
records of 25 MB each. It unpacks a batch when the first of its records is taken, and
makes each record when that is taken: so what is held is the room there is, one record
that passes it, and one batch, which ``unpacking`` bounds.

Beside that it keeps, over answers without records, under which leader what was read
last was written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from kafka.consumer.fetcher import Fetcher


@dataclass(slots=True)
class Room:
    """How many bytes of records may still be taken; the last one may pass it."""

    left: int


@dataclass(slots=True)
class Bounds:
    """Holds a consumer's fetcher to the room of whoever polls it now."""

    room: Room

    def hold(self, fetcher: Any) -> None:
        """From now on it takes no more records once there is no room left."""
        fetcher.PartitionRecords = partial(_Taken, self)
        append = partial(_keeping_epochs, fetcher._subscriptions, fetcher._append)  # noqa: SLF001
        fetcher._append = partial(self._append, append)  # noqa: SLF001

    def _append(
        self,
        append: Callable[..., int],
        drained: Any,
        part: Any,
        most: int,
        update_offsets: bool,
    ) -> int:
        """As many records were taken as were asked for, when there is no room left."""
        taken = append(drained, part, most, update_offsets)
        return taken if self.room.left > 0 else most


def _keeping_epochs(
    subscriptions: Any,
    append: Callable[..., int],
    drained: Any,
    part: Any,
    *how: Any,
) -> int:
    """As the library's own; the epoch of a position that does not move is not lost.

    An answer without records, as the first of each session is, has no epoch, and the
    library takes that for the position's: a log that is cut then looks whole for good.
    """
    state = part and subscriptions.assignment.get(part.topic_partition)
    before = state and state.position
    taken = append(drained, part, *how)
    if before and state.position.offset == before.offset:
        state.position = before
    return taken


class _Taken(Fetcher.PartitionRecords):
    """The records of a partition that were fetched, taken one after the other."""

    def __init__(self, bounds: Bounds, *fetched: Any, **options: Any) -> None:
        super().__init__(*fetched, **options)  # type: ignore[no-untyped-call]
        self._bounds = bounds

    def take(self, n: int | None = None) -> list[Any]:
        """As the library's own; ends early at a record after which there is no room."""
        self._maybe_raise_next_inline_exception()  # type: ignore[no-untyped-call]
        room = self._bounds.room
        until = self.bytes_read + room.left
        records: list[Any] = []
        try:
            for record in islice(self.record_iterator, n):
                records.append(record)
                if self.bytes_read >= until:
                    break
        except Exception as problem:
            if not records:
                raise
            # Raised when more is taken: these are whole.
            self._next_inline_exception = problem
        room.left = until - self.bytes_read
        return records
