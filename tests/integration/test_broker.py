"""The harness itself, against the real Kafka that it starts."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.errors import KafkaError, KafkaTimeoutError

from tests.harness.broker import Broker, SecureAccess, shared_broker
from tests.harness.local_kafka import LocalKafka, answers
from tests.harness.topics import Record, Topic, create_topic

pytestmark = pytest.mark.kafka

Topics = Callable[..., Topic]


def test_records_come_back_as_they_were_produced(topic: Topics) -> None:
    records = [
        Record(b"one", b"key", {"ce_type": b"build"}, 0, 1_772_442_000_000),
        Record(None, b"key", {}, 0, 1_772_442_000_001),
        Record(b"\xff\x00", None, {"empty": b""}, 0, 4_102_444_800_000),
    ]
    made = topic()

    assert made.produce(records) == [0, 1, 2]
    assert made.read() == records


def test_a_body_of_thirty_megabytes_comes_through(topic: Topics) -> None:
    body = b"x" * 30_000_000
    made = topic()
    made.produce([Record(body, partition=0)])

    (only,) = made.read()

    assert only.value == body


def test_a_topic_grows_and_keeps_its_records(topic: Topics) -> None:
    made = topic()
    made.produce_values([b"one"])
    made.grow(3)

    made.produce([Record(b"two", partition=2)])

    assert made.offsets() == {0: (0, 1), 1: (0, 0), 2: (0, 1)}


def test_deleted_records_move_the_first_offset(topic: Topics) -> None:
    made = topic()
    made.produce_values([b"one", b"two", b"three"])

    made.delete_records(before=2)

    assert made.offsets() == {0: (2, 3)}
    assert [record.value for record in made.read()] == [b"three"]


def test_two_topics_of_one_test_have_different_names(topic: Topics) -> None:
    assert topic().name != topic().name


@pytest.mark.slow
def test_a_restarted_broker_keeps_address_and_records(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()
    made = create_topic(kafka.bootstrap)
    made.produce_values([b"before"])

    kafka.restart()
    made.produce_values([b"after"])
    kafka.kill()
    gone = answers(kafka.bootstrap)
    kafka.start()

    assert not gone
    assert [record.value for record in made.read()] == [b"before", b"after"]


@pytest.mark.slow
def test_a_paused_broker_does_not_answer_until_it_is_resumed(
    own_kafka: Callable[..., LocalKafka],
) -> None:
    kafka = own_kafka()

    kafka.pause()
    paused = answers(kafka.bootstrap)
    kafka.resume()

    assert not paused
    assert answers(kafka.bootstrap)


def test_the_right_password_opens_the_secure_listener(secure: SecureAccess) -> None:
    assert _lists_topics(secure, secure.password, secure.ca_file)


def test_a_wrong_password_does_not(secure: SecureAccess) -> None:
    with pytest.raises(KafkaError):
        _lists_topics(secure, "wrong", secure.ca_file)


def test_an_authority_that_signed_nothing_does_not(secure: SecureAccess) -> None:
    with pytest.raises(KafkaTimeoutError):
        _lists_topics(secure, secure.password, secure.other_ca_file)


def test_the_tls_listener_asks_for_no_password(secure: SecureAccess) -> None:
    admin = KafkaAdminClient(
        bootstrap_servers=secure.tls_bootstrap,
        security_protocol="SSL",
        ssl_cafile=secure.ca_file,
    )
    with suppress(KafkaError):
        admin.list_topics()
    admin.close()


@pytest.mark.slow
def test_the_last_of_several_users_stops_the_shared_broker(tmp_path: Path) -> None:
    with shared_broker(tmp_path) as first:
        with shared_broker(tmp_path) as second:
            assert second == first
        still_there = answers(first.bootstrap)

    assert still_there
    assert not (tmp_path / "broker.json").exists()
    assert not answers(first.bootstrap)


def test_a_named_broker_is_used_and_never_stopped(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRICTION_TEST_BOOTSTRAP", broker.bootstrap)

    with shared_broker(tmp_path) as named:
        assert named == Broker(broker.bootstrap)

    assert answers(broker.bootstrap)


def _lists_topics(secure: SecureAccess, password: str, ca_file: str) -> bool:
    admin = KafkaAdminClient(
        bootstrap_servers=secure.sasl_bootstrap,
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=secure.username,
        sasl_plain_password=password,
        ssl_cafile=ca_file,
        bootstrap_timeout_ms=3000,
    )
    try:
        return isinstance(admin.list_topics(), list)
    finally:
        admin.close()
