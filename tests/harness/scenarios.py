"""The worked scenarios of the specification, with every number it prints.

Expected numbers are typed from the specification, in seconds: a number is exact
(to 1e-6), a text is compared to the digits it prints. Nothing here was computed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.harness.plain_events import PlainTeam, PlainWorld

Number = int | float | str | None
Wait = tuple[str, str, str, str]  # team, on_team, component, phase
MON, TUE, WED = "2026-03-02", "2026-03-03", "2026-03-04"

WORLD = PlainWorld(
    teams={
        "checkout": PlainTeam("stream", 4),
        "search": PlainTeam("stream", 3),
        "platform": PlainTeam("platform", 5),
    },
    rate=100,
)


@dataclass(frozen=True)
class Scenario:
    """Events, the instant, and what must come out.

    ``teams`` maps a team to dotted paths of the JSON output; ``waits`` are all the
    waits there are.
    """

    name: str
    events: tuple[dict[str, Any], ...]
    at: str
    waits: Mapping[Wait, Number]
    teams: Mapping[str, Mapping[str, Number]]
    world: PlainWorld = WORLD
    organisation: Number = None
    top: Mapping[str, Number] = field(default_factory=dict)


def agrees(actual: float | None, expected: Number) -> bool:
    """Whether a number is the expected one, to the digits that are printed."""
    if actual is None or expected is None:
        return actual is None and expected is None
    if isinstance(expected, str):
        digits = len(expected.partition(".")[2])
        half_a_digit: float = 0.5 * 10**-digits
        return abs(actual - float(expected)) <= half_a_digit + 1e-9
    return abs(actual - expected) < 1e-6


def event(kind: str, time: str, entity: str, **fields: Any) -> dict[str, Any]:
    """One native event; ``time`` as ``2026-03-02 09:00`` UTC."""
    return {
        "schema": "friction.event.v1",
        "id": f"{entity}-{kind}-{time}",
        "source": "tracker.example",
        "kind": kind,
        "time": f"{time.replace(' ', 'T')}:00Z",
        "entity": entity,
        **fields,
    }


def lines(events: Iterable[Mapping[str, Any]]) -> list[str]:
    """A record file's lines."""
    return [json.dumps(body) for body in events]


def teams_yaml(world: PlainWorld) -> str:
    """The directory of a world as a teams file."""
    return "\n".join(_yaml(world)) + "\n"


def _yaml(world: PlainWorld) -> Iterator[str]:
    yield "version: 1"
    yield "organisation:"
    yield "  name: Acme"
    if world.rate is not None:
        yield f"  engineer_cost_per_hour: {world.rate:g}"
    yield f"  budget: {world.budget}"
    yield f"  calendar: {_calendar(world.calendar)}"
    yield "teams:"
    for name, team in world.teams.items():
        yield f"  - id: {name}"
        yield f"    kind: {team.kind}"
        if team.headcount is not None:
            yield f"    headcount: {team.headcount:g}"
        if team.absence is not None:
            yield f"    absence_share: {team.absence / 100}"
        yield f"    calendar: {_calendar(team.calendar)}"
        owned = [service for service, owner in world.services.items() if owner == name]
        if owned:
            yield "    owns:"
        for service in owned:
            yield f"      - service: {service}"


def _calendar(calendar: Any) -> str:
    return json.dumps(
        {
            "zone": calendar.zone,
            "days": list(calendar.days),
            "hours": [calendar.opens, calendar.closes],
            "holidays": list(calendar.holidays),
        }
    )


