"""An episode: a run of waiting, of which only the first part is acute."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.working_time import Calendar


@dataclass(slots=True)
class Episode:
    """How much of the acute phase is left in the current run of waiting.

    ``acute`` is the length of the phase in working milliseconds. A gap without
    working time (a night, a weekend) does not end an episode.
    """

    acute: int
    left: int = 0
    last_end: int | None = None

    def pause(self, start: int, end: int, calendar: Calendar) -> None:
        """Neither a stale pause nor time in which nobody works ends an episode."""
        last = self.last_end
        if last is not None and (last == start or not calendar.between(last, start)):
            self.last_end = end

    def take(self, start: int, end: int, length: int, calendar: Calendar) -> int:
        """Where in the waiting interval, ``length`` working ms long, acute ends."""
        last = self.last_end
        if last is None or (last < start and calendar.between(last, start)):
            self.left = self.acute
        self.last_end = end
        left = self.left
        if length <= left:
            self.left = left - length
            return end
        self.left = 0
        split = calendar.instant_after(start, left) if left else start
        return end if split is None else split
