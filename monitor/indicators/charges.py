"""Who is charged for an item, and from when on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from monitor.domain.timeline import Tally


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
    for index, charge in enumerate(charged):
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

    def team_at(self, instant: int) -> str:
        """The team charged for the item at an instant."""
        found = self.charged[0]
        for charge in self.charged:
            if charge.start > instant:
                break
            found = charge
        return self.origin if found.pending else found.owner
