"""The running service against `friction evaluate` on the same records."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_fd_to_metric_families

from tests.e2e.comparing import (
    Evaluated,
    compared,
    disagreements,
    judged_otherwise,
    signalled_otherwise,
)
from tests.e2e.recent import encoded, now_seconds, recent_scenarios
from tests.e2e.service import (
    EVALUATED_AT,
    REFRESHED_AT,
    WINDOW_DAYS,
    Service,
    by_label,
    fallen,
    labels,
    log_events,
    record_file,
    rfc3339,
)
from tests.harness.broker import Broker
from tests.harness.program import Program, fetch
from tests.harness.scenarios import WORLD, A, teams_yaml
from tests.harness.topics import Record, Topic
from tests.harness.waiting import eventually

pytestmark = pytest.mark.kafka

MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]
WAIT = ("team", "on_team", "component", "phase")


def test_the_worked_scenario_comes_out_of_kafka_as_specified(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic(partitions=3)
    log.produce(
        Record(value, key=str(number).encode())
        for number, value in enumerate(encoded(A.events))
    )
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD))
    running.start_ready()
    numbers = running.settled(0)
    waits = by_label(numbers, "friction_wait_seconds_total", *WAIT)
    assert waits == pytest.approx(dict(A.waits), abs=1e-6)
    active = by_label(numbers, "friction_active_seconds_total", "team", "work_class")
    assert active["checkout", "feature"] == pytest.approx(28_200, abs=1e-6)
    assert active["search", "feature"] == pytest.approx(19_800, abs=1e-6)


def test_metrics_are_what_the_evaluate_command_prints(
    broker: Broker,
    topic: MakeTopic,
    service: MakeService,
    program: Callable[..., Program],
    tmp_path: Path,
) -> None:
    events = recent_scenarios(now_seconds())
    log = topic(partitions=2)
    log.produce(
        Record(value, partition=number % 2)
        for number, value in enumerate(encoded(events))
    )
    often = "[refresh]\nevery_seconds = 0.2\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=often)
    running.start_ready()
    settled = running.settled(0)[EVALUATED_AT]
    eventually(
        lambda: running.numbers().get(REFRESHED_AT, 0) > settled, 20, "refreshed"
    )
    numbers = running.numbers()
    records = record_file(tmp_path / "records.jsonl", events)
    at = rfc3339(numbers[EVALUATED_AT])

    def evaluated(days: int | None) -> dict[str, object]:
        window = () if days is None else ("--window", f"{days}d")
        arguments = ("--config", running.config_path, "--at", at, "--format", "json")
        run = program("evaluate", records, *arguments, *window)
        assert run.exit_code(60) == 0, run.errors
        document: dict[str, object] = json.loads(run.output)
        return document

    documents = {days: evaluated(days) for days in (*WINDOW_DAYS, None)}
    assert disagreements(numbers, documents) == []
    # A comparison of nothing with nothing would agree as well.
    windows = {key[0] for key in by_label(numbers, "friction_window_items", "window")}
    assert windows >= {"7d", "14d", "28d"}
    assert len(documents[28]["waits"]) > 10  # type: ignore[arg-type]
    refreshed = Evaluated(running, records, numbers[REFRESHED_AT])
    month, week = refreshed.document(28), refreshed.document(7)
    assert judged_otherwise(numbers, month, week) == []
    assert signalled_otherwise(numbers, month) == []
    limits = by_label(numbers, "friction_window_ratio_limit", "team", "limit")
    assert {("checkout", "lower"), ("search", "upper")} <= limits.keys()


def test_a_changed_teams_file_prices_history_anew_before_ready(
    broker: Broker, topic: MakeTopic, service: MakeService, tmp_path: Path
) -> None:
    events = recent_scenarios(now_seconds())
    log = topic()
    log.produce_values(encoded(events))
    records = record_file(tmp_path / "records.jsonl", events)
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD))
    running.start_ready()
    first = running.settled(0)
    assert running.run.terminate() == 0
    # Shorter days and fewer people: without floors every counter would fall.
    changed = teams_yaml(WORLD).replace('"09:00"', '"13:00"')
    running.write_teams(changed.replace("headcount: 4", "headcount: 3"))
    running.start_ready()
    second = running.settled(first[EVALUATED_AT])
    assert compared(running, second, records) == []
    assert fallen(first, second) == []
    hashes = [by_label(n, "friction_directory_info", "hash") for n in (first, second)]
    assert hashes[0] != hashes[1]


def test_only_health_and_information_are_shown_while_catching_up(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values(encoded(recent_scenarios(now_seconds())))
    # One record a batch makes catching up last long enough to be looked at.
    small = "[batching]\ncatch_up_records = 1\n"
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD), more=small)
    running.start()
    seen: set[str] = set()
    while not running.is_ready():
        numbers = running.numbers()
        status, text = running.get("/readyz")
        if numbers.get(("friction_ready", ())) == 0 and status == 503:
            assert "catching up" in text
            seen.update(name for name, _ in numbers)
    assert "friction_consumer_lag_records" in seen
    assert (
        "friction_team_info" not in seen or "friction_window_wait_seconds" not in seen
    )
    business = (
        "friction_window_",
        "friction_wait",
        "friction_active_",
        "friction_evaluated_",
    )
    assert [name for name in sorted(seen) if name.startswith(business)] == []
    after = running.settled(0)
    assert (
        after[
            "friction_window_active_seconds",
            labels(window="28d", team="checkout", work_class="feature"),
        ]
        > 0
    )


def test_the_page_and_the_probes_answer_beside_the_metrics(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values(encoded(recent_scenarios(now_seconds())))
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD))
    running.start_ready()
    running.settled(0)
    assert running.get("/healthz") == (200, "ok\n")
    assert running.get("/readyz") == (200, "ready\n")
    status, page = running.get("/")
    assert status == 200
    for word in ("checkout", "search", "platform", "verdict"):
        assert word.lower() in page.lower(), word
    exposition = {"Accept": "application/openmetrics-text; version=1.0.0"}
    status, text = fetch(running.url + "/metrics", exposition)
    assert status == 200
    parsed = text_fd_to_metric_families(StringIO(text))  # type: ignore[no-untyped-call]
    families = {family.name for family in parsed}
    assert {"friction_wait_seconds", "friction_window_wait_seconds"} <= families


def test_its_log_is_one_object_a_line_and_says_where_it_serves(
    broker: Broker, topic: MakeTopic, service: MakeService
) -> None:
    log = topic()
    log.produce_values([b"no JSON", *encoded(A.events)])
    running = service(broker.bootstrap, [log.name], teams_yaml(WORLD))
    running.start_ready()
    assert running.run.terminate() == 0
    lines = log_events(running.run)
    assert lines[0]["event"] == "serving"
    assert lines[0]["url"] == running.url
    rejected = next(line for line in lines if line["event"] == "records were rejected")
    assert (rejected["first"], rejected["records"]) == (f"{log.name}/0/0", 1)
    assert lines[-1]["event"] == "stopped: everything read is stored"
    assert running.run.output == ""
