"""A task of many items comes to what its items come to one by one."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.domain.model import DEFAULT_MODEL
from monitor.indicators.totals.series import merged
from monitor.pipeline.catching_up.tasks import (
    Outcome,
    Stored,
    Task,
    evaluate_stored,
    task_of,
)
from monitor.pipeline.evaluating import AT_ONCE
from tests.harness.driving import Drive, directory_of, facts_of
from tests.unit.pipeline.running import HOUR, MONDAY, TEAMS, event

DIRECTORY = directory_of(TEAMS)
NOW = MONDAY + 4 * HOUR


def stored(tickets: int) -> Drive:
    """Tickets of which every second one has become blocked since it was evaluated."""
    drive = Drive(DIRECTORY, NOW)
    begun = [event("ticket.started", 1, f"T-{n}") for n in range(tickets)]
    drive.take(facts_of(begun, DIRECTORY))
    blocked = [
        event("ticket.blocked", 2, f"T-{n}", on_team="platform")
        for n in range(0, tickets, 2)
    ]
    drive.take(facts_of(blocked, DIRECTORY), deferring=True)
    return drive


def outcome_of(items: Sequence[Stored]) -> Outcome:
    return evaluate_stored(Task(list(items), NOW), DIRECTORY, DEFAULT_MODEL)


def test_many_items_come_to_what_each_alone_comes_to() -> None:
    tickets = 2 * AT_ONCE + 1
    drive = stored(tickets)
    keys = [key for key, _ in drive.state.scan("items")]
    assert len(keys) == tickets
    items = task_of(keys, drive.state, NOW).items
    together, alone = outcome_of(items), [outcome_of([one]) for one in items]
    assert len(together.timelines) == AT_ONCE + 1  # those that are blocked now
    timelines = {key: one for found in alone for key, one in found.timelines.items()}
    assert together.timelines == timelines
    assert together.ledger == [moved for found in alone for moved in found.ledger]
    accounted = [found.accounted for found in alone]
    assert together.accounted.waits == [w for one in accounted for w in one.waits]
    assert together.accounted.firsts == [f for one in accounted for f in one.firsts]
    assert together.accounted.moves == merged([one.moves for one in accounted])
