"""Runs as the plain evaluator reads them: what one event tells is the whole run's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.harness.plain_attempts import attempts
from tests.harness.plain_events import Event


def whole(events: list[Event]) -> list[Event]:
    """The events in their order, those of runs with what the others tell of them."""
    runs = [event for event in events if event.kind.startswith("run.")]
    told: dict[int, Event] = {}
    for attempt in attempts(runs):
        of_run = [run for run in runs if run.entity == attempt[0].entity]
        for run in attempt:
            told[id(run)] = replace(run, body=_whole(run, attempt, of_run))
    return [told.get(id(event), event) for event in events]


def _whole(run: Event, attempt: list[Event], of_run: list[Event]) -> dict[str, Any]:
    body = dict(run.body)
    for name in ("repo", "pipeline"):
        words = _words(name, attempt) or _words(name, of_run)
        if words:
            body[name] = words[-1]
    for name in ("sha", "default_branch"):
        # Another attempt may be of another commit, if any is told.
        only = set(_words(name, of_run))
        words = _words(name, attempt) or (list(only) if len(only) == 1 else [])
        if words and body.get(name) is None:
            body[name] = words[-1]
    return body


def _words(name: str, events: Iterable[Event]) -> list[Any]:
    return [event.get(name) for event in events if event.get(name) is not None]
