"""A log that lost what was read, and then grew past where it was read to.

As after an unclean leader election: the broker comes back with an older disk.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.source import KafkaSource
from monitor.pipeline.ports import Epochs, LogTruncated, Offsets
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


def is_told_of_no_records(source: KafkaSource) -> bool:
    """The first answer of a session has every partition, also where none are new."""
    source.poll(1_000, MEGABYTE, 100)
    return source._reader is not None and (CUT, 1) in source._reader.ends()


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
    with LocalKafka(folder, heap_mb=300) as one:
        with admin_client(one.bootstrap) as admin:
            for topic in (QUIET, CUT):
                admin.create_topics(
                    {topic: {"num_partitions": 2, "replication_factor": 1}}
                )
        yield one


@dataclass
class Reading:
    """A service that had read up to offset 15 when the log lost what is from 5 on."""

    broker: LocalKafka
    source: KafkaSource
    started_again: KafkaSource
    stored: Offsets
    epochs: Epochs


@pytest.fixture(scope="module")
def reading(broker: LocalKafka) -> Iterator[Reading]:
    """The log has grown to offset 25 since, under another leader."""
    produce(broker, 5)
    copy = older(broker)
    produce(broker, 10)
    source = source_of(broker.bootstrap)
    source.start({})
    eventually(lambda: reaches(source, 15), 20)
    positions, epochs = source.positions(), source.epochs()
    broker.restart()
    going_on = source_of(broker.bootstrap)
    going_on.start(positions, epochs)  # nothing is lost by another leader alone
    eventually(lambda: is_told_of_no_records(going_on), 20)
    come_back_with(broker, copy)
    produce(broker, 20)
    yield Reading(broker, source, going_on, positions, epochs)
    source.close()
    going_on.close()


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


def test_a_cut_log_is_named_with_where_it_was_cut(reading: Reading) -> None:
    with pytest.raises(LogTruncated) as lost:
        eventually(lambda: reaches(reading.source, 16), 60)
    assert (lost.value.partition, lost.value.stored) == ((CUT, 1), 15)
    assert lost.value.differs_from == 5
    named = f"topic {CUT}, partition 1: the state has read up to offset 15"
    assert named in str(lost.value)
    assert "from offset 5 on" in str(lost.value)


def test_it_is_found_where_nothing_was_read_since_a_start(reading: Reading) -> None:
    with pytest.raises(LogTruncated, match=r"partition 1: .* from offset 5 on"):
        eventually(lambda: reaches(reading.started_again, 16), 60)


def test_each_start_finds_it_by_what_was_stored(reading: Reading) -> None:
    """As a supervisor starts the service again: by the offsets alone all looks well."""
    assert reading.stored[CUT, 1] == 15
    for _ in range(2):
        source = source_of(reading.broker.bootstrap)
        with pytest.raises(LogTruncated, match=r"partition 1: .* from offset 5 on"):
            source.start(reading.stored, reading.epochs)


def test_a_state_that_had_read_no_further_than_the_cut_goes_on(
    reading: Reading,
) -> None:
    source = source_of(reading.broker.bootstrap)
    source.start({**reading.stored, (CUT, 1): 5}, {(CUT, 1): 0})
    eventually(lambda: reaches(source, 25), 20)
    source.close()


def test_what_is_skipped_to_has_the_epoch_that_is_told_with_it(
    reading: Reading,
) -> None:
    """The assistant has read what is before it."""
    source = source_of(reading.broker.bootstrap)
    source.start({})
    source.skip_to({(CUT, 1): 7}, {(CUT, 1): 3})
    assert source.epochs() == {(CUT, 1): 3}
    source.skip_to({(CUT, 1): 7})  # nothing was read
    assert source.epochs() == {(CUT, 1): 3}
    source.skip_to({(CUT, 1): 8})
    assert source.epochs() == {}
    source.close()


def test_another_client_of_a_running_service_finds_it(reading: Reading) -> None:
    """As after a damaged batch, or where the brokers have moved."""
    source = source_of(reading.broker.bootstrap)
    source._positions, source._epochs = dict(reading.stored), reading.epochs
    with pytest.raises(LogTruncated, match="from offset 5 on"):
        eventually(lambda: reaches(source, 16), 20)
