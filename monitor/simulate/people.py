"""People who are in no one team for good. They only review, so nothing is theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Staff(NamedTuple):
    """A person who is in two teams, by their ids."""

    login: str
    teams: tuple[str, str]


class Mover(NamedTuple):
    """A person who is in one team until the day begins (UTC), then in another."""

    login: str
    before: str
    after: str
    day: dt.date

    def team_at(self, instant: int) -> str:
        """The team the person is in."""
        begun = dt.datetime.combine(self.day, dt.time(), dt.UTC)
        return self.after if instant >= begun.timestamp() * 1_000 else self.before


def staff_of(teams: Sequence[str]) -> tuple[Staff, ...]:
    """One for each two neighbours."""
    return tuple(
        Staff(f"staff-{number}", both) for number, both in enumerate(pairwise(teams), 1)
    )


def movers_of(teams: Sequence[str], day: dt.date) -> tuple[Mover, ...]:
    """One of each team goes to the next."""
    both = zip(teams, [*teams[1:], teams[0]], strict=True)
    return tuple(
        Mover(f"mover-{number}", one, other, day)
        for number, (one, other) in enumerate(both, 1)
    )
