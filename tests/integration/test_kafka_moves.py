"""Brokers whose addresses change under us: read on, without a restart."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.adapters.doctor.broker import broker_checks
from monitor.adapters.doctor.check import Mark
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.publisher import DeadLetterPublisher
from monitor.adapters.kafka.sampling import newest_records
from monitor.adapters.kafka.source import KafkaSource
from monitor.adapters.kafka.writer import refuse_missing
from monitor.adapters.state.memory import MemoryState
from monitor.domain.outcomes import Record
from monitor.errors import SourceUnavailable
from monitor.pipeline.ports import Changes, DeadLetter
from monitor.pipeline.watching import silent_watch
from tests.harness.broker import secure_access
from tests.harness.local_kafka import LocalKafka
from tests.harness.ports import free_ports
from tests.harness.relay import relayed
from tests.harness.topics import Topic, committed, create_topic
from tests.harness.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

MEGABYTE = 1024 * 1024
GROUP = "friction-monitor"


def source_of(
    connection: Connection, topic: Topic, *, gives_up: bool = False
) -> KafkaSource:
    return KafkaSource(
        connection,
        [topic.name],
        GROUP,
        monotonic=time.monotonic,
        wait=lambda _: gives_up,
    )


class Reading:
    """A source that is read as the service reads it, and what came of it."""

    def __init__(self, source: KafkaSource) -> None:
        self.source = source
        self.records: list[Record] = []

    def turn(self) -> None:
        self.records += self.source.poll(1000, MEGABYTE, 100)
        self.source.publish(self.source.positions())

    def has(self, values: list[bytes]) -> bool:
        self.turn()
        return [each.value for each in self.records] == values

    def says(self, text: str) -> bool:
        self.turn()
        return text in (self.source.problem() or "")

    def knows(self, addresses: set[tuple[str, int]]) -> bool:
        self.turn()
        reader = self.source._reader
        return reader is not None and reader.advertised() == addresses

    def is_well(self) -> bool:
        self.turn()
        return self.source.problem() is None


def test_a_broker_that_moves_to_another_address_of_the_list_is_read_on(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    old, new = kafka.bootstrap, f"127.0.0.1:{free_ports(1)[0]}"
    topic = create_topic(old)
    topic.produce_values([b"1", b"2"])
    reading = Reading(source_of(Connection(f"{old},{new}"), topic))
    reading.source.start({})
    eventually(lambda: reading.has([b"1", b"2"]), 20)
    kafka.stop()
    eventually(lambda: reading.says("unreachable"), 30)
    kafka.move(plain=int(new.rpartition(":")[2]))
    kafka.start()
    moved = Topic(new, topic.name)
    moved.produce_values([b"3"])
    eventually(lambda: reading.has([b"1", b"2", b"3"]), 60)
    eventually(reading.is_well, 30)
    # The group's client has moved, too: three records were read.
    eventually(
        lambda: reading.has([b"1", b"2", b"3"]) and committed(moved, GROUP) == {0: 3},
        90,
    )
    reading.source.close()


def test_behind_one_address_that_stays_the_broker_may_move(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    topic = create_topic(kafka.bootstrap)
    topic.produce_values([b"1"])
    (port,) = free_ports(1)
    with relayed(lambda: kafka.bootstrap) as address:
        reading = Reading(source_of(Connection(address), topic))
        reading.source.start({})
        eventually(lambda: reading.has([b"1"]), 20)
        kafka.stop()
        kafka.move(plain=port)
        kafka.start()
        Topic(kafka.bootstrap, topic.name).produce_values([b"2"])
        eventually(lambda: reading.has([b"1", b"2"]), 60)
        eventually(reading.is_well, 30)
        reading.source.close()


def by_tls(kafka: LocalKafka) -> tuple[Connection, Topic]:
    """How to reach it with TLS, which may be told another port; a topic of a record."""
    access = secure_access(kafka)
    assert access is not None
    topic = create_topic(kafka.bootstrap)
    topic.produce_values([b"1"])
    ca_file = Path(access.ca_file)
    return Connection(access.tls_bootstrap, "SSL", ssl_ca_file=ca_file), topic


def test_wrong_advertised_addresses_are_named_and_mended_without_a_restart(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka(secure=True)
    tls, topic = by_tls(kafka)
    reading = Reading(source_of(tls, topic))
    reading.source.start({})
    eventually(lambda: reading.has([b"1"]), 20)
    (nobody,) = free_ports(1)
    kafka.stop()
    kafka.tell(tls=nobody)
    kafka.start()
    # It comes back to the address it knows, and keeps the connection.
    eventually(lambda: reading.knows({("127.0.0.1", nobody)}), 60)
    kafka.restart()
    eventually(lambda: reading.says(f"(advertised.listeners): 127.0.0.1:{nobody}"), 60)
    kafka.stop()
    kafka.tell(tls=None)
    kafka.start()
    topic.produce_values([b"2"])
    eventually(lambda: reading.has([b"1", b"2"]), 60)
    eventually(reading.is_well, 30)
    reading.source.close()


def test_a_start_names_the_advertised_address_and_no_topic_that_is_not_there(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    """Nobody can tell whether a topic exists who gets no further than that address."""
    kafka = own_kafka(secure=True)
    tls, topic = by_tls(kafka)
    (nobody,) = free_ports(1)
    kafka.stop()
    kafka.tell(tls=nobody)
    kafka.start()
    said = rf"\(advertised.listeners\): 127.0.0.1:{nobody}: unreachable"
    attempts: list[Callable[[], object]] = [
        lambda: source_of(tls, topic, gives_up=True).start({}),
        lambda: list(newest_records(tls, topic.name, 10)),
        lambda: refuse_missing(tls, [topic.name]),
    ]
    for attempt in attempts:
        with pytest.raises(SourceUnavailable, match=said):
            attempt()
    checks = {
        what: mark
        for mark, what, _ in broker_checks(tls, [topic.name], {}, topic.name, GROUP)
    }
    assert checks == {
        f"broker {tls.bootstrap_servers}": Mark.OK,
        f"advertised address 127.0.0.1:{nobody}": Mark.WRONG,
        "topics": Mark.NOTE,
    }


def test_letters_are_published_on_where_the_broker_has_moved(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    old, new = kafka.bootstrap, f"127.0.0.1:{free_ports(1)[0]}"
    topic = create_topic(old)
    state = MemoryState()
    publisher = DeadLetterPublisher(
        Connection(f"{old},{new}"), topic.name, state, silent_watch()
    )

    def sent(number: int) -> None:
        letter = DeadLetter("ci", 0, number, 1, ("no",), "ab", str(number).encode())
        state.commit(Changes(dead_letters=[letter]))
        eventually(lambda: publisher.step() and not state.unsent(9), 90)

    sent(1)
    kafka.stop()
    kafka.move(plain=int(new.rpartition(":")[2]))
    kafka.start()
    sent(2)
    publisher.close()
    assert [each.value for each in Topic(new, topic.name).read()] == [b"1", b"2"]
