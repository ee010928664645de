"""Real bodies of GitLab's and Gitea's, as CDviz has them in its ``updated`` events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Record
from tests.harness.reference_data import payloads_dir

TOUCHED = Kind.TICKET_UPDATED
MERGE_REQUESTS = {
    "drone-go-scm--pull_request_review_ready.json": Kind.CHANGE_DRAFTED,
    "go-gitlab--service_merge_request.json": Kind.CHANGE_PUSHED,
    "zulip--merge_request_hook__merge_request_added_commit.json": Kind.CHANGE_PUSHED,
    "zulip--merge_request_hook__merge_request_reopened.json": Kind.CHANGE_OPENED,
    "zulip--merge_request_hook__merge_request_updated.json": TOUCHED,
    "hephaestus--merge_request.update.json": TOUCHED,
    "hephaestus--merge_request.unapproved.json": TOUCHED,
    "hephaestus--merge_request.unapproval.json": TOUCHED,
}
ISSUES = {
    "hephaestus--issue.reopen.json": Kind.TICKET_REOPENED,
    "zulip--issue_hook__issue_reopened.json": Kind.TICKET_REOPENED,
    "jenkins-x-go-scm--issue_edited.json": TOUCHED,
    "jenkins-x-go-scm--issue_labeled.json": TOUCHED,
}
PULL_REQUESTS = {
    "drone-go-scm--pull_request_edited.json": TOUCHED,
    "drone-go-scm--pull_request_reopened.json": Kind.CHANGE_OPENED,
    "drone-go-scm--pull_request_synchronized.json": Kind.CHANGE_PUSHED,
    "woodpecker--HookPullRequestAddMile.json": TOUCHED,
    "go-playground--pull-request-comment-event.json": Kind.TICKET_COMMENTED,
}
# CDviz takes the empty ``review`` of these for one.
REVIEWS = {
    "woodpecker--HookPullRequestReviewAck.json": Kind.CHANGE_REVIEWED,
    "woodpecker--HookPullRequestReviewDeny.json": Kind.CHANGE_REVIEWED,
    "woodpecker--HookPullRequestChangeLabel.json": TOUCHED,
    "woodpecker--HookPullRequestChangeTitle.json": TOUCHED,
}


def cases() -> list[tuple[str, str, str, Kind]]:
    tables = (
        ("gitlab/merge_request", "change.updated", MERGE_REQUESTS),
        ("gitlab/issue", "ticket.updated", ISSUES),
        ("gitea/pullrequest", "change.updated", PULL_REQUESTS),
        ("gitea/pullrequest", "change.reviewed", REVIEWS),
    )
    return [
        (place, told, name, kind)
        for place, told, table in tables
        for name, kind in table.items()
    ]


@pytest.mark.parametrize(("place", "told", "name", "kind"), cases())
def test_real_body_says_what_was_done(
    place: str, told: str, name: str, kind: Kind
) -> None:
    body = json.loads((payloads_dir() / place / name).read_bytes())
    event: dict[str, Any] = {
        "context": {
            "specversion": "0.5.0",
            "id": "0",
            "source": "https://cdviz.example",
            "type": f"dev.cdevents.{told}.0.3.0",
            "timestamp": "2026-03-02T10:00:00Z",
        },
        "subject": {"id": "7", "content": {}},
        "customData": {place.partition("/")[0]: body},
    }
    record = Record("t", 0, 0, None, None, (), json.dumps(event).encode())
    (fact,) = decode(record, NO_HINT, DecodeSettings()).facts

    assert fact.kind is kind
    assert fact.people == {}
