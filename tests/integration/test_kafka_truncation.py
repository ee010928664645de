"""A log that lost what was read, and then grew past where it was read to.

As after an unclean leader election: the broker comes back with an older disk.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.source import KafkaSource
from monitor.pipeline.ports import LogTruncated
from tests.harness.local_kafka import LocalKafka, why_not
from tests.harness.requirements import KAFKA, absent
from tests.harness.topics import Record as Produced
from tests.harness.topics import Topic, admin_client
from tests.harness.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.slow,
    pytest.mark.xdist_group("kafka_truncation"),
]

MEGABYTE = 1024 * 1024
QUIET, CUT = "friction.a-quiet-one", "friction.cut"


def source_of(bootstrap: str) -> KafkaSource:
    return KafkaSource(
        Connection(bootstrap),
        [QUIET, CUT],
        None,
        monotonic=time.monotonic,
        wait=lambda _: False,
    )


def reaches(source: KafkaSource, offset: int) -> bool:
    source.poll(1_000, MEGABYTE, 100)
    return source.positions()[CUT, 1] >= offset


def produce(broker: LocalKafka, records: int) -> None:
    Topic(broker.bootstrap, CUT).produce([Produced(b"x", partition=1)] * records)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    if reason := why_not():
        absent(f"no Kafka: {reason}", KAFKA)
    folder = tmp_path_factory.mktemp("truncation")
    with LocalKafka(folder, java_options=("-Xmx300m",)) as one:
        with admin_client(one.bootstrap) as admin:
            for topic in (QUIET, CUT):
                admin.create_topics(
                    {topic: {"num_partitions": 2, "replication_factor": 1}}
                )
        yield one


def older(broker: LocalKafka) -> Path:
    """Where a copy of the partition is, as it is now."""
    copy = broker.folder / "older"
    broker.stop()
    shutil.copytree(broker.folder / "data" / f"{CUT}-1", copy)
    broker.start()
    return copy


def come_back_with(broker: LocalKafka, copy: Path) -> None:
    """Start again with the partition as it was when it was copied."""
    broker.stop()
    partition = broker.folder / "data" / f"{CUT}-1"
    shutil.rmtree(partition)
    shutil.copytree(copy, partition)
    broker.start()


def test_a_cut_log_is_named_with_where_it_was_cut(broker: LocalKafka) -> None:
    produce(broker, 5)
    copy = older(broker)
    produce(broker, 10)
    source = source_of(broker.bootstrap)
    source.start({})
    eventually(lambda: reaches(source, 15), 20)
    come_back_with(broker, copy)
    produce(broker, 20)
    with pytest.raises(LogTruncated) as lost:
        eventually(lambda: reaches(source, 16), 60)
    source.close()
    assert (lost.value.partition, lost.value.stored) == ((CUT, 1), 15)
    assert lost.value.differs_from == 5
    assert f"topic {CUT}, partition 1: the state has read up to offset 15" in str(
        lost.value
    )
    assert "from offset 5 on" in str(lost.value)
