"""Scenario 6.2: an event that arrives hours late, everything delivered twice."""

from __future__ import annotations

from tests.harness.scenarios import MON, Scenario, event

B_EVENTS = (
    event(
        "ticket.started", f"{MON} 09:00", "CHK-9", team="checkout", work_class="feature"
    ),
    event("ticket.unblocked", f"{MON} 12:00", "CHK-9", on_team="platform"),
    event("ticket.done", f"{MON} 14:00", "CHK-9"),
)
B_LATE = event("ticket.blocked", f"{MON} 11:00", "CHK-9", on_team="platform")
B_BEFORE = Scenario(
    "6.2 before the late event",
    B_EVENTS + B_EVENTS,
    f"{MON}T16:00:00Z",
    waits={},
    teams={"checkout": {"feature_seconds": 18_000, "coordination_seconds.upper": 0}},
)
B_AFTER = Scenario(
    "6.2 after the late event",
    (*B_EVENTS, *B_EVENTS, B_LATE, B_LATE),
    f"{MON}T16:00:00Z",
    waits={
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 2_700,
    },
    teams={
        "checkout": {
            "active_seconds.feature": 14_400,
            "coordination_seconds.lower": 900,
            "coordination_seconds.central": 1_575,
            "coordination_seconds.upper": 3_600,
            "ratio.central": 0.109375,
        }
    },
)
