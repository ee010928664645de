"""`friction run` without a teams file, on a real broker."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.kafka.writer import write_records
from monitor.domain.outcomes import Record
from monitor.simulate.settings import Simulation
from monitor.simulate.world import SimulatedWorld, simulate
from monitor.simulate.write import write_directory
from tests.e2e.comparing import compared
from tests.e2e.recent import now_seconds
from tests.e2e.service import (
    EVALUATED_AT,
    Service,
    by_label,
    fallen,
    lag,
    log_events,
    record_file,
    rfc3339,
)
from tests.harness.broker import Broker
from tests.harness.exposition import Numbers
from tests.harness.program import Program
from tests.harness.topics import Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MakeTopic = Callable[..., Topic]
MakeService = Callable[..., Service]
RunProgram = Callable[..., Program]
_HOUR = 3_600


@pytest.fixture
def world() -> SimulatedWorld:
    """An organisation of some weeks up to an hour ago."""
    until = round(now_seconds() - _HOUR) * 1_000
    return simulate(Simulation(teams=6, days=20, seed=5, until_ms=until))


def sent(world: SimulatedWorld, broker: Broker, topic: MakeTopic) -> list[str]:
    """The topics its records were written to: one for each of the simulator's."""
    names: dict[str, str] = {}
    moved: list[Record] = []
    for record in world.records():
        if record.topic not in names:
            names[record.topic] = topic(partitions=2).name
        moved.append(record._replace(topic=names[record.topic]))
    write_records(Connection(bootstrap_servers=broker.bootstrap), moved)
    return list(names.values())


def written_down(running: Service, program: RunProgram) -> Path:
    """The teams file that `friction init` writes of what the service has."""
    to = running.folder / "written"
    run = program("init", "--config", running.config_path, "--to", to)
    assert run.exit_code(120) == 0, run.errors
    return to / "teams.yaml"


def force(numbers: Numbers) -> str:
    """What directory is in force, as the information says it."""
    ((found,),) = by_label(numbers, "friction_directory_info", "hash")
    return found


def teams_of(numbers: Numbers) -> set[str]:
    """The teams that the information lists."""
    return {team for (team,) in by_label(numbers, "friction_team_info", "team")}


def test_its_numbers_are_those_of_the_teams_written_down_also_after_a_kill(
    broker: Broker,
    topic: MakeTopic,
    service: MakeService,
    program: RunProgram,
    world: SimulatedWorld,
    tmp_path: Path,
) -> None:
    topics = sent(world, broker, topic)
    written = write_directory(world, tmp_path / "world")
    small = "[batching]\ncatch_up_records = 50\nassistant_from_records = 1\n"
    running = service(broker.bootstrap, topics, None, more=small)
    running.start()

    def half_read() -> Numbers:
        numbers = running.numbers()
        assert 0 < lag(numbers) < written
        return numbers

    before = eventually(half_read, 90, "in the middle of reading")
    running.run.kill()
    running.start_ready(120)
    numbers = running.settled(0)
    assert re.fullmatch("provisional-[0-9a-f]{12}", force(before))
    assert force(numbers) == force(before)
    assert by_label(numbers, "friction_directory_provisional") == {(): 1}
    teams = written_down(running, program)
    records = tmp_path / "world" / "events.jsonl.gz"
    assert compared(running, numbers, records, teams) == []
    assert len(by_label(numbers, "friction_window_wait_seconds", "team", "on_team")) > 9
    assert "Provisional teams" in running.get("/")[1]
    (told,) = [e for e in log_events(running.run) if "no teams file" in e["event"]]
    assert "friction init" in told["event"]
    assert told["new_references"] == 0 < told["references"]


