"""Topics that we may see and may not read: told, tried again, in nobody's way.

The right to describe a topic lets it be listed with its offsets; only fetching shows
that the right to read is missing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Protocol

from kafka.errors import TopicAuthorizationFailedError

from monitor.adapters.kafka.trouble import not_allowed
from monitor.pipeline.ports import Partition

# Longer than it takes to be refused again, once it is tried at a heartbeat.
_FORGOTTEN_SECONDS: Final = 12.0


class Choosing(Protocol):
    """What chooses the partitions that are read, as ``Reader`` does."""

    def taken(self) -> set[Partition]:
        """The partitions that are read, or left out."""

    def leave_out(self, partition: Partition) -> None:
        """Read no more from a partition."""

    def go_on_with(self, partition: Partition) -> None:
        """Read again from a partition that was left out."""


@dataclass(slots=True)
class Refusals:
    """Topics whose records were refused, and when last (seconds)."""

    _last: dict[str, float] = field(default_factory=dict)

    @property
    def topics(self) -> Collection[str]:
        """Topics that were refused when they were tried last."""
        return self._last.keys()

    def refused(
        self, reader: Choosing, problem: TopicAuthorizationFailedError, now: float
    ) -> None:
        """Read no more of these topics until they are tried again."""
        topics = {str(topic) for each in problem.args for topic in each}
        self._last |= dict.fromkeys(topics, now)
        for partition in reader.taken():
            if partition[0] in topics:
                reader.leave_out(partition)

    def try_again(
        self, reader: Choosing, now: float, but: Collection[Partition] = ()
    ) -> None:
        """Read of them, all but these partitions, and see; forget who was let in."""
        for partition in reader.taken():
            if partition[0] in self._last and partition not in but:
                reader.go_on_with(partition)
        self._last = {
            topic: last
            for topic, last in self._last.items()
            if now - last < _FORGOTTEN_SECONDS
        }

    def text(self) -> str | None:
        """Which topics may not be read and what to do, or None."""
        return not_allowed(self._last) if self._last else None
