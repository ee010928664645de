"""A broker that is away, locked, new or cut short, and what the service says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.comparing import compared
from tests.e2e.recent import encoded, event_at, now_seconds, recent_scenarios
from tests.e2e.service import (
    EVALUATED_AT,
    Service,
    fallen,
    of,
    record_file,
    told,
    with_events,
)
from tests.harness.broker import Broker, SecureAccess
from tests.harness.exposition import Numbers
from tests.harness.local_kafka import LocalKafka
from tests.harness.ports import free_port
from tests.harness.scenarios import WORLD, teams_yaml
from tests.harness.topics import Record, Topic, create_topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]
TEAMS = teams_yaml(WORLD)
FAILURES = ("friction_source_failures_total", ())


def created(entity: str) -> bytes:
    moment = "2026-03-02T09:00:00Z"
    return encoded([event_at("ticket.created", moment, entity, team="checkout")])[0]


def tried_again(running: Service, failures: float) -> Numbers:
    """The numbers after another attempt to reach the broker."""
    numbers = running.numbers()
    assert numbers[FAILURES] > failures
    return numbers


@pytest.mark.slow
def test_a_broker_that_is_away_or_restarted_is_told_and_waited_for(
    own_kafka: Callable[..., LocalKafka], service: MakeService, tmp_path: Path
) -> None:
    events = recent_scenarios(now_seconds())
    half = len(events) // 2
    kafka = own_kafka()
    log = create_topic(kafka.bootstrap)
    log.produce_values(encoded(events[:half]))
    kafka.stop()
    running = service(kafka.bootstrap, [log.name], TEAMS)
    running.start()
    status, text = eventually(lambda: told(running, "unreachable"), 30)
    assert (status, "catching up" in text) == (503, True)
    assert running.numbers()["friction_ready", ()] == 0
    assert running.get("/healthz")[0] == 200
    kafka.start()
    eventually(running.is_ready, 60)
    first = running.settled(0)
    kafka.kill()
    eventually(lambda: told(running, "unreachable"), 40)
    # What is known is still served, and ages visibly: it is of when the broker went.
    gone = running.numbers()
    assert fallen(first, gone) == []
    again = eventually(lambda: tried_again(running, gone[FAILURES]), 60)
    assert again[EVALUATED_AT] == gone[EVALUATED_AT]
    kafka.start()
    log.produce_values(encoded(events[half:]))
    eventually(running.is_ready, 60)
    eventually(lambda: with_events(running, len(events)), 30)
    after = running.settled(first[EVALUATED_AT])
    assert fallen(first, after) == []
    assert compared(running, after, record_file(tmp_path / "r.jsonl", events)) == []
    assert running.run.terminate() == 0


def test_sigterm_while_the_broker_is_away_is_a_clean_end(service: MakeService) -> None:
    running = service(f"127.0.0.1:{free_port()}", ["friction.ci"], TEAMS)
    running.start()
    eventually(lambda: told(running, "unreachable"), 30)
    assert running.run.terminate(10) == 0
    assert "Traceback" not in running.run.errors


def test_an_unknown_host_is_named(service: MakeService) -> None:
    running = service("broker.invalid:9092", ["friction.ci"], TEAMS)
    running.start()
    _, text = eventually(lambda: told(running, "broker.invalid"), 30)
    assert "password" not in text


def test_a_wrong_password_is_told_and_not_shown(
    secure: SecureAccess, topic: MakeTopic, service: MakeService
) -> None:
    secret = {"FRICTION_KAFKA__SASL_PASSWORD": "not-the-password"}
    running = service(
        secure.sasl_bootstrap,
        [topic().name],
        TEAMS,
        kafka=login(secure, secure.ca_file),
        environment=secret,
    )
    running.start()
    _, text = eventually(lambda: told(running, "password"), 30)
    assert "certificate" not in text
    assert "not-the-password" not in text + running.run.errors


def test_a_certificate_of_another_authority_is_told(
    secure: SecureAccess, topic: MakeTopic, service: MakeService
) -> None:
    secret = {"FRICTION_KAFKA__SASL_PASSWORD": secure.password}
    running = service(
        secure.sasl_bootstrap,
        [topic().name],
        TEAMS,
        kafka=login(secure, secure.other_ca_file),
        environment=secret,
    )
    running.start()
    _, text = eventually(lambda: told(running, "certificate"), 30)
    assert "password" not in text
    assert secure.password not in running.run.errors


def test_a_right_password_is_let_in(
    secure: SecureAccess, topic: MakeTopic, service: MakeService
) -> None:
    secret = {"FRICTION_KAFKA__SASL_PASSWORD": secure.password}
    running = service(
        secure.sasl_bootstrap,
        [topic().name],
        TEAMS,
        kafka=login(secure, secure.ca_file),
        environment=secret,
    )
    running.start_ready()


def login(secure: SecureAccess, ca_file: str) -> dict[str, str]:
    return {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": secure.username,
        "ssl_ca_file": ca_file,
    }


@pytest.mark.slow
def test_a_partition_added_later_is_read_within_a_minute(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values([created("N-1")])
    running = service(broker.bootstrap, [log.name], TEAMS)
    running.start_ready()
    log.grow(2)
    log.produce([Record(created("N-2"), partition=1)])
    eventually(lambda: with_events(running, 2), 60)
    shown = of(running.numbers(), "friction_watermark_timestamp_seconds")
    assert shown


def test_a_truncated_log_stops_the_program_and_says_what_is_lost(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values([created("T-1"), created("T-2")])
    running = service(broker.bootstrap, [log.name], TEAMS)
    running.start_ready()
    running.settled(0)
    assert running.run.terminate() == 0
    log.produce_values([created(f"T-{number}") for number in range(3, 8)])
    log.delete_records(before=6)
    assert running.start().exit_code(30) == 1
    assert "4 records are lost" in running.run.errors
    assert "To go on:" in running.run.errors
    assert "Traceback" not in running.run.errors
