"""What is wrong with the topics, said so that one knows what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.diagnose import explain
from monitor.adapters.kafka.reader import Reader
from monitor.pipeline.ports import LogTruncated, Partition


def unreachable(
    reader: Reader, connection: Connection, timeout_seconds: float = 1.0
) -> str | None:
    """Why the brokers cannot be reached, at first or at the addresses they tell."""
    at_first = explain(connection, timeout_seconds)
    if at_first is not None:
        return at_first
    advertised = reader.advertised()
    if not advertised:
        return None
    second = replace(connection, bootstrap_servers=advertised)
    then = explain(second, timeout_seconds)
    if then is None:
        return None
    return (
        f"{connection.bootstrap_servers} answers, but tells clients to go on at "
        f"addresses that do not work from here (advertised.listeners): {then}"
    )


def with_topics(reader: Reader, topics: Collection[str]) -> str | None:
    """Which topics are missing, forbidden or not served, or None."""
    forbidden = sorted(reader.forbidden() & set(topics))
    if forbidden:
        return (
            f"not allowed to read {_named(forbidden)}: grant the user READ on it "
            f"(kafka-acls --allow-principal ... --operation Read)."
        )
    there = reader.partitions(topics)
    missing = sorted(set(topics) - {topic for topic, _ in there})
    if missing:
        return (
            f"{_named(missing)} does not exist: create it, or correct kafka.topics. "
            f"Looked for again until it is there."
        )
    for topic, number in sorted(reader.taken() - there):
        return (
            f"topic {topic}: partition {number} does not exist any more: the topic was "
            f"made anew with fewer partitions. To go on, move the state file away and "
            f"start anew from the oldest record (the numbers then begin there)."
        )
    leaderless = sorted(reader.leaderless())
    if leaderless:
        topic, number = leaderless[0]
        return (
            f"topic {topic}, partition {number} has no leader "
            f"({len(leaderless)} such partitions): the broker that holds it is away."
        )
    return None


def _named(topics: Collection[str]) -> str:
    return f"topic{'s' if len(topics) > 1 else ''} {', '.join(topics)}"


def truncation(
    offsets: Mapping[Partition, int], bounds: Mapping[Partition, tuple[int, int]]
) -> LogTruncated | None:
    """The first partition whose offset the broker's log no longer has, if any."""
    for partition, offset in sorted(offsets.items()):
        if partition not in bounds:
            left = sum(topic == partition[0] for topic, _ in bounds)
            return LogTruncated(partition, offset, None, partitions=left or None)
        oldest, newest = bounds[partition]
        if not oldest <= offset <= newest:
            return LogTruncated(partition, offset, oldest, newest)
    return None


@dataclass(slots=True)
class Unreadable:
    """Partitions that stopped at a record which cannot be unpacked.

    Once may be the network; twice at the same offset is the record.
    """

    suspects: dict[Partition, int] = field(default_factory=dict)
    left_out: dict[Partition, int] = field(default_factory=dict)

    def suspect(self, partition: Partition, offset: int) -> None:
        """Note a failure while unpacking from this offset."""
        if self.suspects.get(partition) == offset:
            self.left_out[partition] = offset
        self.suspects[partition] = offset

    def text(self) -> str | None:
        """What is not read and why, or None."""
        if not self.left_out:
            return None
        places = ", ".join(
            f"topic {topic}, partition {number}, from offset {offset}"
            for (topic, number), offset in sorted(self.left_out.items())
        )
        return (
            f"a record cannot be unpacked (damaged, or a header's name is not UTF-8): "
            f"{places}. The rest is read; remove the record (kafka-delete-records) "
            f"and start again."
        )
