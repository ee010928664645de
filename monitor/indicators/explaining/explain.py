"""The segments behind a number, clipped to the time it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.teams import OTHER, Directory
from monitor.domain.timeline import UNIT, Component, Segment, Sort, Timeline
from monitor.indicators.totals.instant import amount_between, seconds

# What a question may ask about; a wait is asked about by its component.
COMPONENTS: Final = (*map(str, Component), *(str(s) for s in Sort if s != Sort.WAIT))


class Line(NamedTuple):
    """One segment: what it is, and exactly what it adds in seconds."""

    item: str
    team: str
    what: str
    on_team: str
    phase: str
    start: int
    end: int
    share: Fraction
    seconds: Fraction

    @property
    def working_ms(self) -> int:
        """Its length on its calendar; times the share that is what it adds."""
        return int(self.seconds / self.share * 1_000)


def _is_never_other(team: str, on_team: str) -> bool:
    del team, on_team
    return False


@dataclass(frozen=True, slots=True)
class Question:
    """Which number is asked about; ``None`` asks about all.

    ``component`` is one of the thirteen, or ``active``, ``unaccrued``,
    ``own_failure``, ``unclassified``. ``item`` is the key of a root item. A team is
    asked about by its id, several by the name that ``merged`` gives each of them, and
    by ``other`` those that are in it with the team they hold up: ``is_other``.
    """

    team: str
    on_team: str | None
    component: str | None
    start: int
    end: int
    item: str | None = None
    merged: Mapping[str, str] = field(default_factory=dict)
    is_other: Callable[[str, str], bool] = _is_never_other

    def charges(self, team: str) -> bool:
        """Whether it asks about what is charged to the team."""
        return self.team in (team, self.merged.get(team))

    def waits_for(self, team: str, on_team: str) -> bool:
        """Whether it asks about waits of a team for another; none where it is empty."""
        if self.on_team in (None, on_team, self.merged.get(on_team)):
            return True
        return self.on_team == OTHER and on_team != "" and self.is_other(team, on_team)


class Behind(NamedTuple):
    """A line, and the segment and timeline that it is cut from."""

    line: Line
    segment: Segment
    timeline: Timeline


def lines_of(
    timelines: Iterable[Timeline], question: Question, directory: Directory
) -> list[Line]:
    """The segments that make the number, in order of time; they sum to it exactly."""
    return [found.line for found in segments_of(timelines, question, directory)]


def segments_of(
    timelines: Iterable[Timeline], question: Question, directory: Directory
) -> list[Behind]:
    """The same, each with what it is cut from."""
    found = [
        Behind(_line(timeline.item, segment, amount, question), segment, timeline)
        for timeline in timelines
        for segment in timeline.segments
        if _asked(segment, question)
        if (amount := _amount(segment, question, directory))
    ]
    return sorted(found, key=lambda behind: (behind.line.start, behind.line))


def _amount(segment: Segment, question: Question, directory: Directory) -> int:
    return amount_between(segment, directory, question.start, question.end)


def what(segment: Segment) -> str:
    """The component of a wait, else what the segment is."""
    return segment.component or str(segment.sort)


def _asked(segment: Segment, question: Question) -> bool:
    team, on_team = segment.team, segment.on_team
    if not (question.charges(team) and question.waits_for(team, on_team)):
        return False
    if question.component is not None:
        return what(segment) == question.component
    # What stands beside the one-second law would be counted twice in a sum.
    return segment.sort in (Sort.WAIT, Sort.ACTIVE)


def _line(item: str, segment: Segment, amount: int, question: Question) -> Line:
    return Line(
        item,
        segment.team,
        what(segment),
        segment.on_team,
        segment.phase,
        max(segment.start, question.start),
        min(segment.end, question.end),
        Fraction(segment.share, UNIT),
        seconds(amount),
    )
