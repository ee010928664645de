"""Reading a real broker: what records look like, transactions, groups, rights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from kafka import KafkaProducer
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern
from kafka.admin import ResourceType as Resource
from structlog.testing import capture_logs

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.source import KafkaSource
from monitor.domain.outcomes import Record
from tests.harness.broker import Broker, SecureAccess, with_password
from tests.harness.topics import Record as Produced
from tests.harness.topics import Topic, admin_client, committed
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MEGABYTE = 1024 * 1024
Opener = Callable[..., KafkaSource]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Started sources, closed after the test."""
    made: list[KafkaSource] = []

    def start(
        connection: Connection, *topics: str, group: str | None = None
    ) -> KafkaSource:
        source = KafkaSource(
            connection,
            topics,
            group,
            monotonic=time.monotonic,
            wait=lambda _: True,
        )
        made.append(source)
        source.start({})
        return source

    yield start
    for each in made:
        each.close()


def read(source: KafkaSource, count: int) -> list[Record]:
    records: list[Record] = []

    def enough() -> bool:
        records.extend(source.poll(1000, MEGABYTE, 200))
        return len(records) >= count

    eventually(enough, 30, f"{count} records")
    return records


def test_a_record_comes_with_key_headers_and_the_brokers_time(
    topic: Callable[..., Topic], opened: Opener
) -> None:
    made = topic()
    made.produce(
        [
            Produced(
                b"\xff\x00body",
                key=b"k\x00",
                headers={"X-GitHub-Event": b"push", "ce_id": b"", "empty": b"\xff"},
                timestamp_ms=1_700_000_000_123,
            ),
            Produced(None, key=b"gone", timestamp_ms=1),
        ]
    )
    source = opened(Connection(made.bootstrap), made.name)
    assert read(source, 2) == [
        Record(
            made.name,
            0,
            0,
            1_700_000_000_123,
            b"k\x00",
            (("X-GitHub-Event", b"push"), ("ce_id", b""), ("empty", b"\xff")),
            b"\xff\x00body",
        ),
        Record(made.name, 0, 1, 1, b"gone", (), None),
    ]


def test_a_producers_microseconds_are_no_time(
    topic: Callable[..., Topic], opened: Opener
) -> None:
    made = topic()
    made.produce([Produced(b"{}", timestamp_ms=1_700_000_000_123_000)])
    source = opened(Connection(made.bootstrap), made.name)
    assert [one.timestamp for one in read(source, 1)] == [None]


def test_bodies_of_thirty_megabytes_come_through(
    topic: Callable[..., Topic], opened: Opener
) -> None:
    made = topic()
    made.produce_values([b"before", b"x" * 30_000_000, b"after"])
    source = opened(Connection(made.bootstrap), made.name)
    sizes = [len(each.value or b"") for each in read(source, 3)]
    assert sizes == [6, 30_000_000, 5]


def test_a_poll_ends_at_its_bytes_however_well_they_were_packed(
    topic: Callable[..., Topic], opened: Opener
) -> None:
    """All of it is fetched at once: twelve records of spaces are some kilobytes."""
    made = topic()
    sizes = [10, *[MEGABYTE] * 12, 10, 20]
    producer = KafkaProducer(
        bootstrap_servers=made.bootstrap,
        compression_type="zstd",
        max_request_size=2 * MEGABYTE,
        linger_ms=500,
    )
    for size in sizes:
        producer.send(made.name, b" " * size, partition=0)
    # Without a value, and as large.
    headers = [("X-GitHub-Event", b" " * MEGABYTE)]
    for _ in range(2):
        producer.send(made.name, b"", headers=headers, partition=0)
    producer.flush()
    producer.close()
    source = opened(Connection(made.bootstrap), made.name)
    read_at_once: list[list[int]] = []

    def all_read() -> bool:
        records = source.poll(1000, 2 * MEGABYTE, 1000)
        if records:
            assert source.positions()[made.name, 0] == records[-1].offset + 1
            read_at_once.append([len(each.value or b"") for each in records])
        return sum(map(len, read_at_once)) == len(sizes) + 2

    eventually(all_read, 30, "all records")
    assert [size for sizes in read_at_once for size in sizes] == [*sizes, 0, 0]
    assert [len(sizes) for sizes in read_at_once[:6]] == [3, 2, 2, 2, 2, 2]
    assert [len(sizes) for sizes in read_at_once[6:]] == [4]


def test_aborted_records_are_not_read_and_markers_are_passed_over(
    topic: Callable[..., Topic], opened: Opener
) -> None:
    made = topic()
    producer = KafkaProducer(
        bootstrap_servers=made.bootstrap, transactional_id=f"t-{made.name}"
    )
    producer.init_transactions()
    for value, ending in (
        (b"kept", producer.commit_transaction),
        (b"dropped", producer.abort_transaction),
        (b"also kept", producer.commit_transaction),
    ):
        producer.begin_transaction()
        producer.send(made.name, value, partition=0)
        producer.flush()
        ending()  # type: ignore[no-untyped-call]
    producer.close()
    source = opened(Connection(made.bootstrap), made.name)
    assert source.end_offsets()[made.name, 0] == 6
    assert [each.value for each in read(source, 2)] == [b"kept", b"also kept"]

    def at_the_end() -> bool:
        assert source.poll(10, MEGABYTE, 50) == []
        return source.positions() == source.end_offsets()

    eventually(at_the_end, 20, "the last marker is passed over")
    assert source.positions()[made.name, 0] == 6


