"""Unknown seconds, laid to the references that nobody claims."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from monitor.adapters.terminal.resolutions import gap_lines
from monitor.directory.growing import NOTHING
from monitor.directory.provisional import directory_of as provisional_directory
from monitor.domain.facts import Fact, Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.teams import BEGINNING, UNKNOWN, Directory
from monitor.indicators.explaining.gaps import Gap, gaps_of
from monitor.indicators.totals.instant import seconds, totals_of
from monitor.pipeline.batch import stored_facts, stored_items
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.histories import History, histories
from tests.harness.plain_calendar import instant

TEAMS = """\
version: 1
teams:
  - {id: checkout, owns: [{jira: CHK}, {repo: acme/shop}]}
  - {id: platform, owns: [{group: "@acme/platform"}]}
"""
AT = instant("2026-03-02T17:00:00Z")
HOURS = 3_600


def event(kind: str, hour: int, entity: str = "CHK-1", **more: Any) -> dict[str, Any]:
    """A native event at the full hour of Monday 2026-03-02."""
    return {
        "schema": "friction.event.v1",
        "id": f"{kind}-{hour}-{entity}",
        "source": "tools.example",
        "kind": kind,
        "time": f"2026-03-02T{hour:02}:00:00Z",
        "entity": entity,
        **more,
    }


def gaps(*events: dict[str, Any], directory: Directory | None = None) -> list[Gap]:
    known = directory or directory_of(TEAMS)
    drive = Drive(known, AT)
    drive.take(facts_of(events, known))
    asked = stored_facts(drive.state, known)
    return gaps_of(stored_items(drive.state, known), known, BEGINNING, AT, asked)


STARTED = event("ticket.started", 9, work_class="feature")
DONE = event("ticket.done", 15)


@pytest.mark.parametrize(
    ("events", "reference", "hides", "hours"),
    [
        # The owner: a team that is not in the file, else the widest place.
        ([STARTED | {"team": "nobody"}, DONE], "team:nobody", "owner", 6),
        (
            [
                event("ticket.started", 9, "OPS-1", repo="acme/other", service="x"),
                event("ticket.done", 15, "OPS-1"),
            ],
            "project:OPS",
            "owner",
            6,
        ),
        (
            [
                event("change.opened", 9, "acme/other#1", repo="acme/other"),
                event("change.merged", 12, "acme/other#1"),
            ],
            "repo:acme/other",
            "owner",
            3,
        ),
        # Who is waited for, by component.
        (
            [
                STARTED,
                event("ticket.blocked", 10, on_team="ghosts"),
                event("ticket.unblocked", 12, on_team="ghosts"),
                DONE,
            ],
            "team:ghosts",
            "ticket_blocked",
            2,
        ),
        (
            [
                STARTED,
                event("ticket.blocked", 10),
                event("ticket.unblocked", 12),
                DONE,
            ],
            "",
            "ticket_blocked",
            2,
        ),
        (
            [
                STARTED,
                event("link.added", 10, blocker="OPS-7"),
                event("link.removed", 13, blocker="OPS-7"),
                DONE,
            ],
            "project:OPS",
            "dependency_link",
            3,
        ),
        (
            [
                STARTED,
                event("link.added", 10, blocker="acme/other#7"),
                event("link.removed", 13, blocker="acme/other#7"),
                DONE,
            ],
            "repo:acme/other",
            "dependency_link",
            3,
        ),
        (
            [
                event("ticket.started", 9, "acme/other#7"),
                event("ticket.done", 15, "acme/other#7"),
            ],
            "repo:acme/other",
            "owner",
            6,
        ),
        (
            [
                STARTED,
                event("run.queued", 10, "run-1", item="CHK-1", on_team="runners"),
                event("run.started", 11, "run-1", item="CHK-1"),
                DONE,
            ],
            "team:runners",
            "ci_queue",
            1,
        ),
        (
            [
                STARTED,
                event("ticket.assigned", 10, to_team="elsewhere"),
                DONE,
            ],
            "team:elsewhere",
            "handoff",
            5,
        ),
        (
            [
                event("incident.opened", 9, "INC-1", team="checkout"),
                event("incident.resolved", 11, "INC-1", cause_team="ghosts"),
            ],
            "team:ghosts",
            "incident",
            2,
        ),
    ],
)
def test_unknown_hours_are_laid_to_what_the_facts_name(
    events: list[dict[str, Any]], reference: str, hides: str, hours: int
) -> None:
    assert gaps(*events) == [Gap(reference, (hides,), Fraction(hours * HOURS), 1)]


def of(reference: str, hides: str, hours: float) -> Gap:
    return Gap(reference, (hides,), Fraction(hours) * HOURS, 1)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        # Who holds something up elsewhere is told by events of that.
        (
            [
                event("freeze.started", 8, "f1", on_team="ghosts"),
                event("deploy.ready", 9, "d1", service="s", team="checkout"),
            ],
            of("team:ghosts", "deploy_freeze", 8),
        ),
        (
            [
                STARTED,
                event("ticket.created", 8, "X-7", team="ghosts"),
                event("link.added", 10, blocker="X-7"),
                DONE,
            ],
            of("team:ghosts", "dependency_link", 5),
        ),
        (
            [
                STARTED,
                event(
                    "ticket.requested",
                    10,
                    "CHK-8",
                    requester_team="checkout",
                    needed_by="CHK-1",
                ),
                event("ticket.assigned", 10, "CHK-8", to_team="ghosts"),
                DONE,
            ],
            of("team:ghosts", "ticket_request", 5),
        ),
        # A cause that is stated later holds from the first failure on.
        (
            [
                STARTED,
                event("run.finished", 10, "r1", item="CHK-1", outcome="failure"),
                event(
                    "run.finished",
                    12,
                    "r1",
                    item="CHK-1",
                    outcome="failure",
                    cause_team="ghosts",
                ),
                event("run.finished", 13, "r1", item="CHK-1", outcome="success"),
                DONE,
            ],
            of("team:ghosts", "ci_shared_failure", 3),
        ),
        # Whoever owns the repository owns a pipeline that broke.
        (
            [
                STARTED,
                event(
                    "run.finished",
                    10,
                    "r1",
                    item="CHK-1",
                    outcome="error",
                    repo="acme/ci",
                    pipeline="acme/ci/ci/build",
                ),
                DONE,
            ],
            of("repo:acme/ci", "ci_shared_failure", 5),
        ),
        # A run that tells none is of the one its change is of.
        (
            [
                STARTED,
                event("change.opened", 9, "PR-1", item="CHK-1", repo="acme/ci"),
                event("run.finished", 10, "r1", change="PR-1", outcome="error"),
                DONE,
            ],
            of("repo:acme/ci", "ci_shared_failure", 5),
        ),
        (
            [
                STARTED,
                event(
                    "run.finished",
                    10,
                    "r1",
                    item="CHK-1",
                    outcome="error",
                    on_team="ghosts",
                ),
                DONE,
            ],
            of("team:ghosts", "ci_shared_failure", 5),
        ),
        (
            [
                STARTED,
                DONE,
                event("ticket.reopened", 16, cause_team="ghosts"),
            ],
            of("team:ghosts", "reopen", 1),
        ),
        (
            [
                event("deploy.ready", 9, "d1", service="s", team="checkout"),
                event(
                    "deploy.finished",
                    10,
                    "d1",
                    service="s",
                    outcome="failure",
                    cause_team="ghosts",
                ),
            ],
            of("team:ghosts", "deploy_failure", 7),
        ),
        (
            [
                event("deploy.approval_requested", 9, "d1", on_team="ghosts"),
                event("deploy.started", 11, "d1", team="checkout"),
            ],
            of("team:ghosts", "deploy_approval", 2),
        ),
    ],
)
def test_who_is_waited_for_is_told_by_what_opened_the_wait(
    events: list[dict[str, Any]], found: Gap
) -> None:
    assert gaps(*events) == [found]


def test_what_a_flag_names_is_no_team_by_rule_and_has_its_line() -> None:
    """A label may hold a person's name: only a line makes it a team."""
    rules = provisional_directory(NOTHING)
    events = (STARTED, event("ticket.blocked", 10, on_team="platform"), DONE)
    assert gaps(*events, directory=rules) == [
        Gap("team:platform", ("ticket_blocked",), Fraction(5 * HOURS), 1)
    ]


