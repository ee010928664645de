"""Timelines as bytes: versioned plain data, so that a store may keep them for years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic_core import from_json, to_json

from monitor.domain.deflated import inflated
from monitor.domain.stored_values import UNREADABLE, unreadable
from monitor.domain.timeline import (
    Component,
    Measure,
    Measured,
    Segment,
    Sort,
    Tally,
    Timeline,
    Wait,
)

# Version 1 had no measures, version 2 no exposure among them; version 3 did not say for
# how long what is waited for had been so.
VERSION: Final = 4
_READABLE: Final = frozenset({1, 2, 3, VERSION})

# Plain words are written twice as fast as members of an enumeration.
_WORDS: Final = {
    "": "",
    **{word: str(word) for word in (*Sort, *Component, *Measured)},
}
_SORTS: Final[dict[object, Sort]] = {str(sort): sort for sort in Sort}
_MEASURED: Final[dict[str, Measured]] = {str(name): name for name in Measured}

# Tuples of named fields, made of what lies in the order of these already.
_SEGMENT: Final = Segment._make
_TALLY: Final = Tally._make


class UnknownVersion(ValueError):  # noqa: N818 - a condition, as in errors.py
    """The bytes were written by a newer program."""


def pack_timelines(timelines: Sequence[Timeline]) -> bytes:
    """An item's timelines as bytes."""
    return to_json([VERSION, *[_pack(*timeline) for timeline in timelines]])


def unpack_timelines(packed: bytes) -> tuple[Timeline, ...]:
    """The timelines the bytes hold.

    Raises:
        StateCorrupt: they do not hold any, or a newer program wrote them.
    """
    try:
        version, *timelines = from_json(inflated(packed))
        if version not in _READABLE:
            raise UnknownVersion(f"timelines of version {version}, known is {VERSION}")
        return tuple([_unpack(*timeline) for timeline in timelines])
    except UNREADABLE as problem:
        raise unreadable("an item's time", problem) from problem


def told_of(measure: Measure) -> tuple[object, ...]:
    """What of a measure follows its name: most are one of something, at no place."""
    if measure.place:
        return measure[1:]
    return measure[1:-1] if measure.value != 1 else measure[1:-2]


def _pack(
    item: str,
    segments: Sequence[Segment],
    waits: Sequence[Wait],
    tallies: Sequence[Tally],
    measures: Sequence[Measure],
) -> list[object]:
    return [
        item,
        [
            [_WORDS[sort], team, on_team, _WORDS[component], *rest]
            for sort, team, on_team, component, *rest in segments
        ],
        [
            [team, on_team, _WORDS[component], *rest]
            for team, on_team, component, *rest in waits
        ],
        [list(tally) for tally in tallies],
        [[_WORDS[measure[0]], *told_of(measure)] for measure in measures],
    ]


def _unpack(
    item: str,
    segments: list[list[object]],
    waits: list[list[Any]],
    tallies: list[list[object]],
    measures: Sequence[list[Any]] = (),
) -> Timeline:
    return Timeline(
        item,
        tuple([_SEGMENT((_SORTS[sort], *rest)) for sort, *rest in segments]),
        tuple([Wait(*wait) for wait in waits]),
        tuple(map(_TALLY, tallies)),
        tuple([Measure(_MEASURED[str(name)], *rest) for name, *rest in measures]),
    )
