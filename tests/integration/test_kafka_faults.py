"""A broker that is away, silent, wrong about us or damaged: what we do and say."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import KafkaProducer, codec

from monitor.adapters.kafka import unpacking
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.sampling import TopicUnreadable, newest_records
from monitor.adapters.kafka.source import KafkaSource
from monitor.adapters.state.sqlite import SqliteState
from monitor.domain.outcomes import Record
from monitor.pipeline.ports import LogTruncated
from tests.harness.broker import Broker
from tests.harness.local_kafka import LocalKafka
from tests.harness.reference_data import REPOSITORY
from tests.harness.topics import Record as Produced
from tests.harness.topics import Topic, admin_client, create_topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MEGABYTE = 1024 * 1024


def source_of(
    connection: Connection,
    *topics: str,
    told: list[str | None] | None = None,
    wait: Callable[[float], bool] = lambda _: False,
) -> KafkaSource:
    return KafkaSource(
        connection,
        topics,
        "friction-monitor",
        monotonic=time.monotonic,
        wait=wait,
        tell=(lambda _: None) if told is None else told.append,
    )


def drain(source: KafkaSource, records: list[Record]) -> list[Record]:
    records += source.poll(1000, MEGABYTE, 100)
    return records


def test_a_broker_that_comes_up_late_is_read(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    topic = create_topic(kafka.bootstrap)
    topic.produce_values([b"a"])
    kafka.stop()
    told: list[str | None] = []

    def start_it(_: float) -> bool:
        if not kafka.running:
            kafka.start()
        return False

    source = source_of(
        Connection(kafka.bootstrap), topic.name, told=told, wait=start_it
    )
    source.start({})
    assert told[0] is not None
    assert "unreachable" in told[0]
    assert told[-1] is None
    records: list[Record] = []
    eventually(lambda: drain(source, records), 20)
    assert [each.value for each in records] == [b"a"]
    source.close()


# Midway


@pytest.mark.slow
def test_a_restarted_and_a_killed_broker_lose_and_repeat_nothing(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    topic = create_topic(kafka.bootstrap, partitions=2)
    topic.produce_values([b"1", b"2"])
    told: list[str | None] = []
    source = source_of(Connection(kafka.bootstrap), topic.name, told=told)
    source.start({})
    records: list[Record] = []
    eventually(lambda: len(drain(source, records)) == 2, 20)
    for number, end in ((3, kafka.stop), (4, kafka.kill)):
        end()
        eventually(lambda: drain(source, records) and source.problem(), 30)
        assert "unreachable" in (source.problem() or "")
        kafka.start()
        topic.produce_values([str(number).encode()])
        eventually(
            lambda wanted=number: len(drain(source, records)) >= wanted,  # type: ignore[misc]
            40,
        )
        eventually(lambda: drain(source, records) and source.problem() is None, 30)
    assert [each.value for each in records] == [b"1", b"2", b"3", b"4"]
    source.close()


@pytest.mark.slow
def test_a_paused_broker_is_told_and_waited_for(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    topic = create_topic(kafka.bootstrap)
    topic.produce_values([b"1"])
    source = source_of(Connection(kafka.bootstrap), topic.name)
    source.start({})
    records: list[Record] = []
    eventually(lambda: drain(source, records), 20)
    kafka.pause()
    eventually(lambda: drain(source, records) and source.problem(), 40)
    assert "silent" in (source.problem() or "")
    kafka.resume()
    topic.produce_values([b"2"])
    eventually(lambda: len(drain(source, records)) == 2, 60)
    eventually(lambda: drain(source, records) and source.problem() is None, 60)
    source.close()


@pytest.mark.slow
def test_a_topic_that_vanishes_is_told_and_made_anew_it_stops(broker: Broker) -> None:
    topic = create_topic(broker.bootstrap)
    topic.produce_values([b"x"] * 5)
    source = source_of(Connection(broker.bootstrap), topic.name)
    source.start({})
    records: list[Record] = []
    eventually(lambda: len(drain(source, records)) == 5, 20)
    topic.delete()

    def told() -> bool:
        drain(source, records)
        return "does not exist" in (source.problem() or "")

    eventually(told, 40)
    with admin_client(broker.bootstrap) as admin:
        admin.create_topics(
            {topic.name: {"num_partitions": 1, "replication_factor": 1}},
            wait_for_metadata=True,
        )
    topic.produce_values([b"other"] * 2)
    with pytest.raises(LogTruncated, match="the log ends at 2"):
        eventually(lambda: len(drain(source, records)) > 5, 40)
    source.close()
    with pytest.raises(LogTruncated, match="made anew"):
        source_of(Connection(broker.bootstrap), topic.name).start({(topic.name, 0): 5})
    topic.delete()


@pytest.mark.slow
def test_a_topic_made_anew_with_fewer_partitions_is_told_as_that(
    broker: Broker,
) -> None:
    topic = create_topic(broker.bootstrap, partitions=2)
    source = source_of(Connection(broker.bootstrap), topic.name)
    source.start({})
    topic.delete()
    with admin_client(broker.bootstrap) as admin:
        admin.create_topics(
            {topic.name: {"num_partitions": 1, "replication_factor": 1}},
            wait_for_metadata=True,
        )

    def told() -> bool:
        drain(source, [])
        return "made anew with fewer partitions" in (source.problem() or "")

    eventually(told, 40)
    assert "partition 1 does not exist" in (source.problem() or "")
    source.close()
    again = source_of(Connection(broker.bootstrap), topic.name)
    with pytest.raises(LogTruncated, match="partition 1 does not exist") as lost:
        again.start({(topic.name, 0): 0, (topic.name, 1): 132})
    assert "up to offset 132; the topic has 1 now" in str(lost.value)
    topic.delete()


def test_a_log_cut_under_the_reader_stops_with_what_was_lost(
    topic: Callable[..., Topic],
) -> None:
    made = topic()
    made.produce_values([b"x"] * 3)
    source = source_of(Connection(made.bootstrap), made.name)
    source.start({})
    records: list[Record] = []
    eventually(lambda: len(drain(source, records)) == 3, 20)
    # Behind the reader's back, and before it fetches again: seen from offset 3.
    reader = source._reader
    assert reader is not None
    reader._consumer.pause(*reader._consumer.assignment())
    made.produce_values([b"y"] * 5)
    made.delete_records(7)
    reader._consumer.resume(*reader._consumer.assignment())
    with pytest.raises(LogTruncated) as lost:
        eventually(lambda: len(drain(source, records)) > 3, 20)
    if lost.value.oldest is not None:
        assert (lost.value.stored, lost.value.oldest) == (3, 7)
    source.close()


class _Undecodable(str):
    """A header name that no Java client would send, but others can."""

    __slots__ = ()

    def encode(self, *_: object, **__: object) -> bytes:
        return b"\xff\xfe"


def test_a_record_the_client_cannot_unpack_is_told_and_holds_up_no_other_partition(
    topic: Callable[..., Topic],
) -> None:
    made = topic(partitions=2)
    producer = KafkaProducer(bootstrap_servers=made.bootstrap)
    producer.send(made.name, b"good", partition=0).get(10)
    name = _Undecodable("x")
    producer.send(made.name, b"bad", headers=[(name, b"")], partition=0).get(10)
    producer.send(made.name, b"other", partition=1).get(10)
    producer.close()
    source = source_of(Connection(made.bootstrap), made.name)
    source.start({})
    records: list[Record] = []

    def told() -> bool:
        drain(source, records)
        return "cannot be unpacked" in (source.problem() or "")

    eventually(told, 30)
    assert "partition 0, from offset 1" in (source.problem() or "")
    late = KafkaProducer(bootstrap_servers=made.bootstrap)
    late.send(made.name, b"later", partition=1).get(10)
    late.close()
    eventually(lambda: len(drain(source, records)) == 3, 30)
    assert sorted(each.value or b"" for each in records) == [
        b"good",
        b"later",
        b"other",
    ]
    assert source.positions()[made.name, 0] == 1
    source.close()


def test_a_codec_that_is_missing_is_named_and_the_other_topics_are_read(
    topic: Callable[..., Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed, plain = topic(), topic()
    packed.produce([Produced(b"x" * 1_000)], compression="snappy")
    plain.produce_values([b"y"])
    monkeypatch.setattr(codec, "snappy", None)
    source = source_of(Connection(packed.bootstrap), packed.name, plain.name)
    source.start({})
    records: list[Record] = []

    def told() -> bool:
        drain(source, records)
        return "compressed with snappy" in (source.problem() or "")

    eventually(told, 30)
    assert source.left_out() == ((packed.name, 0),)
    eventually(lambda: drain(source, records), 30)
    assert [each.value for each in records] == [b"y"]
    with pytest.raises(TopicUnreadable, match="pip install python-snappy"):
        list(newest_records(Connection(packed.bootstrap), packed.name, 10))
    source.close()


def test_a_batch_that_unpacks_to_too_much_is_told_and_the_other_topics_are_read(
    topic: Callable[..., Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed, plain = topic(), topic()
    packed.produce([Produced(b"before")])
    packed.produce([Produced(b" " * 100_000)], compression="zstd")
    plain.produce_values([b"y"])
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 50_000)
    source = source_of(Connection(packed.bootstrap), packed.name, plain.name)
    source.start({})
    records: list[Record] = []

    def told() -> bool:
        drain(source, records)
        return "unpacks to more than" in (source.problem() or "")

    eventually(told, 30)
    assert source.left_out() == ((packed.name, 0),)
    eventually(lambda: drain(source, records) and len(records) > 1, 30)
    assert sorted(each.value or b"" for each in records) == [b"before", b"y"]
    source.close()


# The effect of every record, once: offsets and sums move in one transaction.

_ADDING = """
import sys, time
from pathlib import Path
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.source import KafkaSource
from monitor.adapters.state.sqlite import SqliteState
from monitor.pipeline.ports import Changes

