"""Writes records to Kafka, for the simulator: key, headers and time as they are."""

from __future__ import annotations

from collections.abc import Iterable

from kafka import KafkaProducer
from kafka.errors import KafkaError

from monitor.adapters.kafka.connection import Connection, client_options
from monitor.domain.outcomes import Record
from monitor.errors import SourceUnavailable


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
