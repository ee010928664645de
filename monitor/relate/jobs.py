"""A job's default branch in order of time: where it is red, and by which run.

Red it is from a failure on, if it was green, until the next success; at one instant
the success comes last. Its successes and the failures of all branches, of which there
are many, lie apart by day. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import NamedTuple

from monitor.domain.items import RedSince
from monitor.domain.teams import BEGINNING


class Job(NamedTuple):
    """Failures on the default branch; days with its successes, with any failures.

    Of what was before ``since`` only that is left by which later failures are judged.
    """

    reds: list[RedSince]
    green_days: list[int]
    failed_days: list[int]
    since: int = BEGINNING

    def add_red(self, red: RedSince) -> bool:
        """Put a failure of the default branch in its place; whether it is new."""
        place = bisect_left(self.reds, red)
        if self.reds[place : place + 1] == [red]:
            return False
        insort(self.reds, red)
        return True

    def drop_red(self, red: RedSince) -> None:
        """Take a failure of the default branch out, if it is there."""
        if red in self.reds:
            self.reds.remove(red)

    def first_red(self, after: int) -> RedSince | None:
        """The earliest failure later than an instant."""
        place = bisect_right(self.reds, after, key=_time)
        return self.reds[place] if place < len(self.reds) else None

    def last_red(self, until: int) -> RedSince | None:
        """The latest failure up to an instant."""
        place = bisect_right(self.reds, until, key=_time)
        return self.reds[place - 1] if place else None


def _time(red: RedSince) -> int:
    return red.time


def job_from(stored: Job | Sequence[list[list[object]]] | None) -> Job:
    """The job of plain data, or itself; an empty one of nothing."""
    if isinstance(stored, Job):
        return stored
    if stored is None:
        return Job([], [], [])
    # Rows of before were not told since when.
    reds, green, failed, *since = stored
    return Job([RedSince(*one) for one in reds], list(green), list(failed), *since)  # type: ignore[arg-type]
