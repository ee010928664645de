"""Filling a topic for a measurement: compressed, in one partition, in order."""

from collections.abc import Iterable, Mapping
from typing import Final

from kafka import KafkaProducer

from tests.bench.github_load import github_records
from tests.bench.native_load import native_records
from tests.harness.topics import Topic

TEAMS: Final = 60
_NATIVE_RECORDS: Final = 240_000
_PULL_REQUESTS: Final = 10_000


def fill(
    topic: Topic, bodies: Iterable[tuple[bytes, Mapping[str, bytes]]]
) -> tuple[int, int]:
    """Append bodies with their headers; returns how many, and how many bytes.

    In lz4, as busy publishers send them; nothing is kept here, because what lies in
    memory makes collections of the measured process longer.
    """
    producer = KafkaProducer(
        bootstrap_servers=topic.bootstrap,
        acks="all",
        linger_ms=20,
        batch_size=256 * 1024,
        compression_type="lz4",
    )
    count = size = 0
    try:
        for body, headers in bodies:
            producer.send(
                topic.name, value=body, headers=list(headers.items()), partition=0
            )
            count += 1
            size += len(body)
        producer.flush(timeout=120)
    finally:
        producer.close()
    return count, size


def fill_load(topic: Topic, load: str, now_ms: int) -> tuple[int, int]:
    """Append one of the loads to catch up with, in full: github or native."""
    if load == "github":
        return fill(topic, github_records(_PULL_REQUESTS, TEAMS, now_ms))
    records = native_records(_NATIVE_RECORDS, TEAMS, now_ms)
    return fill(topic, ((body, {}) for body in records))