def shared_out(*scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Scenario lists as one."""
    return tuple(scenario for group in scenarios for scenario in group)


CHK_1 = (
    event(
        "ticket.started", f"{MON} 09:00", "CHK-1", team="checkout", work_class="feature"
    ),
    event("ticket.blocked", f"{MON} 10:00", "CHK-1", on_team="platform"),
    event("ticket.unblocked", f"{MON} 15:00", "CHK-1", on_team="platform"),
    event(
        "change.review_requested",
        f"{TUE} 11:00",
        "PR-7",
        item="CHK-1",
        on_team="search",
    ),
    event("change.reviewed", f"{WED} 11:00", "PR-7", item="CHK-1", team="search"),
    event("run.queued", f"{WED} 13:00", "run-1", item="CHK-1", on_team="platform"),
    event("run.started", f"{WED} 13:10", "run-1", item="CHK-1"),
    event("ticket.done", f"{WED} 14:00", "CHK-1"),
)
SRCH_2 = (
    event(
        "ticket.started", f"{MON} 09:00", "SRCH-2", team="search", work_class="feature"
    ),
    event(
        "run.finished",
        f"{MON} 13:00",
        "run-2",
        item="SRCH-2",
        pipeline="build",
        outcome="failure",
        cause_team="platform",
    ),
    event(
        "run.finished",
        f"{MON} 14:30",
        "run-3",
        item="SRCH-2",
        pipeline="build",
        outcome="success",
    ),
    event("ticket.done", f"{MON} 16:00", "SRCH-2"),
)
SRCH_3 = (
    event(
        "ticket.started", f"{TUE} 09:00", "SRCH-3", team="search", work_class="defect"
    ),
    event(
        "deploy.approval_requested",
        f"{TUE} 09:30",
        "deploy-3",
        item="SRCH-3",
        on_team="platform",
    ),
    event(
        "deploy.approval_decided",
        f"{TUE} 10:30",
        "deploy-3",
        item="SRCH-3",
        on_team="platform",
        decision="approved",
    ),
    event("ticket.done", f"{TUE} 11:00", "SRCH-3"),
)
OTHERS = (
    event(
        "incident.opened", f"{TUE} 20:00", "INC-5", team="search", cause_team="platform"
    ),
    event("incident.mitigated", f"{TUE} 21:30", "INC-5"),
    event(
        "ticket.started", f"{MON} 10:00", "PLT-4", team="platform", work_class="request"
    ),
    event("ticket.done", f"{MON} 15:00", "PLT-4"),
)
THREE_TEAMS = CHK_1 + SRCH_2 + SRCH_3 + OTHERS

A = Scenario(
    "6.1 three teams",
    THREE_TEAMS,
    f"{WED}T17:00:00Z",
    waits={
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 17_100,
        ("checkout", "search", "review_wait", "acute"): 900,
        ("checkout", "search", "review_wait", "chronic"): 27_900,
        ("checkout", "platform", "ci_queue", "acute"): 600,
        ("search", "platform", "ci_shared_failure", "acute"): 900,
        ("search", "platform", "ci_shared_failure", "chronic"): 4_500,
        ("search", "platform", "deploy_approval", "acute"): 900,
        ("search", "platform", "deploy_approval", "chronic"): 2_700,
        ("search", "platform", "incident", "response"): 5_400,
    },
    teams={
        "checkout": {
            "coordination_seconds.lower": 2_400,
            "coordination_seconds.central": 13_650,
            "coordination_seconds.upper": 47_400,
            "feature_seconds": 28_200,
            "active_seconds.feature": 28_200,
            "ratio.lower": "0.085106",
            "ratio.central": "0.484043",
            "ratio.upper": "1.680851",
            "share": "0.326165",
            "cost.central": "379.17",
            "capacity_seconds": 345_600,
            "payroll_scale": 1,
            "budget_burn": "0.197483",
            "items": 1,
        },
        "search": {
            "coordination_seconds.lower": 7_200,
            "coordination_seconds.central": 9_000,
            "coordination_seconds.upper": 14_400,
            "feature_seconds": 19_800,
            "active_seconds.feature": 19_800,
            "active_seconds.defect": 3_600,
            "ratio.lower": "0.363636",
            "ratio.central": "0.454545",
            "ratio.upper": "0.727273",
            "share": "0.312500",
            "cost.central": "250.00",
            "capacity_seconds": 259_200,
            "budget_burn": "0.173611",
        },
        "platform": {
            "coordination_seconds.lower": 0,
            "coordination_seconds.central": 0,
            "coordination_seconds.upper": 0,
            "feature_seconds": 0,
            "active_seconds.request": 18_000,
            "ratio.lower": None,
            "ratio.central": None,
            "ratio.upper": None,
            "share": None,
            "cost.central": 0,
            "capacity_seconds": 432_000,
            "budget_burn": 0,
        },
    },
    organisation=0.471875,
)
# Named (central) and the org's sums, derived from the waits by the weights.
A_NAMED = {"platform": 14_775, "search": 7_875}
A_TOTAL = 22_650
A_VERDICTS = {
    "checkout": "too few items",
    "search": "too few items",
    "platform": "no feature work",
}
# At Mon 12:00 only what had happened by then, with no close seen.
A_OPEN = Scenario(
    "6.1 open interval",
    THREE_TEAMS,
    f"{MON}T12:00:00Z",
    waits={
        ("checkout", "platform", "ticket_blocked", "acute"): 900,
        ("checkout", "platform", "ticket_blocked", "chronic"): 6_300,
    },
    teams={
        "checkout": {"coordination_seconds.central": 2_475, "feature_seconds": 3_600}
    },
)
