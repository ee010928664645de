"""The board on what the program really shows: scraped, recorded by the rules, asked.

The stated history of ``test_board_panels`` proves the numbers; this proves that the
names and labels stated there are those of the program and of the rules.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.board_answers import LABELS
from tests.harness.board_panels import ALL, read, targets
from tests.harness.ports import free_port
from tests.harness.program import Program
from tests.harness.prometheus_server import PrometheusServer
from tests.harness.reference_data import REPOSITORY
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

RULES = REPOSITORY / "deploy" / "prometheus" / "rules" / "friction-recording.yml"
RANGE = 30 * 86_400
RATIO = 'window:friction_coordination_per_feature:ratio{window="28d"}'
# A monitor that was started just now says nothing of weeks ago: no change, nothing
# new. The simulated tools send nothing that has to be rejected.
SILENT = {"401-B", "401-C", "402-A", "403-B", "403-C", "509-A"}


@pytest.fixture
def prometheus(
    program: Callable[..., Program], tmp_path: Path
) -> Iterator[PrometheusServer]:
    """A Prometheus that has scraped a simulated organisation and evaluated twice."""
    port = free_port()
    program("demo", "--port", port, "--teams", 8, "--days", 35)
    configuration = f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{RULES}]
scrape_configs:
  - job_name: friction
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
    with PrometheusServer(tmp_path / "prometheus", configuration) as server:
        twice = f"count_over_time({RATIO}[1h]) > 1"
        eventually(lambda: server.query(twice), 120, "the demo's ratio is recorded")
        # Worked out aside, once everything is read.
        told = "friction_signal_ratio"
        eventually(lambda: server.query(told), 120, "the demo's signals are told")
        yield server


def test_every_panel_answers_from_the_running_program(
    prometheus: PrometheusServer,
) -> None:
    answers: dict[str, list[dict[str, Any]]] = {
        str(target): prometheus.query(target.expanded(ALL, RANGE))
        for target in targets(read())
    }

    shown = {
        name: {frozenset(series["metric"]) for series in answer}
        for name, answer in answers.items()
    }
    assert {name for name, labels in shown.items() if not labels} == SILENT
    assert {name: labels for name, labels in shown.items() if labels} == {
        name: {labels} for name, labels in LABELS.items() if name not in SILENT
    }
    # Nothing was rejected, of records that were read: that is 0.
    assert [series["value"][1] for series in answers["505-A"]] == ["0"]