bootstrap, topic, path = sys.argv[1:]
state = SqliteState(Path(path), checkpoint_pages=20)
source = KafkaSource(
    Connection(bootstrap), [topic], "g", monotonic=time.monotonic,
    wait=lambda _: False,
)
stored = state.offsets()
source.start(stored)
while True:
    records = source.poll(200, 1_000_000, 100)
    keys = {record.key.decode() for record in records}
    sums = {k: int(v) for k, v in state.get_many("series", keys).items()}
    for record in records:
        key = record.key.decode()
        sums[key] = sums.get(key, 0) + int(record.value)
    after = source.positions()
    changes = Changes(offsets={
        at: (stored.get(at), offset)
        for at, offset in after.items() if stored.get(at) != offset
    })
    for key, total in sums.items():
        changes.put("series", key, str(total).encode())
    state.commit(changes)
    stored = dict(after)
    source.publish(stored)
    print("done" if after == source.end_offsets() else len(records), flush=True)
"""


@pytest.mark.slow
def test_killed_nine_times_every_record_counts_exactly_once(
    topic: Callable[..., Topic], tmp_path: Path
) -> None:
    made = topic(partitions=3)
    numbers = range(1, 30_001)
    made.produce(
        Produced(str(n).encode(), key=f"k{n % 97}".encode(), partition=n % 3)
        for n in numbers
    )
    path = tmp_path / "friction.db"
    for kill in range(10):
        command = [sys.executable, "-c", _ADDING, made.bootstrap, made.name, str(path)]
        child = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        wanted = 7 + kill if kill < 9 else None
        for number, line in enumerate(child.stdout):
            if line == "done\n" or number == wanted:
                break
        child.kill()
        child.communicate()
    expected = {f"k{key}": 0 for key in range(97)}
    for n in numbers:
        expected[f"k{n % 97}"] += n
    state = SqliteState(path)
    assert {key: int(value) for key, value in state.scan("series")} == expected
    assert state.offsets() == {(made.name, number): 10_000 for number in range(3)}
    state.close()
