"""A real Prometheus with the shipped rules on the running service and a real Kafka."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.simulate.settings import Simulation
from monitor.simulate.world import SimulatedWorld, simulate
from monitor.simulate.write import record_lines
from tests.e2e.comparing import Evaluated
from tests.e2e.measured_by_prometheus import (
    HEADLINES,
    an_evaluation,
    differences,
    expected,
    recorded,
    wrong_rules,
)
from tests.e2e.recent import now_seconds
from tests.e2e.service import WINDOW_DAYS, Service
from tests.harness.broker import Broker
from tests.harness.ports import free_port
from tests.harness.prometheus_server import PrometheusServer
from tests.harness.promql_names import labels_of_level
from tests.harness.rule_files import alerts, recorded_names
from tests.harness.scenarios import WORLD, teams_yaml
from tests.harness.shipped_monitoring import (
    prometheus_configuration,
)
from tests.harness.topics import Record, Topic
from tests.harness.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

QUARTER_DAYS = 91
MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]

# The lengths of time in the rules stay what they are.
AS_SHIPPED = {
    name: name for name in ("1d", "2d", "3d", "1h", "6h", "5m", "15m", "1h:5m")
}


def simulated() -> SimulatedWorld:
    """An organisation whose last quarter ends an hour ago."""
    until = round(now_seconds() - 3_600) * 1_000
    return simulate(Simulation(teams=6, days=QUARTER_DAYS, seed=4, until_ms=until))


def as_produced(world: SimulatedWorld) -> Iterator[Record]:
    """The world's records for one topic."""
    for record in world.records():
        headers = dict(record.headers)
        yield Record(record.value, record.key, headers, None, record.timestamp)


def test_recorded_headlines_are_what_evaluate_says(
    broker: Broker, topic: MakeTopic, service: MakeService, tmp_path: Path
) -> None:
    world = simulated()
    log = topic(partitions=3)
    log.produce(as_produced(world))
    records = tmp_path / "records.jsonl"
    records.write_bytes(b"".join(record_lines(world.records())))
    running = service(broker.bootstrap, [log.name], world.teams_yaml)
    running.start_ready()
    running.settled(0)
    folder, targets = tmp_path / "prometheus", {"127.0.0.1:9105": running.address}
    # A scrape may take as long as the interval, and this machine may be busy.
    configuration = prometheus_configuration(folder, targets, AS_SHIPPED, "3s")
    with PrometheusServer(folder, configuration) as server:
        eventually(lambda: server.query(HEADLINES[-1]), 60, "rules were evaluated")
        at, instant = eventually(lambda: an_evaluation(server), 60)
        measured = recorded(server, at)
        eventually(lambda: not wrong_rules(server), 30, "every rule is evaluated")
        names = {rule["name"] for rule in server.rules()}
        assert names == {*recorded_names(), *alerts()}
        # Before the first scrape nothing was measured; now it is.
        eventually(lambda: "MeasurementStalled" not in by_name(server.alerts()), 30)
        assert mislabelled(server) == []
        (target,) = server.query("up")
        of_up = {"__name__": "up", "instance": "friction", "job": "friction"}
        assert target["metric"] == of_up
        assert target["value"][1] == "1"
    evaluated = Evaluated(running, records, instant)
    documents = {f"{days}d": evaluated.document(days) for days in WINDOW_DAYS}
    assert differences(measured, expected(documents)) == []
    # Every headline has something to compare, and most of it is not zero.
    assert {name for (name, *_), value in measured.items() if value} == {*HEADLINES}


def test_a_monitor_that_never_reached_its_broker_is_stalled(
    service: MakeService, tmp_path: Path
) -> None:
    running = service(f"127.0.0.1:{free_port()}", ["nowhere"], teams_yaml(WORLD))
    running.start()
    folder = tmp_path / "prometheus"
    targets = {"127.0.0.1:9105": running.address}
    configuration = prometheus_configuration(folder, targets, AS_SHIPPED)
    with PrometheusServer(folder, configuration) as server:

        def said() -> str:
            alert = by_name(server.alerts()).get("MeasurementStalled")
            return str(alert["annotations"]["description"]) if alert else ""

        never = "The monitor friction has not reached the broker since it started."
        eventually(lambda: said().startswith(never), 60, never)
        assert {series["value"][1] for series in server.query("up")} == {"1"}


def by_name(held: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Alerts by their names."""
    return {alert["labels"]["alertname"]: alert for alert in held}


def mislabelled(server: PrometheusServer) -> list[str]:
    """Every recorded series whose labels are not those of its name."""
    return [
        f"{name}: {series['metric']}"
        for name in sorted(recorded_names())
        for series in server.query(name)
        if set(series["metric"])
        != {"__name__", *(label.name for label in labels_of_level(name))}
    ]
