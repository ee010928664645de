"""Who is charged for an item, and from when on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.domain.teams import Schedule, Since
from monitor.domain.timeline import Tally

_START: Final = itemgetter(0)


class Handoff(NamedTuple):
    """A handoff open to ``to_team`` and not yet accepted."""

    start: int
    end: int
    to_team: str


class Charge(NamedTuple):
    """From ``start`` on: the owner, and whether a handoff is open."""

    start: int
    owner: str
    pending: bool


def charges_between(
    charged: Sequence[Charge], start: int, end: int
) -> Sequence[tuple[int, int, Charge]]:
    """Which charge holds from when to when, inside the bounds."""
    if len(charged) == 1:
        return ((start, end, charged[0]),)
    found: list[tuple[int, int, Charge]] = []
    first = max(bisect_right(charged, start, key=_START) - 1, 0)
    for index in range(first, len(charged)):
        charge = charged[index]
        if charge.start >= end:
            break
        following = charged[index + 1].start if index + 1 < len(charged) else end
        left, right = max(start, charge.start), min(end, following)
        if left < right:
            found.append((left, right, charge))
    return found


class Handover(NamedTuple):
    """Owners and handoffs over time; ``charged`` is sorted and starts at BEGINNING."""

    charged: tuple[Charge, ...]
    origin: str
    handoffs: tuple[Handoff, ...]
    tallies: tuple[Tally, ...]

    @property
    def owners(self) -> Schedule:
        """Who owns the item from when on, whoever it is being handed to."""
        found: list[Since] = []
        for start, owner, _ in self.charged:
            if not found or found[-1].team != owner:
                found.append(Since(start, owner))
        return tuple(found)

    @property
    def assignees(self) -> Schedule:
        """Who is to work on it from when on: whom it is handed to, else its owner."""
        if not self.handoffs:
            return self.owners
        steps = {start: owner for start, owner, _ in self.charged}
        # Where a handoff ends, the owner's charge begins, or the next handoff.
        steps |= {start: to_team for start, _, to_team in self.handoffs}
        found: list[Since] = []
        for start, team in sorted(steps.items()):
            if not found or found[-1].team != team:
                found.append(Since(start, team))
        return tuple(found)

    def team_at(self, instant: int) -> str:
        """The team charged for the item at an instant."""
        found = self.charged[0]
        if len(self.charged) > 1:
            last = bisect_right(self.charged, instant, key=_START) - 1
            found = self.charged[max(last, 0)]
        return self.origin if found.pending else found.owner
