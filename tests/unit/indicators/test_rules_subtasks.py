"""Indicators 1.6 of sub-tasks: what one waits for ends, or rests, when it does."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, blocker, fact, rule_of, started

FLAG = "checkout>platform ticket_blocked"
LINK = "checkout>platform dependency_link"
REQUEST = "checkout>platform ticket_request"
PART = "CHK-2"


def part(kind: str, when: str, **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, PART, **fields)


FLAGGED = (
    started(),
    part("started", "Mon 09:00"),
    part("blocked", "Mon 10:00", on_team="platform"),
)
LINKED = (
    started(),
    part("started", "Mon 09:00"),
    fact("link.added", "Mon 10:00", PART, blocker="PLT-1"),
)
UNRESOLVED = blocker(started("Mon 09:00", "PLT-1", "platform"))
NEEDED = blocker(
    fact(
        "ticket.requested",
        "Mon 10:00",
        "PLT-1",
        team="platform",
        requester_team="checkout",
        needed_by=PART,
    )
)


def waited(key: str, length: int, episodes: int = 1) -> dict[str, float]:
    """So long of Monday, all else feature."""
    return {
        f"{key} acute": 900 * episodes,
        f"{key} chronic": length - 900 * episodes,
        "checkout feature": 28_800 - length,
    }


CASES = [
    *(
        Case(
            f"{kind}: its flag holds up nobody any more",
            (*FLAGGED, part(kind, "Mon 11:00")),
            waited(FLAG, 3_600),
        )
        for kind in ("done", "cancelled", "parked")
    ),
    Case(
        "its flag is down for good once it was done, reopened or not",
        (*FLAGGED, part("done", "Mon 11:00"), part("reopened", "Mon 12:00")),
        waited(FLAG, 3_600),
    ),
    Case(
        "its flag rests where it is put back when it is reopened",
        (
            *FLAGGED,
            part("reopened", "Mon 11:00", how="put back"),
            part("parked", "Mon 11:00"),
        ),
        waited(FLAG, 3_600),
    ),
    Case(
        "its flag is up again when it is no longer parked",
        (*FLAGGED, part("parked", "Mon 11:00"), part("started", "Mon 12:00")),
        waited(FLAG, 3_600 + 18_000, episodes=2),
    ),
    Case(
        "a flag that is put on it while it is parked counts from when it is not",
        (
            started(),
            part("parked", "Mon 09:00"),
            part("blocked", "Mon 10:00", on_team="platform"),
            part("accepted", "Mon 16:00", team="checkout"),
        ),
        waited(FLAG, 3_600),
    ),
    Case(
        "done and taken up at one instant: it was at work all the while",
        (*LINKED, part("done", "Mon 11:00"), part("reopened", "Mon 11:00")),
        waited(LINK, 25_200),
        blockers=UNRESOLVED,
    ),
    Case(
        "done: its link holds up nobody until it is reopened",
        (*LINKED, part("done", "Mon 11:00"), part("reopened", "Mon 16:00")),
        waited(LINK, 3_600 + 3_600, episodes=2),
        blockers=UNRESOLVED,
    ),
    Case(
        "cancelled: nobody needs what was asked for it",
        (started(), part("started", "Mon 09:00"), part("cancelled", "Mon 11:00")),
        waited(REQUEST, 3_600),
        blockers=NEEDED,
    ),
    Case(
        "another sub-task is held up all the same",
        (*FLAGGED, fact("ticket.done", "Mon 11:00", "CHK-3")),
        waited(FLAG, 25_200),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_subtasks(case: Case) -> None:
    assert case.found() == case.expected
