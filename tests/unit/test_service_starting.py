"""A first start without a teams file, while no broker answers: what probes are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from monitor.adapters.kafka.connection import Connection
from monitor.adapters.state.memory import MemoryState
from monitor.bootstrap_starting import teams_while_serving
from monitor.config.sections import Config, HttpSection, KafkaSection
from tests.harness.ports import free_port
from tests.harness.program import fetch
from tests.harness.waiting import eventually


@pytest.fixture
def starting() -> Iterator[str]:
    """The address of a service that waits for its broker."""
    stop, port = threading.Event(), free_port()
    config = Config(http=HttpSection(port=port), kafka=KafkaSection(topics=["ci"]))

    def start() -> None:
        nobody = Connection("127.0.0.1:1")
        _, server = teams_while_serving(config, nobody, MemoryState(), stop)
        server.stop()

    running = threading.Thread(target=start)
    running.start()
    yield f"http://127.0.0.1:{port}"
    stop.set()
    running.join(20)
    assert not running.is_alive()


def test_it_lives_and_says_what_it_waits_for(starting: str) -> None:
    def told() -> str:
        status, text = fetch(f"{starting}/readyz")
        assert status in (0, 503)
        return text if "unreachable" in text else ""

    text = eventually(told, 10, "the reason")
    assert "no sample of records can be had to make teams from" in text
    assert fetch(f"{starting}/healthz") == (200, "ok\n")
    for page in ("/", "/metrics", "/team/checkout"):
        assert fetch(starting + page) == (503, text)
