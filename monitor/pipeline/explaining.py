"""Explaining: segments and open waits with their rules, facts and records.

An item is judged once more from its stored facts. Where that gives other segments than
are stored (another teams file than the state was worked out with), or there are no
facts any more (sealed), the segment is told without a reason: none is better than a
wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.domain.facts import Fact
from monitor.domain.model import Model
from monitor.domain.teams import Directory
from monitor.domain.timeline import Segment, Timeline, Wait
from monitor.indicators.evaluate import evaluate, sweeps_of
from monitor.indicators.explaining.evidence import GOES_ON, Because, Evidence, Reason
from monitor.indicators.explaining.explain import Behind, Line, Question, segments_of
from monitor.indicators.explaining.open_now import OpenNow, open_at
from monitor.pipeline.batch import timelines_behind
from monitor.pipeline.kept_timelines import all_timelines, timelines_of
from monitor.pipeline.ports import StateReader, Table
from monitor.pipeline.relating.canonical import canonical_key
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


class OpenExplained(NamedTuple):
    """A wait that is open, and why it is there."""

    found: OpenNow
    reasons: tuple[Reason, ...]


def open_explained(
    state: StateReader, question: Question, directory: Directory, model: Model
) -> list[OpenExplained]:
    """The waits that are open at the question's last instant, the oldest first.

    As many as ``friction_open_waits`` counts, whether they add to a number or not.
    """
    asked = [
        (root, found)
        for root, timelines in _items(state, question)
        for found in open_at(timelines, question.end)
        if _is_asked(found.wait, question)
    ]
    asked.sort(key=lambda entry: (entry[1].wait.start, entry[1]))
    explained_of: list[OpenExplained] = []
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        working = WorkingSet(state)
        working.load_rows(list(dict.fromkeys(root for root, _ in some)))
        knows: dict[str, Evidence] = {}
        for root, found in some:
            if root not in knows:
                knows[root] = _evidence(working.row(root), working, directory, model)
            explained_of.append(OpenExplained(found, knows[root].opening(found.wait)))
    return explained_of


def pipeline_of(fact: Fact, directory: Directory) -> str:
    """The pipeline that a run's fact names; empty where it names none.

    That of a repository that no line claims is not told: whose account it is in may be
    a person's.
    """
    repo = fact.fields.get("repo")
    if repo is not None and directory.repository(repo) is None:
        return ""
    return fact.fields.get("pipeline", "")


def _items(
    state: StateReader, question: Question
) -> Iterable[tuple[str, Sequence[Timeline]]]:
    if question.item is None:
        return all_timelines(state)
    return [(question.item, timelines_of(state, question.item))]


def _is_asked(wait: Wait, question: Question) -> bool:
    return (
        question.charges(wait.team)
        and question.waits_for(wait.team, wait.on_team)
        and question.component in (None, wait.component)
    )


def _until(line: Line, because: Because | None, segment: Segment) -> Because:
    """Where the line ends before its segment, that goes on, whatever will end it."""
    if because is None:
        return Because()
    return because._replace(ended=GOES_ON) if line.end < segment.end else because


def _reasons(
    row: Row, working: WorkingSet, directory: Directory, model: Model
) -> Mapping[Segment, Because]:
    evidence = _evidence(row, working, directory, model)
    return {segment: evidence.because(segment) for segment in evidence.segments}


def _evidence(
    row: Row, working: WorkingSet, directory: Directory, model: Model
) -> Evidence:
    item = row.item(directory)
    segments = [s for one in evaluate(item, directory, model) for s in one.segments]
    # A deploy tells what it carried, and may lie beside it.
    elsewhere = item.blockers.keys() - row.sections.keys()
    others = {blocker: _facts_of(blocker, working) for blocker in sorted(elsewhere)}
    sweeps = sweeps_of(item, directory, model)
    return Evidence(sweeps, item.facts, segments, others)


def _facts_of(entity: str, working: WorkingSet) -> Sequence[Fact]:
    section = working.row(working.home(entity)).sections.get(entity)
    return tuple(section.facts.values()) if section is not None else ()
