"""Incidents: round the clock, split over their causes, times the responders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_item import Amount
from tests.harness.plain_life import Life
from tests.harness.plain_steps import pair

DAY_MS = 86_400_000
ENDS = ("incident.mitigated", "incident.resolved")


def incident_amounts(
    root: str, life: Life, world: PlainWorld, cuts: Sequence[int]
) -> Iterator[Amount]:
    """What an incident costs its service's team, by causing team.

    Only what is said of the incident itself counts, not what deploys of it say.
    """
    own = [event for event in life.events if event.entity == root]
    causes, owner = _causes(own, world), life.hands.owner
    points = {
        *cuts,
        *(event.time for event in own),
        *(time for time, _ in owner.points),
    }
    for span in pair(
        [event.time for event in own if event.kind == "incident.opened"],
        [event.time for event in own if event.kind in ENDS],
    ):
        end = min(span.end, span.start + DAY_MS)
        inside = {point for point in points if span.start < point < end}
        for one, two in pairwise(sorted({span.start, end, *inside})):
            for cause in sorted(causes - {owner.at(one)}):
                length = Fraction((two - one) * _people(own, one), len(causes))
                part = (owner.at(one), cause, "incident", "response", one, two, length)
                if two <= max(cuts):
                    yield Amount("wait", *part, item=root)


def _people(own: Sequence[Event], moment: int) -> int:
    """How many respond, by the last who has said so."""
    said = [e.get("responders") for e in own if e.time <= moment]
    return next((int(number) for number in reversed(said) if number), 1)


def _causes(own: Sequence[Event], world: PlainWorld) -> set[str]:
    """The causes stated last: they hold for all of it."""
    causes = set[str]()
    for event in own:
        cause = event.get("cause_team")
        if cause:
            named = [cause] if isinstance(cause, str) else cause
            causes = {world.named(name) for name in named}
    return causes
