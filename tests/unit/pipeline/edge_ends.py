"""Edge cases: ends without beginnings, and lengths that would be negative."""

from __future__ import annotations

from tests.unit.pipeline.edge_case import (
    BLOCK,
    WORKED,
    Case,
    blocked,
    body,
    started,
    waited,
)

CLOSED_FIRST = [
    Case(
        "done before started",
        (body("ticket.done", "Mon 10:00"), started("Mon 11:00")),
        {"checkout rework": 21_600},
    ),
    Case(
        "done and never started",
        (
            body("ticket.created", "Mon 09:00", team="checkout"),
            body("ticket.done", "Mon 10:00"),
        ),
        {},
    ),
    Case(
        "merged before opened",
        (
            body("change.merged", "Mon 10:00", "shop#1"),
            body("change.opened", "Mon 11:00", "shop#1", team="checkout"),
        ),
        {},
    ),
    Case(
        "an unblocking of what was never blocked",
        (started(), body("ticket.unblocked", "Mon 10:00")),
        WORKED,
    ),
    Case(
        "unblocked before blocked",
        (started(), body("ticket.unblocked", "Mon 10:00"), blocked("Mon 11:00")),
        waited(BLOCK, 21_600),
    ),
    Case(
        "a link removed that was never added",
        (started(), body("link.removed", "Mon 10:00", blocker="PLT-1")),
        WORKED,
    ),
    Case(
        "reviewed before asked",
        (
            body(
                "change.opened",
                "Mon 09:00",
                "shop#1",
                team="checkout",
                work_class="feature",
            ),
            body("change.reviewed", "Mon 10:00", "shop#1", team="search"),
            body("change.review_requested", "Mon 11:00", "shop#1", on_team="search"),
        ),
        waited("checkout>search review_wait", 21_600),
    ),
    Case(
        "a freeze ended before it started",
        (
            started(),
            body("deploy.ready", "Mon 10:00", "d-1", item="CHK-1", service="till"),
            body("freeze.ended", "Mon 10:30", "f-1", on_team="platform"),
            body("freeze.started", "Mon 11:00", "f-1", on_team="platform"),
        ),
        waited("checkout>platform deploy_freeze", 21_600),
    ),
    Case(
        "an incident mitigated before it was opened",
        (
            body("incident.mitigated", "Mon 10:00", "INC-1"),
            body(
                "incident.opened",
                "Mon 11:00",
                "INC-1",
                team="checkout",
                cause_team="platform",
            ),
        ),
        {"checkout>platform incident response": 86_400},
        until="Fri 17:00",
    ),
    Case(
        "accepted before handed over",
        (
            started(),
            body("ticket.commented", "Mon 10:00", by_team="search"),
            body("ticket.assigned", "Mon 11:00", to_team="search"),
        ),
        waited("checkout>search handoff", 21_600),
    ),
    Case(
        "two ends: the first after the beginning counts",
        (started(), body("ticket.done", "Mon 11:00"), body("ticket.done", "Mon 15:00")),
        {"checkout feature": 7_200},
    ),
    Case(
        "two beginnings of one wait: the earliest counts",
        (
            started(),
            blocked("Mon 10:00"),
            blocked("Mon 12:00"),
            body("ticket.unblocked", "Mon 13:00"),
        ),
        waited(BLOCK, 10_800),
    ),
    Case(
        "reopened, never done",
        (started(), body("ticket.reopened", "Mon 10:00", cause_team="platform")),
        WORKED,
    ),
]

NEGATIVE = [
    Case(
        "a run started before it was queued",
        (
            started(),
            body("run.started", "Mon 10:00", "run-1", item="CHK-1"),
            body("run.queued", "Mon 11:00", "run-1", item="CHK-1", on_team="platform"),
        ),
        WORKED,
        zeros=1,
    ),
    Case(
        "a run finished before it was queued, and never started",
        (
            started(),
            body("run.finished", "Mon 10:00", "run-1", item="CHK-1", outcome="success"),
            body("run.queued", "Mon 11:00", "run-1", item="CHK-1", on_team="platform"),
        ),
        WORKED,
        zeros=1,
    ),
    Case(
        "an approval asked, never decided, its deploy begun later",
        (
            started(),
            body(
                "deploy.approval_requested",
                "Mon 11:00",
                "d-1",
                item="CHK-1",
                on_team="platform",
            ),
            body("deploy.started", "Mon 12:00", "d-1", item="CHK-1"),
        ),
        waited("checkout>platform deploy_approval", 3_600),
    ),
    Case(
        "an approval decided before it was asked for",
        (
            started(),
            body(
                "deploy.approval_decided",
                "Mon 10:00",
                "d-1",
                item="CHK-1",
                on_team="platform",
                decision="approved",
            ),
            body(
                "deploy.approval_requested",
                "Mon 11:00",
                "d-1",
                item="CHK-1",
                on_team="platform",
            ),
        ),
        WORKED,
        zeros=1,
    ),
    Case(
        "a success before the failure it would repair",
        (
            started(),
            body(
                "run.finished",
                "Mon 10:00",
                "run-2",
                item="CHK-1",
                pipeline="b",
                sha="1",
                outcome="success",
            ),
            body(
                "run.finished",
                "Mon 11:00",
                "run-1",
                item="CHK-1",
                pipeline="b",
                sha="1",
                outcome="failure",
                cause_team="platform",
            ),
        ),
        waited("checkout>platform ci_shared_failure", 21_600),
    ),
]
