"""CDviz's CDEvents of other trackers than GitHub's are what their bodies say."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Decoded
from tests.unit.decode.records import cdevent, of, only_fact

TOUCHED, REOPENED = Kind.TICKET_UPDATED, Kind.TICKET_REOPENED
CANCELLED = Kind.TICKET_CANCELLED
FORGES = ("gitea", "forgejo")


def seen(predicate: str, tool: str, body: dict[str, Any], **content: Any) -> Decoded:
    return of(cdevent(f"ticket.{predicate}", content, customData={tool: body}))


def fact(predicate: str, tool: str, body: dict[str, Any], **content: Any) -> Fact:
    return only_fact(seen(predicate, tool, body, **content))


@pytest.mark.parametrize(
    ("action", "kind"),
    [("reopen", REOPENED), ("update", TOUCHED), ("x", TOUCHED), (None, TOUCHED)],
)
def test_update_of_gitlab_is_what_its_action_says(
    action: str | None, kind: Kind
) -> None:
    body = {"object_attributes": {"action": action}}
    assert fact("updated", "gitlab", body).kind is kind


@pytest.mark.parametrize("tool", FORGES)
@pytest.mark.parametrize(
    ("action", "kind"),
    [("reopened", REOPENED), ("label_updated", TOUCHED), ("assigned", TOUCHED)],
)
def test_update_of_gitea_is_what_its_action_says(
    tool: str, action: str, kind: Kind
) -> None:
    assert fact("updated", tool, {"action": action, "issue": {}}).kind is kind


@pytest.mark.parametrize("tool", FORGES)
def test_comment_is_an_activity_when_it_is_made(tool: str) -> None:
    body: dict[str, Any] = {"issue": {}, "comment": {"id": 5}}

    assert fact("updated", tool, {**body, "action": "created"}).kind is TOUCHED
    for action in ("edited", "deleted"):
        assert seen("updated", tool, {**body, "action": action}).ignored


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"state": {"old": "resolved", "new": "open"}}, REOPENED),
        ({"status": {"old": "Wontfix", "new": "new"}}, REOPENED),
        ({"state": {"old": "new", "new": "open"}}, TOUCHED),
        ({"priority": {"old": "major", "new": "minor"}}, TOUCHED),
        (None, TOUCHED),
    ],
)
def test_issue_of_bitbucket_is_reopened_from_where_it_was_over(
    changes: object, kind: Kind
) -> None:
    assert fact("updated", "bitbucket", {"changes": changes}).kind is kind


@pytest.mark.parametrize("predicate", ["updated", "closed"])
@pytest.mark.parametrize(
    ("tool", "body"),
    [
        ("jira", {"webhookEvent": "jira:issue_deleted"}),
        *((tool, {"action": "deleted", "issue": {}}) for tool in FORGES),
    ],
)
def test_deleted_issue_was_a_mistake(
    predicate: str, tool: str, body: dict[str, Any]
) -> None:
    """Whatever the resolution says, which CDviz makes up."""
    for resolution in ("withdrawn", "completed"):
        told = fact(predicate, tool, body, resolution=resolution)
        assert (told.kind, told.fields) == (CANCELLED, {"deleted": True})


def test_issue_that_jira_updates_is_none_that_was_deleted() -> None:
    body = {"webhookEvent": "jira:issue_updated"}

    assert fact("updated", "jira", body).kind is TOUCHED
    for resolution, kind in (
        ("withdrawn", CANCELLED),
        ("completed", Kind.TICKET_DONE),
        (None, Kind.TICKET_DONE),
    ):
        told = fact("closed", "jira", body, resolution=resolution)
        assert (told.kind, told.fields) == (kind, {})


def test_issue_that_bitbucket_calls_declined_is_cancelled() -> None:
    """So CDviz calls what is invalid, a duplicate, or not to be fixed."""
    assert fact("closed", "bitbucket", {}, resolution="declined").kind is CANCELLED
    assert (
        fact("closed", "bitbucket", {}, resolution="resolved").kind is Kind.TICKET_DONE
    )
