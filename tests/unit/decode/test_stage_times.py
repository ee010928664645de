"""Every body asserts every stage time it carries, and only those."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.github import github_records as github
from tests.unit.decode.github.github_records import MS, T, facts, job, of, pull, stages
from tests.unit.decode.jira import jira_bodies as jira
from tests.unit.decode.jira.jira_bodies import (
    DOING,
    HOUR,
    SHIPPED,
    facts_of,
    issue,
    updated,
)
from tests.unit.decode.records import TEN_O_CLOCK, codes
from tests.unit.decode.records import of as received

PLACEHOLDERS = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59Z",
)
NOTHING = (None, *PLACEHOLDERS)


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_stage_that_has_not_happened_says_nothing(nothing: str | None) -> None:
    queued = job(status="queued", completed_at=nothing, started_at=nothing)
    assert stages(facts("workflow_job", queued)) == [("run.queued", MS[0])]
    opened = pull("edited", closed_at=nothing, merged_at=nothing)
    assert stages(facts("pull_request", opened)) == [
        ("change.opened", MS[0]),
        ("ticket.updated", MS[3]),
    ]


@pytest.mark.parametrize("nothing", NOTHING)
def test_nor_does_a_resolution_of_jiras_that_is_none(nothing: str | None) -> None:
    shown = issue(SHIPPED, resolutiondate=nothing)
    assert [fact.kind for fact in facts_of(updated(shown))] == [
        "ticket.created",
        "ticket.updated",
    ]


@pytest.mark.parametrize("wrong", ["yesterday", "1969-12-31T23:59:59Z", T[0][:-1]])
def test_a_wrong_time_of_a_stage_is_refused_as_ever(wrong: str) -> None:
    found = of("workflow_job", job(status="queued", completed_at=wrong))
    assert codes(found) == [("bad_time", "workflow_job.completed_at")]


def opened_issue(action: str, **shown: Any) -> dict[str, Any]:
    return github.issue(action, issue={"created_at": None, **shown})


SHIP: dict[str, Any] = {"id": 4, "updated_at": T[2]}
STATUS = {"sha": "ab", "context": "ci/x", "state": "success", "created_at": None}
ADA = github.user("ada")
# Bodies that do not say when the thing they are about was made.
UNTOLD: dict[str, tuple[str, dict[str, Any], list[tuple[str, int]]]] = {
    "a pull request that is opened": (
        "pull_request",
        pull("opened", created_at=None),
        [("change.opened", MS[3])],
    ),
    "one that is opened as a draft": (
        "pull_request",
        pull("opened", created_at=None, draft=True),
        [("change.opened", MS[3]), ("change.drafted", MS[3])],
    ),
    "one that is merged": (
        "pull_request",
        pull("closed", created_at=None, merged_at=T[2], closed_at=T[2]),
        [("change.merged", MS[2])],
    ),
    "one that is pushed to": (
        "pull_request",
        pull("synchronize", created_at=None),
        [("change.pushed", MS[3])],
    ),
    "one that is reviewed": (
        "pull_request_review",
        pull("submitted", created_at=None)
        | {"review": {"user": github.user("eve"), "submitted_at": T[1]}},
        [("change.reviewed", MS[1])],
    ),
    "an issue that is opened": (
        "issues",
        opened_issue("opened"),
        [("ticket.created", MS[2])],
    ),
    "one that is closed": (
        "issues",
        opened_issue("closed", closed_at=T[1]),
        [("ticket.done", MS[1])],
    ),
    "one that is commented on": (
        "issue_comment",
        opened_issue("created") | {"comment": {"user": ADA, "created_at": T[4]}},
        [("ticket.commented", MS[4])],
    ),
    "a deployment": ("deployment", {"deployment": SHIP}, [("deploy.ready", MS[2])]),
    "that of a status": (
        "deployment_status",
        {
            "deployment": SHIP,
            "deployment_status": {"state": "success", "created_at": T[3]},
        },
        [("deploy.finished", MS[3])],
    ),
    "the status of a deployment": (
        "deployment_status",
        {
            "deployment": {"id": 4, "created_at": T[0]},
            "deployment_status": {"state": "success", "updated_at": T[3]},
        },
        [("deploy.ready", MS[0]), ("deploy.finished", MS[3])],
    ),
    "a status of a deployment that was changed then": (
        "deployment_status",
        {"deployment": SHIP, "deployment_status": {"state": "success"}},
        [("deploy.finished", MS[2])],
    ),
    "a commit's status": (
        "status",
        {**STATUS, "updated_at": T[1]},
        [("run.finished", MS[1])],
    ),
}


@pytest.mark.parametrize(("event", "body", "found"), UNTOLD.values(), ids=list(UNTOLD))
def test_without_its_creation_a_body_has_its_newest_time_and_tells_the_others(
    event: str, body: dict[str, Any], found: list[tuple[str, int]]
) -> None:
    assert stages(facts(event, body)) == found


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("status", STATUS),
        ("deployment", {"deployment": {"id": 4}}),
        ("issues", {"action": "opened", "issue": {"number": 2}}),
        ("pull_request", {"action": "opened", "pull_request": {"number": 2}}),
    ],
)
def test_without_any_time_it_has_that_of_receipt_and_is_one_however_often_sent(
    event: str, body: dict[str, Any]
) -> None:
    whole = {"repository": github.REPOSITORY, **body}
    header = {"X-GitHub-Event": event}
    early, late = (
        received(whole, headers=header, timestamp=at).facts
        for at in (TEN_O_CLOCK, TEN_O_CLOCK + HOUR)
    )
    assert [fact.time for fact in (*early, *late)] == [TEN_O_CLOCK, TEN_O_CLOCK + HOUR]
    assert early[0].fields["receipt"] is True
    assert early[0].identity == late[0].identity
    assert codes(received(whole, headers=header))[0][0] == "missing_field"


def created_in_jira(**fields: Any) -> dict[str, Any]:
    body = updated(issue(DOING, created=(), **fields))
    return {**body, "webhookEvent": "jira:issue_created"}


def test_an_issue_of_jiras_was_created_when_its_event_says() -> None:
    assert stages(facts_of(created_in_jira())) == [
        ("ticket.created", TEN_O_CLOCK + HOUR),
        ("ticket.started", TEN_O_CLOCK + HOUR),
    ]


def test_or_when_that_was_received_and_is_one_however_often_sent() -> None:
    body = {**created_in_jira(updated=()), "timestamp": None}
    early, late = (
        facts_of(body, timestamp=at) for at in (TEN_O_CLOCK, TEN_O_CLOCK + HOUR)
    )
    assert {fact.time for fact in early} == {TEN_O_CLOCK}
    assert [fact.identity for fact in early] == [fact.identity for fact in late]
    assert codes(received(body)) == [("missing_field", "timestamp")]


def test_what_is_asked_of_jira_without_it_still_tells_its_changes() -> None:
    shown = issue(SHIPPED, created=())
    change = {
        "id": "900",
        "created": "2026-03-02T11:00:00.000+0000",
        "items": [jira.moved(DOING, SHIPPED)],
    }
    body = {**shown, "changelog": {"histories": [change]}}
    assert [fact.kind for fact in facts_of(body)] == ["ticket.done"]


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ({"url": "x"}, "change.closed"),
        ({"url": "x", "merged_at": None}, "change.closed"),
        ({"url": "x", "merged_at": T[1]}, "change.merged"),
    ],
)
def test_a_pull_request_shown_as_an_issue_ended_when_it_was_closed(
    shown: dict[str, Any], kind: str
) -> None:
    """Also where an old body does not tell whether it was merged then."""
    body = github.issue("created", issue={"closed_at": T[1], "pull_request": shown})
    body["comment"] = {"user": ADA, "created_at": T[4]}
    assert (kind, MS[1]) in stages(facts("issue_comment", body))
