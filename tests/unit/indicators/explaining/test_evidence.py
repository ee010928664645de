"""Every segment names its rule, and the facts that began and ended it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import Profile
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.teams import Directory
from monitor.domain.timeline import Component, Segment
from monitor.indicators.evaluate import evaluate, sweeps_of
from monitor.indicators.explaining.evidence import Because, Evidence
from monitor.indicators.explaining.rules import name_of
from tests.unit.indicators.history import (
    DIRECTORY,
    at,
    blocker,
    done,
    fact,
    item_of,
    key_of,
    started,
)

# Kind and time of the facts on one side of a segment.
Told = list[tuple[str, int]]


@dataclass(frozen=True)
class Asked:
    """A segment by its short name and begin: the rule, the facts, and what ended it."""

    rule: str
    ended: str
    facts: tuple[Fact, ...]
    segment: str
    since: str
    opened: Sequence[tuple[str, str]] = ()
    closed: Sequence[tuple[str, str]] = ()
    key: str = "CHK-1"
    blockers: Mapping[str, Profile] = field(default_factory=dict)
    others: Mapping[str, Sequence[Fact]] = field(default_factory=dict)


def because(asked: Asked, directory: Directory = DIRECTORY) -> Because:
    item = item_of(asked.facts, asked.key, asked.blockers)
    timelines = evaluate(item, directory, DEFAULT_MODEL)
    segments = [s for timeline in timelines for s in timeline.segments]
    sweeps = sweeps_of(item, directory, DEFAULT_MODEL)
    evidence = Evidence(sweeps, item.facts, segments, asked.others)
    return evidence.because(_segment(segments, asked))


def _segment(segments: Sequence[Segment], asked: Asked) -> Segment:
    (found,) = (
        segment
        for segment in segments
        if key_of(segment) == asked.segment and segment.start == at(asked.since)
    )
    return found


def told(facts: Sequence[Fact]) -> Told:
    return [(str(one.kind), one.time) for one in facts]


def timed(facts: Sequence[tuple[str, str]]) -> Told:
    return [(kind, at(when)) for kind, when in facts]


BLOCKED = (
    started(),
    fact("ticket.blocked", "Mon 10:00", "CHK-1", on_team="platform"),
    fact("ticket.unblocked", "Mon 12:00", "CHK-1"),
    done("Mon 16:00"),
)
QUEUE = "run.queued", "run.started"
FAILED = fact(
    "run.finished", "Mon 10:00", "r", outcome="failure", pipeline="b", sha="a"
)
PASSED = fact(
    "run.finished", "Mon 10:20", "r2", outcome="success", pipeline="b", sha="a"
)
CAUSED = fact(
    "run.finished",
    "Mon 10:00",
    "r",
    outcome="failure",
    pipeline="b",
    cause_teams=["platform"],
)
PLT = (
    fact("ticket.started", "Mon 09:00", "PLT-1", team="platform"),
    fact("ticket.done", "Mon 11:00", "PLT-1"),
)
MENDED = (
    fact("deploy.finished", "Mon 11:00", "D-9", service="till", outcome="success"),
)
LINKED = fact("link.added", "Mon 10:00", "CHK-1", blocker="PLT-1")
REQUESTED = fact(
    "ticket.requested", "Mon 08:00", "PLT-1", needed_by="CHK-1", team="platform"
)
DEPLOYING = (
    started(),
    fact("deploy.approval_requested", "Mon 10:00", "d", item="CHK-1", on_team="data"),
    fact("deploy.approval_decided", "Mon 10:10", "d", decision="approved"),
)
INCIDENT = (
    fact("incident.opened", "Tue 20:00", "INC-5", team="search"),
    fact("incident.mitigated", "Tue 21:30", "INC-5", cause_teams=["platform"]),
)
REOPENED = (
    started("Mon 09:00"),
    done("Mon 11:00"),
    fact("ticket.reopened", "Mon 14:00", "CHK-1", cause_teams=["platform"]),
    done("Mon 16:00"),
)
PLATFORM = "checkout>platform"
CASES = [
    Asked(
        "blocked flag",
        "acute phase used up",
        BLOCKED,
        f"{PLATFORM} ticket_blocked acute",
        "Mon 10:00",
        [("ticket.blocked", "Mon 10:00")],
        [("ticket.unblocked", "Mon 12:00")],
    ),
    Asked(
        "blocked flag",
        "closed",
        BLOCKED,
        f"{PLATFORM} ticket_blocked chronic",
        "Mon 10:15",
        [("ticket.blocked", "Mon 10:00")],
        [("ticket.unblocked", "Mon 12:00")],
    ),
    Asked(
        "in flight",
        "waits changed",
        BLOCKED,
        "checkout feature",
        "Mon 09:00",
        [("ticket.started", "Mon 09:00")],
        [("ticket.blocked", "Mon 10:00")],
    ),
    Asked(
        "in flight",
        "left flight",
        BLOCKED,
        "checkout feature",
        "Mon 12:00",
        [("ticket.unblocked", "Mon 12:00")],
        [("ticket.done", "Mon 16:00")],
    ),
    Asked(
        "blocked flag without a team",
        "left flight",
        (*BLOCKED[:1], fact("ticket.blocked", "Mon 10:00", "CHK-1"), done("Mon 10:05")),
        "checkout>unknown ticket_blocked acute",
        "Mon 10:00",
        [("ticket.blocked", "Mon 10:00")],
        [("ticket.done", "Mon 10:05")],
    ),
    Asked(
        "blocked flag",
        "stale limit",
        BLOCKED[:2],
        f"{PLATFORM} ticket_blocked chronic",
        "Mon 10:15",
        [("ticket.blocked", "Mon 10:00")],
    ),
    Asked(
        "in flight",
        "idle limit",
        BLOCKED[:1],
        "checkout feature",
        "Mon 09:00",
        [("ticket.started", "Mon 09:00")],
    ),
    Asked(
        "idle limit",
        "waits changed",
        (*BLOCKED[:1], fact("ticket.commented", "Tue+1 10:00", "CHK-1")),
        "checkout (idle)",
        "Fri 17:00",
        (),
        [("ticket.commented", "Tue+1 10:00")],
    ),
    Asked(
        "runner queue",
        "closed",
        (
            started(),
            fact(QUEUE[0], "Mon 13:00", "r", pool=["large"]),
            fact(QUEUE[1], "Mon 13:10", "r"),
        ),
        f"{PLATFORM} ci_queue acute",
        "Mon 13:00",
        [("run.queued", "Mon 13:00")],
        [("run.started", "Mon 13:10")],
    ),
    Asked(
        "runner queue",
        "cap",
        (started(), fact(QUEUE[0], "Mon 11:00", "r", pool=["large"])),
        f"{PLATFORM} ci_queue chronic",
        "Mon 11:15",
        [("run.queued", "Mon 11:00")],
    ),
    Asked(
        "stated cause",
        "closed",
        (
            started(),
            CAUSED,
            fact("run.finished", "Mon 10:10", "r2", outcome="success", pipeline="b"),
        ),
        f"{PLATFORM} ci_shared_failure acute",
        "Mon 10:00",
        [("run.finished", "Mon 10:00")],
        [("run.finished", "Mon 10:10")],
    ),
    Asked(
        "same-sha retry",
        "acute phase used up",
        (
            started(repo="acme/mono"),
            FAILED._replace(fields={**FAILED.fields, "repo": "acme/mono"}),
            PASSED,
            done("Mon 12:00"),
        ),
        f"{PLATFORM} ci_flaky acute",
        "Mon 10:00",
        [("run.finished", "Mon 10:00")],
        [("run.finished", "Mon 10:20")],
    ),
    Asked(
        "failure not settled",
        "waits changed",
        (started(), FAILED),
        "checkout (pending)",
        "Mon 10:00",
        [("run.finished", "Mon 10:00")],
    ),
    Asked(
        "own failure",
        "waits changed",
        (
            started(),
            FAILED,
            fact("run.finished", "Mon 11:00", "s", outcome="success", pipeline="b"),
        ),
        "checkout own failure",
        "Mon 10:00",
        [("run.finished", "Mon 10:00")],
        [("run.finished", "Mon 11:00")],
    ),
    Asked(
        "own failure",
        "waits changed",
        (
            started(),
            fact("deploy.rolled_back", "Mon 10:00", "D-1", service="till"),
            fact("ticket.commented", "Mon 10:00", "CHK-1"),
        ),
        "checkout own deploy",
        "Mon 10:00",
        [("deploy.rolled_back", "Mon 10:00")],
        [("deploy.finished", "Mon 11:00")],
        blockers=blocker(*MENDED, key="D-9"),
        others={"D-9": MENDED},
    ),
    Asked(
        "blocking link",
        "closed",
        (started(), LINKED),
        f"{PLATFORM} dependency_link chronic",
        "Mon 10:15",
        [("link.added", "Mon 10:00")],
        [("ticket.done", "Mon 11:00")],
        blockers=blocker(*PLT),
        others={"PLT-1": PLT},
    ),
    Asked(
        "blocking link",
        "closed",
        (started(), LINKED),
        f"{PLATFORM} dependency_link chronic",
        "Mon 10:15",
        [("link.added", "Mon 10:00")],
        blockers=blocker(*PLT),
    ),
    Asked(
        "needed request",
        "closed",
        (started(),),
        f"{PLATFORM} ticket_request chronic",
        "Mon 09:15",
        [("ticket.requested", "Mon 08:00")],
        [("ticket.done", "Mon 11:00")],
        blockers=blocker(REQUESTED, *PLT),
        others={"PLT-1": (REQUESTED, *PLT)},
    ),
    Asked(
        "handed over",
        "closed",
        (
            started(),
            fact("ticket.assigned", "Mon 10:00", "CHK-1", to_team="platform"),
            fact("ticket.accepted", "Mon 10:10", "CHK-1", team="platform"),
        ),
        f"{PLATFORM} handoff acute",
        "Mon 10:00",
        [("ticket.assigned", "Mon 10:00")],
        [("ticket.accepted", "Mon 10:10")],
    ),
    Asked(
        "handed to its origin",
        "owner changed",
        (
            started(),
            fact("ticket.accepted", "Mon 10:00", "CHK-1", team="platform"),
            fact("ticket.assigned", "Mon 11:00", "CHK-1", to_team="checkout"),
            fact("ticket.accepted", "Mon 12:00", "CHK-1", team="checkout"),
        ),
        "checkout (internal)",
        "Mon 11:00",
        [("ticket.assigned", "Mon 11:00")],
        [("ticket.accepted", "Mon 12:00")],
    ),
    Asked(
        "review requested",
        "closed",
        (
            started(),
            fact("change.opened", "Mon 09:30", "shop#7"),
            fact("change.drafted", "Mon 09:40", "shop#7"),
            fact("change.review_requested", "Mon 09:50", "shop#7", on_team="search"),
            fact("change.ready", "Mon 10:00", "shop#7"),
            fact("change.reviewed", "Mon 10:10", "shop#7", reviewed_by=["search"]),
        ),
        "checkout>search review_wait acute",
        "Mon 10:00",
        [("change.review_requested", "Mon 09:50"), ("change.ready", "Mon 10:00")],
        [("change.reviewed", "Mon 10:10")],
    ),
    Asked(
        "approval requested",
        "closed",
        DEPLOYING,
        "checkout>data deploy_approval acute",
        "Mon 10:00",
        [("deploy.approval_requested", "Mon 10:00")],
        [("deploy.approval_decided", "Mon 10:10")],
    ),
    Asked(
        "stated cause",
        "closed",
        INCIDENT,
        "search>platform incident response",
        "Tue 20:00",
        [("incident.opened", "Tue 20:00")],
        [("incident.mitigated", "Tue 21:30")],
        key="INC-5",
    ),
    Asked(
        "stated cause",
        "cap",
        (
            INCIDENT[0],
            fact("incident.resolved", "Fri 08:00", "INC-5", cause_teams=["platform"]),
        ),
        "search>platform incident response",
        "Tue 20:00",
        [("incident.opened", "Tue 20:00")],
        key="INC-5",
    ),
    Asked(
        "reopened by cause",
        "closed",
        REOPENED,
        f"{PLATFORM} reopen response",
        "Mon 14:00",
        [("ticket.reopened", "Mon 14:00")],
        [("ticket.done", "Mon 16:00")],
    ),
    Asked(
        "reopened by cause",
        "idle limit",
        (*REOPENED[:3], fact("ticket.commented", "Mon+2 10:00", "CHK-1")),
        f"{PLATFORM} reopen response",
        "Mon+2 10:00",
        [("ticket.reopened", "Mon 14:00"), ("ticket.commented", "Mon+2 10:00")],
    ),
    Asked(
        "no work class",
        "left flight",
        (
            fact("ticket.started", "Mon 09:00", "CHK-1", team="checkout"),
            done("Mon 10:00"),
        ),
        "checkout unclassified part",
        "Mon 09:00",
        [("ticket.started", "Mon 09:00")],
        [("ticket.done", "Mon 10:00")],
    ),
]


@pytest.mark.parametrize(
    "asked", CASES, ids=lambda asked: f"{asked.segment}: {asked.rule}, {asked.ended}"
)
def test_a_segment_names_its_rule_its_facts_and_what_ended_it(asked: Asked) -> None:
    found = because(asked)
    (reason,) = found.reasons
    assert (reason.rule, found.ended) == (asked.rule, asked.ended)
    assert told(reason.opened) == timed(asked.opened)
    assert told(reason.closed) == timed(asked.closed)


def test_two_waits_for_one_team_are_two_reasons() -> None:
    queued = [fact("run.queued", "Mon 10:00", name, pool=["large"]) for name in "rs"]
    begun = [
        fact("run.started", "Mon 10:05", "r"),
        fact("run.started", "Mon 10:10", "s"),
    ]
    asked = Asked(
        "", "", (started(), *queued, *begun), f"{PLATFORM} ci_queue acute", "Mon 10:00"
    )
    reasons = because(asked).reasons
    assert [(reason.entity, told(reason.closed)) for reason in reasons] == [
        ("r", timed([("run.started", "Mon 10:05")])),
        ("s", timed([("run.started", "Mon 10:10")])),
    ]
    assert [[one.entity for one in reason.opened] for reason in reasons] == [
        ["r"],
        ["s"],
    ]


def test_waits_that_follow_each_other_in_one_segment_are_all_told() -> None:
    facts = (
        started(),
        fact("run.queued", "Mon 10:00", "r", pool=["large"]),
        fact("run.started", "Mon 10:05", "r"),
        fact("run.queued", "Mon 10:05", "s", pool=["large"]),
        fact("run.started", "Mon 10:10", "s"),
    )
    asked = Asked("", "", facts, f"{PLATFORM} ci_queue acute", "Mon 10:00")
    assert [reason.entity for reason in because(asked).reasons] == ["r", "s"]


def test_a_share_ends_where_another_wait_begins_or_ends() -> None:
    other = fact("ticket.blocked", "Mon 10:05", "CHK-1", on_team="search")
    asked = Asked(
        "", "", (*BLOCKED, other), f"{PLATFORM} ticket_blocked acute", "Mon 10:00"
    )
    assert because(asked).ended == "waits changed"


def test_a_failure_without_a_stated_cause_is_named_by_what_made_it_foreign() -> None:
    error = fact("run.finished", "Mon 10:00", "r", outcome="error", pipeline="b")
    failure = Component.CI_SHARED_FAILURE
    assert name_of(failure, [error]) == "error result"
    assert name_of(failure, [FAILED]) == "default branch red"
    assert name_of(failure, [CAUSED]) == "stated cause"


def test_a_deploy_outside_flight_has_its_reason_too() -> None:
    facts = (*DEPLOYING[:1], done("Mon 09:30"), *DEPLOYING[1:])
    asked = Asked("", "", facts, "checkout>data deploy_approval acute", "Mon 10:00")
    (reason,) = because(asked).reasons
    assert told(reason.closed) == timed([("deploy.approval_decided", "Mon 10:10")])