def test_a_group_that_is_asked_for_a_review_is_named() -> None:
    known = directory_of(TEAMS)
    facts = [
        make_fact(kind, AT - (7 - hour) * HOURS * 1_000, "acme/shop#1", "s", fields)
        for kind, hour, fields in (
            (Kind.CHANGE_OPENED, 0, Fields(repo="acme/shop")),
            (Kind.CHANGE_REVIEW_REQUESTED, 1, Fields(group="@acme/ghosts")),
            (Kind.CHANGE_MERGED, 3, Fields()),
        )
    ]
    drive = Drive(known, AT)
    drive.take(facts)
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, AT) == [
        Gap("group:@acme/ghosts", ("review_wait",), Fraction(2 * HOURS), 1)
    ]


def test_what_is_named_together_shares_equally_and_the_costliest_comes_first() -> None:
    found = gaps(
        STARTED,
        event("ticket.blocked", 10, on_team="ghosts"),
        event("ticket.blocked", 10, on_team="spirits"),
        event("ticket.unblocked", 12),
        DONE,
        event("ticket.started", 9, "CHK-2"),
        event("ticket.blocked", 10, "CHK-2", on_team="spirits"),
        event("ticket.done", 14, "CHK-2"),
    )
    assert found == [
        Gap("team:spirits", ("ticket_blocked",), Fraction(5 * HOURS), 2),
        Gap("team:ghosts", ("ticket_blocked",), Fraction(HOURS), 1),
    ]
    assert list(gap_lines(found)) == [
        "       5.0 h       2  - id: spirits  # ticket_blocked",
        "       1.0 h       1  - id: ghosts  # ticket_blocked",
        "       6.0 h          in all",
    ]


