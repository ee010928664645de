"""Incidents: round the clock, split over their causes, times the responders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_item import Amount
from tests.harness.plain_steps import FOREVER

DAY_MS = 86_400_000


def incident_amounts(
    root: str, events: Sequence[Event], world: PlainWorld, cuts: Sequence[int]
) -> Iterator[Amount]:
    """What an incident costs its service's team, by causing team."""
    opened = [event.time for event in events if event.kind == "incident.opened"]
    if not opened:
        return
    start = min(opened)
    ends = [
        event.time
        for event in events
        if event.kind in ("incident.mitigated", "incident.resolved")
        and event.time >= start
    ]
    end = min([*ends, FOREVER, start + DAY_MS])
    owner, causes, people = _stated(events, world)
    edges = sorted({start, end, *(cut for cut in cuts if start < cut < end)})
    for one, two in pairwise(edges):
        for cause in sorted(causes - {owner}):
            length = Fraction((two - one) * people, len(causes))
            if two <= max(cuts):
                part = (owner, cause, "incident", "response", one, two, length)
                yield Amount("wait", *part, item=root)


def _stated(events: Sequence[Event], world: PlainWorld) -> tuple[str, set[str], int]:
    """Owner, the latest stated causes, and the responders."""
    owner, causes, people = "unknown", set[str](), 1
    opening = [event for event in events if event.kind == "incident.opened"]
    for event in opening:
        team, service = event.get("team"), event.get("service")
        if owner == "unknown":
            owner = world.named(team) if team else world.services.get(service, owner)
    for event in events:
        cause = event.get("cause_team")
        if cause:
            named = [cause] if isinstance(cause, str) else cause
            causes = {world.named(name) for name in named}
        people = event.get("responders") or people
    return owner, causes, people
