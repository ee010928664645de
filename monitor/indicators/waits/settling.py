"""What settles a failed run without a cause: a success, another sha, or a break.

An item may have thousands of runs that fail, so each finds what comes after it
without going through the runs between.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.items import FOREVER
from monitor.indicators.waits.intervals import LOOSE

_TIME: Final = attrgetter("time")
_SUCCESS: Final = "success"


@dataclass(slots=True)
class Breaks:
    """What makes a pending failure own: pushes by change, and ends of flight (LOOSE).

    A failure that belongs to no change is broken by all of them.
    """

    _times: dict[str, list[int]]
    _all: list[int]

    def following(self, level: str, instant: int) -> int:
        """The first after an instant; FOREVER for none."""
        return min(_after(times, instant) for times in self._of(level))

    def has(self, level: str, instant: int) -> bool:
        """Whether there is one at the instant."""
        return self.following(level, instant - 1) == instant

    def _of(self, level: str) -> Iterable[Sequence[int]]:
        if level == LOOSE:
            return (self._all,)
        return (self._times.get(LOOSE, ()), self._times.get(level, ()))


def breaks_of(found: Iterable[tuple[int, str]]) -> Breaks:
    """The breaks by change, from (instant, change or LOOSE)."""
    ordered = sorted(found)
    times: dict[str, list[int]] = {}
    for time, change in ordered:
        times.setdefault(change, []).append(time)
    return Breaks(times, [time for time, _ in ordered])


@dataclass(slots=True)
class Settling:
    """The runs of one pipeline, by what they can settle."""

    runs: Sequence[Fact]
    # Places among the runs, in order: of those that say a sha, with the place of the
    # next that says another one; of successes by sha; of what ends a run without one.
    _said: Sequence[int]
    _turns: dict[int, int]
    _passed: dict[str, list[int]]
    _ending: Sequence[int]

    def settled(self, first: Fact, broken: int) -> tuple[int, Fact | None] | None:
        """The first event after a failure that settles it; None for none.

        ``broken`` is its first break. A success on the same sha comes with its fact;
        anything else is own. Of one instant the success counts.
        """
        sha = first.fields.get("sha")
        later = bisect_right(self.runs, first.time, key=_TIME)
        if sha is None:
            own = min(broken, self._time(_next(self._ending, later)))
        else:
            own = min(broken, self._time(self._other(sha, later)))
            passed = _next(self._passed.get(sha, ()), later)
            if passed is not None and self.runs[passed].time <= own:
                return self.runs[passed].time, self.runs[passed]
        return None if own == FOREVER else (own, None)

    def _other(self, sha: str, later: int) -> int | None:
        """The place of the next run, from a place on, that says another sha."""
        place = _next(self._said, later)
        if place is None or self.runs[place].fields.get("sha") != sha:
            return place
        return self._turns.get(place)

    def _time(self, place: int | None) -> int:
        return FOREVER if place is None else self.runs[place].time


def settling(runs: Sequence[Fact]) -> Settling:
    """The runs (in order of time) by what they can settle."""
    said: list[int] = []
    passed: dict[str, list[int]] = {}
    ending: list[int] = []
    for place, run in enumerate(runs):
        sha = run.fields.get("sha")
        succeeded = run.fields.get("outcome") == _SUCCESS
        if sha is not None:
            said.append(place)
            if succeeded and run.kind is Kind.RUN_FINISHED:
                passed.setdefault(sha, []).append(place)
        if sha is not None or succeeded:
            ending.append(place)
    return Settling(runs, said, _turns(runs, said), passed, ending)


def _turns(runs: Sequence[Fact], said: Sequence[int]) -> dict[int, int]:
    """For each run that says a sha the next that says another, if there is one."""
    turns: dict[int, int] = {}
    for place, following in reversed(list(pairwise(said))):
        if runs[place].fields["sha"] != runs[following].fields["sha"]:
            turns[place] = following
        elif following in turns:
            turns[place] = turns[following]
    return turns


def _next(places: Sequence[int], later: int) -> int | None:
    following = bisect_left(places, later)
    return places[following] if following < len(places) else None


def _after(times: Sequence[int], instant: int) -> int:
    following = bisect_right(times, instant)
    return times[following] if following < len(times) else FOREVER
