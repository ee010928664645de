"""The earliest accrual of any item, kept exact while items change, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.teams import Directory
from monitor.domain.timeline import Sort, Timeline
from monitor.domain.working_time import FOREVER
from monitor.indicators.totals import accrual_start

_MOST: Final = 256
_KEPT: Final = 128


def first_accrual_of(
    timelines: Iterable[Timeline], directory: Directory
) -> int | None:
    """The first instant at which anything of the item accrues."""
    starts = (
        accrual_start(segment, directory)
        for timeline in timelines
        for segment in timeline.segments
        if segment.sort in (Sort.WAIT, Sort.ACTIVE)
    )
    return min(starts, default=None)


@dataclass(slots=True)
class Earliest:
    """Every item that first accrues at or before ``complete_to``, with that instant.

    Only when all of them have moved later is the store to be read again.
    """

    items: dict[str, int] = field(default_factory=dict)
    complete_to: int = FOREVER

    @property
    def instant(self) -> int | None:
        """The earliest accrual of any item; None when nothing accrues."""
        return min(self.items.values(), default=None)

    @property
    def lost(self) -> bool:
        """Whether the earliest cannot be told without reading all items."""
        return not self.items and self.complete_to < FOREVER

    def note(self, item: str, first: int | None) -> None:
        """The item's first accrual is now this, or nothing of it accrues."""
        if first is None or first > self.complete_to:
            self.items.pop(item, None)
            return
        self.items[item] = first
        if len(self.items) > _MOST:
            kept = sorted(self.items.items(), key=lambda pair: pair[1])
            bound = kept[_KEPT][1]
            self.items = {key: value for key, value in kept if value < bound}
            self.complete_to = bound - 1
