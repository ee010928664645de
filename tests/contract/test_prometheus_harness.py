"""The real Prometheus that tests ask is asked rightly: errors are not hidden."""

from pathlib import Path

import pytest

from tests.harness.prometheus_server import PrometheusServer, QueryError

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
