"""Which series are about a team, so that a team's numbers cost no pass over all."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.timeline import Measured
from monitor.indicators.totals.accounts import Accounts
from monitor.indicators.totals.series import Family, Key

# What of a key, after family and calendar, are teams: the first two names, or one.
_PAIRS: Final = frozenset(
    {
        *(Family.WAIT, Family.WAITS, Family.OPEN, Family.HANDOFFS, Family.PINGPONGS),
        Measured.OPEN_LINKS,
    }
)
_TEAMS: Final = _PAIRS | {Family.ACTIVE, Family.STALE, Family.UNCLASSIFIED}
# What a team's row and its page are made of.
_SHOWN: Final = frozenset(
    {
        Family.WAIT,
        Family.ACTIVE,
        Family.OWN_FAILURE,
        Family.UNCLASSIFIED,
        Family.OPEN,
        Family.ITEM_FIRST,
        Family.ITEM_LAST,
        Family.ITEM_GAP,
    }
)


@dataclass(slots=True)
class TeamSeries:
    """Remembers how far it has looked. May be asked by several threads.

    It does without the books' lock, so that nobody waits for a long commit: series
    are only ever appended.
    """

    _numbers: dict[str, list[int]] = field(default_factory=dict)
    _looked_at: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def names(self, accounts: Accounts) -> list[str]:
        """Every name that stands for a team, in the order of the series' numbers."""
        with self._lock:
            self._look(accounts)
            return list(self._numbers)

    def about(self, accounts: Accounts, teams: Iterable[str]) -> set[int]:
        """The numbers of series whose amounts one of the teams is charged or asked."""
        with self._lock:
            self._look(accounts)
            return {one for team in teams for one in self._numbers.get(team, ())}

    def _look(self, accounts: Accounts) -> None:
        new = accounts.by_number[self._looked_at :]
        for series in new:
            for name in _teams_of(series.key):
                numbers = self._numbers.setdefault(name, [])
                if series.key[0] in _SHOWN:
                    numbers.append(series.number)
        self._looked_at += len(new)


def _teams_of(key: Key) -> Iterable[str]:
    family = key[0]
    if family in _PAIRS:
        return key[2:4]
    return key[2:3] if family in _TEAMS or family in _SHOWN else ()
