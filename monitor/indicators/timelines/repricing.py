"""The split of waits into acute and chronic, done anew from a timeline's own segments.

Another D0 changes history. Where the facts are gone, the segments and the beginnings of
flights tell all that the split depends on: how long the item has waited without a break
(indicators 1.1). Everything else stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from monitor.domain.sealed import Sealed
from monitor.domain.teams import Directory
from monitor.domain.timeline import Segment, Sort, Timeline
from monitor.indicators.timelines.episode import Episode
from monitor.indicators.waits.intervals import united, without

_SPLIT: Final = frozenset({"acute", "chronic"})
# Beside the one-second law; and a pause for staleness ends no episode.
_NO_BREAK: Final = frozenset({Sort.OWN_FAILURE, Sort.UNCLASSIFIED})


def repriced(sealed: Sealed, directory: Directory, d0_ms: int) -> Sealed:
    """The sealed item with its waits split at this D0 (working ms)."""
    timelines = tuple(
        _repriced(timeline, sealed.breaks, directory, d0_ms)
        for timeline in sealed.timelines
    )
    return sealed._replace(timelines=timelines)


def _repriced(
    timeline: Timeline, breaks: Sequence[int], directory: Directory, d0_ms: int
) -> Timeline:
    waits = [s for s in timeline.segments if _is_split(s)]
    if not waits:
        return timeline
    others = [s for s in timeline.segments if not _is_split(s)]
    breaking = [(s.start, s.end) for s in others if _breaks(s)]
    stale = united((s.start, s.end) for s in others if s.phase == "stale")
    split = _Split(directory, d0_ms, breaking, stale, sorted(breaks))
    for start, end in _intervals(waits):
        split.take(start, end, [s for s in waits if s.start <= start < s.end])
    found = sorted([*others, *split.joined()], key=lambda s: (s.start, s))
    return timeline._replace(segments=tuple(found))


def _is_split(segment: Segment) -> bool:
    return segment.sort is Sort.WAIT and segment.phase in _SPLIT


def _breaks(segment: Segment) -> bool:
    """Whether time of this sort, inside flight, ends an episode."""
    return segment.sort not in _NO_BREAK and segment.phase != "stale"


def _intervals(waits: Iterable[Segment]) -> list[tuple[int, int]]:
    """The stretches in which the item waits, cut wherever anything changes."""
    points = sorted({point for s in waits for point in (s.start, s.end)})
    spans = [(s.start, s.end) for s in waits]
    return [
        (left, right)
        for left, right in pairwise(points)
        if any(start <= left < end for start, end in spans)
    ]


@dataclass(slots=True)
class _Split:
    """Walks the stretches of waiting in order; splits and joins them again."""

    directory: Directory
    d0_ms: int
    breaking: Sequence[tuple[int, int]]
    stale: Sequence[tuple[int, int]]
    flights: Sequence[int]
    episode: Episode = field(init=False)
    last: int | None = None
    found: dict[Segment, list[list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.episode = Episode(self.d0_ms)

    def take(self, start: int, end: int, waits: Sequence[Segment]) -> None:
        """One stretch in which these are waited for, each with its share."""
        calendar = self.directory.calendar(waits[0].calendar)
        if self.last is not None and self._is_broken(self.last, start, waits[0]):
            self.episode.stop()
        self.last = end
        length = calendar.between(start, end)
        split = self.episode.take(start, end, length, calendar)
        for wait in waits:
            self._add(wait._replace(phase="acute"), start, split)
            self._add(wait._replace(phase="chronic"), split, end)

    def _is_broken(self, last: int, start: int, wait: Segment) -> bool:
        """Whether the episode ended between two stretches of waiting."""
        if bisect_right(self.flights, start) > bisect_right(self.flights, last - 1):
            return True
        if any(left < start and right > last for left, right in self.breaking):
            return True
        return self._is_uncovered(last, start, wait)

    def _is_uncovered(self, last: int, start: int, wait: Segment) -> bool:
        """Whether working time lies between them that is in no segment at all.

        As of a deploy outside flight, which is nothing while it does not wait.
        """
        calendar = self.directory.calendar(wait.calendar)
        gaps = without((last, start), self.stale) if last < start else ()
        return any(calendar.between(left, right) for left, right in gaps)

    def _add(self, kind: Segment, start: int, end: int) -> None:
        if start >= end:
            return
        spans = self.found.setdefault(kind._replace(start=0, end=0), [])
        if spans and spans[-1][1] == start:
            spans[-1][1] = end
        else:
            spans.append([start, end])

    def joined(self) -> list[Segment]:
        """The segments, neighbours of one kind joined."""
        return [
            kind._replace(start=start, end=end)
            for kind, spans in self.found.items()
            for start, end in spans
        ]
