"""Values that change at instants, and intervals of opens and closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

FOREVER = 1 << 60


@dataclass(frozen=True)
class Steps:
    """A value from each instant on; before the first, the first value holds."""

    points: tuple[tuple[int, str], ...]

    def at(self, moment: int) -> str:
        """The value at an instant."""
        value = self.points[0][1]
        for start, changed in self.points:
            if start <= moment:
                value = changed
        return value


@dataclass(frozen=True)
class Span:
    """A half-open interval of time; ``end`` is ``FOREVER`` while open."""

    start: int
    end: int

    def holds(self, moment: int) -> bool:
        """Whether the instant lies inside."""
        return self.start <= moment < self.end


def pair(opens: Iterable[int], closes: Iterable[int]) -> list[Span]:
    """Spans of one key: a second open is idempotent, the first close wins.

    At an instant that has both: if it was open before, it closes and opens anew;
    otherwise it opens and closes at once (nothing).
    """
    starts, ends = set(opens), set(closes)
    spans: list[Span] = []
    opened: int | None = None
    for moment in sorted(starts | ends):
        both = moment in starts and moment in ends
        if opened is not None and moment in ends:
            spans.append(Span(opened, moment))
            opened = moment if both else None
        elif opened is None and moment in starts and not both:
            opened = moment
    if opened is not None:
        spans.append(Span(opened, FOREVER))
    return spans


def overlap(first: Iterable[Span], second: Iterable[Span]) -> list[Span]:
    """The time in both lists of spans."""
    second = list(second)
    common = [
        Span(max(one.start, two.start), min(one.end, two.end))
        for one in first
        for two in second
    ]
    return [span for span in common if span.start < span.end]


def without(spans: Iterable[Span], removed: Iterable[Span]) -> list[Span]:
    """The time of ``spans`` that is in none of ``removed``."""
    rest = list(spans)
    for hole in removed:
        pieces: list[Span] = []
        for span in rest:
            before = Span(span.start, min(span.end, hole.start))
            behind = Span(max(span.start, hole.end), span.end)
            pieces += [piece for piece in (before, behind) if piece.start < piece.end]
        rest = pieces if hole.start < hole.end else rest
    return rest


def where(points: Iterable[int], holds: Callable[[int], bool]) -> list[Span]:
    """The spans between points at whose start the condition holds."""
    moments = sorted(set(points))
    ends = [*moments[1:], FOREVER]
    return [
        Span(start, end)
        for start, end in zip(moments, ends, strict=True)
        if holds(start)
    ]
