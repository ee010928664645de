"""Real payloads through a real broker: the numbers of the files, and no person."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.comparing import compared
from tests.e2e.real_records import (
    cdevents_records,
    github_records,
    jira_records,
    produced,
    with_people,
)
from tests.e2e.recent import now_seconds
from tests.e2e.service import (
    Service,
    by_label,
    lag,
    of,
    record_file,
)
from tests.harness.broker import Broker
from tests.harness.program import Program
from tests.harness.topics import Topic

pytestmark = pytest.mark.kafka

MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]
PERSON = "zqperson"

# Two teams share what the payloads are about, so that they wait on each other.
TEAMS = f"""
version: 1
organisation:
  name: Acme
  engineer_cost_per_hour: 100
teams:
  - id: stream
    kind: stream
    headcount: 5
    members: ["github:{PERSON}", "jira:{PERSON}"]
    owns:
      - repo: "*/*"
      - service: "*"
  - id: platform
    kind: platform
    headcount: 4
    owns:
      - repo: "octo*/*"
      - pool: ubuntu-latest
      - group: "@github/justice-league"
"""
NOBODYS = """
version: 1
organisation: {name: Acme}
teams:
  - id: bystanders
    kind: stream
    headcount: 5
"""


@pytest.mark.parametrize("teams", [TEAMS, NOBODYS], ids=["owned", "unknown"])
def test_real_payloads_come_out_as_evaluate_says_of_the_files(
    broker: Broker,
    topic: MakeTopic,
    service: MakeService,
    tmp_path: Path,
    teams: str,
) -> None:
    hooks, events = topic(prefix="hooks"), topic(prefix="events")
    at = round(now_seconds() * 1000)
    lines = produced(hooks, github_records(), at)
    lines += produced(events, [*cdevents_records(), *jira_records()], at)
    never = "[dead_letters]\nstop_after_invalid = 100000\n"
    running = service(broker.bootstrap, [hooks.name, events.name], teams, more=never)
    running.start_ready()
    numbers = running.settled(0)
    assert compared(running, numbers, record_file(tmp_path / "r.jsonl", lines)) == []
    assert lag(numbers) == 0
    facts = by_label(numbers, "friction_events_total", "source", "result")
    assert {source for source, _ in facts} >= {"github", "cdevents", "jira"}
    assert of(numbers, "friction_active_seconds_total")
    assert "Traceback" not in running.run.errors


def test_no_person_is_in_metrics_pages_logs_or_the_state(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    real = [*github_records(), *cdevents_records(), *jira_records()]
    people = list(with_people(real, PERSON))
    assert sum(PERSON.encode() in (each.value or b"") for each in people) > 100
    produced(log, people, round(now_seconds() * 1000))
    never = "[dead_letters]\nstop_after_invalid = 100000\n"
    running = service(broker.bootstrap, [log.name], TEAMS, more=never)
    running.start_ready()
    running.settled(0)
    pages = [running.get(path)[1] for path in ("/metrics", "/", "/readyz")]
    assert running.run.terminate() == 0
    seen = "".join(pages) + running.run.errors + running.run.output
    assert PERSON not in seen.lower()
    for path in running.folder.glob("friction.db*"):
        assert PERSON.encode() not in path.read_bytes().lower(), path.name


def test_explain_of_the_state_prints_no_person(
    broker: Broker,
    topic: MakeTopic,
    service: MakeService,
    program: Callable[..., Program],
) -> None:
    log = topic()
    people = list(with_people(github_records(), PERSON))
    produced(log, people, round(now_seconds() * 1000))
    never = "[dead_letters]\nstop_after_invalid = 100000\n"
    running = service(broker.bootstrap, [log.name], TEAMS, more=never)
    running.start_ready()
    explained = program("explain", "--team", "stream", "--config", running.config_path)
    assert explained.exit_code(60) == 0, explained.errors
    assert "sum" in explained.output
    assert PERSON not in (explained.output + explained.errors).lower()