@pytest.mark.parametrize("name", ["\x9b31m", "a\u202eb", "cost:center"])
def test_a_name_that_no_team_may_have_is_no_line_of_the_teams_file(name: str) -> None:
    line, _ = gap_lines([Gap(f"team:{name}", ("owner",), Fraction(HOURS), 1)])
    assert "(no team can be called so: " in line
    assert line.isprintable()


def test_only_what_lies_inside_the_window_counts() -> None:
    known = directory_of(TEAMS)
    drive = Drive(known, AT)
    events = [STARTED, event("ticket.blocked", 10, on_team="ghosts"), DONE]
    drive.take(facts_of(events, known))
    noon, two = (instant(f"2026-03-02T{hour}:00:00Z") for hour in (12, 14))
    (found,) = gaps_of(stored_items(drive.state, known), known, noon, two)
    assert found.seconds == 2 * HOURS


def handed_over(at: int, after: list[str], before: list[str]) -> list[Fact]:
    """A ticket in flight, of which the areas change."""
    said: Fields = {"project": "CHK", "areas": after, "areas_before": before}
    said["project_before"] = "CHK"
    kinds = (Kind.TICKET_STARTED, 9, Fields()), (Kind.TICKET_ASSIGNED, at, said)
    return [
        make_fact(kind, instant(f"2026-03-02T{hour:02}:00:00Z"), "CHK-1", "s", fields)
        for kind, hour, fields in kinds
    ]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("", ["group:jira:team:Data", "group:jira:team:Search"]),
        ('  - {id: x, owns: [{group: "jira:team:7"}]}\n', ["group:jira:team:Search"]),
        ('  - {id: x, owns: [{group: "jira:team:*"}]}\n', []),
    ],
)
def test_a_value_of_a_team_field_is_a_gap_that_hides_no_seconds(
    more: str, named: list[str]
) -> None:
    """Claimed by its number or its name; a component nobody claims is no gap."""
    known = directory_of(TEAMS + more)
    drive = Drive(known, AT)
    after = ["jira:team:7", "jira:team:Data", "jira:component:CHK/Till"]
    drive.take(handed_over(11, after, ["jira:team:Search"]))
    found = gaps_of(stored_items(drive.state, known), known, BEGINNING, AT)
    assert found == [Gap(name, ("area",), Fraction(0), 1) for name in named]
    # Of a window only what it holds.
    noon = instant("2026-03-02T12:00:00Z")
    assert gaps_of(stored_items(drive.state, known), known, noon, AT) == []
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, noon) == found


def test_a_claim_closes_its_gap() -> None:
    events = [event("ticket.started", 9, "OPS-1"), event("ticket.done", 15, "OPS-1")]
    assert [gap.reference for gap in gaps(*events)] == ["project:OPS"]
    more = directory_of(TEAMS + "  - {id: operations, owns: [{jira: OPS}]}\n")
    assert gaps(*events, directory=more) == []


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(most=10))
def test_gaps_sum_to_all_unknown_seconds(history: History) -> None:
    """With a file that knows one team only, whatever the history."""
    known = directory_of("version: 1\nteams: [{id: checkout}]\n")
    at = max(instant(body["time"]) for body in history.events)
    drive = Drive(known, at)
    drive.take(facts_of(history.events, known))
    totals = totals_of(drive.timelines(), known, None, at)
    unknown = sum(
        amount
        for (team, on_team, *_), amount in totals.waits.items()
        if UNKNOWN in (team, on_team)
    ) + sum(amount for (team, _), amount in totals.active.items() if team == UNKNOWN)
    found = gaps_of(stored_items(drive.state, known), known, BEGINNING, at)
    assert sum(gap.seconds for gap in found) == seconds(unknown)
