"""Which deploys without a name of their own follow each other.

A rollback is of the one before it there, so each has to know those on both sides.
Whoever comes last, or goes, brings those together that lie beside each other from then
on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from monitor.domain.deploys import turns_of
from monitor.domain.facts import Fact
from monitor.pipeline.relating.lines import SEPARATOR, Line
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.rows import Section

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
        if _on(entry.line, working).take_out(entry.time, entry.word):
            earlier, later = _beside(entry, working)
            yield from _pair(earlier, later)
    for entry in sorted(now):
        if _on(entry.line, working).enter(entry.time, entry.word):
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


def _beside(entry: _Entry, working: WorkingSet) -> tuple[str | None, str | None]:
    """The words of the turns before and after one, whether or not it is there."""
    line, here = _on(entry.line, working), (entry.time, entry.word)
    before, after = line.before(here), line.after(here)
    return before[1] if before else None, after[1] if after else None


def _on(line: _Line, working: WorkingSet) -> Line:
    return Line(SEPARATOR.join(("turns", *line)), working)
