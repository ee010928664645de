"""Which partitions nothing can be read of now: told, and in nobody's way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from kafka.errors import KafkaError, TopicAuthorizationFailedError

from monitor.adapters.kafka.reader import Reader
from monitor.adapters.kafka.refusals import Refusals
from monitor.adapters.kafka.trouble import with_topics
from monitor.adapters.kafka.unreadable import Unreadable
from monitor.pipeline.ports import Partition

Bounds = dict[Partition, tuple[int, int]]


@dataclass(slots=True)
class Reach:
    """What is refused, gone, without a leader, or left out at a record.

    A broker that answers and can say no more than that of any partition tells as
    little news as one that does not answer.
    """

    monotonic: Callable[[], float]
    refusals: Refusals = field(default_factory=Refusals)
    unreadable: Unreadable = field(default_factory=Unreadable)
    _seen: frozenset[Partition] = frozenset()

    def refused(self, reader: Reader, problem: TopicAuthorizationFailedError) -> str:
        """Read no more of the topics that the problem names, and tell of them."""
        self.refusals.refused(reader, problem, self.monotonic())
        return self.refusals.text() or str(problem)

    def try_again(self, reader: Reader) -> None:
        """See whether topics that were refused are so still."""
        left_out = self.unreadable.left_out
        self.refusals.try_again(reader, self.monotonic(), but=left_out)

    def look(self, reader: Reader, topics: Collection[str]) -> str | None:
        """See what can be read as of the last answer; why all cannot, or None."""
        taken, there = reader.taken(), reader.partitions(topics)
        refused = {at for at in taken if at[0] in self.refusals.topics}
        leaderless = reader.leaderless(taken & there)
        self._seen = frozenset(refused | leaderless | (taken - there))
        wrong = with_topics(reader, topics) or self.refusals.text()
        return wrong or self.unreadable.text()

    def beyond(self) -> frozenset[Partition]:
        """The partitions that nothing can be read of now."""
        return self._seen | self.unreadable.left_out.keys()

    def is_empty(self, partitions: Collection[Partition]) -> bool:
        """Whether there are partitions, and nothing can be read of any."""
        return bool(partitions) and self.beyond().issuperset(partitions)

    def ends_fetched(self, reader: Reader) -> dict[Partition, int]:
        """Where the logs end, as fetches told; what they told once is no news."""
        told = reader.ends()
        return {at: told[at] for at in told.keys() - self.beyond()}

    def ends_beyond(
        self, reader: Reader, topics: Collection[str]
    ) -> dict[Partition, int]:
        """Where those logs end, as far as a broker tells; no fetch does."""
        bounds = bounds_served(reader, self.beyond() & reader.partitions(topics))
        return {at: newest for at, (_, newest) in bounds.items()}


def bounds_served(reader: Reader, partitions: Collection[Partition]) -> Bounds:
    """Where logs begin and end, of those that have a leader; nothing if that fails.

    The heartbeat tells why it fails, and whoever looks now and then asks again.
    """
    try:
        return reader.bounds(set(partitions) - reader.leaderless(partitions))
    except KafkaError:
        return {}
