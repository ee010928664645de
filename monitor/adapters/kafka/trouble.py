"""What is wrong with the topics, said so that one knows what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.adapters.kafka.connection import Address, Connection, at_addresses
from monitor.adapters.kafka.diagnose import diagnose, explain, summed_up
from monitor.adapters.kafka.reader import Reader
from monitor.pipeline.ports import LogTruncated, Partition


class Outlook(NamedTuple):
    """How the brokers look to one who comes anew; ``problem`` is None when well.

    ``told`` are the addresses at which they tell clients to go on, at this moment.
    """

    problem: str | None
    told: frozenset[Address] = frozenset()


def unreachable(connection: Connection) -> str | None:
    """Why the brokers cannot be reached, at first or at the addresses they tell."""
    return outlook(connection).problem


def outlook(connection: Connection, timeout_seconds: float = 1.0) -> Outlook:
    """Look at the brokers without any client, which may know only where they were."""
    findings = diagnose(connection, timeout_seconds)
    at_first = summed_up(findings)
    if at_first is not None:
        return Outlook(at_first)
    told = {address for finding in findings for address in finding.told}
    if not told:
        return Outlook(None)
    then = explain(at_addresses(connection, told), timeout_seconds)
    if then is None:
        return Outlook(None, frozenset(told))
    return Outlook(
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
    gone = sorted(reader.taken() - there)
    if gone:
        topic, number = gone[0]
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
