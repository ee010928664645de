"""Design 11.2: which waits are counted and timed, and from when to when."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.timeline import Component, Wait
from monitor.domain.working_time import FOREVER
from tests.unit.indicators.history import (
    HANDED_ON,
    HOUR,
    MINUTE,
    Case,
    at,
    fact,
    started,
)

DAY = 8 * HOUR


def ticket(kind: str, when: str, **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, "CHK-1", **fields)


def wait(
    component: Component,
    start: str,
    end: str,
    duration: int,
    team: str = "checkout",
    on_team: str = "platform",
    opened: str | None = None,
) -> Wait:
    earlier = 0 if opened is None else at(start) - at(opened)
    return Wait(team, on_team, component, at(start), at(end), duration, earlier)


BLOCKED = Component.TICKET_BLOCKED
REOPEN = Component.REOPEN
COUNTED: dict[str, tuple[tuple[Fact, ...], list[Wait]]] = {
    "a wait is timed on the charged team's calendar to its close": (
        (
            started(),
            ticket("blocked", "Mon 16:00", on_team="platform"),
            ticket("unblocked", "Tue 10:00"),
        ),
        [wait(BLOCKED, "Mon 16:00", "Tue 10:00", 2 * HOUR)],
    ),
    "it counts from entry when it was opened before flight": (
        (
            ticket("created", "Mon 09:00", team="checkout"),
            ticket("blocked", "Mon 09:00", on_team="platform"),
            started("Mon 10:00"),
            ticket("unblocked", "Mon 11:00"),
        ),
        [wait(BLOCKED, "Mon 10:00", "Mon 11:00", HOUR, opened="Mon 09:00")],
    ),
    "it counts once for each flight": (
        (
            started(),
            ticket("blocked", "Mon 10:00", on_team="platform"),
            ticket("parked", "Mon 11:00"),
            ticket("started", "Mon 13:00"),
            ticket("unblocked", "Mon 14:00"),
        ),
        [
            wait(BLOCKED, "Mon 10:00", "Mon 11:00", HOUR),
            wait(BLOCKED, "Mon 13:00", "Mon 14:00", HOUR, opened="Mon 10:00"),
        ],
    ),
    "it counts from when it is first foreign, for the team charged then": (
        (
            started(),
            ticket("blocked", "Mon 10:00", on_team="checkout"),
            ticket("accepted", "Mon 12:00", team="search"),
            ticket("unblocked", "Mon 13:00"),
        ),
        [
            wait(
                BLOCKED,
                "Mon 12:00",
                "Mon 13:00",
                HOUR,
                "search",
                "checkout",
                "Mon 10:00",
            )
        ],
    ),
    "time in which it is the owner's own is not in its duration": (
        (
            started(),
            ticket("blocked", "Mon 10:00", on_team="platform"),
            ticket("accepted", "Mon 11:00", team="platform"),
            ticket("unblocked", "Mon 13:00"),
        ),
        [wait(BLOCKED, "Mon 10:00", "Mon 13:00", HOUR)],
    ),
    "a wait that does not halt counts too": (
        (
            started(),
            fact("change.opened", "Mon 09:30", "shop#7"),
            fact("run.queued", "Mon 10:00", "r", on_team="platform"),
            fact("run.started", "Mon 10:10", "r"),
        ),
        [wait(Component.CI_QUEUE, "Mon 10:00", "Mon 10:10", 10 * MINUTE)],
    ),
    "a cap ends it": (
        (started(), fact("run.queued", "Mon 10:00", "r", on_team="platform")),
        [wait(Component.CI_QUEUE, "Mon 10:00", "Mon 14:00", 4 * HOUR)],
    ),
    "a failure still pending is not counted": (
        (
            started(),
            fact("run.finished", "Mon 10:00", "r", outcome="failure", sha="a"),
        ),
        [],
    ),
    "a wait on the owner is not counted": (
        (started(), ticket("blocked", "Mon 10:00", on_team="checkout")),
        [],
    ),
    "a wait outside every flight is not counted": (
        (
            started(),
            ticket("done", "Mon 10:00"),
            ticket("blocked", "Mon 11:00", on_team="platform"),
            ticket("unblocked", "Mon 12:00"),
        ),
        [],
    ),
    "a reopening counts from its cause until it is done again": (
        (
            started(),
            ticket("done", "Mon 11:00"),
            ticket("reopened", "Mon 14:00", cause_teams=["platform"]),
            ticket("done", "Tue 10:00"),
        ),
        [wait(REOPEN, "Mon 14:00", "Tue 10:00", 4 * HOUR)],
    ),
    "a reopening without a cause, or by the owner, is not counted": (
        (
            started(),
            ticket("done", "Mon 10:00"),
            ticket("reopened", "Mon 11:00"),
            ticket("done", "Mon 12:00"),
            ticket("reopened", "Mon 13:00", cause_teams=["checkout"]),
        ),
        [],
    ),
    "each cause of a reopening counts, until another is stated": (
        (
            started(),
            ticket("done", "Mon 10:00"),
            ticket("reopened", "Mon 11:00", cause_teams=["platform", "search"]),
            ticket("reopened", "Mon 12:00", cause_teams=["search"]),
            ticket("done", "Mon 13:00"),
        ),
        [
            wait(REOPEN, "Mon 11:00", "Mon 12:00", HOUR),
            wait(REOPEN, "Mon 11:00", "Mon 13:00", 2 * HOUR, on_team="search"),
        ],
    ),
    "reopened again after another done it counts again": (
        (
            started(),
            ticket("done", "Mon 10:00"),
            ticket("reopened", "Mon 11:00", cause_teams=["platform"]),
            ticket("done", "Mon 12:00"),
            ticket("reopened", "Mon 13:00", cause_teams=["platform"]),
            ticket("done", "Mon 15:00"),
        ),
        [
            wait(REOPEN, "Mon 11:00", "Mon 12:00", HOUR),
            wait(REOPEN, "Mon 13:00", "Mon 15:00", 2 * HOUR),
        ],
    ),
    "a reopening counts for who owns the item as it is first another team's doing": (
        (
            started(),
            ticket("done", "Mon 10:00"),
            ticket("reopened", "Mon 11:00", cause_teams=["checkout"]),
            ticket("accepted", "Mon 12:00", team="search"),
            ticket("done", "Mon 15:00"),
        ),
        [wait(REOPEN, "Mon 12:00", "Mon 15:00", 3 * HOUR, "search", "checkout")],
    ),
    "a reopening of the owner's doing is its own while the item is handed on": (
        (
            started(),
            ticket("accepted", "Mon 09:30", team="platform"),
            ticket("done", "Mon 10:00"),
            ticket("reopened", "Mon 11:00", cause_teams=["platform"]),
            ticket("assigned", "Mon 13:00", to_team="search"),
            ticket("done", "Mon 15:00"),
        ),
        [wait(Component.HANDOFF, "Mon 13:00", "Mon 15:00", 2 * HOUR, on_team="search")],
    ),
    "that a reopened item goes idle closes nothing": (
        (
            started(),
            ticket("done", "Mon 10:00"),
            ticket("reopened", "Mon 11:00", cause_teams=["platform"]),
            ticket("done", "Mon+1 13:00"),
        ),
        # Idle from Monday 11:00 on, five working days after the last word.
        [wait(REOPEN, "Mon 11:00", "Mon+1 13:00", 5 * DAY + 2 * HOUR)],
    ),
    "a wait for the last owner, while it hands the item on, is its origin's": (
        (
            *HANDED_ON,
            fact(
                "run.finished", "Mon 15:00", "r-2", outcome="success", pipeline="build"
            ),
            ticket("accepted", "Mon 16:00", team="search"),
        ),
        [
            wait(Component.HANDOFF, "Mon 10:00", "Mon 11:00", HOUR),
            wait(
                Component.HANDOFF, "Mon 12:00", "Mon 16:00", 4 * HOUR, on_team="search"
            ),
            wait(Component.CI_SHARED_FAILURE, "Mon 13:00", "Mon 15:00", 2 * HOUR),
        ],
    ),
    "a wait of zero length is not counted": (
        (
            started(),
            fact("run.queued", "Mon 10:00", "r", on_team="platform"),
            fact("run.started", "Mon 10:00", "r"),
        ),
        [],
    ),
}


@pytest.mark.parametrize("name", COUNTED)
def test_counted_waits(name: str) -> None:
    facts, expected = COUNTED[name]
    (timeline,) = Case("", facts, {}).timelines()
    assert list(timeline.waits) == expected


def test_a_wait_nothing_closes_is_open_for_good() -> None:
    facts = (started(), ticket("blocked", "Mon 10:00", on_team="platform"))
    (timeline,) = Case("", facts, {}).timelines()
    (found,) = timeline.waits
    assert (found.start, found.end) == (at("Mon 10:00"), FOREVER)
