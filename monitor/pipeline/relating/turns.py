"""Which deploys without a name of their own follow each other.

A rollback is of the one before it there, so each has to know those on both sides.
Whoever comes last, or goes, brings those together that lie beside each other from then
on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from monitor.domain.deploys import turns_of
from monitor.domain.facts import Fact
from monitor.domain.working_time import DAY
from monitor.pipeline.relating.by_day import enter, ordered, take_out
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.lanes import add_sorted, nearest_days
from monitor.relate.rows import Section

_SEPARATOR = "\x1f"


# What is deployed, and the environment.
_Line = tuple[str, str]


class _Entry(NamedTuple):
    """A turn of what is deployed; ``word`` puts those of one instant in order."""

    line: _Line
    time: int
    word: str


def followers_of(
    section: Section, before: Iterable[Fact], working: WorkingSet
) -> Iterator[tuple[str, str]]:
    """Enter a deploy anew; each two of which one follows the other from now on.

    ``before`` are its facts as they were known until now.
    """
    now = _entries(section.entity, section.facts.values())
    known = _entries(section.entity, before)
    for entry in sorted(known - now):
        if _leave(entry, working):
            earlier, later = _beside(entry, working)
            yield from _pair(earlier, later)
    for entry in sorted(now):
        if _join(entry, working):
            earlier, later = _beside(entry, working)
            yield from _pair(earlier, entry.word)
            yield from _pair(entry.word, later)


def next_of(section: Section, working: WorkingSet) -> Iterator[str]:
    """The deploys that come next after the deploy's turns."""
    for entry in sorted(_entries(section.entity, section.facts.values())):
        _, later = _beside(entry, working)
        if later is not None:
            yield _entity(later)


def _entries(entity: str, facts: Iterable[Fact]) -> set[_Entry]:
    return {
        _Entry((turn.deployed, turn.environment), turn.time, f"{turn.rank}{entity}")
        for turn in turns_of(list(facts))
    }


def _entity(word: str) -> str:
    return word[1:]


def _pair(earlier: str | None, later: str | None) -> Iterator[tuple[str, str]]:
    if earlier is not None and later is not None:
        yield _entity(earlier), _entity(later)


def _join(entry: _Entry, working: WorkingSet) -> bool:
    """Put a turn in its place; whether it was not there."""
    line, time, word = entry
    day = time // DAY
    if not enter(_on(line, day), word, time, working):
        return False
    days = working.plain(_days(line)) or []
    if add_sorted(days, day):
        working.put_plain(_days(line), days)
    return True


def _leave(entry: _Entry, working: WorkingSet) -> bool:
    """Take a turn out; whether it was there."""
    line, time, word = entry
    day = time // DAY
    left = take_out(_on(line, day), word, time, working)
    if left == 0:
        # The nearest day has to hold what is nearest.
        days = [one for one in working.plain(_days(line)) if one != day]
        working.put_plain(_days(line), days)
    return left is not None


def _beside(entry: _Entry, working: WorkingSet) -> tuple[str | None, str | None]:
    """The words of the turns before and after one, whether or not it is there."""
    line, time, word = entry
    here = (time, word)
    days: Collection[int] = working.plain(_days(line)) or []
    earlier, later = nearest_days(list(days), time)
    before: list[tuple[int, str]] = []
    after: list[tuple[int, str]] = []
    for day in earlier:
        order = ordered(_on(line, day), working)
        place = bisect_left(order, here)
        before += order[place - 1 : place] if place else []
    for day in later:
        order = ordered(_on(line, day), working)
        place = bisect_right(order, here)
        after += order[place : place + 1]
    return (
        max(before)[1] if before else None,
        min(after)[1] if after else None,
    )


def _days(line: _Line) -> str:
    return _SEPARATOR.join(("turns", *line))


def _on(line: _Line, day: int) -> str:
    return _SEPARATOR.join(("turns", *line, str(day)))
