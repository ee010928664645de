"""Readings: what a signal comes to on one day, and how that compares.

A signal may have several conditions. Each is judged by itself against its
threshold; ``both`` and ``either`` join them. Beside "above" there is "below 80 % of
the threshold", because a signal is turned off later than on. Unknown stays unknown:
a condition without data is ``None`` and never counts as zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

# A signal goes off only below this share of its threshold (indicators 3).
OFF_SHARE: Final = Fraction(4, 5)
# Items and teams named as evidence for one thing; the rest is counted.
MOST_EVIDENCE: Final = 10


class Judged(NamedTuple):
    """Whether the threshold is reached, and whether 80 % of it are not."""

    above: bool
    below: bool


class Part(NamedTuple):
    """One condition: what it is called, its value, its threshold, its judgement."""

    name: str
    value: Fraction | None
    threshold: Fraction
    judged: Judged | None


class Evidence(NamedTuple):
    """What made a reading: a thing, its teams and its items, newest first.

    ``items`` holds the first few; ``number`` is of all.
    """

    what: str
    teams: tuple[str, ...]
    items: tuple[str, ...] = ()
    number: int = 0
    value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A signal on one day: its ratio, its conditions and the judgement on all.

    ``exempt`` says why a day is not judged, where somebody declared that.
    """

    ratio: Fraction | None
    threshold: Fraction
    parts: tuple[Part, ...]
    judged: Judged | None
    evidence: tuple[Evidence, ...] = ()
    exempt: str = ""


def at_least(name: str, value: Fraction | None, threshold: Fraction) -> Part:
    """The condition that a value reaches its threshold.

    >>> at_least("share", Fraction(1, 2), Fraction(1, 2)).judged
    Judged(above=True, below=False)
    >>> at_least("share", Fraction(39, 100), Fraction(1, 2)).judged
    Judged(above=False, below=True)
    """
    if value is None:
        return Part(name, None, threshold, None)
    judged = Judged(value >= threshold, value < threshold * OFF_SHARE)
    return Part(name, value, threshold, judged)


def under(name: str, value: Fraction | None, floor: Fraction) -> Part:
    """The condition that a value is under its floor; off above ``floor / 80 %``.

    >>> under("upkeep", Fraction(14, 100), Fraction(15, 100)).judged
    Judged(above=True, below=False)
    >>> under("upkeep", Fraction(19, 100), Fraction(15, 100)).judged
    Judged(above=False, below=True)
    """
    if value is None:
        return Part(name, None, floor, None)
    return Part(name, value, floor, Judged(value < floor, value > floor / OFF_SHARE))


def rising(name: str, slope: Fraction | None) -> Part:
    """The condition that something grows: there is no margin around zero.

    >>> rising("rework", Fraction(0)).judged
    Judged(above=False, below=True)
    """
    if slope is None:
        return Part(name, None, Fraction(0), None)
    return Part(name, slope, Fraction(0), Judged(slope > 0, slope <= 0))


def both(*judged: Judged | None) -> Judged | None:
    """Every condition holds; off as soon as one is off, whatever is unknown."""
    if any(one is not None and one.below for one in judged):
        return Judged(above=False, below=True)
    known = [one for one in judged if one is not None]
    if len(known) < len(judged):
        return None
    return Judged(all(one.above for one in known), below=False)


def either(*judged: Judged | None) -> Judged | None:
    """Any condition holds; off when all that are known are off."""
    known = [one for one in judged if one is not None]
    if not known:
        return None
    return Judged(
        any(one.above for one in known), below=all(one.below for one in known)
    )


def listed(names: Iterable[str]) -> tuple[str, ...]:
    """The first few of the names, each once, in the order given."""
    return tuple(dict.fromkeys(names))[:MOST_EVIDENCE]
