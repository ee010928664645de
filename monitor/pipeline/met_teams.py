"""Teams that no sample told of and events have named since, the first met first.

The order is that of the numbers that stored series have, so a start changes nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.teams import Directory, Team
from monitor.indicators.series import Family
from monitor.pipeline.books import Books

# Their keys name, after family and calendar, a team; those of the first a second one.
_PAIRS: Final = frozenset(
    {Family.WAIT, Family.WAITS, Family.OPEN, Family.HANDOFFS, Family.PINGPONGS}
)
_TEAMS: Final = _PAIRS | {Family.ACTIVE, Family.STALE, Family.UNCLASSIFIED}


@dataclass(slots=True)
class MetTeams:
    """Remembers how far it has looked. May be asked by several threads.

    It does without the books' lock, so that health is shown during a long commit:
    series are only ever appended.
    """

    _teams: dict[str, Team] = field(default_factory=dict)
    _looked_at: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def met(self, books: Books, directory: Directory) -> list[Team]:
        """Every team of the books that the directory does not list; a file's: none."""
        if not directory.provisional:
            return []
        with self._lock:
            new = books.accounts.by_number[self._looked_at :]
            for one in new:
                family, _, *names = one.key
                if family in _TEAMS:
                    for name in names[: 2 if family in _PAIRS else 1]:
                        self._meet(name, directory)
            self._looked_at += len(new)
            return list(self._teams.values())

    def _meet(self, name: str, directory: Directory) -> None:
        if name not in directory.teams and name not in self._teams:
            team = directory.team(name)
            if team is not None:
                self._teams[name] = team
