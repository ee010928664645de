"""Hypothesis strategies for histories: many items, interleaved, over all kinds."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.harness.history_branches import default_branch
from tests.harness.history_deploys import freeze, lone_deploy
from tests.harness.history_draft import (
    BASE,
    DAY,
    HOUR,
    MINUTE,
    WORLDS,
    Body,
    Draft,
    Step,
)
from tests.harness.history_steps import ITEMS, incident
from tests.harness.plain_calendar import instant, text_of
from tests.harness.plain_events import PlainWorld


@dataclass(frozen=True)
class History:
    """A world, its events in no promised order, and instants worth asking at."""

    world: PlainWorld
    events: list[Body]
    instants: tuple[str, ...]


@st.composite
def histories(
    draw: DrawFn, steps: tuple[Step, ...] | None = None, most: int = 14
) -> History:
    """Histories of one to four items, whose steps interleave in time."""
    world = draw(st.sampled_from(WORLDS))
    keys = draw(st.sampled_from([("T-1",), ("T-1", "T-2"), ("T-1", "T-2", "T-3")]))
    events: list[Body] = []
    has_incident = draw(st.integers(1, 100)) <= 30
    for key in keys:
        others = tuple(other for other in (*keys, "T-9", "INC-1") if other != key)
        start = BASE + draw(st.integers(0, 40)) * 6 * HOUR
        draft = Draft(draw, world, key, others, start)
        draft.is_machine = draft.chance(8)
        item = draw(st.sampled_from(ITEMS))
        item(draft, steps, draw(st.integers(1, most)))
        if has_incident and draft.chance(35):
            # Work done for an incident is an item all the same.
            draft.events[0]["item"] = "INC-1"
        events += draft.events
    others_of_world = (
        ("INC-1", incident, 100 if has_incident else 0),
        ("D-9", lone_deploy, 25),
        ("F-1", freeze, 30),
        ("F-2", freeze, 10),
        ("M-1", default_branch, 40),
        ("M-2", default_branch, 15),
    )
    for name, kind, percent in others_of_world:
        if draw(st.integers(1, 100)) <= percent:
            start = BASE + draw(st.integers(0, 200)) * HOUR
            if any(body.get("item") == name for body in events):
                # Whatever is not heard of yet counts as a ticket.
                start = BASE
            draft = Draft(draw, world, name, keys, start)
            kind(draft)
            events += draft.events
    times = sorted({instant(body["time"]) for body in events})
    last = times[-1] + draw(st.sampled_from((0, HOUR, 3 * DAY, 40 * DAY)))
    middle = draw(st.sampled_from(times)) + draw(st.sampled_from((0, 7 * MINUTE)))
    instants = tuple(text_of(moment) for moment in sorted({middle, last}))
    return History(world, events, instants)


@st.composite
def disorders(draw: DrawFn, events: list[Body]) -> list[Body]:
    """The same events in another order, some of them again with another id."""
    again = draw(st.lists(st.sampled_from(events), max_size=5)) if events else []
    twins = [{**body, "id": f"again-{body['id']}"} for body in again]
    return draw(st.permutations([*events, *twins]))
