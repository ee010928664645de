"""Which reopenings are counted, and how long each took: written from the definition.

"A wait counts when it is first foreign and in flight; its duration is charged-calendar
time from then to close or cap" (design 11.2); a reopening closes when it is done again,
and whenever it leaves flight (indicators 1.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from tests.harness.plain_events import PlainWorld
from tests.harness.plain_life import Life
from tests.harness.plain_steps import FOREVER, Span

# Whom it is charged to, who caused it, from when, until when, and working ms; of one
# that is open no length.
Counted = tuple[str, str, int, int, int]


def counted_reopenings(lives: Mapping[str, Life], world: PlainWorld) -> list[Counted]:
    """The reopenings by another team, of all items together."""
    return sorted(
        found
        for life in lives.values()
        if life.root not in ("incident", "run")
        for flight in life.flights
        for found in _in(flight, life, world)
    )


def _in(flight: Span, life: Life, world: PlainWorld) -> Iterator[Counted]:
    cuts = {flight.start, flight.end}
    cuts |= {moment for moment, _ in life.again.points}
    cuts |= {moment for moment, _ in life.hands.owner.points}
    cuts |= {edge for span, _ in life.hands.open for edge in (span.start, span.end)}
    inside = sorted(cut for cut in cuts if flight.start <= cut <= flight.end)
    pieces = [Span(start, end) for start, end in pairwise(inside)]
    while pieces:
        cause, blamed = _cause(pieces[0].start, life, world), [pieces.pop(0)]
        while pieces and _cause(pieces[0].start, life, world) == cause:
            blamed.append(pieces.pop(0))
        if cause:
            yield from _counted(cause, blamed, life, world)


def _cause(moment: int, life: Life, world: PlainWorld) -> str:
    cause = life.again.at(moment)
    return "" if cause in ("", "rework") else world.named(cause)


def _counted(
    cause: str, blamed: list[Span], life: Life, world: PlainWorld
) -> Iterator[Counted]:
    foreign = [
        piece
        for piece in blamed
        if cause not in (life.charged(piece.start), life.hands.owner.at(piece.start))
    ]
    if not foreign:
        return
    start, end = foreign[0].start, blamed[-1].end
    teams = [life.charged(piece.start) for piece in foreign]
    worked = sum(
        world.calendar_of(team).worked(piece.start, piece.end)
        for team, piece in zip(teams, foreign, strict=True)
        if end < FOREVER
    )
    yield teams[0], cause, start, end, worked
