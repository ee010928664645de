"""A simulated organisation in a service whose clock stands still."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from monitor.adapters.files.replay import ReplaySource
from monitor.adapters.state.memory import MemoryState
from monitor.bootstrap_service import make_service, meters_for
from monitor.clock import SystemClock
from monitor.config.sections import Config, HttpSection
from monitor.directory.teams_file import parse
from monitor.pipeline.showing.page_numbers import NOT_YET
from monitor.pipeline.watching import Watch
from monitor.simulate.settings import DEFAULT_END, Simulation
from monitor.simulate.world import simulate
from tests.harness.ports import free_port
from tests.harness.program import fetch
from tests.harness.waiting import eventually

CALM: Final = Simulation(teams=8, days=35, until_ms=DEFAULT_END)
_NO_TEAMS: Final[Mapping[str, str]] = MappingProxyType({})


class StandingClock(SystemClock):
    """Always half an hour after the last event, so that all numbers are of one time."""

    def now_ms(self) -> int:
        return DEFAULT_END + 1_800_000


@contextmanager
def simulated(
    simulation: Simulation = CALM, small: Mapping[str, str] = _NO_TEAMS
) -> Iterator[str]:
    """The service's address, once it has read everything.

    Each of the ``small`` teams has two people, and so is shown as its domain only.
    """
    world = simulate(simulation)
    directory = parse(_shrunk(world.teams_yaml, small))
    assert not isinstance(directory, tuple)
    config = Config(http=HttpSection(port=free_port()))
    clock, stop, meters = (
        StandingClock(),
        threading.Event(),
        meters_for(directory, config),
    )
    service = make_service(
        config,
        directory,
        ReplaySource(list(world.records()), stop.wait),
        MemoryState(),
        clock,
        (Watch(meters, clock.monotonic), meters),
    )
    running = threading.Thread(target=service.run, args=(stop,))
    running.start()
    try:
        url = service.server.url
        eventually(lambda: fetch(url + "/readyz")[0] == 200, 60, "ready")
        # A first page is kept for a while, also one from before the first refresh.
        eventually(lambda: NOT_YET.word not in fetch(url + "/")[1], 60, "verdicts")
        yield url
    finally:
        stop.set()
        running.join(30)


def _shrunk(teams_yaml: str, small: Mapping[str, str]) -> str:
    for team, domain in small.items():
        teams_yaml, times = re.subn(
            rf"(- id: {team}\n.*?)domain: \S+\n( *)headcount: [^\n]+",
            rf"\1domain: {domain}\n\2headcount: 2",
            teams_yaml,
            flags=re.DOTALL,
        )
        assert times == 1, team
    return teams_yaml
