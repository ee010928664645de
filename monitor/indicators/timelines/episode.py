"""An episode: a run of waiting, of which only the first part is acute."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.working_time import Calendar


@dataclass(slots=True)
class Episode:
    """How much of the acute phase the current run of waiting has used.

    ``acute`` is the length of the phase in working milliseconds. Only working time
    without waiting ends an episode, on the calendar of whoever is charged for it:
    neither a stale pause does, nor a night or a weekend.
    """

    acute: int
    used: int = 0

    def stop(self) -> None:
        """The run of waiting is over: the next one is acute again."""
        self.used = 0

    def take(self, start: int, end: int, length: int, calendar: Calendar) -> int:
        """Where in the waiting interval, ``length`` working ms long, acute ends."""
        left = self.acute - self.used
        if length <= left:
            self.used += length
            return end
        self.used = self.acute
        split = calendar.instant_after(start, left) if left else start
        return end if split is None else split
