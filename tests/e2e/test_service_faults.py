"""A process that is paused, ended or not alone, and what it says."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.comparing import compared
from tests.e2e.recent import encoded, event_at, now_seconds, recent_scenarios
from tests.e2e.service import (
    EVALUATED_AT,
    Service,
    fallen,
    labels,
    log_events,
    of,
    record_file,
    with_events,
)
from tests.harness.broker import Broker
from tests.harness.ports import free_port
from tests.harness.scenarios import WORLD, teams_yaml
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]
TEAMS = teams_yaml(WORLD)


def created(entity: str) -> bytes:
    moment = "2026-03-02T09:00:00Z"
    return encoded([event_at("ticket.created", moment, entity, team="checkout")])[0]


@pytest.mark.slow
def test_a_paused_process_goes_on_where_it_was(
    broker: Broker, topic: MakeTopic, service: MakeService, tmp_path: Path
) -> None:
    events = recent_scenarios(now_seconds())
    half = len(events) // 2
    log = topic()
    log.produce_values(encoded(events[:half]))
    running = service(broker.bootstrap, [log.name], TEAMS)
    running.start_ready()
    first = running.settled(0)
    running.run.pause()
    log.produce_values(encoded(events[half:]))
    running.run.resume()
    wanted = len(events)
    eventually(lambda: len(with_events(running, wanted)), 30)
    after = running.settled(first[EVALUATED_AT])
    assert fallen(first, after) == []
    assert compared(running, after, record_file(tmp_path / "r.jsonl", events)) == []


def test_sigterm_ends_it_and_the_next_start_reads_nothing_again(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    events = recent_scenarios(now_seconds())
    log = topic()
    log.produce_values(encoded(events))
    running = service(broker.bootstrap, [log.name], TEAMS)
    running.start_ready()
    first = running.settled(0)
    assert running.run.terminate(10) == 0
    running.start_ready()
    after = running.settled(first[EVALUATED_AT])
    assert fallen(first, after) == []
    # Counts since the start: nothing was read after it.
    assert of(after, "friction_events_total") == {}
    assert {line["event"] for line in log_events(running.run)} >= {"serving"}


def test_a_second_process_on_the_same_state_is_refused(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    first = service(broker.bootstrap, [log.name], TEAMS)
    first.start_ready()
    environment = {
        "FRICTION_STATE__PATH": str(first.state_path),
        "FRICTION_HTTP__PORT": str(free_port()),
    }
    second = service(broker.bootstrap, [log.name], TEAMS, environment=environment)
    assert second.start().exit_code(30) == 1
    assert str(first.state_path) in second.run.errors
    assert "another friction process" in second.run.errors
    assert "Traceback" not in second.run.errors
    assert first.is_ready()


def test_a_state_that_somebody_else_writes_to_stops_it_with_nothing_half_written(
    broker: Broker, topic: MakeTopic, service: MakeService, tmp_path: Path
) -> None:
    events = recent_scenarios(now_seconds())
    half = len(events) // 2
    log = topic()
    log.produce_values(encoded(events[:half]))
    running = service(broker.bootstrap, [log.name], TEAMS)
    running.start_ready()
    first = running.settled(0)
    somebody = sqlite3.connect(running.state_path, isolation_level=None)
    somebody.execute("BEGIN IMMEDIATE")
    log.produce_values(encoded(events[half:]))
    assert running.run.exit_code(30) == 1
    assert "friction.db" in running.run.errors
    assert "Traceback" not in running.run.errors
    somebody.execute("ROLLBACK")
    somebody.close()
    running.start_ready()
    after = running.settled(first[EVALUATED_AT])
    assert fallen(first, after) == []
    assert compared(running, after, record_file(tmp_path / "r.jsonl", events)) == []


@pytest.mark.parametrize("told_to_stop", [False, True])
def test_a_state_deleted_under_it_ends_it_and_is_not_called_stored(
    broker: Broker, topic: MakeTopic, service: MakeService, told_to_stop: bool
) -> None:
    log = topic()
    log.produce_values([created("A-1")])
    running = service(broker.bootstrap, [log.name], TEAMS)
    running.start_ready()
    running.state_path.unlink()
    if told_to_stop:
        assert running.run.terminate(20) == 1
    else:
        assert running.run.exit_code(30) == 1  # on a quiet topic, too
    assert "friction.db was deleted, moved or replaced" in running.run.errors
    assert "everything read is stored" not in running.run.errors
    assert "Traceback" not in running.run.errors


def test_a_taken_port_is_named(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    first = service(broker.bootstrap, [log.name], TEAMS)
    first.start_ready()
    second = service(broker.bootstrap, [log.name], TEAMS, port=first.port)
    assert second.start().exit_code(30) == 1
    assert f"port {first.port}" in second.run.errors
    assert "http.port" in second.run.errors


def test_a_file_of_another_program_is_left_alone(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    running = service(broker.bootstrap, [topic().name], TEAMS)
    stranger = sqlite3.connect(running.state_path)
    stranger.execute("CREATE TABLE invoices (id INTEGER)")
    stranger.commit()
    stranger.close()
    before = running.state_path.read_bytes()
    assert running.start().exit_code(30) == 1
    assert str(running.state_path) in running.run.errors
    assert "Traceback" not in running.run.errors
    assert running.state_path.read_bytes() == before


def test_every_mistake_of_both_files_is_told_at_once(
    broker: Broker, service: MakeService
) -> None:
    running = service(
        broker.bootstrap, ["friction.ci"], TEAMS, more="[nonsense]\na=1\n"
    )
    running.write_teams("version: 1\nteams:\n  - id: a\n    kind: wrong\n  - id: a\n")
    assert running.start().exit_code(30) == 2
    assert "nonsense" in running.run.errors
    running = service(broker.bootstrap, ["friction.ci"], TEAMS)
    running.write_teams("version: 1\nteams:\n  - id: a\n    kind: wrong\n  - id: a\n")
    assert running.start().exit_code(30) == 2
    assert "kind" in running.run.errors
    assert "Traceback" not in running.run.errors


def test_team_sizes_are_shown(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    running = service(broker.bootstrap, [topic().name], TEAMS)
    running.start_ready()
    sizes = of(running.numbers(), "friction_team_size")
    assert sizes[labels(team="platform")] == 5
