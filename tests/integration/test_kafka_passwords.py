"""A broker that wants another password than at the start: read on, once it is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion

from monitor.adapters.kafka.password import PasswordFile
from monitor.adapters.kafka.source import KafkaSource
from tests.harness.broker import secure_access, with_password
from tests.harness.local_kafka import PASSWORD, USERNAME, LocalKafka
from tests.harness.topics import admin_client, committed, create_topic
from tests.harness.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

GROUP = "friction-monitor"


def test_a_renewed_password_is_used_without_a_restart(
    own_kafka: Callable[..., LocalKafka], tmp_path: Path
) -> None:
    kafka = own_kafka(secure=True)
    access = secure_access(kafka)
    assert access is not None
    file = tmp_path / "password"
    file.write_text(PASSWORD, encoding="utf-8")
    password = PasswordFile(file, PASSWORD)
    topic = create_topic(kafka.bootstrap)
    source = KafkaSource(
        replace(with_password(access), sasl_password=password),
        [topic.name],
        GROUP,
        monotonic=time.monotonic,
        wait=lambda _: False,
    )
    source.start({})
    values: list[bytes | None] = []

    def turn() -> None:
        values.extend(one.value for one in source.poll(1_000, 1_000_000, 100))
        source.publish(source.positions())

    def refused() -> bool:
        turn()
        return "login refused" in (source.problem() or "")

    def reads_and_tells() -> bool:
        turn()
        told = committed(topic, GROUP)
        return values == [b"1"] and told == {0: 1} and source.problem() is None

    renewed = UserScramCredentialUpsertion(
        USERNAME, ScramMechanism.SCRAM_SHA_512, b"another"
    )
    with admin_client(kafka.bootstrap) as admin:
        admin.alter_user_scram_credentials([renewed])
    kafka.restart()
    eventually(refused, 60)
    file.write_text("another", encoding="utf-8")
    topic.produce_values([b"1"])
    eventually(reads_and_tells, 60)
    source.close()
