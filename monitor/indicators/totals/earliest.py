"""Since when anything is known, exact while items change, in bounded memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.domain.teams import Directory
from monitor.domain.timeline import EXPOSED, Sort, Timeline
from monitor.domain.working_time import FOREVER
from monitor.indicators.totals.instant import accrual_start

_MOST: Final = 256
_KEPT: Final = 128


class Firsts(NamedTuple):
    """When an item first accrued anything, and when it first told anything at all.

    The latter is the earlier of that and of what was first counted or timed of its
    delivery: a deploy, say, accrues nothing. None where there is no such instant.
    """

    accrued: int | None
    known: int | None


def firsts_of(timelines: Sequence[Timeline], directory: Directory) -> Firsts:
    """Both first instants of one item."""
    accrued = first_accrual_of(timelines, directory)
    counted = min(
        (
            measure.time
            for timeline in timelines
            for measure in timeline.measures
            if measure.name not in EXPOSED
        ),
        default=None,
    )
    known = [first for first in (accrued, counted) if first is not None]
    return Firsts(accrued, min(known, default=None))


def first_accrual_of(timelines: Iterable[Timeline], directory: Directory) -> int | None:
    """The first instant at which anything of the item accrues."""
    first: int | None = None
    for timeline in timelines:
        for segment in timeline.segments:
            # Nothing accrues before it starts, so most need not be looked at.
            if first is not None and segment.start >= first:
                continue
            if segment.sort in (Sort.WAIT, Sort.ACTIVE):
                start = accrual_start(segment, directory)
                first = start if first is None else min(first, start)
    return first


@dataclass(slots=True)
class Earliest:
    """Items that come first, with their instants; no other is before ``complete_to``.

    Of many that begin at one instant, as when a working day opens, some are enough.
    Only when all of them have moved later is the store to be read again.
    """

    items: dict[str, int] = field(default_factory=dict)
    complete_to: int = FOREVER

    @classmethod
    def unread(cls) -> Earliest:
        """Of a store that nobody has read yet: it is ``lost``."""
        return cls({}, -FOREVER)

    def of(self, items: Collection[str]) -> Earliest:
        """Those of these items that come first; others are yet to be noted."""
        return Earliest({key: self.items[key] for key in self.items if key in items})

    @property
    def instant(self) -> int | None:
        """The earliest instant of any item; None when no item has one."""
        return min(self.items.values(), default=None)

    @property
    def lost(self) -> bool:
        """Whether the earliest cannot be told without reading all items."""
        return not self.items and self.complete_to < FOREVER

    @property
    def stored(self) -> tuple[dict[str, int], int]:
        """What it is made of again."""
        return self.items, self.complete_to

    def note(self, item: str, first: int | None) -> None:
        """The item's first instant is now this, or it has none."""
        if first is None or first > self.complete_to:
            self.items.pop(item, None)
            return
        self.items[item] = first
        if len(self.items) > _MOST:
            kept = sorted(self.items.items(), key=lambda pair: pair[1])[:_KEPT]
            self.items = dict(kept)
            self.complete_to = kept[-1][1]
