"""Explaining: the segments behind a number with their rules, facts and records.

An item is judged once more from its stored facts. Where that gives other segments than
are stored (another teams file than the state was worked out with), or there are no
facts any more (sealed), the segment is told without a reason: none is better than a
wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import Segment
from monitor.indicators.evaluate import evaluate, sweeps_of
from monitor.indicators.evidence import GOES_ON, Because, Evidence
from monitor.indicators.explain import Behind, Line, Question, segments_of
from monitor.pipeline.batch import timelines_behind
from monitor.pipeline.ports import StateReader, Table
from monitor.pipeline.relating.aliases import canonical_key
from monitor.pipeline.working_set import WorkingSet
from monitor.relate.rows import Row

_AT_ONCE: Final = 500
_KNOWING: Final[tuple[Table, ...]] = ("items", "timelines", "sealed")


class Explained(NamedTuple):
    """A line, and why it is there."""

    line: Line
    because: Because


def item_named(state: StateReader, name: str) -> str | None:
    """The root item a name stands for: its key, an alias, or a part of it.

    ``owner/repo#12`` is looked up by the repository's number; None for nothing known.
    """
    working = WorkingSet(state)
    root = working.home(canonical_key(name, working))
    known = any(state.get_many(table, [root]) for table in _KNOWING)
    return root if known else None


def explained(
    state: StateReader, question: Question, directory: Directory, model: Model
) -> list[Explained]:
    """The lines of the question, in order of time; they sum to the number exactly."""
    found = segments_of(timelines_behind(state, question), question, directory)
    return with_reasons(state, found, directory, model)


def with_reasons(
    state: StateReader, found: Sequence[Behind], directory: Directory, model: Model
) -> list[Explained]:
    """Each line with why it is there."""
    why: dict[tuple[str, Segment], Because] = {}
    items = list(dict.fromkeys(behind.timeline.item for behind in found))
    for first in range(0, len(items), _AT_ONCE):
        some = items[first : first + _AT_ONCE]
        working = WorkingSet(state)
        working.load_rows(some)
        for key in some:
            reasons = _reasons(working.row(key), working, directory, model)
            why.update(((key, segment), one) for segment, one in reasons.items())
    return [
        Explained(line, _until(line, why.get((timeline.item, segment)), segment))
        for line, segment, timeline in found
    ]


def _until(line: Line, because: Because | None, segment: Segment) -> Because:
    """Where the line ends before its segment, that goes on, whatever will end it."""
    if because is None:
        return Because()
    return because._replace(ended=GOES_ON) if line.end < segment.end else because


def _reasons(
    row: Row, working: WorkingSet, directory: Directory, model: Model
) -> Mapping[Segment, Because]:
    item = row.item(directory)
    segments = [s for one in evaluate(item, directory, model) for s in one.segments]
    # A deploy tells what it carried, and may lie beside it.
    elsewhere = item.blockers.keys() - row.sections.keys()
    others = {blocker: _facts_of(blocker, working) for blocker in sorted(elsewhere)}
    sweeps = sweeps_of(item, directory, model)
    evidence = Evidence(sweeps, item.facts, segments, others)
    return {segment: evidence.because(segment) for segment in segments}


def _facts_of(entity: str, working: WorkingSet) -> Sequence[Fact]:
    section = working.row(working.home(entity)).sections.get(entity)
    return tuple(section.facts.values()) if section is not None else ()
