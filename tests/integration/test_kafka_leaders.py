"""Partitions whose broker is away: the others are read on, and each says what is not.

Of two brokers the second holds partition 1 of each topic, and is killed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from kafka import KafkaConsumer

from monitor.adapters.doctor.broker import broker_checks
from monitor.adapters.doctor.check import Mark
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.sampling import TopicUnreadable, newest_records
from monitor.adapters.kafka.source import KafkaSource
from monitor.domain.outcomes import Record
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import LogTruncated, Partition
from tests.harness.local_kafka import LocalKafka, why_not
from tests.harness.requirements import KAFKA, absent
from tests.harness.topics import Record as Produced
from tests.harness.topics import Topic, admin_client
from tests.harness.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.slow,
    pytest.mark.xdist_group("kafka_leaders"),
]

MEGABYTE = 1024 * 1024
HELD, GROWN = "friction.held", "friction.grown"
MINUTE_MS = 60_000


class Reading:
    """A running service's source, and what came of it."""

    def __init__(self, bootstrap: str) -> None:
        self.source = source_of(bootstrap, HELD, GROWN, gives_up=False)
        self.values: list[bytes | None] = []

    def has(self, *values: bytes) -> bool:
        records: list[Record] = list(self.source.poll(1_000, MEGABYTE, 100))
        self.values += [record.value for record in records]
        return {*values} <= {*self.values}

    def reaches(self, at: Partition, offset: int) -> bool:
        self.source.poll(1_000, MEGABYTE, 100)
        return self.source.positions()[at] >= offset

    def says(self, text: str) -> bool:
        self.source.poll(0, MEGABYTE, 100)
        return text in (self.source.problem() or "")


def source_of(bootstrap: str, *topics: str, gives_up: bool = True) -> KafkaSource:
    return KafkaSource(
        Connection(bootstrap),
        topics,
        None,
        monotonic=time.monotonic,
        wait=lambda _: gives_up,
    )


def lay_out(bootstrap: str) -> None:
    """Two topics: one over both brokers, one on the first alone, for now."""
    with admin_client(bootstrap) as admin:
        eventually(lambda: len(admin.describe_cluster()["brokers"]) == 2, 30)
        admin.create_topics(
            {
                HELD: {"assignments": {0: [1], 1: [2]}},
                GROWN: {"assignments": {0: [1]}},
            }
        )
    held, grown = Topic(bootstrap, HELD), Topic(bootstrap, GROWN)
    eventually(lambda: (len(held.offsets()), len(grown.offsets())) == (2, 1), 30)
    held.produce([Produced(b"a", partition=0), Produced(b"b", partition=1)])


@pytest.fixture(scope="module")
def half_away(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Reading]]:
    """The address of the broker that is left, and what was begun with both."""
    if reason := why_not():
        absent(f"no Kafka: {reason}", KAFKA)
    folder = tmp_path_factory.mktemp("leaders")
    with (
        LocalKafka(folder / "1", heap_mb=300) as first,
        LocalKafka(folder / "2", heap_mb=300, beside=first) as second,
    ):
        lay_out(first.bootstrap)
        reading = Reading(first.bootstrap)
        reading.source.start({})
        eventually(lambda: reading.has(b"a", b"b"), 20)
        with admin_client(first.bootstrap) as admin:
            admin.create_partitions({GROWN: {"count": 3, "assignments": [[2], [1]]}})
        second.kill()
        eventually(lambda: reading.says("partition 1 has no leader"), 30)
        yield first.bootstrap, reading
        reading.source.close()


def test_a_running_service_reads_the_others_and_finds_new_ones(
    half_away: tuple[str, Reading],
) -> None:
    bootstrap, reading = half_away
    # Of the new ones the second broker holds one, too.
    eventually(lambda: reading.says("partition 1 has no leader (2 such"), 30)
    reading.source.refresh_partitions(MINUTE_MS)
    read = {(HELD, 0), (HELD, 1), (GROWN, 0), (GROWN, 2)}
    assert reading.source.positions().keys() == read
    Topic(bootstrap, HELD).produce([Produced(b"c", partition=0)])
    Topic(bootstrap, GROWN).produce([Produced(b"d", partition=2)])
    eventually(lambda: reading.has(b"a", b"b", b"c", b"d"), 20)
    assert "Start that broker again" in (reading.source.problem() or "")


def test_another_client_of_a_running_service_reads_the_others_on(
    half_away: tuple[str, Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a damaged batch, or where the brokers have moved."""
    bootstrap, reading = half_away
    before = reading.source.positions()
    assert (HELD, 1) in reading.source.epochs()
    reading.source._drop_reader()
    with monkeypatch.context() as within:
        # Whoever asks it waits for what has no leader as long as for an answer.
        within.delattr(KafkaConsumer, "position")
        reading.source.poll(1_000, MEGABYTE, 100)
    assert reading.source._reader is not None
    Topic(bootstrap, HELD).produce([Produced(b"e", partition=0)])
    eventually(lambda: reading.reaches((HELD, 0), before[HELD, 0] + 1), 30)
    assert reading.source.positions()[HELD, 1] == before[HELD, 1]
    eventually(lambda: reading.says("partition 1 has no leader"), 30)


def test_a_start_waits_and_says_for_what(half_away: tuple[str, Reading]) -> None:
    bootstrap, _ = half_away
    for stored in ({}, {(HELD, 0): 1, (HELD, 1): 1}):
        source = source_of(bootstrap, HELD)
        with pytest.raises(SourceUnavailable, match="partition 1 has no leader"):
            source.start(stored)
        assert "partition 1 has no leader" in (source.problem() or "")


def test_what_a_log_lost_is_told_beside_one_without_a_leader(
    half_away: tuple[str, Reading],
) -> None:
    _, reading = half_away
    reader = reading.source._reader
    assert reader is not None
    before = reader.positions()
    reader.seek({(HELD, 0): 99})
    with pytest.raises(LogTruncated, match=r"partition 0: .* up to offset 99"):
        eventually(lambda: reading.has(b"never"), 10)
    reader.seek({(HELD, 0): before[HELD, 0]})


def test_the_doctor_names_it_and_looks_at_the_rest(
    half_away: tuple[str, Reading],
) -> None:
    bootstrap, _ = half_away
    stored = {(HELD, 0): 1, (HELD, 1): 1}
    checks = list(broker_checks(Connection(bootstrap), [HELD], stored))
    found = {what: (mark, said) for mark, what, said in checks}
    mark, said = found[f"leaders of {HELD}"]
    assert mark is Mark.WRONG
    assert said.startswith(f"topic {HELD}, partition 1 has no leader (1 such")
    assert "Start that broker again" in said
    assert found[f"topic {HELD}"][0] is Mark.OK
    assert found[f"offsets of {HELD}"][0] is Mark.OK


def test_a_sample_is_of_what_can_be_read_and_says_of_what_not(
    half_away: tuple[str, Reading],
) -> None:
    bootstrap, _ = half_away
    found: list[bytes | None] = []
    with pytest.raises(TopicUnreadable, match="partition 1 has no leader"):
        found.extend(
            record.value for record in newest_records(Connection(bootstrap), HELD, 10)
        )
    assert b"a" in found
