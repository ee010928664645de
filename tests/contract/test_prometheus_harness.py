"""The real Prometheus that tests ask is asked rightly: errors are not hidden."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from tests.harness.ports import free_port
from tests.harness.prometheus_server import PrometheusServer, QueryError
from tests.harness.rule_files import alerts, rules_of
from tests.harness.shipped_monitoring import prometheus_configuration

RULES = "groups: [{name: one, interval: 1s, rules: [{record: x:y:z, expr: vector(3)}]}]"
EVERY_SECOND = "global: {evaluation_interval: 1s}\nrule_files: [rules.yml]\n"


def test_it_answers_and_refuses_loudly(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(RULES)
    with PrometheusServer(tmp_path, EVERY_SECOND) as server:
        assert server.values('label_replace(vector(2), "a", "b", "", "")', "a") == {
            ("b",): 2
        }
        assert server.query("vector(7)", at=1_000)[0]["value"] == [1_000, "7"]
        points = server.query_range("vector(7)", 0, 60, 30)[0]["values"]
        assert points == [[0, "7"], [30, "7"], [60, "7"]]
        assert [rule["name"] for rule in server.rules()] == ["x:y:z"]
        with pytest.raises(QueryError, match="parse error"):
            server.query("sum(")
        # Nothing is scraped, so nothing is up.
        assert server.query("up") == []
    with pytest.raises(OSError, match="refused"):
        server.query("up")


def test_a_configuration_it_refuses_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="field glob not found"),
        PrometheusServer(tmp_path, "glob: {}"),
    ):
        pass


def test_a_warning_is_an_error(tmp_path: Path) -> None:
    """No question makes Prometheus 2.42 warn for sure, so the answer is played."""
    played = {"status": "success", "warnings": ["half of it"], "data": []}

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(played).encode())

        def log_message(self, *_: object) -> None: ...

    asked = PrometheusServer(tmp_path, "global: {}")
    played_by = HTTPServer(("127.0.0.1", free_port()), Answering)
    asked.url = f"http://127.0.0.1:{played_by.server_port}"
    answering = Thread(target=played_by.handle_request)
    answering.start()
    try:
        with pytest.raises(QueryError, match="half of it"):
            asked.query("up")
    finally:
        answering.join()
        played_by.server_close()


def test_shipped_files_are_copied_with_new_addresses_and_times(tmp_path: Path) -> None:
    times = {
        "2d": "1s",
        "3d": "2s",
        "1d": "5s",
        "1h": "3s",
        "6h": "7s",
        "15m": "8s",
        "5m": "4s",
        "1h:5m": "6s:5s",
    }
    targets = {"127.0.0.1:9105": "127.0.0.1:1"}
    text = prometheus_configuration(tmp_path / "copy", targets, times)
    (scrape,) = yaml.safe_load(text)["scrape_configs"]
    assert scrape["static_configs"][0]["targets"] == ["127.0.0.1:1"]
    assert yaml.safe_load(text)["global"]["evaluation_interval"] == "1s"
    copied = {
        rule["alert"]: rule
        for rule in rules_of(tmp_path / "copy" / "rules" / "friction-alerts.yml")
    }
    rule = copied["CoordinationExceedsFeature"]
    assert (rule["for"], rule["keep_firing_for"]) == ("1s", "2s")
    shipped = alerts()["CoordinationExceedsFeature"]["expr"]
    assert rule["expr"] == shipped.replace("[1h:5m]", "[6s:5s]")
    assert copied["StuckDependency"]["expr"] == alerts()["StuckDependency"]["expr"]
    fewer = {old: new for old, new in times.items() if old != "1h:5m"}
    with pytest.raises(KeyError, match="1h:5m"):
        prometheus_configuration(tmp_path / "other", targets, fewer)
    with pytest.raises(AssertionError, match=r"127\.0\.0\.1:9999"):
        prometheus_configuration(tmp_path / "third", {"127.0.0.1:9999": ""}, times)