def life(entity: str, until: float, **fields: object) -> list[dict[str, object]]:
    """A native ticket blocked on the platform for an hour, an hour before."""
    start = until - 3 * _HOUR
    steps: dict[str, dict[str, object]] = {
        "ticket.created": {},
        "ticket.started": {"work_class": "feature"},
        "ticket.blocked": {"on_team": "platform"},
        "ticket.unblocked": {},
    }
    return [
        {
            "schema": "friction.event.v1",
            "id": f"{entity}-{kind}",
            "source": "tracker.example",
            "kind": kind,
            "time": rfc3339(start + hours * _HOUR),
            "entity": entity,
            **said,
            **(fields if kind == "ticket.created" else {}),
        }
        for hours, (kind, said) in enumerate(steps.items())
    ]


def asked(item: str, until: float) -> list[dict[str, object]]:
    """A change for the ticket that waits for another team's review."""
    said = {"repo": "acme/shop", "item": item}
    steps = {"change.opened": said, "change.review_requested": {"on_team": "search"}}
    return [
        {
            "schema": "friction.event.v1",
            "id": kind,
            "source": "forge.example",
            "kind": kind,
            "time": rfc3339(until - 2 * _HOUR + 60 * place),
            "entity": "acme/shop!2",
            **more,
        }
        for place, (kind, more) in enumerate(steps.items())
    ]


def encoded(bodies: Sequence[dict[str, object]]) -> list[bytes]:
    """The bodies as records."""
    return [json.dumps(body).encode() for body in bodies]


def working_instant() -> float:
    """A Wednesday's afternoon of the last weeks: there are working hours before it."""
    day, week = 86_400, 7 * 86_400
    # The epoch was a Thursday.
    return (now_seconds() // week - 1) * week + 6 * day + 16 * _HOUR


def test_topics_that_are_empty_at_first_are_named_by_rule_then_written_down(
    broker: Broker,
    topic: MakeTopic,
    service: MakeService,
    program: RunProgram,
    tmp_path: Path,
) -> None:
    log = topic()
    running = service(broker.bootstrap, [log.name], None)
    running.start_ready()
    assert teams_of(running.settled(0)) == set()
    until = working_instant()
    bodies = [*life("PAY-1", until, team="payments"), *life("CHK-2", until)]
    bodies += asked("CHK-2", until)
    log.produce_values(encoded(bodies))

    def waiting() -> Numbers:
        numbers = running.numbers()
        assert ("chk", "search") in waits(numbers)
        assert not lag(numbers)
        return numbers

    first = eventually(waiting, 30, "numbers of the rules")
    # A label may hold a person's name: what is not written down waits for nobody.
    assert waits(first) == {
        ("payments", "unknown"),
        ("chk", "unknown"),
        ("chk", "search"),
    }
    assert teams_of(first) == {"payments", "chk", "search"}

    running.run.kill()
    running.start_ready()
    second = running.settled(first[EVALUATED_AT])
    assert waits(second) == {
        ("payments", "platform"),
        ("chk", "platform"),
        ("chk", "search"),
    }
    assert force(first) != force(second)
    assert fallen(first, second) == []

    # The newest records would give the project to whom its ticket names.
    bodies += life("CHK-3", until, team="payments")
    log.produce_values(encoded(bodies[-4:]))
    second = running.settled(now_seconds())
    teams = written_down(running, program)
    records = record_file(tmp_path / "records.jsonl", bodies)
    assert compared(running, second, records, teams) == []

    running.write_teams(
        teams.read_text().replace("- id: chk", "- id: checkout").replace("chk", "x")
    )
    running.configure()
    running.run.terminate()
    running.start_ready()
    third = running.settled(second[EVALUATED_AT])
    assert compared(running, third, records) == []
    assert ("checkout", "search") in waits(third)
    assert re.fullmatch("[0-9a-f]{12}", force(third))
    assert "Provisional teams" not in running.get("/")[1]


def waits(numbers: Numbers) -> set[tuple[str, ...]]:
    """Who waits for whom in the month."""
    windows = by_label(
        numbers, "friction_window_wait_seconds", "window", "team", "on_team"
    )
    return {tuple(pair) for window, *pair in windows if window == "28d"}
