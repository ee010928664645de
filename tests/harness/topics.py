"""Topics of a test: made with random names, filled, cut, read and removed."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.protocol.admin.client_quotas import AlterClientQuotasRequest

from tests.harness.waiting import eventually

_LARGEST_REQUEST = 41_943_040


@dataclass(frozen=True, slots=True)
class Record:
    """A record to produce or as read. Times are milliseconds; ``None`` means now."""

    value: bytes | None
    key: bytes | None = None
    headers: Mapping[str, bytes] = field(default_factory=dict)
    partition: int | None = None
    timestamp_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of one broker."""

    bootstrap: str
    name: str

    def produce(
        self, records: Iterable[Record], compression: str | None = None
    ) -> list[int]:
        """Append records in order and return their offsets once the broker has them.

        Without a partition, a key's hash decides, as for every Kafka client.
        """
        producer = KafkaProducer(
            bootstrap_servers=self.bootstrap,
            acks="all",
            compression_type=compression,
            linger_ms=5,
            max_request_size=_LARGEST_REQUEST,
        )
        try:
            sent = [
                producer.send(
                    self.name,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers.items()),
                    partition=record.partition,
                    timestamp_ms=record.timestamp_ms,
                )
                for record in records
            ]
            producer.flush(timeout=60)
            return [future.get(timeout=60).offset for future in sent]
        finally:
            producer.close()

    def produce_values(self, values: Iterable[bytes]) -> list[int]:
        """Append bodies without keys or headers to the first partition, in order."""
        return self.produce(Record(value, partition=0) for value in values)

    def read(self, partition: int = 0) -> list[Record]:
        """Return all that a partition holds now."""
        place = TopicPartition(self.name, partition)
        consumer = KafkaConsumer(
            bootstrap_servers=self.bootstrap,
            enable_auto_commit=False,
            group_id=None,
            max_partition_fetch_bytes=_LARGEST_REQUEST,
        )
        try:
            consumer.assign([place])
            consumer.seek_to_beginning(place)
            end = consumer.end_offsets([place])[place]
            found: list[Record] = []
            while consumer.position(place) < end:
                for batch in consumer.poll(timeout_ms=1000).values():
                    found += [_as_record(message) for message in batch]
            return found
        finally:
            consumer.close()

    def offsets(self) -> dict[int, tuple[int, int]]:
        """Return per partition the first offset and the one after the last."""
        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap, group_id=None)
        try:
            partitions = consumer.partitions_for_topic(self.name) or set()
            places = [TopicPartition(self.name, number) for number in partitions]
            first = consumer.beginning_offsets(places)
            end = consumer.end_offsets(places)
        finally:
            consumer.close()
        return {place.partition: (first[place], end[place]) for place in places}

    def delete_records(self, before: int, partition: int = 0) -> None:
        """Remove the records below an offset, as an expired log would."""
        with admin_client(self.bootstrap) as admin:
            admin.delete_records({TopicPartition(self.name, partition): before})

    def grow(self, partitions: int) -> None:
        """Raise the number of partitions, and wait until the broker tells of them."""
        with admin_client(self.bootstrap) as admin:
            admin.create_partitions({self.name: partitions})
        eventually(lambda: len(self.offsets()) == partitions, what="new partitions")

    def delete(self) -> None:
        """Remove the topic."""
        with admin_client(self.bootstrap) as admin:
            admin.delete_topics([self.name])


@contextmanager
def admin_client(bootstrap: str) -> Iterator[KafkaAdminClient]:
    """Yield an administrator's client of the plain listener."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        yield admin
    finally:
        admin.close()


def create_topic(
    bootstrap: str,
    partitions: int = 1,
    prefix: str = "friction",
    settings: Mapping[str, str] | None = None,
) -> Topic:
    """Create a topic of a name that nobody else has, ready for use."""
    name = f"{prefix}.{uuid.uuid4().hex[:12]}"
    options = {
        "num_partitions": partitions,
        "replication_factor": 1,
        "configs": dict(settings or {}),
    }
    with admin_client(bootstrap) as admin:
        admin.create_topics({name: options}, wait_for_metadata=True)
    return Topic(bootstrap, name)


def limit_reading(bootstrap: str, client: str, bytes_a_second: int) -> None:
    """Let clients of this id read no faster from each broker."""
    entry = AlterClientQuotasRequest.EntryData
    limit = entry.OpData(
        key="consumer_byte_rate", value=float(bytes_a_second), remove=False
    )
    whose = entry.EntityData(entity_type="client-id", entity_name=client)
    request = AlterClientQuotasRequest(
        entries=[entry(entity=[whose], ops=[limit])], validate_only=False
    )
    with admin_client(bootstrap) as admin:
        # The library has the request, and no call for it.
        manager = admin._manager
        (answer,) = manager.run(manager.send, request).entries
    assert answer.error_code == 0, answer.error_message


def committed(topic: Topic, group: str) -> dict[int, int]:
    """Return the offsets that a group has told, of the topic's first two partitions."""
    consumer = KafkaConsumer(
        bootstrap_servers=topic.bootstrap, group_id=group, enable_auto_commit=False
    )
    try:
        found = {n: consumer.committed(TopicPartition(topic.name, n)) for n in range(2)}
    finally:
        consumer.close()
    return {number: offset for number, offset in found.items() if offset is not None}


def _as_record(message: object) -> Record:
    return Record(
        value=getattr(message, "value", None),
        key=getattr(message, "key", None),
        headers=dict(getattr(message, "headers", ())),
        partition=getattr(message, "partition", None),
        timestamp_ms=getattr(message, "timestamp", None),
    )
