"""Events of the present at a steady rate, and when the broker had each of some."""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final, Self

from kafka import KafkaProducer

from monitor.clock import SystemClock
from tests.bench.native_load import padded
from tests.bench.world import PLATFORMS, project, team

_SLICE_SECONDS: Final = 0.01
_BODY_BYTES: Final = 850


def event(kind: str, entity: str, **fields: Any) -> bytes:
    """A native event of this moment, of the usual size."""
    now = datetime.fromtimestamp(SystemClock().now_ms() / 1_000, UTC)
    body = {
        "schema": "friction.event.v1",
        "id": f"{entity}-{kind}",
        "source": "tracker.example",
        "kind": kind,
        "time": now.isoformat(),
        "entity": entity,
        **fields,
    }
    return padded(body, _BODY_BYTES)


def ordinary(teams: int) -> Iterator[Callable[[], bytes]]:
    """Tickets one after the other: started, blocked, unblocked, done; each once due."""
    for number in itertools.count():
        owner = PLATFORMS + number % (teams - PLATFORMS - 1)
        key, on = f"{project(owner)}-L{number}", team(number % (PLATFORMS - 1))
        yield lambda key=key, owner=owner: event(  # type: ignore[misc]
            "ticket.started", key, team=team(owner), work_class="feature"
        )
        yield lambda key=key, on=on: event("ticket.blocked", key, on_team=on)  # type: ignore[misc]
        yield lambda key=key: event("ticket.unblocked", key)  # type: ignore[misc]
        yield lambda key=key: event("ticket.done", key)  # type: ignore[misc]


class SteadyLoad:
    """Sends at a rate (records/s) from a thread, inside a ``with`` block.

    Every ``probe_every``-th record is the next of ``probes``; ``acknowledged`` holds,
    in their order, the instants (monotonic) at which the broker had committed them.
    """

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        rate: int,
        records: Iterator[Callable[[], bytes]],
        probes: Iterable[Callable[[], bytes]] = (),
        probe_every: int = 0,
    ) -> None:
        """Remember what to send where; nothing is sent before ``with``."""
        self._topic = topic
        self._rate = rate
        self._records = records
        self._probes = iter(probes)
        self._probe_every = probe_every
        self._stop = threading.Event()
        self._producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self._thread = threading.Thread(target=self._send_all, daemon=True)
        self.acknowledged: list[float] = []
        self.sent = 0

    def __enter__(self) -> Self:
        """Begin to send."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, once the broker has everything."""
        self._stop.set()
        self._thread.join()
        self._producer.flush(timeout=30)
        self._producer.close()

    def _send_all(self) -> None:
        began = monotonic()
        while not self._stop.wait(_SLICE_SECONDS):
            due = int((monotonic() - began) * self._rate)
            while self.sent < due:
                self._send_one()

    def _send_one(self) -> None:
        self.sent += 1
        make = None
        if self._probe_every and self.sent % self._probe_every == 0:
            make = next(self._probes, None)
        probe = make is not None
        body = (make or next(self._records))()
        future = self._producer.send(self._topic, value=body, partition=0)
        if probe:
            future.add_callback(self._acknowledge)

    def _acknowledge(self, _: object) -> None:
        self.acknowledged.append(monotonic())
