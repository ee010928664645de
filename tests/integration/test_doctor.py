"""The doctor at a real broker: how far one gets, what is there, what may be read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from kafka import KafkaProducer, codec
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern
from kafka.admin import ResourceType as Resource
from kafka.cluster import ClusterMetadata

from monitor.adapters.doctor.broker import broker_checks
from monitor.adapters.doctor.check import Mark
from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.reader import Fetching, Reader
from monitor.pipeline.ports import Partition
from tests.harness.broker import Broker, SecureAccess, with_password
from tests.harness.topics import Record, Topic, admin_client
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka


_NOTHING: Mapping[Partition, int] = {}


def examined(
    connection: Connection,
    *topics: str,
    stored: Mapping[Partition, int] | None = _NOTHING,
    group: str | None = None,
) -> dict[str, tuple[Mark, str]]:
    """What was found, by what was looked at; the address apart."""
    checks = broker_checks(connection, topics, stored, group=group)
    return {what.split(" 127.")[0]: (mark, said) for mark, what, said in checks}


def test_everything_is_well(broker: Broker, topic: Callable[..., Topic]) -> None:
    made, empty = topic(partitions=2), topic()
    made.produce_values([b"a", b"b"])
    stored = {(made.name, 0): 1}
    found = examined(Connection(broker.bootstrap), made.name, empty.name, stored=stored)
    assert found == {
        "broker": (Mark.OK, "name, port, without TLS, without a login"),
        f"topic {made.name}": (
            Mark.OK,
            "2 partitions, 2 records kept, and we may read them",
        ),
        f"offsets of {made.name}": (
            Mark.OK,
            (
                "stored offsets are in the log, 1 records behind; partitions [1] are "
                "new and read from the oldest on"
            ),
        ),
        f"topic {empty.name}": (
            Mark.OK,
            "1 partitions, 0 records kept, and we may read them",
        ),
        f"offsets of {empty.name}": (
            Mark.NOTE,
            "nothing is stored: all 0 records are read from the oldest on",
        ),
    }


def test_of_a_state_that_cannot_be_read_it_is_not_said_that_nothing_is_stored(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    made = topic()
    found = examined(Connection(broker.bootstrap), made.name, stored=None)
    mark, said = found[f"offsets of {made.name}"]
    assert mark is Mark.NOTE
    assert "not known" in said


def test_the_topic_of_dead_letters_is_looked_for(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    made, letters = topic(), topic()
    connection = Connection(broker.bootstrap)
    for name, mark in ((letters.name, Mark.OK), (f"no-{letters.name}", Mark.WRONG)):
        checks = {
            what: (found, said)
            for found, what, said in broker_checks(connection, [made.name], {}, name)
        }
        found, said = checks[f"dead letters to {name}"]
        assert found is mark
        assert ("does not exist" in said) is (mark is Mark.WRONG)


def test_a_log_cut_below_our_offset_is_wrong(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    made = topic()
    made.produce_values([b"a", b"b", b"c"])
    made.delete_records(before=2)
    found = examined(
        Connection(broker.bootstrap), made.name, stored={(made.name, 0): 1}
    )
    mark, said = found[f"offsets of {made.name}"]
    assert mark is Mark.WRONG
    assert made.name in said


def test_records_behind_an_open_transaction_are_told(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    made = topic(partitions=2)
    made.produce_values([b"a", b"b"])
    what = f"transactions of {made.name}"
    producer = KafkaProducer(
        bootstrap_servers=broker.bootstrap, transactional_id=f"{made.name}.t"
    )
    try:
        producer.init_transactions()
        producer.begin_transaction()
        for value in (b"c", b"d", b"e"):
            producer.send(made.name, value, partition=0)
        producer.flush()
        # Offsets 0 and 1 are plain, 2 to 4 are in the transaction.
        mark, said = examined(Connection(broker.bootstrap), made.name)[what]
        assert mark is Mark.NOTE
        assert "partition 0: 3 records from offset 2 on wait" in said
        assert "find-hanging" in said
        assert "such partitions" not in said
        for value in (b"f", b"g"):
            producer.send(made.name, value, partition=1)
        producer.flush()
        _, said = examined(Connection(broker.bootstrap), made.name)[what]
        assert "(2 such partitions, 5 records)" in said
        producer.commit_transaction()
    finally:
        producer.close()
    assert what not in examined(Connection(broker.bootstrap), made.name)


def test_a_topic_that_cannot_be_unpacked_does_not_stop_the_next_ones(
    broker: Broker, topic: Callable[..., Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed, plain = topic(), topic()
    packed.produce([Record(b"x" * 1_000)], compression="snappy")
    plain.produce_values([b"y"])
    monkeypatch.setattr(codec, "snappy", None)
    found = examined(Connection(broker.bootstrap), packed.name, plain.name)
    mark, said = found[f"topic {packed.name}"]
    assert mark is Mark.WRONG
    assert "pip install python-snappy" in said
    assert found[f"topic {plain.name}"][0] is Mark.OK


def test_one_address_that_works_is_enough(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    made = topic()
    both = Connection(f"nowhere.invalid:9092,{broker.bootstrap}")
    found = examined(both, made.name)
    mark, said = found["broker nowhere.invalid:9092"]
    assert (mark, "unknown host" in said) == (Mark.NOTE, True)
    mark, said = found[f"topic {made.name}"]
    assert mark is Mark.OK, said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sasl_password": "wrong"}, "login refused for user"),
        ({"ssl_ca_file": None}, "wrong CA"),
        ({"bootstrap_servers": "127.0.0.1:1"}, "(before that: name)"),
    ],
)
def test_what_stops_us_is_told_and_nothing_is_looked_at_behind_it(
    secure: SecureAccess, change: Mapping[str, str | None], said: str
) -> None:
    connection = replace(with_password(secure), **change)  # type: ignore[arg-type]
    found = examined(connection, "t")
    assert found["broker"][0] is Mark.WRONG
    assert said in found["broker"][1]
    assert found["topics"] == (
        Mark.NOTE,
        "not looked at, because no broker lets us in",
    )


def test_missing_hidden_and_unreadable_topics_are_told_apart(
    secure: SecureAccess, broker: Broker, topic: Callable[..., Topic]
) -> None:
    if broker.secure is None:
        pytest.fail("rules can only be set on the broker that this run made")
    readable, listed, hidden = topic(), topic(), topic()
    for each in (readable, listed, hidden):
        each.produce_values([b"a"])
    user = f"User:{secure.username}"
    rules = [
        _rule(user, ACLOperation.READ, readable.name),
        _rule(user, ACLOperation.DESCRIBE, listed.name),
        _rule("User:nobody", ACLOperation.READ, hidden.name),
        _rule("User:nobody", ACLOperation.READ, readable.name, Resource.GROUP),
    ]
    names = [readable.name, listed.name, hidden.name, f"{readable.name}.missing"]

    def expected() -> dict[str, tuple[Mark, str]]:
        found = examined(with_password(secure), *names, group=readable.name)
        marks = [found[f"topic {name}"][0] for name in names]
        assert marks == [Mark.OK, Mark.WRONG, Mark.WRONG, Mark.WRONG]
        return found

    with admin_client(broker.bootstrap) as admin:
        admin.create_acls(rules)
        try:
            # The broker answers before it goes by the new rules.
            found = eventually(expected, 30)
        finally:
            admin.delete_acls(rules)
    for name in (listed.name, hidden.name):
        assert "not allowed to read it" in found[f"topic {name}"][1]
    assert "does not exist" in found[f"topic {names[-1]}"][1]
    assert found["broker"][1] == "name, port, tls, login"
    mark, said = found[f"group {readable.name}"]
    assert mark is Mark.NOTE
    assert f"--operation Read --group {readable.name})" in said


def test_a_group_that_may_be_told_is_well(
    broker: Broker, topic: Callable[..., Topic]
) -> None:
    made = topic()
    found = examined(Connection(broker.bootstrap), made.name, group="g")
    mark, said = found["group g"]
    assert mark is Mark.OK
    assert "we may ask for it" in said


def _rule(
    user: str, operation: ACLOperation, name: str, kind: Resource = Resource.TOPIC
) -> ACL:
    place = ResourcePattern(kind, name)
    return ACL(user, "*", operation, ACLPermissionType.ALLOW, place)


def test_a_topic_that_an_earlier_answer_left_out_is_asked_for_again(
    broker: Broker, topic: Callable[..., Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when it is asked for while the client is still finding a broker."""
    other, made = topic(), topic()
    with contextlib.closing(Reader(Connection(broker.bootstrap), Fetching())) as reader:
        reader.await_metadata([other.name])
        asked: list[str] = []
        add: Callable[[ClusterMetadata, str], Any] = ClusterMetadata.add_topic

        def add_later(cluster: ClusterMetadata, name: str) -> Any:
            asked.append(name)
            return add(cluster, name) if len(asked) > 1 else None

        monkeypatch.setattr(ClusterMetadata, "add_topic", add_later)
        reader.await_metadata([made.name])
        assert asked == [made.name] * 2
        assert reader.partitions([made.name]) == {(made.name, 0)}
