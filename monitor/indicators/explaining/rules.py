"""The short names of the rules that make segments, and the facts these are about.

A row of indicators 1.3 has a name, a failure one for each branch of the foreign-cause
rule. The names are printed by ``friction explain`` and stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.domain.facts import Fact, Kind
from monitor.domain.timeline import Component, Segment, Sort

STATED_CAUSE: Final = "stated cause"
ERROR: Final = "error result"
RED_BRANCH: Final = "default branch red"

_NAMES: Final[dict[Component, str]] = {
    Component.CI_QUEUE: "runner queue",
    Component.CI_SHARED_FAILURE: STATED_CAUSE,
    Component.CI_FLAKY: "same-sha retry",
    Component.TICKET_BLOCKED: "blocked flag",
    Component.DEPENDENCY_LINK: "blocking link",
    Component.TICKET_REQUEST: "needed request",
    Component.HANDOFF: "handed over",
    Component.REOPEN: "reopened by cause",
    Component.REVIEW_WAIT: "review requested",
    Component.DEPLOY_APPROVAL: "approval requested",
    Component.DEPLOY_FREEZE: "freeze",
    Component.DEPLOY_FAILURE: STATED_CAUSE,
    Component.INCIDENT: STATED_CAUSE,
}

# What is no wait, by its phase: time in no number, and own failures.
_STATES: Final[dict[str, str]] = {
    "idle": "idle limit",
    "stale": "stale limit",
    "pending": "failure not settled",
    "internal": "handed to its origin",
}
# People at work because of another team: no stretch of waiting tells of them.
RESPONSES: Final = frozenset({Component.REOPEN, Component.INCIDENT})
# What a cap of its own ends; where the facts of a blocker are sealed, nothing tells
# what ended other waits but that they ended.
CAPPED: Final = frozenset(
    {
        Component.CI_QUEUE,
        Component.CI_SHARED_FAILURE,
        Component.CI_FLAKY,
        Component.DEPLOY_FAILURE,
        Component.INCIDENT,
    }
)

_RESOLVED: Final = (Kind.TICKET_DONE, Kind.TICKET_CANCELLED)

# What opens a wait of each component; what closes it, the end of flight apart.
OPENS: Final[dict[Component, tuple[Kind, ...]]] = {
    Component.CI_QUEUE: (Kind.RUN_QUEUED,),
    Component.CI_SHARED_FAILURE: (Kind.RUN_FINISHED,),
    Component.CI_FLAKY: (Kind.RUN_FINISHED,),
    Component.TICKET_BLOCKED: (Kind.TICKET_BLOCKED,),
    Component.DEPENDENCY_LINK: (
        Kind.LINK_ADDED,
        Kind.TICKET_REOPENED,
        Kind.INCIDENT_OPENED,
    ),
    Component.TICKET_REQUEST: (Kind.TICKET_REQUESTED, Kind.TICKET_REOPENED),
    Component.HANDOFF: (Kind.TICKET_ASSIGNED,),
    Component.REOPEN: (Kind.TICKET_REOPENED,),
    Component.REVIEW_WAIT: (Kind.CHANGE_REVIEW_REQUESTED,),
    Component.DEPLOY_APPROVAL: (Kind.DEPLOY_APPROVAL_REQUESTED,),
    Component.DEPLOY_FREEZE: (Kind.FREEZE_STARTED, Kind.DEPLOY_READY),
    Component.DEPLOY_FAILURE: (Kind.DEPLOY_FINISHED, Kind.DEPLOY_ROLLED_BACK),
    Component.INCIDENT: (Kind.INCIDENT_OPENED,),
}
CLOSES: Final[dict[Component, tuple[Kind, ...]]] = {
    Component.CI_QUEUE: (Kind.RUN_STARTED, Kind.RUN_FINISHED),
    Component.CI_SHARED_FAILURE: (Kind.RUN_FINISHED,),
    Component.CI_FLAKY: (Kind.RUN_FINISHED,),
    Component.TICKET_BLOCKED: (Kind.TICKET_UNBLOCKED,),
    Component.DEPENDENCY_LINK: (
        Kind.LINK_REMOVED,
        *_RESOLVED,
        Kind.INCIDENT_RESOLVED,
    ),
    Component.TICKET_REQUEST: _RESOLVED,
    Component.HANDOFF: (Kind.TICKET_ACCEPTED, Kind.TICKET_STARTED),
    Component.REOPEN: _RESOLVED,
    Component.REVIEW_WAIT: (Kind.CHANGE_REVIEWED, Kind.CHANGE_REVIEW_UNREQUESTED),
    Component.DEPLOY_APPROVAL: (Kind.DEPLOY_APPROVAL_DECIDED,),
    Component.DEPLOY_FREEZE: (Kind.FREEZE_ENDED, Kind.DEPLOY_STARTED),
    Component.DEPLOY_FAILURE: (Kind.DEPLOY_FINISHED,),
    Component.INCIDENT: (Kind.INCIDENT_MITIGATED, Kind.INCIDENT_RESOLVED),
}


def name_of(component: Component, opened: Sequence[Fact]) -> str:
    """The rule that made a wait of this component, opened by these facts.

    A failure without a stated cause was another team's by one of the rules after it.
    """
    if component is Component.TICKET_BLOCKED:
        named = any("on_team" in fact.fields for fact in opened)
        return "blocked flag" if named else "blocked flag without a team"
    if component is not Component.CI_SHARED_FAILURE:
        return _NAMES[component]
    if any(fact.fields.get("cause_teams") for fact in opened):
        return STATED_CAUSE
    if any(fact.fields.get("outcome") == "error" for fact in opened):
        return ERROR
    return RED_BRANCH


def state_name(segment: Segment) -> str:
    """What a segment is that is no wait."""
    match segment.sort:
        case Sort.UNACCRUED:
            return _STATES[segment.phase]
        case Sort.OWN_FAILURE:
            return "own failure"
        case Sort.UNCLASSIFIED:
            return "no work class"
        case _:
            return "in flight"