def test_compressed_batches_are_resumed_in_their_middle(
    topic: Callable[..., Topic], opened: Opener
) -> None:
    made = topic()
    for codec in ("gzip", "snappy", "lz4", "zstd"):
        producer = KafkaProducer(
            bootstrap_servers=made.bootstrap, compression_type=codec, linger_ms=500
        )
        for number in range(10):
            producer.send(made.name, f"{codec}-{number}".encode(), partition=0)
        producer.flush()
        producer.close()
    source = opened(Connection(made.bootstrap), made.name)
    source.start({(made.name, 0): 7})
    got = [each.value for each in read(source, 33)]
    assert got[:4] == [b"gzip-7", b"gzip-8", b"gzip-9", b"snappy-0"]
    assert got[-1] == b"zstd-9"


def test_the_group_is_told_how_far_we_are_and_never_asked(
    topic: Callable[..., Topic], opened: Opener
) -> None:
    made = topic(partitions=2)
    made.produce(Produced(b"x", partition=number % 2) for number in range(6))
    group = f"g-{made.name}"
    source = opened(Connection(made.bootstrap), made.name, group=group)

    def told() -> bool:
        # A broker that never had a group first makes the topic for them.
        source.publish({(made.name, 0): 2, (made.name, 1): 1})
        return committed(made, group) == {0: 2, 1: 1}

    eventually(told, 20)
    assert len(read(source, 6)) == 6
    source.publish({(made.name, 0): 3, (made.name, 1): 2})
    source.publish(source.positions())  # too soon after that one
    assert source.poll(10, MEGABYTE, 1_500) == []
    source.poll(10, MEGABYTE, 0)  # the next turn, though nothing was stored
    eventually(lambda: committed(made, group) == {0: 3, 1: 3}, 10)
    source.publish({(made.name, 0): 2, (made.name, 1): 3})
    source.close()
    assert committed(made, group) == {0: 2, 1: 3}
    again = opened(Connection(made.bootstrap), made.name, group=group)
    assert len(read(again, 6)) == 6


def test_the_right_to_read_is_enough(
    secure: SecureAccess, broker: Broker, topic: Callable[..., Topic], opened: Opener
) -> None:
    if broker.secure is None:
        pytest.fail("rules can only be set on the broker that this run made")
    made = topic()
    made.produce_values([b"a", b"b"])
    other, listed = topic(), topic()
    listed.produce_values([b"c"])
    user = f"User:{secure.username}"
    rules = [
        _rule(user, ACLOperation.READ, Resource.TOPIC, made.name),
        _rule(user, ACLOperation.DESCRIBE, Resource.TOPIC, listed.name),
        _rule("User:nobody", ACLOperation.READ, Resource.TOPIC, other.name),
        _rule("User:nobody", ACLOperation.READ, Resource.GROUP, f"g-{made.name}"),
    ]
    with admin_client(made.bootstrap) as admin:
        admin.create_acls(rules)
        try:
            source = opened(with_password(secure), made.name, group=f"g-{made.name}")
            assert [each.value for each in read(source, 2)] == [b"a", b"b"]
            with capture_logs() as logs:
                source.publish(source.positions())
                source.close()
            assert source.publish_failures >= 1
            (told,) = (one for one in logs if one.get("group") == f"g-{made.name}")
            assert "not allowed to publish offsets" in told["problem"]
            with pytest.raises(
                Exception, match=f"not allowed to read topic {other.name}"
            ):
                opened(with_password(secure), other.name)
            both = opened(with_password(secure), made.name, listed.name)
            assert [each.value for each in read(both, 2)] == [b"a", b"b"]
            refused = f"not allowed to read topic {listed.name}"
            eventually(
                lambda: both.poll(9, MEGABYTE, 50) or refused in (both.problem() or ""),
                20,
            )
        finally:
            admin.delete_acls(rules)


def test_a_topic_that_does_not_exist_is_named_and_not_created(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    there = topic()
    missing = f"{there.name}.missing"
    waits: list[float] = []

    def create_at_the_third(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 3:
            with admin_client(broker.bootstrap) as admin:
                admin.create_topics(
                    {missing: {"num_partitions": 1, "replication_factor": 1}},
                    wait_for_metadata=True,
                )
        return False

    told: list[str | None] = []
    source = KafkaSource(
        Connection(broker.bootstrap),
        [there.name, missing],
        None,
        monotonic=time.monotonic,
        wait=create_at_the_third,
        tell=told.append,
    )
    source.start({})
    assert set(source.positions()) == {(there.name, 0), (missing, 0)}
    source.close()
    Topic(broker.bootstrap, missing).delete()
    assert waits[:3] == [0.5, 1.0, 2.0]
    assert told[0] is not None
    assert f"topic {missing} does not exist" in told[0]
    assert told[-1] is None


def _rule(user: str, operation: ACLOperation, kind: Resource, name: str) -> ACL:
    return ACL(
        user, "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name)
    )
