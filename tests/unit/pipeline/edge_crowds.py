"""Edge cases: circles, the very old, the very many, and nobody."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.unit.indicators.history import at
from tests.unit.pipeline.edge_case import (
    ALWAYS_OFF,
    BLOCK,
    DAY,
    IN_THE_GAP,
    NO_PEOPLE,
    TEAMS,
    WORKED,
    Case,
    blocked,
    body,
    started,
    waited,
)

CIRCLES = [
    Case(
        "tickets that block each other",
        # O3: each pays for its own wait; platform's is charged to platform.
        (
            started(),
            started("Mon 09:00", "PLT-1", team="platform", work_class="request"),
            body("link.added", "Mon 10:00", "CHK-1", blocker="PLT-1"),
            body("link.added", "Mon 10:00", "PLT-1", blocker="CHK-1"),
        ),
        {
            **waited("checkout>platform dependency_link", 25_200),
            "platform request": 3_600,
            "platform>checkout dependency_link acute": 900,
            "platform>checkout dependency_link chronic": 24_300,
        },
    ),
    Case(
        "three tickets in a circle, one of them of the same team",
        (
            started(),
            started("Mon 09:00", "CHK-2"),
            started("Mon 09:00", "PLT-1", team="platform", work_class="request"),
            body("link.added", "Mon 10:00", "CHK-1", blocker="CHK-2"),
            body("link.added", "Mon 10:00", "CHK-2", blocker="PLT-1"),
            body("link.added", "Mon 10:00", "PLT-1", blocker="CHK-1"),
        ),
        {
            "checkout feature": DAY + 3_600,
            "checkout>platform dependency_link acute": 900,
            "checkout>platform dependency_link chronic": 24_300,
            "platform request": 3_600,
            "platform>checkout dependency_link acute": 900,
            "platform>checkout dependency_link chronic": 24_300,
        },
    ),
    Case(
        "a ticket that blocks itself",
        (started(), body("link.added", "Mon 10:00", blocker="CHK-1")),
        WORKED,
    ),
    Case(
        "a ticket blocked on its own team",
        (started(), blocked("Mon 10:00", "checkout")),
        WORKED,
    ),
    Case("a ticket that is its own item", (started(item="CHK-1"),), WORKED),
    Case(
        "tickets that contain each other are one item",
        (started(item="CHK-2"), started("Mon 09:00", "CHK-2", item="CHK-1")),
        WORKED,
    ),
    Case(
        "handed over to the team that has it",
        (started(), body("ticket.assigned", "Mon 10:00", to_team="checkout")),
        WORKED,
    ),
    Case(
        "a blocker that nobody has ever told of",
        (started(), body("link.added", "Mon 10:00", blocker="GHOST-1")),
        waited("checkout>unknown dependency_link", 25_200),
    ),
]

OLD = [
    Case(
        "open for thirty years, untouched",
        # Idle after five working days: from Friday 8 March 1996, 17:00.
        (started("1996-03-04T09:00:00Z"),),
        {"checkout (idle)": DAY},
        said={"teams.checkout.feature_seconds": 5 * DAY},
    ),
    Case(
        "touched by automation only",
        # Idle after five working days from its entry: Monday 9 March, 09:00.
        (started(automation=True),),
        {"checkout feature": 5 * DAY, "checkout (idle)": DAY},
        until="Mon+1 17:00",
    ),
    Case(
        "blocked for thirty years, untouched",
        (started("1996-03-04T09:00:00Z"), blocked("1996-03-04T09:00:00Z")),
        {"checkout (stale)": DAY},
        # Stale after ten working days.
        said={"teams.checkout.coordination_seconds.upper": 10 * DAY},
        shown=('friction_stale_items{team="checkout"} 1.0',),
    ),
    Case(
        "blocked for thirty years, and today somebody asks",
        (
            started("1996-03-04T09:00:00Z"),
            blocked("1996-03-04T09:00:00Z"),
            body("ticket.commented", "Mon 16:00"),
        ),
        # The wait resumes, no back-charge; the episode goes on, so all is chronic.
        {"checkout (stale)": DAY - 3_600, f"{BLOCK} chronic": 3_600},
    ),
    Case(
        "the first second that can be told",
        (
            started("1970-01-01T00:00:00.001Z"),
            body("ticket.done", "1970-01-01T10:00:00Z"),
        ),
        {},
        said={"teams.checkout.feature_seconds": 3_600},
    ),
]

NOBODY = [
    Case(
        "a team of nobody",
        (started(), blocked("Mon 10:00")),
        waited(BLOCK, 25_200),
        teams=NO_PEOPLE,
        said={
            # 900 + 0.25 x 24,300, priced at min(1, 0 / W) = 0; no part of nothing.
            "teams.checkout.coordination_seconds.central": 6_975,
            "teams.checkout.ratio.central": 6_975 / 3_600,
            "teams.checkout.capacity_seconds": 0,
            "teams.checkout.payroll_scale": 0,
            "teams.checkout.cost.central": 0,
            "teams.checkout.budget_burn": None,
        },
        # Below three people a team is shown as its domain.
        shown=(
            'friction_window_capacity_seconds{window="28d",team="domain:none"} 0.0',
        ),
    ),
    Case(
        "a team whose every day is a holiday",
        (started(), blocked("Mon 10:00")),
        {},
        teams=ALWAYS_OFF,
        until="Mon+1 17:00",
        said={
            "teams.checkout.coordination_seconds.upper": 0,
            "teams.checkout.feature_seconds": 0,
            "teams.checkout.ratio.central": None,
            "teams.checkout.budget_burn": None,
        },
    ),
    Case(
        "hours in the gap of a clock that leaps",
        (started(), blocked("Mon 10:00")),
        # Three Sundays have an hour each, the fourth, 29 March, has none.
        {f"{BLOCK} acute": 900, f"{BLOCK} chronic": 3 * 3_600 - 900},
        teams=IN_THE_GAP,
        until="Mon+4 00:00",
    ),
    Case(
        "a blocked ticket whose team and whom it waits for nobody knows",
        (
            body("ticket.started", "Mon 09:00", "GHOST-1"),
            body("ticket.blocked", "Mon 10:00", "GHOST-1"),
        ),
        {"unknown unclassified": DAY, "unknown unclassified part": DAY},
    ),
    Case("no events at all", (), {}, said={"teams.checkout.ratio.central": None}),
]

CROWDS = tuple(f"crowd-{number:02}" for number in range(37))
OWNERS = ("platform", "search")


def blocker_of(number: int) -> str:
    return f"TASK-{number}"


MANY = [
    Case(
        "ten thousand facts on one item",
        # Blocked at every even second and unblocked at every odd one, 5,000 times.
        (
            started(),
            *(
                body(
                    "ticket.unblocked" if second % 2 else "ticket.blocked",
                    datetime.fromtimestamp(
                        at("Mon 10:00") / 1_000 + second, UTC
                    ).isoformat(),
                    **({} if second % 2 else {"on_team": "platform"}),
                )
                for second in range(10_000)
            ),
        ),
        {f"{BLOCK} acute": 5_000, "checkout feature": DAY - 5_000},
    ),
    Case(
        "forty runs queued at once, one after the other begins",
        # The last of them begins at 10:40.
        (
            started(),
            *(
                body(
                    f"run.{kind}",
                    f"Mon 10:{minute if kind == 'started' else 0:02}",
                    f"r-{minute}",
                    item="CHK-1",
                    on_team="platform",
                )
                for minute in range(1, 41)
                for kind in ("queued", "started")
            ),
        ),
        waited("checkout>platform ci_queue", 2_400),
    ),
    Case(
        "forty blockers, one after the other is done, half of them another team's",
        # Platform's are done at 10:02 to 10:40, search's at 10:01 to 10:39.
        (
            started(),
            *(
                body(kind, when, blocker_of(minute), **fields)
                for minute in range(1, 41)
                for kind, when, fields in (
                    ("ticket.created", "Mon 08:00", {"team": OWNERS[minute % 2]}),
                    ("ticket.done", f"Mon 10:{minute:02}", {}),
                )
            ),
            *(
                body("link.added", "Mon 10:00", blocker=blocker_of(minute))
                for minute in range(1, 41)
            ),
        ),
        {
            # Half each until 10:39, then platform's alone.
            "checkout>platform dependency_link acute": 450,
            "checkout>search dependency_link acute": 450,
            "checkout>platform dependency_link chronic": 720 + 60,
            "checkout>search dependency_link chronic": 720,
            "checkout feature": DAY - 2_400,
        },
    ),
    Case("one event a thousand times", (started(),) * 1_000, WORKED),
    Case(
        "thirty-seven teams waited for at once",
        # Parts of a thirty-seventh are no whole units, yet all of them make a second.
        (started(), *(blocked("Mon 10:00", team) for team in CROWDS)),
        {
            "checkout feature": 3_600,
            **{
                f"checkout>{team} ticket_blocked {phase}": round(seconds / 37, 6)
                for team in CROWDS
                for phase, seconds in (("acute", 900), ("chronic", 24_300))
            },
        },
        teams=TEAMS + "".join(f"  - {{id: {team}}}\n" for team in CROWDS),
    ),
]
