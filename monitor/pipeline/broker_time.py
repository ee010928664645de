"""How far the broker's clocks have come; sealing waits for the slowest partition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.outcomes import Record, record_time
from monitor.domain.working_time import HOUR
from monitor.pipeline.ports import Changes, Partition, StateReader

_KEY: Final = "broker_times"


def times_of(records: Iterable[Record]) -> dict[Partition, int]:
    """The timestamp (ms) of the last record of each partition; of those that tell one.

    The last is as good as the newest: stamps may go back a little, never for long.
    """
    last = {(record[0], record[1]): record[3] for record in records}
    return {at: time for at, time in last.items() if time is not None}


@dataclass(slots=True)
class BrokerTimes:
    """The newest timestamp seen in each partition (ms)."""

    newest: dict[Partition, int] = field(default_factory=dict)
    _stored: dict[Partition, int] = field(default_factory=dict)

    def saw(self, times: Mapping[Partition, int]) -> None:
        """Records with these timestamps were read."""
        for at, time in times.items():
            if time > self.newest.get(at, 0):
                self.newest[at] = time

    def lowest(self, partitions: Iterable[Partition]) -> int | None:
        """The lowest over those partitions that ever had a record; None if none had."""
        known = (self.newest[at] for at in partitions if at in self.newest)
        return min(known, default=None)

    def load(self, state: StateReader) -> None:
        """What was seen before the last stop; a quiet partition says nothing anew."""
        packed = state.get_many("meta", [_KEY]).get(_KEY)
        if packed is not None:
            # Those that are no times any more would never be passed by one.
            self.saw(
                {
                    (topic, number): time
                    for topic, number, time in json.loads(packed)
                    if record_time(time) is not None
                }
            )
            self._stored = dict(self.newest)

    def collect(self, changes: Changes) -> None:
        """Store them, once an hour of theirs: nothing is lost but time."""
        if any(
            time - self._stored.get(at, 0) >= HOUR for at, time in self.newest.items()
        ):
            self._stored = dict(self.newest)
            plain = [[*at, time] for at, time in sorted(self.newest.items())]
            changes.put("meta", _KEY, json.dumps(plain).encode())
