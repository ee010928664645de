"""When a change is open, and for which change a run says that it runs."""

from __future__ import annotations

from collections.abc import Sequence

from tests.harness.plain_events import Event
from tests.harness.plain_steps import FOREVER, Span, pair

OPENS = ("change.opened", "change.ready")
SHUTS = ("change.merged", "change.closed")


def openings(events: Sequence[Event], change: str) -> set[int]:
    """The instants that open a change: ready opens only one that never was open.

    Nothing opens it again once it is merged.
    """
    own = [event for event in events if event.entity == change]
    first = [event.time for event in own if event.kind in OPENS][:1]
    times = {*first, *(e.time for e in own if e.kind == "change.opened")}
    merged = min((e.time for e in own if e.kind == "change.merged"), default=FOREVER)
    before = {time for time in times if time < merged}
    spans = pair(before, closings(events, change))
    was_open = any(span.end == merged for span in spans)
    return before if was_open else before | ({merged} & times)


def closings(events: Sequence[Event], change: str) -> set[int]:
    """The instants that close a change."""
    return {e.time for e in events if e.entity == change and e.kind in SHUTS}


def open_spans(events: Sequence[Event], change: str) -> list[Span]:
    """When a change is open: only from opened or ready."""
    return pair(openings(events, change), closings(events, change))


def change_of(events: Sequence[Event], run: str) -> str:
    """The change that a run says it runs for."""
    named = [event.get("change") for event in events if event.entity == run]
    return next((str(name) for name in named if name), "")


def is_shut(events: Sequence[Event], change: str, moment: int) -> bool:
    """Whether the change has ended by then, seen open or not, and is not open."""
    ended = any(end <= moment for end in closings(events, change))
    spans = open_spans(events, change)
    return ended and not any(span.holds(moment) for span in spans)


def ends_untold(events: Sequence[Event], moment: int) -> bool:
    """Whether a change ends of which nobody but what ran for it told until then.

    Not while another one that anything ran for has not ended.
    """
    told = {e.entity for e in events if e.kind in OPENS and e.time <= moment}
    told |= {e.entity for e in events if e.kind in SHUTS and e.time < moment}
    ran = {
        change_of(events, event.entity)
        for event in events
        if event.kind.startswith("run.") and event.time < moment
    }
    ended = {e.entity for e in events if e.kind in SHUTS and e.time == moment}
    over = {e.entity for e in events if e.kind in SHUTS and e.time <= moment}
    return not (ended & ran) <= told and ran - {""} <= over
