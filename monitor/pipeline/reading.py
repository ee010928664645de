"""Reading: batches of facts from the source, or from the assistant while it reads.

While catching up a batch takes several polls: bodies are decoded as they come and let
go, so a batch of facts may stand for gigabytes of webhooks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from monitor.clock import Clock
from monitor.pipeline.catching_up.assistant import Assistant, Nobody
from monitor.pipeline.intake import Intake, Taken
from monitor.pipeline.policies import Batching, Limits
from monitor.pipeline.ports import NO_EPOCHS, Epochs, Offsets, Partition, Source
from monitor.pipeline.watching import Watch

# Of the most records of a batch the last ones have at least this part.
_SMALLEST: Final = 6
# Facts for each of the most records, and dead letters, at which a batch ends early.
_FACTS: Final = 4
_MOST_LETTERS: Final = 5_000


@dataclass(slots=True)
class Reading:
    """Reads to ``targets``, the ends at the start, and then on and on.

    ``ends`` are the logs' ends as of the last poll, for whoever shows how far behind we
    are, and ``begun`` is where reading began in each: given anew each time and never
    changed, so that any thread may read them.
    """

    source: Source
    intake: Intake
    batching: Batching
    clock: Clock
    watch: Watch
    assistant: Assistant = field(default_factory=Nobody)
    targets: Mapping[Partition, int] = field(default_factory=dict)
    ends: Mapping[Partition, int] = field(default_factory=dict)
    begun: Mapping[Partition, int] = field(default_factory=dict)

    def start(self, stored: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Connect; where there is much to read, call the assistant.

        Raises SourceUnavailable, LogTruncated.
        """
        least = self.batching.assistant_from_records
        if least and not stored:
            self.assistant.call(stored)  # it loads while we connect
        self.source.start(stored, epochs)
        self._look()
        self.targets = self.ends
        if not 0 < least <= self._behind():
            self.assistant.dismiss()
        elif stored:
            self.assistant.call(stored)

    def batch(self, is_stopping: Callable[[], bool]) -> Taken:
        """What the next records come to. Raises TopicInvalid, LogTruncated.

        Who is told to stop has little time, and a whole batch may take half a minute:
        it then ends with the poll that has begun.
        """
        batch = Taken()
        limits = self.batching.limits(live=self.watch.ready)
        most = limits.max_records if self.watch.ready else self._most(limits)
        while not _is_full(batch, most):
            self.watch.turn()  # a batch may take many polls, and the loop turns
            taken = self._take(limits, most - batch.records)
            self._look()
            batch.facts += taken.facts
            batch.letters += taken.letters
            batch.records += taken.records
            batch.told_since = min(batch.told_since, taken.told_since)
            # Whoever waited for a quiet moment would wait for ever on a busy topic.
            if not taken.records or self.watch.ready or self.at_ends():
                break
            if is_stopping():
                break
        return batch

    def _look(self) -> None:
        """Where the logs end now, and where reading began in those that are new."""
        self.ends = dict(self.source.end_offsets())
        if not self.ends.keys() <= self.begun.keys():
            self.begun = {**self.source.positions(), **self.begun}

    def at_ends(self) -> bool:
        """Whether everything is read that was there at the start and can be read."""
        return not self._behind()

    def all_else_is_read(self) -> bool:
        """Whether something is out of reach, and of all else nothing waits.

        Where there is nothing else, nothing is read.
        """
        beyond = self.source.out_of_reach()
        rest = {at: end for at, end in self.ends.items() if at not in beyond}
        return 0 < len(rest) < len(self.ends) and self._left_of(rest) == 0

    def _behind(self) -> int:
        """How many records are to be read that were there at the start."""
        return self._left_of(self.targets)

    def _left_of(self, ends: Mapping[Partition, int]) -> int:
        positions, left_out = self.source.positions(), self.source.left_out()
        left = (
            end - positions.get(at, 0) for at, end in ends.items() if at not in left_out
        )
        # One partition may be read beyond its end, while another is not at it.
        return sum(records for records in left if records > 0)

    def _most(self, limits: Limits) -> int:
        """Half of what is left: beside the last batch the assistant reads nothing."""
        least = limits.max_records // _SMALLEST + 1
        return min(limits.max_records, max(self._behind() // 2, least))

    def is_near_ends(self) -> bool:
        """Whether less than a batch is left to be read, of what was there."""
        left = 0 if self.watch.ready else self._behind()
        return 0 < left <= self.batching.catch_up_records

    def _is_read_ahead(self) -> bool:
        return self.assistant.reads(self.source.positions(), self.targets)

    def _take(self, limits: Limits, most: int) -> Taken:
        """What one poll came to: ours, or the assistant's."""
        if self._is_read_ahead():
            return self._taken_ahead(limits)
        with self.watch.timing("friction_poll_seconds"):
            records = self.source.poll(most, limits.max_bytes, limits.timeout_ms)
        problem, silent = self.source.problem(), self.source.is_silent()
        self.watch.polled(self.clock.now_ms(), problem, silent=silent)
        return self.intake.take(records)

    def _taken_ahead(self, limits: Limits) -> Taken:
        with self.watch.timing("friction_poll_seconds"):
            chunk = self.assistant.next(limits.timeout_ms)
        if chunk is None:
            return Taken()
        now = self.clock.now_ms()
        self.watch.polled(now, chunk.problem, silent=chunk.is_silent)
        self.source.skip_to(chunk.positions, chunk.epochs)
        if chunk.records:
            return self.intake.take(chunk.records)
        self.intake.adopt(chunk.taken)
        return chunk.taken


def _is_full(batch: Taken, most: int) -> bool:
    """Whether it holds enough; a record may bring many facts, and letters bodies."""
    facts, letters = len(batch.facts), len(batch.letters)
    return batch.records >= most or facts >= most * _FACTS or letters >= _MOST_LETTERS
