"""The default branch of a job: since when it is red, and by whose doing.

Written from the definition: all its results up to an instant are walked in order.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.harness.plain_calendar import DAY_MS
from tests.harness.plain_events import Event, PlainWorld
from tests.harness.plain_life import Life

FAILED = ("failure", "error", "timed_out")


def culprit(
    event: Event, life: Life, lives: Mapping[str, Life], world: PlainWorld
) -> str | None:
    """Another team, by which the branch was red already when the run failed."""
    found = _turned_red(event, lives)
    if found is None:
        return None
    red, other = found
    held = other.open_changes.get(str(red.get("change")), [])
    if any(span.holds(red.time) for span in held):
        return None  # of a change not merged yet: a branch of that name elsewhere
    team = _doing(red, other, world)
    calendar = world.calendar_of(life.charged(red.time))
    too_long = calendar.after(red.time, 10 * DAY_MS) <= event.time
    if team in ("unknown", life.charged(event.time)) or too_long:
        return None
    return team


def broken_by(event: Event, world: PlainWorld) -> str | None:
    """The pipeline's owner, of a run that broke."""
    if event.get("outcome") != "error":
        return None
    return world.named(event.get("on_team") or "unknown")


def _turned_red(event: Event, lives: Mapping[str, Life]) -> tuple[Event, Life] | None:
    results = [
        (one, life)
        for life in lives.values()
        for one in life.events
        if one.kind == "run.finished" and one.get("default_branch")
        if _job(one) == _job(event) is not None and one.time <= event.time
    ]
    red: tuple[Event, Life] | None = None
    for moment in sorted({one.time for one, _ in results}):
        here = [(one, life) for one, life in results if one.time == moment]
        bad = [pair for pair in here if pair[0].get("outcome") in FAILED]
        if any(one.get("outcome") == "success" for one, _ in here):
            red = None
        elif red is None and bad:
            red = min(bad, key=lambda pair: pair[0].entity)
    return red if red is not None and red[0].time < event.time else None


def _doing(red: Event, life: Life, world: PlainWorld) -> str:
    """A stated cause, the owner of what broke, or the owner of the commit."""
    stated = red.get("cause_team")
    if stated:
        return world.named(stated)
    return broken_by(red, world) or life.charged(red.time)


def _job(event: Event) -> tuple[str, str] | None:
    repo, pipeline = event.get("repo"), event.get("pipeline")
    return (str(repo), str(pipeline)) if repo and pipeline else None
