"""What is kept of a sealed item: its timelines, in an eighth of their bytes.

Facts are gone then, so where its flights begin is kept as well: with it the waits can
be split anew between their phases. An instant is told as the distance from the one
before, and a share as one part of so many, because small numbers are short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pydantic_core import from_json, to_json

from monitor.domain.deflated import deflate, inflated
from monitor.domain.marks import Mark
from monitor.domain.marks import Sort as Says
from monitor.domain.packed import told_of
from monitor.domain.stored_values import UNREADABLE, unreadable
from monitor.domain.timeline import (
    TIMED,
    UNIT,
    Measure,
    Measured,
    Segment,
    Sort,
    Tally,
    Timeline,
    Wait,
)

_SECOND: Final = 1_000
_HEAD: Final = 5
_SORTS: Final[dict[str, Sort]] = {str(sort): sort for sort in Sort}

# Turns instants into distances, or back; to be given them in the order of writing.
_Step = Callable[[int], int]
# As they are written: own name, segments, waits, tallies, measures.
_PlainTimeline = tuple[
    str,
    list[tuple[Any, ...]],
    list[tuple[Any, ...]],
    list[tuple[str, str, str, int]],
    list[tuple[Any, ...]],
]


class Sealed(NamedTuple):
    """A sealed item: when it closed, where its flights begin (ms), its timelines.

    ``marks`` are what it says to the signals beside what its timelines say.
    """

    closed: int
    breaks: tuple[int, ...]
    timelines: tuple[Timeline, ...]
    marks: tuple[Mark, ...] = ()


def closed_at(packed: bytes) -> int:
    """When the item closed, to the second (ms); cheaper than all of it."""
    return int.from_bytes(packed[:_HEAD], "big") * _SECOND


def seal(item: str, sealed: Sealed) -> bytes:
    """The sealed item of that key as bytes."""
    closed = sealed.closed // _SECOND
    scale = 1 if any(time % _SECOND for time in _times(sealed)) else _SECOND
    step = _distances(closed * _SECOND, scale)
    plain = [
        scale,
        [step(instant) for instant in sealed.breaks],
        [_packed(item, timeline, step, scale) for timeline in sealed.timelines],
        [_packed_mark(item, mark, closed * _SECOND) for mark in sealed.marks],
    ]
    return closed.to_bytes(_HEAD, "big") + deflate(to_json(plain))


def unseal(item: str, packed: bytes) -> Sealed:
    """The sealed item of that key that the bytes hold. Raises StateCorrupt."""
    try:
        return _unsealed(item, packed)
    except UNREADABLE as problem:
        raise unreadable("a sealed item", problem) from problem


def _unsealed(item: str, packed: bytes) -> Sealed:
    scale, breaks, timelines, marks = from_json(inflated(packed[_HEAD:]))
    closed = closed_at(packed)
    back = _instants(closed, scale)
    return Sealed(
        closed,
        tuple([back(distance) for distance in breaks]),
        tuple([_unpacked(item, plain, back, scale) for plain in timelines]),
        tuple([_mark(item, closed, *mark) for mark in marks]),
    )


def _times(sealed: Sealed) -> Iterator[int]:
    """Every time and span there is."""
    yield from sealed.breaks
    for _, segments, waits, tallies, measures in sealed.timelines:
        for segment in segments:
            yield from (segment.start, segment.end)
        for wait in waits:
            yield from (wait.start, wait.end, wait.duration, wait.earlier)
        yield from (tally.time for tally in tallies)
        for measure in measures:
            yield measure.time
            if measure.name in TIMED:
                yield measure.value


def _distances(start: int, scale: int) -> _Step:
    last = start

    def step(instant: int) -> int:
        nonlocal last
        before, last = last, instant
        return (instant - before) // scale

    return step


def _instants(start: int, scale: int) -> _Step:
    last = start

    def step(distance: int) -> int:
        nonlocal last
        last += distance * scale
        return last

    return step


def _packed(item: str, timeline: Timeline, step: _Step, scale: int) -> list[object]:
    own, segments, waits, tallies, measures = timeline
    return [
        "" if own == item else own,
        [_packed_segment(segment, step) for segment in segments],
        [_packed_wait(wait, step, scale) for wait in waits],
        [[name, team, on_team, step(time)] for name, team, on_team, time in tallies],
        [_packed_measure(measure, step, scale) for measure in measures],
    ]


def _packed_measure(measure: Measure, step: _Step, scale: int) -> list[object]:
    span = measure.value // scale if measure.name in TIMED else measure.value
    found = measure._replace(time=step(measure.time), value=span)
    return [str(measure.name), *told_of(found)]


def _packed_segment(segment: Segment, step: _Step) -> list[object]:
    """The segment without what mostly follows: its calendar is its team's."""
    sort, team, on_team, component, phase, start, end, share, calendar, entity = segment
    parts = UNIT // share if share and UNIT % share == 0 else -share
    names = [str(sort), team, on_team, str(component), phase]
    rest = [] if (calendar, entity) == (team, "") else [calendar, entity]
    return [*names, step(start), step(end), parts, *rest]


def _packed_wait(wait: Wait, step: _Step, scale: int) -> list[object]:
    """The wait without what mostly ends it: what it waits for begins as it does."""
    team, on_team, component, start, end, *spans = wait
    plain = [span // scale for span in spans]
    rest = plain if wait.earlier else plain[:-1]
    return [team, on_team, str(component), step(start), step(end), *rest]


def _unpacked(item: str, plain: _PlainTimeline, back: _Step, scale: int) -> Timeline:
    own, segments, waits, tallies, measures = plain
    return Timeline(
        own or item,
        tuple([_segment(back, *segment) for segment in segments]),
        tuple([_wait(back, scale, *wait) for wait in waits]),
        tuple([Tally(name, team, on, back(time)) for name, team, on, time in tallies]),
        tuple(
            [
                _measure(scale, Measure(Measured(name), team, label, back(time), *rest))
                for name, team, label, time, *rest in measures
            ]
        ),
    )


def _measure(scale: int, plain: Measure) -> Measure:
    is_span = plain.name in TIMED
    return plain._replace(value=plain.value * scale) if is_span else plain


def _wait(
    back: _Step,
    scale: int,
    team: str,
    on_team: str,
    component: str,
    start: int,
    end: int,
    *spans: int,
) -> Wait:
    names = (team, on_team, component)
    return Wait(*names, back(start), back(end), *[span * scale for span in spans])


def _segment(
    back: _Step,
    sort: str,
    team: str,
    on_team: str,
    component: str,
    phase: str,
    start: int,
    end: int,
    parts: int,
    calendar: str | None = None,
    entity: str = "",
) -> Segment:
    share = UNIT // parts if parts > 0 else -parts
    names = (_SORTS[sort], team, on_team, component, phase)
    whose = team if calendar is None else calendar
    return Segment(*names, back(start), back(end), share, whose, entity)


def _packed_mark(item: str, mark: Mark, closed: int) -> list[object]:
    """The mark as a list, without the empty values that most end with."""
    sort, start, end, key, *rest = mark
    plain = [str(sort), start - closed, end - start, "" if key == item else key, *rest]
    while not plain[-1]:
        plain.pop()
    return plain


def _mark(
    item: str,
    closed: int,
    sort: str,
    start: int = 0,
    length: int = 0,
    key: str = "",
    team: str = "",
    *rest: Any,
) -> Mark:
    begun = closed + start
    return Mark(Says(sort), begun, begun + length, key or item, team, *rest)
