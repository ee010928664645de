"""What is wrong with the topics, said so that one knows what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from kafka.errors import KafkaError, LogTruncationError, OffsetOutOfRangeError

from monitor.adapters.kafka.connection import (
    CLIENT_ID,
    Address,
    Connection,
    at_addresses,
)
from monitor.adapters.kafka.diagnose import diagnose, explain, summed_up
from monitor.adapters.kafka.reader import Reader
from monitor.pipeline.ports import LogTruncated, Partition


class Asking(Protocol):
    """What tells of the partitions that are read, as ``Reader`` does."""

    def positions(self) -> dict[Partition, int]:
        """The next offset of each taken partition."""

    def partitions(self, topics: Collection[str]) -> set[Partition]:
        """The partitions of the topics."""

    def leaderless(self, partitions: Collection[Partition]) -> set[Partition]:
        """Those of the partitions that no broker serves."""

    def bounds(
        self, partitions: Collection[Partition]
    ) -> dict[Partition, tuple[int, int]]:
        """The oldest offset and the readable end of each. Raises KafkaError."""


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


def with_topics(
    reader: Reader, topics: Collection[str], but: Collection[Partition] = ()
) -> str | None:
    """Which topics are missing, forbidden or not served, or None.

    Of the partitions ``but`` it may be that nobody serves them.
    """
    forbidden = reader.forbidden() & set(topics)
    if forbidden:
        return not_allowed(forbidden)
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
    leaderless = reader.leaderless(there).difference(but)
    return without_leader(leaderless) if leaderless else None


def without_leader(partitions: Collection[Partition]) -> str:
    """That no broker serves these partitions, and what to do."""
    topic, number = min(partitions)
    return (
        f"topic {topic}, partition {number} has no leader ({len(partitions)} such "
        f"partitions): the broker that holds it is away. Start that broker again; a "
        f"start of `friction run` waits for it, a running one reads the others on."
    )


def throttled() -> str:
    """That a quota slows reading down, and what to do."""
    return (
        f"a quota of the broker lets client {CLIENT_ID} read no faster: nothing is "
        f"lost, numbers are late. See it with `kafka-configs --bootstrap-server ... "
        f"--describe --entity-type clients` (or users), and raise consumer_byte_rate "
        f"or request_percentage there."
    )


def not_allowed(topics: Collection[str]) -> str:
    """That topics may not be read, and what to do."""
    return (
        f"not allowed to read {_named(sorted(topics))}: grant the user READ on it "
        f"(kafka-acls --allow-principal ... --operation Read)."
    )


def group_not_allowed(group: str) -> str:
    """That a group may not be told our offsets, and what to do."""
    return (
        f"not allowed to publish offsets to group {group}, so lag tools see none; all "
        f"else works. Grant the user READ on it (kafka-acls --add --allow-principal "
        f"... --operation Read --group {group})."
    )


def _named(topics: Collection[str]) -> str:
    return f"topic{'s' if len(topics) > 1 else ''} {', '.join(topics)}"


def lost_of(
    reader: Asking, problem: OffsetOutOfRangeError | LogTruncationError
) -> LogTruncated:
    """What the log lost of where a reader was told that it is gone."""
    positions = reader.positions()
    partition, differs_from = min(_told_by(problem).items())
    stored = positions[partition]
    there = reader.partitions({topic for topic, _ in positions})
    # Of what has no leader nobody can say what its log has.
    silent = reader.leaderless(positions.keys() & there)
    try:
        bounds = reader.bounds((positions.keys() & there) - silent)
    except KafkaError:
        bounds = {}
    lost = None
    # One that is there, and of which nobody answered, is not one that is gone.
    if partition in bounds or partition not in there:
        lost = truncation({partition: stored}, bounds)
    # Nothing found: as much was written since, or records came or went.
    return lost or LogTruncated(partition, stored, None, differs_from=differs_from)


def differing(reader: Reader, partitions: Collection[Partition]) -> LogTruncated | None:
    """The first of the partitions whose log lost what was read of it, if any."""
    try:
        reader.validate(partitions)
    except LogTruncationError as problem:
        return lost_of(reader, problem)
    return None


def _told_by(
    problem: OffsetOutOfRangeError | LogTruncationError,
) -> dict[Partition, int | None]:
    """The partitions that lost records, and from where on if that is known.

    What is asked afterwards may look well again, where as much was written since.
    """
    if isinstance(problem, LogTruncationError):
        cuts = problem.divergent_offsets
    else:
        cuts = dict.fromkeys(problem.args[0])
    return {
        (place.topic, place.partition): cut and cut.offset
        for place, cut in cuts.items()
    }


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
