"""A broker that answers, and of some topics, or of all, gives nothing to read.

Of some: the service reads on and is not stalled. Of all: what is new nobody knows, as
where the broker is away.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from kafka import KafkaProducer
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ResourcePattern,
    ResourceType,
)

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.source import KafkaSource
from monitor.pipeline.ports import Partition
from tests.harness.broker import Broker, SecureAccess, with_password
from tests.harness.topics import Record as Produced
from tests.harness.topics import Topic, admin_client, create_topic
from tests.harness.waiting import eventually
from tests.unit.pipeline.running import Process

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

SETTLE_MS = 300_000


class Running:
    """A service on real topics; each turn is ten seconds later by its clock."""

    def __init__(self, connection: Connection, *topics: Topic) -> None:
        self.topics = topics
        self.source = KafkaSource(
            connection,
            [topic.name for topic in topics],
            None,
            monotonic=time.monotonic,
            wait=lambda _: False,
        )
        self.process = Process()
        self.process.start(source=self.source)
        self.process.caught_up()

    def waits(self, waiting: dict[Partition, int]) -> bool:
        """Whether so many records, and no others, are not committed after a turn."""
        self.turn()
        runner = self.process.runner
        lags = {
            at: end - runner.stored.get(at, 0)
            for at, end in runner.reading.ends.items()
        }
        return {at: records for at, records in lags.items() if records} == waiting

    def says(self, text: str) -> bool:
        """Whether the reason for not being ready has this, after another turn."""
        self.turn()
        return text in " ".join(self.process.runner.watch.condition().not_ready)

    def turn(self) -> None:
        self.process.clock.ms += 10_000
        self.process.runner.turn()

    def is_answered(self) -> bool:
        """Whether the broker has, as of this turn, and the numbers go on."""
        self.turn()
        now, runner = self.process.clock.ms, self.process.runner
        answered = runner.watch.poll_ms == now
        instant = runner.books.accounts.instants[0]
        assert answered is (runner._answered == now)
        assert instant == min(now - SETTLE_MS, runner._answered or 0)
        return answered

    def hears(self) -> bool:
        """Whether a broker answers at all, after another turn."""
        self.turn()
        return not self.source._patience.is_tried

    def is_unanswered(self) -> bool:
        return not self.is_answered()


@contextmanager
def running(connection: Connection, *topics: Topic) -> Iterator[Running]:
    made = Running(connection, *topics)
    yield made
    made.source.close()


def right(user: str, operation: ACLOperation, topic: Topic) -> ACL:
    place = ResourcePattern(ResourceType.TOPIC, topic.name)
    return ACL(user, "*", operation, ACLPermissionType.ALLOW, place)


def test_rights_that_are_taken_away_from_one_topic_then_from_all(
    secure: SecureAccess, topic: Callable[..., Topic]
) -> None:
    one, other, user = topic(), topic(), f"User:{secure.username}"
    seen = [right(user, ACLOperation.DESCRIBE, each) for each in (one, other)]
    reads = [right(user, ACLOperation.READ, each) for each in (one, other)]
    with admin_client(one.bootstrap) as admin:
        admin.create_acls([*seen, *reads])
        with running(with_password(secure), one, other) as service:
            admin.delete_acls(reads[:1])
            eventually(lambda: service.says(f"not allowed to read topic {one.name}"))
            one.produce_values([b"{}"] * 3)
            eventually(lambda: service.waits({(one.name, 0): 3}), 30)
            assert service.is_answered()
            # All else is read: nothing is told of progress that nobody can make.
            eventually(lambda: committed_now(service), 30)
            admin.delete_acls(reads[1:])
            eventually(service.is_unanswered, 30)
            other.produce_values([b"{}"] * 2)
            waiting = {(one.name, 0): 3, (other.name, 0): 2}
            eventually(lambda: service.waits(waiting), 30)
            assert not committed_now(service)
            admin.create_acls(reads)
            eventually(lambda: service.is_answered() and service.waits({}), 60)
            eventually(lambda: not service.says("not allowed"), 30)
        admin.delete_acls(seen + reads)


def committed_now(service: Running) -> bool:
    """Whether something was, or nothing was left to be, within the last minute."""
    began = service.process.clock.ms
    for _ in range(7):
        service.turn()
    return (service.process.runner.watch.commit_ms or 0) > began


class _Undecodable(str):
    __slots__ = ()

    def encode(self, *_: object, **__: object) -> bytes:
        return b"\xff\xfe"


def damage(topic: Topic, partition: int) -> None:
    """Append a record that the client cannot unpack, and one that it could."""
    producer = KafkaProducer(bootstrap_servers=topic.bootstrap)
    headers = [(_Undecodable("x"), b"")]
    producer.send(topic.name, b"bad", headers=headers, partition=partition).get(10)
    producer.close()
    topic.produce([Produced(b"{}", partition=partition)])


def test_damaged_records_in_one_partition_then_in_all(
    topic: Callable[..., Topic],
) -> None:
    made = topic(partitions=2)
    with running(Connection(made.bootstrap), made) as service:
        damage(made, 0)
        eventually(lambda: service.says("partition 0, from offset 0"), 30)
        eventually(service.is_answered, 30)
        eventually(lambda: service.waits({(made.name, 0): 2}), 30)
        damage(made, 1)
        eventually(lambda: service.says("partition 1, from offset 0"), 30)
        # Also once the broker has answered the client that was taken after that.
        eventually(service.hears, 30)
        assert service.is_unanswered()


def test_one_topic_is_deleted_then_all(broker: Broker) -> None:
    one, other = create_topic(broker.bootstrap), create_topic(broker.bootstrap)
    with running(Connection(one.bootstrap), one, other) as service:
        one.delete()
        eventually(lambda: service.says(f"topic {one.name} does not exist"), 30)
        eventually(service.is_answered, 30)
        other.delete()
        eventually(service.is_unanswered, 30)
        eventually(service.hears, 30)
        assert service.is_unanswered()
