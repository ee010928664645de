"""The shipped routes and inhibition in a real Alertmanager, up to a real webhook."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.recent import now_seconds
from tests.harness.alertmanager_server import AlertmanagerServer
from tests.harness.rule_files import alerts
from tests.harness.shipped_monitoring import alertmanager_configuration
from tests.harness.waiting import eventually
from tests.harness.webhook import Webhook

STALLED = "MeasurementStalled"
OTHERS = sorted(set(alerts()) - {STALLED})
UNATTRIBUTED = "MeasurementUnattributed"
WEAKER = "CoordinationExceedsFeature"
STRONGER = "CoordinationExceedsFeatureEstablished"


def alert(name: str, *, ended: bool = False, **labels: str) -> dict[str, Any]:
    """An alert with the labels of its rule, as Prometheus sends it."""
    now = datetime.fromtimestamp(now_seconds(), UTC)
    ends = now - timedelta(seconds=1) if ended else now + timedelta(minutes=5)
    return {
        "labels": {"alertname": name, **alerts()[name]["labels"], **labels},
        "startsAt": (now - timedelta(minutes=1)).isoformat(),
        "endsAt": ends.isoformat(),
    }


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as receiver:
        yield receiver


@pytest.fixture
def alertmanager(tmp_path: Path, webhook: Webhook) -> Iterator[AlertmanagerServer]:
    configuration = alertmanager_configuration(
        {
            "https://pager.example/hooks/friction": f"{webhook.url}/pager",
            "https://tickets.example/hooks/friction": f"{webhook.url}/tickets",
        }
    )
    with AlertmanagerServer(tmp_path / "alertmanager", configuration) as server:
        yield server


def test_every_alert_reaches_its_receiver_by_team(
    alertmanager: AlertmanagerServer, webhook: Webhook
) -> None:
    # Each alert has teams of its own, so that no verdict inhibits another.
    sent = [
        (path_of(name), name, f"{team} of {name}")
        for name in OTHERS
        for team in "ab"
        if name != UNATTRIBUTED
    ]
    alertmanager.post([alert(name, team=team) for _, name, team in sent])

    def all_are_here() -> bool:
        found = [(n.path, n.name, n.alert["labels"]["team"]) for n in webhook.notices]
        return sorted(found) == sorted(sent)

    eventually(all_are_here, 30)
    alertmanager.post([alert(UNATTRIBUTED)])
    unattributed = eventually(lambda: webhook.of(UNATTRIBUTED, "firing"), 30)
    assert [notice.path for notice in unattributed] == ["/tickets"]
    alertmanager.post([alert(STALLED)])
    stalled = eventually(lambda: webhook.of(STALLED, "firing"), 30)
    assert [notice.path for notice in stalled] == ["/pager"]


def path_of(name: str) -> str:
    """Where an alert is told: the SRE is paged, the platform PM has tickets."""
    paged = alerts()[name]["labels"]["severity"] == "page"
    return "/pager" if paged else "/tickets"


def suppressed(alertmanager: AlertmanagerServer) -> list[str]:
    """The names of the alerts that others inhibit."""
    return sorted(
        held["labels"]["alertname"]
        for held in alertmanager.alerts()
        if held["status"]["state"] == "suppressed" and held["status"]["inhibitedBy"]
    )


def test_of_two_verdicts_of_a_team_the_stronger_is_told(
    alertmanager: AlertmanagerServer, webhook: Webhook
) -> None:
    alertmanager.post([alert(STRONGER, team="checkout")])
    eventually(lambda: webhook.of(STRONGER, "firing"), 30)
    alertmanager.post([alert(WEAKER, team=team) for team in ("checkout", "search")])

    (told,) = eventually(lambda: webhook.of(WEAKER, "firing"), 30)
    assert told.alert["labels"]["team"] == "search"
    assert suppressed(alertmanager) == [WEAKER]


def test_while_nothing_is_measured_only_that_is_told(
    alertmanager: AlertmanagerServer, webhook: Webhook
) -> None:
    alertmanager.post([alert(STALLED)])
    eventually(lambda: webhook.of(STALLED, "firing"), 30)
    alertmanager.post([alert(name, team=name) for name in OTHERS])
    eventually(lambda: suppressed(alertmanager) == OTHERS, 30)
    # An alert that is not ours, later: when it is told, the others would have been.
    stranger = {"alertname": "DiskFull", "severity": "page"}
    alertmanager.post([{**alert(STALLED), "labels": stranger}])
    eventually(lambda: webhook.of("DiskFull", "firing"), 30)
    assert {notice.name for notice in webhook.notices} == {STALLED, "DiskFull"}
    alertmanager.post([alert(STALLED, ended=True)])
    eventually(lambda: webhook.of(STALLED, "resolved"), 30)
    # Of these, one inhibits the verdicts.
    others = set(OTHERS) - {WEAKER, STRONGER}
    eventually(lambda: all(webhook.of(name, "firing") for name in others), 30)
    assert suppressed(alertmanager) == [WEAKER, STRONGER]
