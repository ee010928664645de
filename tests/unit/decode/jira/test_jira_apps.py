"""What a Forge app is told of Jira and passes on: webhooks' events, otherwise named.

Of an issue there is no address, of who did it an account's id alone; the documented
events have no time of their own, seen ones a ``timestamp`` that is text.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.jira.jira_bodies import (
    DOING,
    HOUR,
    PERSON,
    TODO,
    fact_of,
    facts_of,
    issue,
    kinds_of,
    moved,
    transition,
)
from tests.unit.decode.records import TEN_O_CLOCK, codes, of

SAID = {
    "id": "31",
    "author": {"accountId": "5b10"},
    "created": "2026-03-02T10:30:00.000+0000",
}
# As in an app's event: the project alone has an address.
PROJECT = {"key": "CHK", "self": "https://acme.example/rest/api/2/project/10"}


def told(event: str, **more: Any) -> dict[str, Any]:
    """An event of CHK-1, which is in progress, done by a person."""
    shown = issue(DOING, project=PROJECT)
    del shown["self"]
    return {
        "eventType": f"avi:jira:{event}",
        "issue": shown,
        "atlassianId": "5b10",
        "associatedUsers": [{"accountId": "5b10"}],
        **more,
    }


def of_transition(**more: Any) -> dict[str, Any]:
    changelog = {"id": "900", "items": [moved(TODO, DOING)]}
    return told("updated:issue", changelog=changelog, **more)


def of_link(done: str, **more: Any) -> dict[str, Any]:
    words = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    ends = {"sourceIssueId": "1", "destinationIssueId": "500"}
    event = f"avi:jira:{done}:issuelink"
    return {"eventType": event, "id": "9", **ends, "issueLinkType": words, **more}


def test_an_issue_may_be_created_in_progress() -> None:
    assert kinds_of(told("created:issue")) == ["ticket.started"]
    assert fact_of("ticket.created", told("created:issue")).time == TEN_O_CLOCK


def test_a_transition_is_the_one_that_the_webhook_tells() -> None:
    hook = fact_of("ticket.started", transition(TODO, DOING))
    started = fact_of("ticket.started", of_transition())
    assert started.identity == hook.identity
    assert started.people == hook.people == {"actor": "jira:5b10"}


def test_without_a_time_of_its_own_an_update_is_when_the_issue_was_updated() -> None:
    assert fact_of("ticket.started", of_transition()).time == TEN_O_CLOCK + HOUR
    timed = of_transition(timestamp=f"{TEN_O_CLOCK + HOUR // 2}")
    assert fact_of("ticket.started", timed).time == TEN_O_CLOCK + HOUR // 2


def test_an_issue_deleted_leaves_history() -> None:
    gone = fact_of("ticket.cancelled", told("deleted:issue"))
    assert (gone.fields["deleted"], gone.people) == (True, {"actor": "jira:5b10"})


def test_a_comment_is_an_activity_at_its_time() -> None:
    said = fact_of("ticket.commented", told("commented:issue", comment=SAID))
    assert (said.entity, said.time) == ("CHK-1", TEN_O_CLOCK + HOUR // 2)


def test_that_a_comment_was_deleted_is_as_new_as_what_the_body_shows() -> None:
    gone = fact_of("ticket.updated", told("deleted:comment", comment=SAID))
    assert gone.time == TEN_O_CLOCK + HOUR


@pytest.mark.parametrize(
    ("done", "kind"), [("created", "link.added"), ("deleted", "link.removed")]
)
def test_a_link_is_by_the_numbers_of_both_issues(done: str, kind: str) -> None:
    (fact,) = facts_of(of_link(done, timestamp=f"{TEN_O_CLOCK}"))
    assert (fact.kind, fact.time, fact.entity) == (kind, TEN_O_CLOCK, "jira:500")
    assert (fact.fields["blocker"], fact.fields["request"]) == ("jira:1", "link:9")


def test_a_link_without_a_time_counts_at_its_receipt() -> None:
    fact = fact_of("link.added", of_link("created"), timestamp=TEN_O_CLOCK)
    assert (fact.time, fact.fields["receipt"]) == (TEN_O_CLOCK, True)


def test_an_end_that_is_not_told_is_a_rejection() -> None:
    body = of_link("created", timestamp=TEN_O_CLOCK)
    del body["destinationIssueId"]
    assert codes(of(body)) == [("missing_field", "destinationIssueId")]


@pytest.mark.parametrize(
    ("event", "kind", "reason"),
    [
        ("avi:jira:assigned:issue", "jira:issue_assigned", "event of its own"),
        ("avi:jira:mentioned:issue", "jira:issue_mentioned", "event of its own"),
        ("avi:jira:mentioned:comment", "comment_mentioned", "event of its own"),
        ("avi:jira:viewed:issue", "jira:issue_viewed", "says nothing of work"),
        ("avi:jira:created:worklog", "worklog_created", "booked"),
        ("avi:jira:released:version", "jira:version_released", "released"),
        ("avi:jira-software:closed:sprint", "sprint_closed", "which sprint it is in"),
        ("avi:jira:updated:field:context", "other", "knows no such event"),
    ],
)
def test_what_nothing_is_made_of_says_why(event: str, kind: str, reason: str) -> None:
    body = told("", comment=SAID, user=PERSON) | {"eventType": event}
    found = of(body)
    assert (found.facts, found.reasons, found.raw_kind) == ((), (), kind)
    assert reason in found.ignored


def test_a_comments_webhook_has_an_event_type_of_its_own_and_keeps_its_name() -> None:
    """Cloud writes ``eventType`` there, too; it is no app's."""
    hook = told("commented:issue", comment=SAID) | {"eventType": "primaryAction"}
    hook["webhookEvent"] = "comment_created"
    assert kinds_of(hook) == ["ticket.commented"]
