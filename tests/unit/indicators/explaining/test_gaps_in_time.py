"""Gaps by wait and by time: hours are laid to what was meant while they ran."""

from __future__ import annotations

import pytest

from monitor.adapters.terminal.resolutions import gap_lines
from monitor.domain.facts import LABELLED, ON_CARD, Fields, Kind
from monitor.domain.making import make_fact
from monitor.domain.teams import BEGINNING
from monitor.indicators.explaining.gaps import gaps_of
from monitor.pipeline.batch import stored_items
from tests.harness.driving import Drive, directory_of, facts_of
from tests.unit.indicators.explaining.test_gaps import (
    AT,
    DONE,
    HOURS,
    STARTED,
    TEAMS,
    event,
    gaps,
    of,
)


def test_each_wait_is_laid_to_what_opened_it() -> None:
    """Blocked on a team that is not in the file, then without a word on whom."""
    events = [
        STARTED,
        event("ticket.blocked", 10, on_team="ghosts"),
        event("ticket.unblocked", 11),
        event("ticket.blocked", 12),
        event("ticket.unblocked", 15),
        event("ticket.done", 16),
    ]
    assert gaps(*events) == [
        of("", "ticket_blocked", 3),
        of("team:ghosts", "ticket_blocked", 1),
    ]


def test_of_two_flags_each_counts_while_it_is_up() -> None:
    events = [
        STARTED,
        event("ticket.blocked", 10, on_team="ghosts"),
        event("ticket.blocked", 11, on_team="spirits"),
        event("ticket.unblocked", 12, on_team="ghosts"),
        event("ticket.unblocked", 14, on_team="spirits"),
        DONE,
    ]
    # 10 to 11 ghosts, 11 to 12 both, 12 to 14 spirits.
    assert gaps(*events) == [
        of("team:spirits", "ticket_blocked", 2.5),
        of("team:ghosts", "ticket_blocked", 1.5),
    ]


def test_a_name_counts_until_the_last_that_tells_it_is_gone() -> None:
    """A label from 10 to 11, and from half past ten a card, until 13."""
    known = directory_of(TEAMS)
    blocks = [
        make_fact(
            kind,
            AT - int((8 - hour) * HOURS * 1_000),
            "CHK-1",
            "s",
            {"on_team": "ghosts", "how": how},
        )
        for kind, hour, how in (
            (Kind.TICKET_BLOCKED, 1, LABELLED),
            (Kind.TICKET_BLOCKED, 1.5, ON_CARD),
            (Kind.TICKET_UNBLOCKED, 2, LABELLED),
            (Kind.TICKET_UNBLOCKED, 4, ON_CARD),
        )
    ]
    drive = Drive(known, AT)
    drive.take([*facts_of([STARTED, DONE], known), *blocks])
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, AT) == [
        of("team:ghosts", "ticket_blocked", 3)
    ]


def test_a_claim_that_has_ended_is_a_gap_from_then_on() -> None:
    ended = '  - {id: a, owns: [{jira: OLD, to: "2026-03-02T11:00:00Z"}]}\n'
    known = directory_of(TEAMS + ended)
    events = [event("ticket.started", 9, "OLD-1"), event("ticket.done", 13, "OLD-1")]
    assert gaps(*events, directory=known) == [of("project:OLD", "owner", 2)]
    linked = [STARTED, event("link.added", 10, blocker="OLD-7"), DONE]
    assert gaps(*linked, directory=known) == [of("project:OLD", "dependency_link", 4)]


def test_a_claim_on_a_pipeline_that_has_ended_is_a_gap() -> None:
    ended = """\
  - {id: ci, owns: [{pipeline: "acme/*", to: "2026-03-02T11:00:00Z"}]}
"""
    broke = {"item": "CHK-1", "outcome": "error", "pipeline": "acme/shop/ci"}
    events = [STARTED, event("run.finished", 12, "r1", **broke), DONE]
    assert gaps(*events, directory=directory_of(TEAMS + ended)) == [
        of("pipeline:acme/shop/ci", "ci_shared_failure", 3)
    ]


def test_a_pool_is_named_by_whichever_event_tells_it() -> None:
    known = directory_of(TEAMS)
    asked = Fields(repo="acme/shop", item="CHK-1")
    facts = [
        *facts_of([STARTED, DONE], known),
        make_fact(Kind.RUN_QUEUED, AT - 6 * HOURS * 1_000, "r1", "s", asked),
        make_fact(
            Kind.RUN_STARTED,
            AT - 5 * HOURS * 1_000,
            "r1",
            "s",
            Fields(**asked, attempt=1, pool=["self-hosted", "gpu"]),
        ),
    ]
    drive = Drive(known, AT)
    drive.take(facts)
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, AT) == [
        of("pool:gpu", "ci_queue", 1)
    ]


def test_a_review_that_is_asked_for_no_more_names_nobody() -> None:
    """Two groups that nobody claims are one wait: who is asked changes."""
    known = directory_of(TEAMS)
    asked, unasked = Kind.CHANGE_REVIEW_REQUESTED, Kind.CHANGE_REVIEW_UNREQUESTED
    facts = [
        make_fact(kind, AT - (8 - hour) * HOURS * 1_000, "acme/shop#1", "s", fields)
        for kind, hour, fields in (
            (Kind.CHANGE_OPENED, 0, Fields(repo="acme/shop")),
            (asked, 1, Fields(group="@acme/ghosts")),
            (asked, 2, Fields(group="@acme/spirits")),
            (unasked, 3, Fields(group="@acme/ghosts")),
            (Kind.CHANGE_MERGED, 6, Fields()),
        )
    ]
    drive = Drive(known, AT)
    drive.take(facts)
    # An hour of ghosts, one of both, three of spirits.
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, AT) == [
        of("group:@acme/spirits", "review_wait", 3.5),
        of("group:@acme/ghosts", "review_wait", 1.5),
    ]


