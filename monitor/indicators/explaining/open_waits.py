"""Which waits are open now, and since when the oldest of each pair.

With them is kept which tickets nobody has begun: of these, too, the oldest is asked.
Reopenings are none of these: their items are worked on and do not wait, so that their
age tells nothing of who is waited for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Final, NamedTuple

from monitor.domain.timeline import Component, Measured, Timeline

Pair = tuple[str, str]

# A wait's start, the version of what is known of its item, the item, the wait's end.
Noted = tuple[int, int, str, int]

# In the place of who is waited for: the team has a ticket to begin.
UNSTARTED: Final = ""
_UNSTARTED: Final = Measured.UNSTARTED
_REOPEN: Final = Component.REOPEN


class OpenWait(NamedTuple):
    """A wait that may still be open: who waits on whom, from when to when (ms).

    Where ``on_team`` is UNSTARTED nobody waits, but a ticket to be begun by the team.
    """

    team: str
    on_team: str
    start: int
    end: int


def open_after(timelines: Iterable[Timeline], instant: int) -> tuple[OpenWait, ...]:
    """The waits of an item, also to be begun, that end after the instant.

    But for reopenings.
    """
    found: list[OpenWait] = []
    for timeline in timelines:
        found += [
            OpenWait(wait.team, wait.on_team, wait.start, wait.end)
            for wait in timeline.waits
            if wait.end > instant and wait.component != _REOPEN
        ]
        found += [
            OpenWait(team, UNSTARTED, start, start + length)
            for name, team, _, start, length, _ in timeline.measures
            if name is _UNSTARTED and start + length > instant
        ]
    return tuple(found)


@dataclass(slots=True)
class OpenWaits:
    """Open waits by item; the oldest of a pair is found without looking at all."""

    by_item: dict[str, tuple[int, tuple[OpenWait, ...]]] = field(default_factory=dict)
    _heaps: dict[Pair, list[Noted]] = field(default_factory=dict)
    _versions: count[int] = field(default_factory=count)

    def load(self, stored: Iterable[tuple[str, tuple[OpenWait, ...]]]) -> None:
        """Set the open waits of many items at once, as when a process starts."""
        for item, waits in stored:
            version = next(self._versions)
            self.by_item[item] = (version, waits)
            for team, on_team, start, end in waits:
                heap = self._heaps.setdefault((team, on_team), [])
                heap.append((start, version, item, end))
        for heap in self._heaps.values():
            heapify(heap)

    def replace(self, item: str, waits: tuple[OpenWait, ...]) -> bool:
        """Set the item's open waits; whether anything changed."""
        known = self.by_item.get(item)
        if (known[1] if known else ()) == waits:
            return False
        if not waits:
            del self.by_item[item]
            return True
        version = next(self._versions)
        self.by_item[item] = (version, waits)
        for wait in waits:
            heap = self._heaps.setdefault((wait.team, wait.on_team), [])
            heappush(heap, (wait.start, version, item, wait.end))
        return True

    def noted(self, teams: Collection[str]) -> dict[Pair, list[Noted]]:
        """What is noted of the waits of these teams, by pair, in no order.

        Of waits that are over, too: it is quick, and looks at none of them.
        """
        return {
            pair: heap.copy()
            for pair, heap in self._heaps.items()
            if pair[0] in teams and pair[1] != UNSTARTED
        }

    def oldest(self, instant: int) -> dict[Pair, int]:
        """The start of the oldest wait open at the instant, by pair."""
        found: dict[Pair, int] = {}
        for pair, heap in self._heaps.items():
            while heap and not self._holds(heap[0], instant):
                heappop(heap)
            if heap and heap[0][0] <= instant:
                found[pair] = heap[0][0]
        return found

    def _holds(self, entry: Noted, instant: int) -> bool:
        _, version, item, end = entry
        known = self.by_item.get(item)
        return end > instant and known is not None and known[0] == version
