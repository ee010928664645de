"""Scenarios 6.3 to 6.5: reopened, handed around, never closed, overlapping."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.harness.plain_events import PlainTeam
from tests.harness.scenarios import MON, WORLD, Number, Scenario, event

EVENING = f"{MON}T17:00:00Z"


def _begun(entity: str, team: str) -> dict[str, Any]:
    return event(
        "ticket.started", f"{MON} 09:00", entity, team=team, work_class="feature"
    )


def _reopened(**cause: str) -> tuple[dict[str, Any], ...]:
    return (
        _begun("SRCH-8", "search"),
        event("ticket.done", f"{MON} 11:00", "SRCH-8"),
        event("ticket.reopened", f"{MON} 14:00", "SRCH-8", **cause),
        event("ticket.done", f"{MON} 16:00", "SRCH-8"),
    )


C1 = Scenario(
    "6.3 C-1 reopened with a cause",
    _reopened(cause_team="platform"),
    EVENING,
    waits={("search", "platform", "reopen", "response"): 7_200},
    teams={
        "search": {
            "feature_seconds": 7_200,
            "coordination_seconds.lower": 7_200,
            "coordination_seconds.central": 7_200,
            "coordination_seconds.upper": 7_200,
            "ratio.central": 1,
        }
    },
)
C1_UNCAUSED = Scenario(
    "6.3 C-1 reopened without a cause",
    _reopened(),
    EVENING,
    waits={},
    teams={
        "search": {
            "feature_seconds": 7_200,
            "active_seconds.rework": 7_200,
            "coordination_seconds.central": 0,
        }
    },
)
C2 = Scenario(
    "6.3 C-2 handed around",
    (
        _begun("CHK-7", "checkout"),
        event("ticket.assigned", f"{MON} 10:00", "CHK-7", to_team="platform"),
        event("ticket.assigned", f"{MON} 12:00", "CHK-7", to_team="search"),
        event("ticket.accepted", f"{MON} 13:00", "CHK-7", team="search"),
        event("ticket.assigned", f"{MON} 15:00", "CHK-7", to_team="checkout"),
        event("ticket.accepted", f"{MON} 15:30", "CHK-7", team="checkout"),
        event("ticket.done", f"{MON} 17:00", "CHK-7"),
    ),
    EVENING,
    waits={
        ("checkout", "platform", "handoff", "acute"): 900,
        ("checkout", "platform", "handoff", "chronic"): 6_300,
        ("checkout", "search", "handoff", "chronic"): 3_600,
    },
    teams={
        "checkout": {
            "coordination_seconds.lower": 900,
            "coordination_seconds.central": 3_375,
            "coordination_seconds.upper": 10_800,
            "feature_seconds": 9_000,
            "ratio.central": 0.375,
            "unaccrued_seconds.internal": 1_800,
        },
        "search": {"active_seconds.request": 7_200, "feature_seconds": 0},
    },
    top={"handoffs": 3, "returns": 1, "pingpongs": 0},
)
C2_NAMED = {"platform": 2_475, "search": 900}
_NEVER_CLOSED = (
    _begun("CHK-3", "checkout"),
    event("ticket.blocked", f"{MON} 10:00", "CHK-3", on_team="platform"),
)
C3_FIRST_WEEK = Scenario(
    "6.3 C-3 never closed, first week",
    _NEVER_CLOSED,
    "2026-03-06T17:00:00Z",
    waits={
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 139_500,
    },
    teams={
        "checkout": {"coordination_seconds.central": 35_775, "feature_seconds": 3_600}
    },
)
C3_FOURTH_WEEK = Scenario(
    "6.3 C-3 never closed, fourth week",
    _NEVER_CLOSED,
    "2026-03-27T17:00:00Z",
    waits={
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 287_100,
    },
    teams={
        "checkout": {
            "coordination_seconds.lower": 900,
            "coordination_seconds.central": 72_675,
            "coordination_seconds.upper": 288_000,
            "active_seconds.feature": 3_600,
            "unaccrued_seconds.stale": 284_400,
        }
    },
)
C3_STOPPED = replace(
    C3_FOURTH_WEEK,
    name="6.3 C-3 at the instant it stops",
    at="2026-03-16T10:00:00Z",
    teams={"checkout": {"unaccrued_seconds.stale": 0, "feature_seconds": 3_600}},
)

D1_EVENTS = (
    _begun("CHK-4", "checkout"),
    event("ticket.blocked", f"{MON} 10:00", "CHK-4", on_team="platform"),
    event("ticket.blocked", f"{MON} 11:00", "CHK-4", on_team="search"),
    event("run.queued", f"{MON} 11:30", "run-4", item="CHK-4", on_team="platform"),
    event("run.started", f"{MON} 11:40", "run-4", item="CHK-4"),
    event("ticket.unblocked", f"{MON} 12:00", "CHK-4", on_team="platform"),
    event("ticket.unblocked", f"{MON} 13:00", "CHK-4", on_team="search"),
    event("ticket.done", f"{MON} 17:00", "CHK-4"),
)
D1 = Scenario(
    "6.4 D-1 overlapping blocks",
    D1_EVENTS,
    EVENING,
    waits={
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 4_350,
        ("checkout", "platform", "ci_queue", "chronic"): 150,
        ("checkout", "search", "ticket_blocked", "chronic"): 5_400,
    },
    teams={
        "checkout": {
            "coordination_seconds.lower": 900,
            "coordination_seconds.central": 3_375,
            "coordination_seconds.upper": 10_800,
            "feature_seconds": 18_000,
            "ratio.central": 0.1875,
        }
    },
)
# Platform's blocks alone cost 1,987.5, its queue 37.5, search 1,350 (central).
D1_NAMED = {
    ("platform", "ticket_blocked"): 1_987.5,
    ("platform", "ci_queue"): 37.5,
    ("search", "ticket_blocked"): 1_350,
}
D1_WITHOUT_CI = replace(
    D1,
    name="6.4 D-1 without the CI events",
    events=tuple(e for e in D1_EVENTS if not e["kind"].startswith("run.")),
    waits={
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 4_500,
        ("checkout", "search", "ticket_blocked", "chronic"): 5_400,
    },
)
D2 = Scenario(
    "6.4 the payroll cap",
    (*D1_EVENTS, _begun("CHK-5", "checkout")),
    EVENING,
    waits=D1.waits,
    teams={
        "checkout": {
            "coordination_seconds.central": 3_375,
            "feature_seconds": 46_800,
            "capacity_seconds": 28_800,
            "payroll_scale": "0.573991",
            "ratio.central": "0.072115",
        }
    },
    world=replace(
        WORLD, teams={**WORLD.teams, "checkout": PlainTeam("stream", headcount=1)}
    ),
)
D2_SHOWN: dict[str, Number] = {
    "coordination": "1937.22",
    "feature": "26862.78",
    "sum": 28_800,
}

E_HALTING = Scenario(
    "6.5 halting",
    (
        _begun("E-1", "checkout"),
        event("change.opened", f"{MON} 10:00", "PR-1", item="E-1"),
        event("change.review_requested", f"{MON} 10:00", "PR-1", on_team="search"),
        event("change.opened", f"{MON} 11:00", "PR-2", item="E-1"),
        event("change.review_requested", f"{MON} 13:00", "PR-2", on_team="search"),
        event("change.reviewed", f"{MON} 15:00", "PR-1", team="search"),
        event("change.reviewed", f"{MON} 16:00", "PR-2", team="search"),
        event("ticket.done", f"{MON} 17:00", "E-1"),
    ),
    EVENING,
    waits={
        ("checkout", "search", "review_wait", "acute"): 1_800,
        ("checkout", "search", "review_wait", "chronic"): 9_000,
    },
    teams={
        "checkout": {
            "coordination_seconds.lower": 1_800,
            "coordination_seconds.central": 4_050,
            "coordination_seconds.upper": 10_800,
            "feature_seconds": 18_000,
            "ratio.central": 0.225,
        }
    },
)
_RUN = {"item": "E-2", "pipeline": "unit", "sha": "ab12", "on_team": "platform"}
_FLAKY = (
    _begun("E-2", "checkout"),
    event("run.finished", f"{MON} 10:00", "run-a", outcome="failure", **_RUN),
    event("run.finished", f"{MON} 10:20", "run-b", outcome="success", **_RUN),
    event("ticket.done", f"{MON} 12:00", "E-2"),
)
E_FLAKY = Scenario(
    "6.5 flaky",
    _FLAKY,
    EVENING,
    waits={
        ("checkout", "platform", "ci_flaky", "acute"): 900,
        ("checkout", "platform", "ci_flaky", "chronic"): 300,
    },
    teams={"checkout": {"coordination_seconds.central": 975, "feature_seconds": 9_600}},
)
E_PENDING = Scenario(
    "6.5 flaky before it is known",
    _FLAKY,
    f"{MON}T10:19:00Z",
    waits={},
    teams={
        "checkout": {
            "coordination_seconds.upper": 0,
            "feature_seconds": 3_600,
            "unaccrued_seconds.pending": 1_140,
        }
    },
)
