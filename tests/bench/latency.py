"""From the broker's acknowledgement to the number on ``/metrics``.

At 1,000 records/s every tenth record is a probe: a ticket of its own, started long
before, is blocked on one certain team. So one counter, of that pair, counts probes;
when it says k, the first k probes are visible. A scrape is made every 50 ms, and
the moment its answer is complete is when its numbers count as seen: the pause
between scrapes is part of the measured time.
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Final

from tests.bench.figures import Figure
from tests.bench.live_load import SteadyLoad, event, ordinary
from tests.bench.service import Running, running
from tests.bench.topics import fill
from tests.bench.world import PLATFORMS, project, team
from tests.harness.topics import create_topic

_TEAMS: Final = 45
_RATE: Final = 1_000
_SECONDS: Final = 30
_PROBE_EVERY: Final = 10
_PAUSE_SECONDS: Final = 0.05
_OWNER: Final = _TEAMS - 1
_ON: Final = team(PLATFORMS - 1)
_COUNTER: Final = re.compile(
    rf'^friction_waits_total{{team="{team(_OWNER)}",on_team="{_ON}",'
    r'component="ticket_blocked"} (\S+)$',
    re.MULTILINE,
)


def visible_after(bootstrap: str, folder: Path) -> Figure:
    """The 99th percentile of the time from committed to visible."""
    topic = create_topic(bootstrap)
    probes = _RATE * _SECONDS // _PROBE_EVERY
    begun = (
        event("ticket.started", _probe(number), team=team(_OWNER))
        for number in range(probes)
    )
    fill(topic, ((body, {}) for body in begun))
    blocked = iter(
        [
            lambda number=number: event("ticket.blocked", _probe(number), on_team=_ON)
            for number in range(probes)
        ]
    )
    with running(topic, folder / "latency", folder / "latency.db", _TEAMS) as service:
        with SteadyLoad(
            bootstrap, topic.name, _RATE, ordinary(_TEAMS), blocked, _PROBE_EVERY
        ) as load:
            seen = _seen(service, _SECONDS)
            sent = load.sent
        seen = list(chain(seen, _seen(service, 2)))
        acknowledged = load.acknowledged
    took = sorted(_visible(acknowledged, seen))
    topic.delete()
    middle, high = took[len(took) // 2], took[int(len(took) * 0.99)]
    return Figure(
        f"committed in Kafka to visible on /metrics, {_RATE:,} records/s, p99",
        high,
        "s",
        2.5,
        1.2,
        note=f"{len(took):,} probes among {sent:,} records, settle 0; median "
        f"{middle:.2f} s, longest {took[-1]:.2f} s",
    )


def _probe(number: int) -> str:
    return f"{project(_OWNER)}-X{number}"


def _seen(service: Running, seconds: float) -> list[tuple[float, int]]:
    """When which count was seen, over so many seconds."""
    seen: list[tuple[float, int]] = []
    end, pause = monotonic() + seconds, Event()
    while monotonic() < end:
        found = _COUNTER.search(service.scrape().body.decode())
        seen.append((monotonic(), int(float(found[1])) if found else 0))
        pause.wait(_PAUSE_SECONDS)
    return seen


def _visible(
    acknowledged: list[float], seen: list[tuple[float, int]]
) -> Iterator[float]:
    """Per probe the seconds until it was counted; none may be missing."""
    scrapes = iter(seen)
    instant, count = next(scrapes)
    for number, committed in enumerate(acknowledged, start=1):
        while count < number:
            instant, count = next(scrapes)
        yield max(0.0, instant - committed)
