"""Writes records to Kafka, for the simulator: key, headers and time as they are."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable

from kafka import KafkaProducer
from kafka.errors import KafkaError

from monitor.adapters.kafka.connection import Connection, client_options
from monitor.adapters.kafka.reader import Fetching, Reader
from monitor.adapters.kafka.sampling import reach
from monitor.adapters.kafka.trouble import unreachable
from monitor.domain.outcomes import Record
from monitor.errors import SourceUnavailable


def refuse_missing(connection: Connection, topics: Collection[str]) -> None:
    """Nothing, when the brokers have all of the topics and let us see them.

    A producer would wait a minute for one that is missing, and have written to the
    others by then. Makes no topic. Raises SourceUnavailable saying which and why.
    """
    reach(connection)
    with contextlib.closing(Reader(connection, Fetching())) as reader:
        try:
            reader.await_metadata(topics)
        except KafkaError as problem:
            raise SourceUnavailable(
                unreachable(connection)
                or f"Kafka at {connection.bootstrap_servers} does not tell its topics: "
                f"{problem!r}. Try again."
            ) from problem
        hidden = reader.forbidden()
        there = {topic for topic, _ in reader.partitions(topics)}
    troubles = [
        f"not allowed to write to topic {topic}: grant the user WRITE on it "
        f"(kafka-acls --add --allow-principal ... --operation Write)"
        if topic in hidden
        else f"topic {topic} does not exist: create it"
        for topic in topics
        if topic not in there
    ]
    if troubles:
        raise SourceUnavailable(f"nothing is written: {'; '.join(troubles)}")


def write_records(connection: Connection, records: Iterable[Record]) -> int:
    """Produce the records to their topics, acknowledged by all replicas.

    The broker chooses partitions by key. Returns how many were written; raises
    SourceUnavailable when the broker refuses or is away.
    """
    written, topic = 0, ""
    try:
        producer = KafkaProducer(
            **client_options(connection),
            acks="all",
            linger_ms=20,
            compression_type="lz4",
        )
        try:
            for record in records:
                topic = record.topic
                producer.send(
                    record.topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                    timestamp_ms=record.timestamp,
                )
                written += 1
            producer.flush()
        finally:
            producer.close()
    except KafkaError as problem:
        raise SourceUnavailable(
            f"Kafka at {connection.bootstrap_servers} cannot be written to: {problem} "
            f"Does the topic {topic} exist, and may we write to it?"
        ) from problem
    return written
