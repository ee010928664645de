"""kafka-python's consumer, with the few things of its inside that we need.

Every use of a private attribute of the library is in this file, in ``room`` and in
``unpacking``; the library is pinned below 3.1, and the integration tests hold each of
them. Why the consumer that reads has no group: with one, ``poll`` looks for the
group's coordinator first and fails where only reading is allowed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError, LeaderNotAvailableError
from kafka.net.compat import KafkaNetClient

from monitor.adapters.kafka.connection import Address, Connection, client_options
from monitor.adapters.kafka.heartbeat import ANSWERS
from monitor.adapters.kafka.room import Bounds, Room
from monitor.adapters.kafka.unpacking import bound_unpacking
from monitor.adapters.open_files import shortage_of_files
from monitor.domain.outcomes import Record, record_time
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import NO_EPOCHS, Epochs, Offsets, Partition

# A topic that is there is told by the second answer at the latest.
_TIMES_ASKED: Final = 3


@dataclass(frozen=True, slots=True)
class Fetching:
    """How much is asked of the broker at once; memory is about ``fetch_bytes``.

    Measured with bodies of 13 kB: answers of 2 MiB a partition are read as fast as
    any, those of 16 MiB at half the speed, because they no longer fit the caches. A
    body larger than ``partition_bytes`` still comes.
    """

    fetch_bytes: int = 32 * 1024 * 1024
    partition_bytes: int = 2 * 1024 * 1024
    answer_ms: int = 5_000


class Reader:
    """A consumer of all partitions it is told to take; no group, no auto-commit."""

    def __init__(
        self, connection: Connection, fetching: Fetching, *, committed: bool = True
    ) -> None:
        """Connect and learn the cluster. Raises SourceUnavailable.

        ``committed`` leaves out what is in a transaction that is open or aborted.
        """
        self._answer_ms = fetching.answer_ms
        self._consumer = open_consumer(
            connection,
            fetching.answer_ms,
            group_id=None,
            auto_offset_reset="none",
            isolation_level="read_committed" if committed else "read_uncommitted",
            check_crcs=True,
            fetch_max_bytes=fetching.fetch_bytes,
            max_partition_fetch_bytes=fetching.partition_bytes,
        )
        self._cluster = self._consumer._client.cluster  # noqa: SLF001
        bound_unpacking()
        # Whoever polls the consumer itself, as the bench does, is not bounded.
        self._bounds = Bounds(Room(sys.maxsize))
        self._bounds.hold(self._consumer._fetcher)  # noqa: SLF001

    def ask_metadata(self, topics: Collection[str]) -> Any:
        """Ask for the topics' partitions; the future is done when they are known."""
        for topic in topics:
            self._cluster.add_topic(topic)
        return self._cluster.request_update()

    def await_metadata(self, topics: Collection[str]) -> None:
        """Know the topics' partitions as of now. Raises KafkaError.

        What was asked while the client was still finding a broker may be answered by
        an earlier request, which named no topics: what it does not tell is asked again.
        So is another broker, where the one that was asked cannot be reached.
        """
        failure: KafkaError | None = None
        for _ in range(_TIMES_ASKED):
            failure = self._no_answer(topics)
            told = self.forbidden() | {topic for topic, _ in self.partitions(topics)}
            if failure is None and told.issuperset(topics):
                break
        if failure is not None:
            raise failure

    def _no_answer(self, topics: Collection[str]) -> KafkaError | None:
        """Ask; what came of it instead of an answer. Raises KafkaError in the end."""
        answer = self.ask_metadata(topics)
        manager, network = self._consumer._manager, self._consumer._net  # noqa: SLF001
        try:
            network.run(manager.wait_for, answer, self._answer_ms)
        except KafkaError as problem:
            if not answer.is_done:
                raise
            # What is wrong with a single topic fails the future, too, and is an answer.
            return None if isinstance(problem, ANSWERS) else problem
        return None

    def partitions(self, topics: Collection[str]) -> set[Partition]:
        """The partitions of the topics, as last told."""
        return {
            (topic, number)
            for topic in topics
            for number in self._cluster.partitions_for_topic(topic) or ()
        }

    def forbidden(self) -> set[str]:
        """Topics we may not describe, as last told."""
        return set(self._cluster.unauthorized_topics)

    def taken(self) -> set[Partition]:
        """The partitions that are read, or left out."""
        return {(at.topic, at.partition) for at in self._consumer.assignment()}

    def leaderless(self, partitions: Collection[Partition]) -> set[Partition]:
        """Those of the partitions that no broker serves, as last told."""
        return {
            at
            for at in partitions
            if self._cluster.leader_for_partition(TopicPartition(*at)) in (None, -1)
        }

    def advertised(self) -> set[Address]:
        """The brokers' addresses as they were told last: where the library goes on."""
        return {(broker.host, broker.port) for broker in self._cluster.brokers()}

    def is_throttled(self) -> bool:
        """Whether a broker has answered, and wants to hear nothing for a while."""
        delay = self._consumer._client.throttle_delay  # noqa: SLF001
        return any(delay(broker.node_id) > 0 for broker in self._cluster.brokers())

    def bounds(
        self, partitions: Collection[Partition]
    ) -> dict[Partition, tuple[int, int]]:
        """The oldest offset and the readable end of each.

        Raises KafkaError, also where one of them has no leader.
        """
        places = [TopicPartition(*partition) for partition in partitions]
        if not places:
            return {}
        consumer, answer_ms = self._consumer, self._answer_ms
        try:
            oldest = consumer.beginning_offsets(places, timeout_ms=answer_ms)
            newest = consumer.end_offsets(places, timeout_ms=answer_ms)
        except KeyError as problem:
            # The library asks nobody where there is no leader, and misses the answer.
            raise LeaderNotAvailableError(*problem.args) from problem
        return {
            (place.topic, place.partition): (oldest[place], newest[place])
            for place in places
        }

    def take(self, offsets: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Read these partitions too, each from its offset."""
        new = [TopicPartition(*partition) for partition in offsets]
        self._consumer.assign([*self._consumer.assignment(), *new])
        self.seek(offsets, epochs)

    def seek(self, offsets: Offsets, epochs: Epochs = NO_EPOCHS) -> None:
        """Read taken partitions on from these offsets.

        With the epoch of what is before it the log is asked whether it still has that.
        """
        for partition, offset in offsets.items():
            place = TopicPartition(*partition)
            self._consumer.seek(place, offset)
            if (epoch := epochs.get(partition)) is not None:
                state = self._consumer._subscription.assignment[place]  # noqa: SLF001
                state.seek(OffsetAndMetadata(offset, "", epoch))

    def validate(self, partitions: Collection[Partition]) -> None:
        """Whether the logs still have what is before taken partitions' offsets.

        Raises LogTruncationError, KafkaError. Who does not answer in time is asked
        again before anything of it is read; so is everyone where a taken partition has
        no leader, because the library waits for all of them.
        """
        place = next((TopicPartition(*at) for at in partitions), None)
        if place is None or self.leaderless(self.taken()):
            return
        # Whichever is asked for, the first time asks of all, the second tells.
        for _ in range(2):
            self._consumer.position(place, timeout_ms=self._answer_ms)

    def leave_out(self, partition: Partition) -> None:
        """Read no more from a partition."""
        self._consumer.pause(TopicPartition(*partition))

    def go_on_with(self, partition: Partition) -> None:
        """Read again from a partition that was left out."""
        self._consumer.resume(TopicPartition(*partition))

    def fetch(self, max_records: int, room: Room, timeout_ms: int) -> list[Record]:
        """The next records, as many as there is room for. Raises KafkaError.

        Waits for the first at most so long.
        """
        self._bounds.room = room
        answer = self._consumer.poll(timeout_ms=timeout_ms, max_records=max_records)
        return [_record(each) for records in answer.values() for each in records]

    def positions(self) -> dict[Partition, int]:
        """The next offset of each taken partition; never asks the broker."""
        return {
            (place.topic, place.partition): state.position.offset
            for place, state in self._consumer._subscription.assignment.items()  # noqa: SLF001
        }

    def epochs(self) -> dict[Partition, int]:
        """Under which leader what is before each position was written, if known."""
        return {
            (place.topic, place.partition): state.position.leader_epoch
            for place, state in self._consumer._subscription.assignment.items()  # noqa: SLF001
            if state.position.leader_epoch >= 0
        }

    def ends(self) -> dict[Partition, int]:
        """The logs' ends that fetches have told so far."""
        return {
            (place.topic, place.partition): state.highwater
            for place, state in self._consumer._subscription.assignment.items()  # noqa: SLF001
            if state.highwater is not None
        }

    def being_read(self) -> Partition | None:
        """The partition whose fetched records are being unpacked."""
        current = self._consumer._fetcher._next_partition_records  # noqa: SLF001
        if not current:  # false when all of it was taken
            return None
        return (current.topic_partition.topic, current.topic_partition.partition)

    def close(self) -> None:
        """Close the connections."""
        self._consumer.close(autocommit=False, timeout_ms=1_000)


def open_consumer(connection: Connection, answer_ms: int, **options: Any) -> Any:
    """A connected KafkaConsumer. Raises SourceUnavailable, and then leaves nothing."""
    return open_client(
        KafkaConsumer, connection, answer_ms, enable_auto_commit=False, **options
    )


def open_client(
    kind: Callable[..., Any], connection: Connection, answer_ms: int, **options: Any
) -> Any:
    """A connected client of a kind that never creates topics.

    Raises SourceUnavailable, and then leaves nothing behind.
    """
    made: list[Any] = []

    def client(**configuration: Any) -> Any:
        made.append(KafkaNetClient(**configuration))
        return made[-1]

    try:
        return kind(
            **client_options(connection),
            **options,
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=answer_ms,
            kafka_client=client,
        )
    except (KafkaError, OSError) as problem:
        # The constructor has started a thread that would try for ever.
        for each in made:
            each.close()
        why = shortage_of_files(problem) or problem
        raise SourceUnavailable(f"no connection to Kafka: {why}") from problem


def _record(record: Any) -> Record:
    headers = record.headers
    return Record(
        record.topic,
        record.partition,
        record.offset,
        record_time(record.timestamp),
        record.key,
        # Kafka knows header values that are null; to us they are empty.
        tuple((name, value or b"") for name, value in headers) if headers else (),
        record.value,
    )
