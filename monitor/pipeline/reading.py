"""Reading: batches of facts from the source, or from the assistant while it reads.

While catching up a batch takes several polls: bodies are decoded as they come and let
go, so a batch of facts may stand for gigabytes of webhooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from monitor.clock import Clock
from monitor.pipeline.assistant import Assistant, Nobody
from monitor.pipeline.intake import Intake, Taken
from monitor.pipeline.policies import Batching, Limits
from monitor.pipeline.ports import Partition, Source
from monitor.pipeline.watching import Watch

# Batches are shorter until the assistant reads: it begins between two of them.
_SHORTER: Final = 4


@dataclass(slots=True)
class Reading:
    """Reads to ``targets``, the ends at the start, and then on and on."""

    source: Source
    intake: Intake
    batching: Batching
    clock: Clock
    watch: Watch
    assistant: Assistant = field(default_factory=Nobody)
    targets: Mapping[Partition, int] = field(default_factory=dict)

    def start(self, stored: Mapping[Partition, int]) -> None:
        """Connect; where there is much to read, call the assistant.

        Raises SourceUnavailable, LogTruncated.
        """
        least = self.batching.assistant_from_records
        if least and not stored:
            self.assistant.call(stored)  # it loads while we connect
        self.source.start(stored)
        self.targets = dict(self.source.end_offsets())
        positions = self.source.positions()
        behind = sum(end - positions.get(at, 0) for at, end in self.targets.items())
        if not 0 < least <= behind:
            self.assistant.dismiss()
        elif stored:
            self.assistant.call(stored)

    def batch(self) -> Taken:
        """What the next records come to. Raises TopicInvalid, LogTruncated."""
        batch = Taken()
        limits = self.batching.limits(live=self.watch.ready)
        most = limits.max_records
        if not self._is_read_ahead() and self.assistant.is_coming():
            most //= _SHORTER
        while batch.records < most:
            taken = self._take(limits, most - batch.records)
            batch.facts += taken.facts
            batch.letters += taken.letters
            batch.records += taken.records
            # Whoever waited for a quiet moment would wait for ever on a busy topic.
            if not taken.records or self.watch.ready or self.at_ends():
                break
        return batch

    def at_ends(self) -> bool:
        """Whether everything is read that was there at the start."""
        positions = self.source.positions()
        return all(positions.get(p, 0) >= end for p, end in self.targets.items())

    def _is_read_ahead(self) -> bool:
        return self.assistant.reads(self.source.positions(), self.targets)

    def _take(self, limits: Limits, most: int) -> Taken:
        """What one poll came to: ours, or the assistant's."""
        if self._is_read_ahead():
            return self._taken_ahead(limits)
        with self.watch.timing("friction_poll_seconds"):
            records = self.source.poll(most, limits.max_bytes, limits.timeout_ms)
        self.watch.polled(self.clock.now_ms(), self.source.problem())
        return self.intake.take(records)

    def _taken_ahead(self, limits: Limits) -> Taken:
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
