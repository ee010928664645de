"""Indicators 1.5 and 1.6: whose calendar, and where stale and idle end a segment."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.timeline import Sort
from tests.unit.indicators.history import Case, blocker, fact, rule_of, started

BLOCK = "checkout>platform ticket_blocked"
DAY = 28_800


def ticket(kind: str, when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, entity, **fields)


BLOCKED = ticket("blocked", "Mon 10:00", on_team="platform")
LINKED = fact("link.added", "Mon 10:00", "CHK-1", blocker="PLT-1")
# From Mon 10:00 until 10 working days after Wed 12:00, which is Wed+2 12:00:
# 25,200 + 28,800 + 10,800 + 288,000 = 352,800; stale Wed 12-17, Thu, Fri: 75,600.
FRESH_UNTIL_WEDNESDAY = {"acute": 900, "chronic": 351_900, "stale": 75_600}


def fresh(component: str) -> dict[str, float]:
    named = f"checkout>platform {component}"
    return {
        "checkout feature": 3_600,
        f"{named} acute": FRESH_UNTIL_WEDNESDAY["acute"],
        f"{named} chronic": FRESH_UNTIL_WEDNESDAY["chronic"],
        "checkout (stale)": FRESH_UNTIL_WEDNESDAY["stale"],
    }


CLOCK = [
    Case(
        "the charged team's calendar counts, not that of the team waited for",
        # Berlin works 08:00-16:00 UTC in winter: 10-16 waited, 9-10 active.
        (
            started(team="berlin"),
            ticket("blocked", "Mon 10:00", on_team="platform"),
        ),
        {
            "berlin feature": 3_600,
            "berlin>platform ticket_blocked acute": 900,
            "berlin>platform ticket_blocked chronic": 20_700,
        },
        until="Mon 20:00",
    ),
    Case(
        "each stretch is on the calendar of the team charged for it",
        (
            started("Mon 08:00", team="berlin"),
            ticket("blocked", "Mon 09:00", on_team="platform"),
            ticket("accepted", "Mon 12:00", team="checkout"),
        ),
        {
            "berlin feature": 3_600,
            "berlin>platform ticket_blocked acute": 900,
            "berlin>platform ticket_blocked chronic": 9_900,
            f"{BLOCK} chronic": 18_000,
        },
        until="Mon 20:00",
    ),
    Case(
        "an open handoff is on the origin's calendar",
        (
            started("Mon 08:00", team="berlin"),
            ticket("assigned", "Mon 10:00", to_team="checkout"),
        ),
        {
            "berlin feature": 7_200,
            "berlin>checkout handoff acute": 900,
            "berlin>checkout handoff chronic": 20_700,
        },
        until="Mon 20:00",
    ),
    Case(
        "a team that works round the clock accrues round the clock",
        (started("Sat 00:00", team="always"),),
        {"always feature": 86_400},
        until="Sun 00:00",
    ),
    Case(
        "finer digits than milliseconds do not exist, and none are lost",
        (
            started(),
            ticket("blocked", "Mon 10:00:00.001", on_team="platform"),
            ticket("unblocked", "Mon 10:00:00.004"),
        ),
        {"checkout feature": 28_799.997, f"{BLOCK} acute": 0.003},
    ),
]

STALE = [
    Case(
        "the item's last human event keeps a wait fresh for 10 working days",
        (started(), BLOCKED, ticket("commented", "Wed 12:00")),
        fresh("ticket_blocked"),
        until="Fri+2 17:00",
    ),
    Case(
        "the blocker's last human event keeps a link fresh",
        (started(), LINKED),
        fresh("dependency_link"),
        until="Fri+2 17:00",
        blockers=blocker(
            started("Mon 09:00", "PLT-1", "platform"),
            ticket("commented", "Wed 12:00", "PLT-1"),
        ),
    ),
    Case(
        "work on the blocker's change keeps it fresh too",
        (started(), LINKED),
        fresh("dependency_link"),
        until="Fri+2 17:00",
        blockers=blocker(
            started("Mon 09:00", "PLT-1", "platform"),
            fact("change.pushed", "Wed 12:00", "base#7"),
        ),
    ),
    Case(
        "what automation does keeps nothing fresh",
        # 288,000 from Mon 10:00 to Mon+2 10:00, then 7 h and four days stale.
        (started(), BLOCKED, ticket("commented", "Wed 12:00", automation=True)),
        {
            "checkout feature": 3_600,
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 287_100,
            "checkout (stale)": 140_400,
        },
        until="Fri+2 17:00",
    ),
    Case(
        "the next event resumes it, without a back-charge and in the same episode",
        # Stale Mon+2 10:00 - Wed+2 10:00 (57,600), then 25,200 more.
        (started(), BLOCKED, ticket("commented", "Wed+2 10:00")),
        {
            "checkout feature": 3_600,
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 287_100 + 25_200,
            "checkout (stale)": 57_600,
        },
        until="Wed+2 17:00",
    ),
    Case(
        "a stale wait leaves the split while another accrues (design 11.16)",
        # Halved until Mon+2 10:00; then the link alone: 25,200 + 2 x 28,800.
        (started(), BLOCKED, LINKED),
        {
            "checkout feature": 3_600,
            f"{BLOCK} acute": 450,
            f"{BLOCK} chronic": 143_550,
            "checkout>search dependency_link acute": 450,
            "checkout>search dependency_link chronic": 143_550 + 82_800,
        },
        until="Wed+2 17:00",
        blockers=blocker(
            started("Mon 09:00", "PLT-1", "search"),
            ticket("commented", "Mon+1 10:00", "PLT-1"),
        ),
    ),
    Case(
        "an item handed to its origin goes stale as any wait does",
        # Internal from Mon 12:00 to Mon+2 12:00, then 5 h and four days.
        (
            started(),
            ticket("accepted", "Mon 10:00", team="platform"),
            ticket("assigned", "Mon 12:00", to_team="checkout"),
        ),
        {
            "checkout feature": 3_600,
            "platform request": 7_200,
            "checkout (internal)": 288_000,
            "checkout (stale)": 133_200,
        },
        until="Fri+2 17:00",
    ),
    Case(
        "a stale wait holds the item in stale when nothing else accrues",
        (started(), BLOCKED, ticket("unblocked", "Wed+2 10:00")),
        {
            "checkout feature": 3_600 + 25_200,
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 287_100,
            "checkout (stale)": 57_600,
        },
        until="Wed+2 17:00",
    ),
]

ACTIVITIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("ticket.commented", "CHK-1", {}),
    ("ticket.updated", "CHK-1", {}),
    ("change.pushed", "shop#7", {}),
    ("run.finished", "run-1", {"outcome": "success"}),
)
MERGED = (
    fact("change.opened", "Mon 10:00", "shop#7"),
    fact("change.merged", "Mon 11:00", "shop#7"),
)


def ran(when: str, attempt: int) -> Fact:
    """An attempt of a run of the merged change has ended."""
    says: dict[str, Any] = {"attempt": attempt, "outcome": "success"}
    return fact("run.finished", when, "run-1", change="shop#7", **says)


IDLE = [
    Case(
        "without activity within 5 working days the item is idle",
        (started(),),
        {"checkout feature": 5 * DAY, "checkout (idle)": DAY},
        until="Mon+1 17:00",
    ),
    Case(
        "what automation does is no activity",
        (started(), ticket("commented", "Fri 12:00", automation=True)),
        {"checkout feature": 5 * DAY, "checkout (idle)": DAY},
        until="Mon+1 17:00",
    ),
    *(
        Case(
            f"{kind} is an activity",
            # Fri 12:00 + 5 working days = Fri+1 12:00
            (started(), fact(kind, "Fri 12:00", entity, **says)),
            {"checkout feature": 9 * DAY + 10_800, "checkout (idle)": 18_000},
            until="Fri+1 17:00",
        )
        for kind, entity, says in ACTIVITIES
    ),
    Case(
        "what begins to run for a merged change is no activity",
        # Mon 11:00 + 5 working days = Mon+1 11:00
        (
            started(),
            *MERGED,
            fact("run.started", "Fri 12:00", "run-1", change="shop#7"),
        ),
        {"checkout feature": 5 * DAY + 7_200, "checkout (idle)": 21_600},
        until="Mon+1 17:00",
    ),
    Case(
        "nor is it where nobody told that the change was opened",
        # Mon 11:00 + 5 working days = Mon+1 11:00
        (
            started(),
            fact("change.merged", "Mon 11:00", "shop#7"),
            fact("run.started", "Fri 12:00", "run-1", change="shop#7"),
        ),
        {"checkout feature": 5 * DAY + 7_200, "checkout (idle)": 21_600},
        until="Mon+1 17:00",
    ),
    Case(
        "what began to run for it before it was merged still is",
        # Fri 12:00 + 5 working days = Fri+1 12:00
        (
            started(),
            *MERGED,
            fact("run.started", "Mon 10:30", "run-1", change="shop#7"),
            fact("run.started", "Fri 12:00", "run-1", change="shop#7"),
        ),
        {"checkout feature": 9 * DAY + 10_800, "checkout (idle)": 18_000},
        until="Fri+1 17:00",
    ),
    Case(
        "a later attempt of that run, which begins after the merge, is none",
        # Mon 11:00 + 5 working days = Mon+1 11:00
        (
            started(),
            *MERGED,
            ran("Mon 10:30", 1),
            ran("Thu 12:00", 2),
            ran("Fri 12:00", 3),
        ),
        {"checkout feature": 5 * DAY + 7_200, "checkout (idle)": 21_600},
        until="Mon+1 17:00",
    ),
    Case(
        "an attempt that began before the merge is one until it has ended",
        # Tue 12:00 + 5 working days = Tue+1 12:00
        (
            started(),
            *MERGED,
            fact("run.started", "Mon 10:30", "run-1", attempt=1, change="shop#7"),
            ran("Tue 12:00", 1),
            ran("Fri 12:00", 2),
        ),
        {"checkout feature": 6 * DAY + 10_800, "checkout (idle)": 18_000},
        until="Tue+1 17:00",
    ),
    Case(
        "the next activity makes it active again",
        (started(), ticket("commented", "Tue+1 10:00")),
        {
            "checkout feature": 5 * DAY + 25_200,
            "checkout (idle)": DAY + 3_600,
        },
        until="Tue+1 17:00",
    ),
    Case(
        "rework ends by the idle rule too",
        (
            started(),
            ticket("done", "Mon 10:00"),
            ticket("reopened", "Mon 12:00"),
        ),
        {
            "checkout feature": 3_600,
            "checkout rework": 5 * DAY,
            "checkout (idle)": 18_000,
        },
        until="Mon+1 17:00",
    ),
    Case(
        "a wait that is stale by an activity long before it opened",
        # Idle from Mon+1 09:00; the flag of Tue+1 is itself an event.
        (started(), ticket("blocked", "Tue+1 09:00", on_team="platform")),
        {
            "checkout feature": 5 * DAY,
            "checkout (idle)": DAY,
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": DAY - 900,
        },
        until="Tue+1 17:00",
    ),
]


@pytest.mark.parametrize("case", CLOCK, ids=rule_of)
def test_clock(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("case", STALE, ids=rule_of)
def test_stale(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("case", IDLE, ids=rule_of)
def test_idle(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("case", [*CLOCK, *STALE, *IDLE], ids=rule_of)
def test_every_segment_that_counts_ends_by_itself(case: Case) -> None:
    segments = [s for timeline in case.timelines() for s in timeline.segments]
    ends = [s.end for s in segments if s.sort is not Sort.UNACCRUED]
    assert max(ends) < 1_782_864_000_000  # 2026-07-01
