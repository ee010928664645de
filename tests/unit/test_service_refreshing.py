"""A service and its refreshing: they start, serve, fail and end together."""

from __future__ import annotations

import threading

import pytest

from monitor.adapters.files.replay import ReplaySource
from monitor.adapters.prometheus.limits import VERDICT, Limits
from monitor.adapters.state.memory import MemoryState
from monitor.bootstrap_service import Service, make_service, meters_for
from monitor.clock import SystemClock
from monitor.config.sections import Config, HttpSection
from monitor.errors import StateCorrupt
from monitor.pipeline.watching import Watch
from tests.harness.driving import directory_of
from tests.harness.program import fetch
from tests.unit.pipeline.running import TEAMS

_DEADLINE = 20.0


def service_until(stop: threading.Event) -> Service:
    """A service without records."""
    directory, clock = directory_of(TEAMS), SystemClock()
    config = Config(http=HttpSection(port=0))
    meters = meters_for(directory, config)
    return make_service(
        config,
        directory,
        ReplaySource([], stop.wait),
        MemoryState(),
        clock,
        (Watch(meters, clock.monotonic), meters),
    )


@pytest.mark.slow
def test_a_refresh_that_fails_ends_the_service_with_its_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise StateCorrupt("two items have one number")

    monkeypatch.setattr(Limits, "refresh", fail)
    stop = threading.Event()
    service = service_until(stop)
    giving_up = threading.Timer(_DEADLINE, stop.set)
    giving_up.start()
    with pytest.raises(StateCorrupt, match="two items"):
        service.run(stop)
    giving_up.cancel()
    assert "refresh" not in {one.name for one in threading.enumerate()}


def test_what_is_refreshed_is_served_until_the_service_is_told_to_stop() -> None:
    stop = threading.Event()
    service = service_until(stop)
    running = threading.Thread(target=service.run, args=(stop,))
    running.start()
    refreshed = service.refreshing.refresher.latest(_DEADLINE)
    _, text = fetch(service.server.url + "/metrics")
    _, page = fetch(service.server.url + "/")
    stop.set()
    running.join(_DEADLINE)
    assert not running.is_alive()
    assert refreshed is not None
    assert refreshed.family(VERDICT).samples
    assert 'friction_verdict{team="checkout",verdict="no feature work"} 1' in text
    assert "no feature work" in page
    assert "refresh" not in {one.name for one in threading.enumerate()}
