"""Gaps: which references nobody claims, and how many seconds each of them hides.

Seconds of a segment that belongs to ``unknown``, or waits for it, are laid to what
the facts that opened the wait, or tell the owner, name and no rule resolves at that
time; where they name several such things, in equal parts. So the gaps sum to all
unknown seconds exactly. What no fact names at all stands under an empty reference: no
line of a file can resolve that.

A value of a tracker's team field that nobody claims hides no seconds, because the
project's owner stands in for it; but whose they are it may hide, and every handover
to it. So it is a gap of no length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from monitor.domain.facts import TEAM_AREA
from monitor.domain.items import ItemFacts
from monitor.domain.teams import UNKNOWN, Directory
from monitor.domain.timeline import Segment, Sort, Timeline
from monitor.indicators.explaining.naming import OWNER, FactsOf, Naming
from monitor.indicators.totals.instant import amount_between, seconds

AREA: Final = "area"


class Gap(NamedTuple):
    """A reference as ``repo:acme/checkout``, and what would be named by claiming it.

    ``hides`` are ``owner``, ``area`` and components; ``items`` counts the items it
    is in.
    """

    reference: str
    hides: tuple[str, ...]
    seconds: Fraction
    items: int


def gaps_of(
    items: Iterable[tuple[ItemFacts, tuple[Timeline, ...]]],
    directory: Directory,
    start: int,
    end: int,
    facts_of: FactsOf = lambda _: (),
) -> list[Gap]:
    """Every gap inside [start, end) in ms, the one that hides most first.

    ``facts_of`` tells the facts of what is waited for: of blockers, requests, freezes.
    """
    hidden: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    met: defaultdict[str, set[str]] = defaultdict(set)
    for item, timelines in items:
        naming: Naming | None = None
        for role, segment in _unknown(timelines, directory, start, end):
            naming = naming or Naming(item, directory, facts_of)
            left, right = max(segment.start, start), min(segment.end, end)
            for span, found in naming.parts(role, left, right):
                amount = amount_between(segment, directory, *span)
                for reference in (found or ("",)) if amount else ():
                    hidden[reference, role] += seconds(amount) / max(len(found), 1)
                    met[reference].add(item.key)
        for reference in _areas(item, directory, start, end):
            hidden[reference, AREA] += 0
            met[reference].add(item.key)
    by_reference: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
    for (reference, role), amount_hidden in hidden.items():
        by_reference[reference][role] = amount_hidden
    gaps = [
        Gap(
            reference,
            tuple(sorted(roles)),
            sum(roles.values(), Fraction(0)),
            len(met[reference]),
        )
        for reference, roles in by_reference.items()
    ]
    return sorted(gaps, key=lambda gap: (-gap.seconds, gap.reference))


def _unknown(
    timelines: Iterable[Timeline], directory: Directory, start: int, end: int
) -> Iterator[tuple[str, Segment]]:
    """What is charged to unknown or waits for it, with its role.

    A wait of an unknown team for an unknown one is a gap of its owner alone.
    """
    for timeline in timelines:
        for segment in timeline.segments:
            if segment.sort not in (Sort.WAIT, Sort.ACTIVE):
                continue
            role = _role(segment)
            if role and amount_between(segment, directory, start, end):
                yield role, segment


def _role(segment: Segment) -> str:
    if segment.team == UNKNOWN:
        return OWNER
    return segment.component if segment.on_team == UNKNOWN else ""


def _areas(
    item: ItemFacts, directory: Directory, start: int, end: int
) -> Iterator[str]:
    """Values of team fields that no line claims, of facts inside [start, end).

    A value's name stands behind its number, and one line for it is enough.
    """
    for fact in item.facts:
        if not start <= fact.time < end:
            continue
        before = fact.fields.get("areas_before", ())
        for areas in (fact.fields.get("areas", ()), before):
            teams = [area for area in areas if area.startswith(TEAM_AREA)]
            if teams and all(directory.group(area) is None for area in teams):
                yield f"group:{teams[-1]}"
