"""The shipped limits of a scrape: all the program can show fits, and only that."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from monitor.adapters.prometheus.catalogue import CATALOGUE, METRICS
from monitor.adapters.prometheus.metric import Size
from monitor.adapters.prometheus.negotiation import Syntax
from monitor.directory.teams_model import TeamsFile
from monitor.domain.snapshot import Family
from tests.harness.prometheus_server import PrometheusServer
from tests.harness.rule_files import PROMETHEUS
from tests.harness.series_bounds import bounds_by_group
from tests.harness.shipped_monitoring import prometheus_configuration
from tests.harness.waiting import eventually
from tests.unit.prometheus.test_render import rendering

CONFIGURATION = PROMETHEUS / "prometheus.yml"
# A character of four bytes in UTF-8, the most there are.
WIDE = "\N{OCTOPUS}"
LONGEST_TEAM = 200 * WIDE
LONGEST_DOMAIN = f"domain:{LONGEST_TEAM}"
# Labels that a user's own targets may have beside the shipped ones.
TARGET_LABELS = 10
AS_SHIPPED = {
    name: name for name in ("1d", "2d", "3d", "1h", "6h", "5m", "15m", "1h:5m")
}


def in_bytes(text: str) -> int:
    """How long Prometheus says that a name or a value is."""
    return len(text.encode())


def scraped() -> dict[str, Any]:
    """The shipped scrape job."""
    (scrape,) = yaml.safe_load(CONFIGURATION.read_text())["scrape_configs"]
    job: dict[str, Any] = scrape
    return job


def stated() -> str:
    """The shipped configuration with its comments as running text."""
    return re.sub(r"\s*#\s*", " ", CONFIGURATION.read_text())


def test_samples_are_at_most_the_bounds_of_the_catalogue() -> None:
    bounds = bounds_by_group(Size(teams=200))
    most = sum(bounds.values())
    assert most <= scraped()["sample_limit"] < most + 10_000
    sums = " + ".join(f"{group} {bound:,}" for group, bound in bounds.items())
    assert f"{sums} = {most:,}" in stated()


def test_labels_of_the_catalogue_leave_room_for_those_of_targets() -> None:
    # What is not exposed: the name itself, job and instance.
    labels = max(len(metric.labels) for metric in METRICS) + 3
    assert scraped()["label_limit"] == labels + TARGET_LABELS
    names = [name for metric in METRICS for name in metric.label_names]
    # As long as the name of a label of a Kubernetes object may be.
    assert scraped()["label_name_length_limit"] == 63 > max(map(in_bytes, names))


def test_values_are_at_most_the_longest_that_can_be_shown_in_bytes() -> None:
    closed = [value for m in METRICS for at in m.labels for value in at.values]
    # A topic: Kafka's own limit. Health metrics cut what they read at 100 characters.
    values = [*closed, *CATALOGUE, 249 * "x", 100 * WIDE, LONGEST_TEAM, LONGEST_DOMAIN]
    assert scraped()["label_value_length_limit"] == max(map(in_bytes, values))
    assert f"domain:<name> {in_bytes(LONGEST_DOMAIN)} bytes" in stated()


def teams_file(team: str, domain: str) -> TeamsFile:
    """A teams file with one team."""
    entry = {"id": team, "domain": domain}
    return TeamsFile.model_validate({"version": 1, "teams": [entry]})


def test_the_longest_names_are_those_the_teams_file_may_hold() -> None:
    (longest,) = teams_file(LONGEST_TEAM, LONGEST_TEAM).teams
    assert (longest.id, longest.domain) == (LONGEST_TEAM, LONGEST_TEAM)
    for team, domain in ((LONGEST_TEAM + "x", "a"), ("a", LONGEST_TEAM + "x")):
        with pytest.raises(ValueError, match="at most 200 characters"):
            teams_file(team, domain)


@contextmanager
def exposing(text: bytes) -> Iterator[str]:
    """A target whose metrics are this text; gives its address."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None: ...

    target = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=target.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{target.server_port}"
    finally:
        target.shutdown()
        thread.join()
        target.server_close()


def test_prometheus_takes_the_longest_names_from_a_target_with_labels_of_its_own(
    tmp_path: Path,
) -> None:
    waiting = ("28d", LONGEST_DOMAIN, LONGEST_TEAM, "ticket_blocked", "acute")
    shown = [Family("friction_window_wait_seconds", ((waiting, 7.0),))]
    own = ", ".join(f"a_label_of_the_place_where_it_runs_{n}: x" for n in range(9))
    with exposing(rendering(shown, Syntax.TEXT).text) as address:
        targets = {"127.0.0.1:9105": address}
        text = prometheus_configuration(tmp_path, targets, AS_SHIPPED)
        shipped = "{instance: friction}"
        assert text.count(shipped) == 1
        wider = f"{{instance: friction, environment: production, {own}}}"
        with PrometheusServer(tmp_path, text.replace(shipped, wider)) as server:
            eventually(lambda: server.query("up"), 30, "it was scraped")
            (target,) = server.targets()
            assert target["lastError"] == ""
            found = server.values("friction_window_wait_seconds", "team", "on_team")
    assert found == {(LONGEST_DOMAIN, LONGEST_TEAM): 7.0}
