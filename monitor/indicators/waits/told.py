"""What other deploys have told an item of their lanes, sorted once for all of its own.

An item may have thousands of deploys of one lane, and each asks what happened there
around its own results only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from monitor.domain.deploys import LaneName, is_same_lane
from monitor.domain.items import ItemFacts

_TIME: Final = attrgetter("time")


class Mark(NamedTuple):
    """A result in the lane; ``causes`` only of a failure of the deploy asked about."""

    time: int
    entity: str
    until: int
    causes: tuple[str, ...] = ()

    @property
    def is_success(self) -> bool:
        """Whether the deploy succeeded: that holds the lane no longer."""
        return self.until == self.time


# Who holds a lane, None for nobody; and who has let it go, with when.
Holder = Mark | None
Held = tuple[Mark, int]


def step(holder: Holder, marks: Sequence[Mark]) -> tuple[Holder, Held | None]:
    """Who holds the lane after the results (sorted) of an instant, and who let it go.

    Who held it lets go first; else the failure comes first.
    """
    time, over = marks[0].time, None
    succeeded = any(mark.is_success for mark in marks)
    if holder is not None and (succeeded or holder.until <= time):
        over = (holder, min(holder.until, time))
        succeeded, holder = succeeded and holder.until <= time, None
    if holder is None and not succeeded:
        holder = next((mark for mark in marks if not mark.is_success), None)
    return holder, over


@dataclass(slots=True)
class Told:
    """What was told of one lane, in order; after each instant who held it then.

    ``begun`` is when each deploy first told anything.
    """

    _marks: Sequence[Mark]
    _successes: Sequence[Mark]
    _instants: Sequence[int]
    _holders: Sequence[Holder]
    begun: Mapping[str, int]

    def before(self, instant: int) -> Holder:
        """Who holds the lane just before an instant, by what was told alone."""
        place = bisect_left(self._instants, instant)
        return self._holders[place - 1] if place else None

    def following(self, instant: int, entity: str) -> Iterator[Mark]:
        """What others than the deploy have told from an instant on."""
        return _others(self._marks, instant, entity)

    def success(self, instant: int, entity: str) -> int | None:
        """The first success of another deploy from an instant on; None for none."""
        found = next(_others(self._successes, instant, entity), None)
        return None if found is None else found.time

    def successes_but_of(self, entities: Collection[str]) -> list[int]:
        """When others than these deploys succeeded."""
        return [mark.time for mark in self._successes if mark.entity not in entities]


NOTHING_TOLD: Final = Told((), (), (), (), {})


@dataclass(slots=True)
class ToldLanes:
    """What was told, by lane as its repository was called by whoever told it."""

    _marks: Mapping[LaneName, Sequence[Mark]]
    _lanes: dict[LaneName, Told] = field(default_factory=dict)

    def of(self, lane: LaneName | None) -> Told:
        """What was told of a lane; nothing of none."""
        if lane is None or not self._marks:
            return NOTHING_TOLD
        if lane not in self._lanes:
            alike = (name for name in self._marks if is_same_lane(name, lane))
            marks = [mark for name in alike for mark in self._marks[name]]
            self._lanes[lane] = _told(sorted(marks)) if marks else NOTHING_TOLD
        return self._lanes[lane]


def told_of(item: ItemFacts) -> ToldLanes:
    """What was told by lane."""
    by_lane: dict[LaneName, list[Mark]] = {}
    for entity, profile in item.blockers.items():
        for time, place, environment, until in profile.results:
            mark = Mark(time, entity, until)
            by_lane.setdefault((place, environment), []).append(mark)
    return ToldLanes(by_lane)


def _told(marks: Sequence[Mark]) -> Told:
    instants: list[int] = []
    holders: list[Holder] = []
    holder: Holder = None
    for time, group in groupby(marks, key=_TIME):
        holder, _ = step(holder, list(group))
        instants.append(time)
        holders.append(holder)
    successes = [mark for mark in marks if mark.is_success]
    begun = {mark.entity: mark.time for mark in reversed(marks)}
    return Told(marks, successes, instants, holders, begun)


def _others(marks: Sequence[Mark], instant: int, entity: str) -> Iterator[Mark]:
    for place in range(bisect_left(marks, (instant,)), len(marks)):
        if marks[place].entity != entity:
            yield marks[place]
