"""An assistant: while catching up, another process does a part of the work.

It reads and decodes ahead, which needs nothing that is stored, while this process
relates and stores; then it evaluates a share of the items. Whatever happens to it,
nothing is lost: this process skips to where each chunk ends and reads on from there
itself, and an item counts as evaluated when its timeline is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from monitor.domain.outcomes import Record
from monitor.pipeline.catching_up.tasks import Outcome, Task
from monitor.pipeline.intake import Taken
from monitor.pipeline.ports import NO_EPOCHS, Partition


class Chunk(NamedTuple):
    """What was read ahead, and the next offset of each partition after it.

    ``records`` are to be taken here: the assistant leaves some to whoever would wait
    for it otherwise. ``problem``, None when well, and ``is_silent`` are what its source
    says, and so are ``epochs``, those of what is before the positions.
    """

    taken: Taken
    records: Sequence[Record]
    positions: Mapping[Partition, int]
    problem: str | None
    epochs: Mapping[Partition, int] = NO_EPOCHS
    is_silent: bool = False


class Assistant(Protocol):
    """Someone who reads from one set of offsets to another, once, and evaluates."""

    def call(self, stored: Mapping[Partition, int]) -> None:
        """Let it come, and connect at these offsets; returns at once."""

    def reads(
        self, positions: Mapping[Partition, int], ends: Mapping[Partition, int]
    ) -> bool:
        """Whether it reads; the first time it can, it begins with these offsets.

        It never reads of other partitions, and of these perhaps not all.
        """

    def next(self, timeout_ms: int) -> Chunk | None:
        """What it read next; None when there is nothing within the time."""

    def is_here(self) -> bool:
        """Whether it reads, or has read, and can be given something."""

    def give(self, task: Task) -> bool:
        """Let it evaluate, when it has read everything; whether it is there.

        It may be given several, and does them in the same order.
        """

    def is_done(self) -> bool:
        """Whether an outcome can be had without waiting."""

    def outcome(self) -> Outcome | None:
        """What the next task given came to; None: there will be nothing more.

        Asked for when everything that was read is taken.
        """

    def dismiss(self) -> None:
        """Let it end. May be called twice."""


class Nobody:
    """The assistant where there is none."""

    def call(self, stored: Mapping[Partition, int]) -> None:
        """Nobody comes."""

    def reads(
        self, positions: Mapping[Partition, int], ends: Mapping[Partition, int]
    ) -> bool:
        """Never."""
        del positions, ends
        return False

    def next(self, timeout_ms: int) -> Chunk | None:
        """Nothing."""
        del timeout_ms
        return None

    def is_here(self) -> bool:
        """Never."""
        return False

    def give(self, task: Task) -> bool:
        """Nobody takes it."""
        del task
        return False

    def is_done(self) -> bool:
        """There is nothing to wait for."""
        return True

    def outcome(self) -> Outcome | None:
        """Nothing."""
        return None

    def dismiss(self) -> None:
        """There is nobody to dismiss."""
