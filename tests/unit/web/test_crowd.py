"""Many ask at once: probes never wait, and of scrapes most are turned away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest

from monitor.adapters.prometheus.catalogue import CATALOGUE
from monitor.adapters.prometheus.exposition import Exposition
from monitor.adapters.prometheus.meters import Meters
from monitor.adapters.prometheus.metric import Size
from monitor.adapters.web.app import MOST_SCRAPES, make_app
from monitor.adapters.web.server import WebServer
from monitor.domain.snapshot import PageModel, Snapshot
from tests.harness.waiting import eventually
from tests.unit.web.showing import Told

# More than the threads that answers are made in.
CROWD = 60


@dataclass
class Slow(Told):
    """Its numbers take until the test says so."""

    go: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def snapshot(self) -> Snapshot:
        assert self.go.wait(60)
        return self.present

    def page(self) -> PageModel | None:
        self.asked.set()
        assert self.go.wait(60)
        return self.numbers


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def server(slow: Slow) -> Iterator[WebServer]:
    exposition = Exposition(slow, Meters(CATALOGUE, Size(teams=2)), lambda: 0.0)
    made = WebServer(make_app(slow, slow, exposition, slow.ledger), "127.0.0.1", 0)
    made.start()
    yield made
    slow.go.set()
    made.stop()


def crowded(crowd: ThreadPoolExecutor, address: str) -> list[Future[httpx.Response]]:
    return [crowd.submit(httpx.get, address, timeout=60) for _ in range(CROWD)]


def test_probes_are_answered_while_a_crowd_waits_for_pages(
    slow: Slow, server: WebServer
) -> None:
    with ThreadPoolExecutor(CROWD) as crowd:
        pages = crowded(crowd, server.url)
        try:
            assert slow.asked.wait(30)
            # Docker waits three seconds for it.
            for _ in range(20):
                assert httpx.get(f"{server.url}/healthz", timeout=3).text == "ok\n"
                assert httpx.get(f"{server.url}/readyz", timeout=3).text == "ready\n"
        finally:
            slow.go.set()
    assert {each.result().status_code for each in pages} == {200}


def test_of_a_crowd_of_scrapes_most_are_told_to_come_less_often(
    slow: Slow, server: WebServer
) -> None:
    with ThreadPoolExecutor(CROWD) as crowd:
        scrapes = crowded(crowd, f"{server.url}/metrics")
        try:
            eventually(lambda: sum(map(Future.done, scrapes)) == CROWD - MOST_SCRAPES)
        finally:
            slow.go.set()
    found = [each.result() for each in scrapes]
    refused = [each for each in found if each.status_code != 200]
    assert len(found) - len(refused) == MOST_SCRAPES
    assert {each.status_code for each in refused} == {503}
    (text,) = {each.text for each in refused}
    assert text == (
        "8 scrapes are being answered already: scrape less often, or from fewer "
        "places\n"
    )


def test_after_the_crowd_there_is_room_again(slow: Slow, server: WebServer) -> None:
    slow.go.set()
    for _ in range(3 * MOST_SCRAPES):
        assert httpx.get(f"{server.url}/metrics", timeout=30).status_code == 200
