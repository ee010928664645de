"""Two alerts from pending to resolved, from a real Kafka up to a real webhook."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.e2e.measured_by_prometheus import wrong_rules
from tests.e2e.recent import Body, encoded, event_at, now_seconds
from tests.e2e.service import Service
from tests.harness.alertmanager_server import AlertmanagerServer
from tests.harness.broker import Broker
from tests.harness.plain_events import PlainTeam, PlainWorld
from tests.harness.prometheus_server import PrometheusServer
from tests.harness.scenarios import teams_yaml
from tests.harness.shipped_monitoring import (
    alertmanager_configuration,
    prometheus_configuration,
)
from tests.harness.topics import Topic
from tests.harness.waiting import eventually
from tests.harness.webhook import Notice, Webhook

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

MakeService = Callable[..., Service]
MakeTopic = Callable[..., Topic]

# The shipped lengths of time and what they are here: five seconds, so that the first
# scrape may be late; the look back must not be shorter than a scrape.
IN_SECONDS = {
    "2d": "5s",
    "3d": "2s",
    "1d": "5s",
    "1h": "5s",
    "6h": "5s",
    "15m": "5s",
    "5m": "5s",
    "1h:5m": "4s:1s",
}

# Three tickets on each working day of the last four weeks but for the last hours: built
# from 9 to 10, then waiting for platform from 10 to 16. So each has 3,600 s of feature
# and 900 + 0.25 * 20,700 = 6,075 s of coordination: R = 1.6875. Three people have
# 3 * 20 * 8 hours, of which 5 % are 24 hours, and 60 are built. All tickets are alike,
# so that is the lower limit over items, too.
EXCEEDING = PlainWorld(
    teams={"checkout": PlainTeam("stream", 3), "platform": PlainTeam("platform", 5)}
)
RATIO = 1.6875


def days_of_work(now: float) -> list[datetime]:
    """The working days of the last 27 days that are over."""
    today = datetime.fromtimestamp(now, UTC).date()
    days = (today - timedelta(days=back) for back in range(1, 27))
    return [datetime.combine(day, time(9), UTC) for day in days if day.isoweekday() < 6]


def tickets(now: float) -> Iterator[tuple[str, datetime]]:
    """Each ticket and when it was started."""
    for day in days_of_work(now):
        for number in range(3):
            yield f"CHK-{day:%m%d}-{number}", day


def exceeding(now: float) -> Iterator[Body]:
    """The events of these tickets."""
    for ticket, start in tickets(now):
        nine, ten, four = (start.replace(hour=at).isoformat() for at in (9, 10, 16))
        built = {"team": "checkout", "work_class": "feature"}
        yield event_at("ticket.started", nine, ticket, **built)
        yield event_at("ticket.blocked", ten, ticket, on_team="platform")
        yield event_at("ticket.done", four, ticket)


def corrections(now: float) -> Iterator[Body]:
    """What was not known: every block was lifted after a quarter of an hour."""
    for ticket, start in tickets(now):
        moment = start.replace(hour=10, minute=15).isoformat()
        yield event_at("ticket.unblocked", moment, ticket, on_team="platform")


def test_two_alerts_from_pending_to_resolved(
    broker: Broker, topic: MakeTopic, service: MakeService, tmp_path: Path
) -> None:
    now = now_seconds()
    log = topic()
    log.produce_values(encoded(exceeding(now)))
    running = service(broker.bootstrap, [log.name], teams_yaml(EXCEEDING))
    running.start_ready()
    with Webhook() as webhook, alertmanager(tmp_path, webhook) as receiver:
        folder = tmp_path / "prometheus"
        configuration = prometheus_configuration(
            folder,
            {
                "127.0.0.1:9105": running.address,
                "127.0.0.1:9093": receiver.address,
            },
            IN_SECONDS,
        )
        with PrometheusServer(folder, configuration) as server:
            name = "CoordinationExceedsFeatureEstablished"
            (notice,) = told(webhook, name, "firing")
            assert server.values(
                'window_team:friction_coordination_per_feature:ratio{window="28d"}',
                "team",
            ) == {("checkout",): pytest.approx(RATIO)}
            assert notice.path == "/tickets"
            assert notice.alert["labels"] == {
                "alertname": name,
                "team": "checkout",
                "severity": "ticket",
                "audience": "platform-pm",
            }
            annotations = notice.alert["annotations"]
            board = "https://grafana.example/d/friction-platform-pm?var-team=checkout"
            assert annotations["dashboard_url"] == board
            assert annotations["page_url"] == "https://friction.example/team/checkout"
            assert "1.69 hours" in annotations["description"]
            assert "platform (ticket_blocked, " in annotations["description"]
            log.produce_values(encoded(corrections(now)))
            told(webhook, name, "resolved")
            over(server, name, now)

            name = "MeasurementStalled"
            assert running.run.terminate() == 0
            (notice,) = told(webhook, name, "firing")
            assert notice.path == "/pager"
            said = notice.alert["annotations"]["description"]
            assert said.startswith("No monitor answers the scrape.")
            running.start_ready()
            told(webhook, name, "resolved")
            over(server, name, now)
            assert wrong_rules(server) == []


def alertmanager(folder: Path, webhook: Webhook) -> AlertmanagerServer:
    """The shipped configuration, sending to the webhook at once."""
    addresses = {
        "https://pager.example/hooks/friction": f"{webhook.url}/pager",
        "https://tickets.example/hooks/friction": f"{webhook.url}/tickets",
    }
    configuration = alertmanager_configuration(addresses)
    return AlertmanagerServer(folder / "alertmanager", configuration)


def over(server: PrometheusServer, name: str, since: float) -> None:
    """Wait until the alert was pending, then firing, and is none any more.

    Alertmanager calls an alert resolved as soon as it is not told of it again for some
    evaluations, which on a halted machine may be before Prometheus finds it so.
    """

    def is_over() -> bool:
        assert states(server, name, since) == ["pending", "firing", "none"]
        return True

    eventually(is_over, 60, f"{name} over")


def states(server: PrometheusServer, name: str, since: float) -> list[str]:
    """The states of an alert in the order in which Prometheus was in them."""
    now = now_seconds()
    history = server.query_range(f'ALERTS{{alertname="{name}"}}', since, now, 1)
    began = {one["metric"]["alertstate"]: one["values"][0][0] for one in history}
    held = {alert["labels"]["alertname"] for alert in server.alerts()}
    return sorted(began, key=lambda state: began[state]) + ["none"] * (name not in held)


def told(webhook: Webhook, name: str, status: str) -> list[Notice]:
    """Wait for notices of this alert in this status."""
    return eventually(lambda: webhook.of(name, status), 60, f"{name} told {status}")
