"""A broker with a quota for us: records come slowly, and nothing is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from monitor.adapters.kafka.connection import CLIENT_ID, Connection
from monitor.adapters.kafka.source import KafkaSource
from monitor.domain.outcomes import Record
from tests.harness.local_kafka import LocalKafka
from tests.harness.topics import create_topic, limit_reading
from tests.harness.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

# With what is read it makes a broker throttle for the longest time, ten seconds.
BYTES_A_SECOND = 50_000
PRODUCED = 600
MEGABYTE = 1024 * 1024


def test_a_quota_slows_reading_down_and_is_told_as_no_failure(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    log = create_topic(kafka.bootstrap)
    log.produce_values([b"b" * 10_000] * PRODUCED)
    limit_reading(kafka.bootstrap, CLIENT_ID, BYTES_A_SECOND)
    told: list[str | None] = []
    source = KafkaSource(
        Connection(kafka.bootstrap),
        [log.name],
        None,
        monotonic=time.monotonic,
        wait=lambda _: False,
        tell=told.append,
        failed=lambda: told.append("failed"),
        throttled=lambda: told.append("throttled"),
    )
    source.start({})
    records: list[Record] = []

    def is_told(word: str) -> bool:
        records.extend(source.poll(1_000, MEGABYTE, 100))
        return word in told

    eventually(lambda: is_told("throttled"), 60)
    assert told == ["throttled"]
    assert 0 < len(records) < PRODUCED
    assert not source.is_silent()
    kafka.kill()
    eventually(lambda: is_told("failed"), 20)
    assert "unreachable" in (source.problem() or "")
    source.close()