def test_who_is_asked_no_more_is_named_until_a_review_shows_that() -> None:
    """The ghosts are asked at 10 and 13; the review of 12 shows the spirits alone."""
    known = directory_of(TEAMS)
    asked = Kind.CHANGE_REVIEW_REQUESTED
    ghosts = Fields(group="@acme/ghosts", request="@acme/ghosts")
    spirits = Fields(group="@acme/spirits", request="@acme/spirits")
    facts = [
        make_fact(kind, AT - (8 - hour) * HOURS * 1_000, "acme/shop#1", "s", fields)
        for kind, hour, fields in (
            (Kind.CHANGE_OPENED, 0, Fields(repo="acme/shop")),
            (asked, 1, ghosts),
            (asked, 1, spirits),
            (Kind.CHANGE_REVIEWED, 3, Fields(request="zed", asked=["@acme/spirits"])),
            (asked, 4, ghosts),
            (Kind.CHANGE_MERGED, 6, Fields()),
        )
    ]
    drive = Drive(known, AT)
    drive.take(facts)
    # Two hours of both, one of the spirits, two of both.
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, AT) == [
        of("group:@acme/spirits", "review_wait", 3),
        of("group:@acme/ghosts", "review_wait", 2),
    ]


def test_a_handover_to_a_project_without_an_owner_then_is_its_gap() -> None:
    ended = '  - {id: a, owns: [{jira: OLD, to: "2026-03-02T10:00:00Z"}]}\n'
    known = directory_of(TEAMS + ended)
    moved: Fields = {"project": "OLD", "project_before": "CHK"}
    moved |= {"areas": [], "areas_before": []}
    assigned = make_fact(
        Kind.TICKET_ASSIGNED, AT - 6 * HOURS * 1_000, "CHK-1", "s", moved
    )
    drive = Drive(known, AT)
    drive.take([*facts_of([STARTED, DONE], known), assigned])
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, AT) == [
        of("project:OLD", "handoff", 4)
    ]


@pytest.mark.parametrize(
    ("inferred", "reference"), [(True, "repo:acme/other"), (False, "")]
)
def test_somebody_of_no_team_is_asked_for_the_owner_of_the_repository(
    inferred: bool, reference: str
) -> None:
    known = directory_of(TEAMS)
    facts = [
        make_fact(kind, AT - (8 - hour) * HOURS * 1_000, "c1", "s", fields)
        for kind, hour, fields in (
            (Kind.CHANGE_OPENED, 0, Fields(repo="acme/other", team="checkout")),
            (
                Kind.CHANGE_REVIEW_REQUESTED,
                1,
                Fields(repo="acme/other", inferred=inferred, request="1"),
            ),
            (Kind.CHANGE_MERGED, 3, Fields()),
        )
    ]
    drive = Drive(known, AT)
    drive.take(facts)
    assert gaps_of(stored_items(drive.state, known), known, BEGINNING, AT) == [
        of(reference, "review_wait", 2)
    ]


def test_two_equally_long_patterns_that_tie_are_a_gap() -> None:
    tie = """\
  - {id: a, owns: [{repo: "acme/x?z"}]}
  - {id: b, owns: [{repo: "acme/?yz"}]}
"""
    events = [
        event("change.opened", 9, "c1", repo="acme/xyz"),
        event("change.merged", 11, "c1"),
    ]
    known = directory_of(TEAMS + tie)
    assert gaps(*events, directory=known) == [of("repo:acme/xyz", "owner", 2)]


def test_a_file_that_equally_strong_lines_claim_is_a_gap_while_they_do() -> None:
    """The repository is claimed, so the file is what a line has to be written for."""
    since = 'from: "2026-03-02T12:00:00Z"'
    tie = f"""\
  - {{id: a, owns: [{{path: {{repo: acme/shop, pattern: /ci/a*}}}}]}}
  - {{id: b, owns: [{{path: {{repo: acme/shop, pattern: /ci/*b}}, {since}}}]}}
"""
    known = directory_of(TEAMS + tie)
    facts = [
        make_fact(kind, AT - (8 - hour) * HOURS * 1_000, "acme/shop#1", "s", fields)
        for kind, hour, fields in (
            (Kind.CHANGE_OPENED, 0, Fields(repo="acme/shop")),
            (Kind.CHANGE_PUSHED, 0, Fields(repo="acme/shop", paths=["/ci/ab"])),
            (Kind.CHANGE_MERGED, 5, Fields()),
        )
    ]
    drive = Drive(known, AT)
    drive.take(facts)
    found = gaps_of(stored_items(drive.state, known), known, BEGINNING, AT)
    # From 9 to 12 it is a's, from then to 14 nobody's.
    assert found == [of("path:acme/shop:/ci/ab", "owner", 2)]
    line = '- path: {repo: acme/shop, pattern: "/ci/ab"}'
    assert line in next(iter(gap_lines(found)))


def test_an_owner_who_is_stated_later_is_named_from_then_on() -> None:
    events = [
        event("ticket.started", 9, team="ghosts"),
        event("ticket.accepted", 12, team="spirits"),
        event("ticket.done", 13),
    ]
    assert gaps(*events) == [
        of("team:ghosts", "owner", 3),
        of("team:spirits", "owner", 1),
    ]
