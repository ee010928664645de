"""What GitHub's published schemas allow is read for what it still says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.github.github_records import (
    MS,
    REPOSITORY,
    T,
    facts,
    issue,
    job,
    of,
    pull,
    stages,
    user,
)

ISSUE = {"number": 2, "created_at": T[0], "updated_at": T[2]}
AT = "https://api.github.com/repos/acme/shop"
PAIR = {"sub_issue": ISSUE, "parent_issue": {**ISSUE, "number": 1}}
LINKED = {"blocked_issue": ISSUE, "blocking_issue": {**ISSUE, "number": 1}}
LABELS = ["bug", None, {"name": "till"}]
GATE = {"since": T[2], "workflow_run": {"id": 3}}


def each(pair: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {name: {**one, **fields} for name, one in pair.items()}


CREATED = ("ticket.created", MS[0])
OPENED = ("change.opened", MS[0])
ALLOWED: dict[str, tuple[str, dict[str, Any], list[tuple[str, int]]]] = {
    "nobody is asked any more": (
        "pull_request",
        pull("review_request_removed", requested_reviewer=None),
        [OPENED],
    ),
    "who is asked is not told": (
        "pull_request",
        pull("review_requested", requested_reviewer=None),
        [OPENED],
    ),
    "a team that was deleted has no slug": (
        "pull_request",
        pull("review_requested", requested_team={"name": "Ops", "deleted": True}),
        [OPENED],
    ),
    "a comment on a line without its time": (
        "pull_request_review_comment",
        pull("created", comment={"user": user("eve")}),
        [OPENED, ("ticket.commented", MS[3])],
    ),
    "a comment without its time": (
        "issue_comment",
        issue("created", comment={"user": user("eve")}),
        [CREATED, ("ticket.commented", MS[2])],
    ),
    "a review without its time": (
        "pull_request_review",
        pull("submitted", review={"user": user("eve"), "submitted_at": None}),
        [OPENED, ("change.reviewed", MS[3])],
    ),
    "an edited review that says not when it was given": (
        "pull_request_review",
        pull("edited", review={"user": user("eve"), "submitted_at": None}),
        [OPENED],
    ),
    "a pair of issues without the repository": (
        "sub_issues",
        {
            "action": "parent_issue_added",
            "repository": None,
            **each(PAIR, repository_url=AT),
        },
        [CREATED, CREATED, ("ticket.updated", MS[2])],
    ),
    "labels of a pair by their names": (
        "sub_issues",
        {"action": "sub_issue_added", **each(PAIR, labels=LABELS)},
        [CREATED, CREATED, ("ticket.updated", MS[2])],
    ),
    "labels of linked issues by their names": (
        "issue_dependencies",
        {"action": "blocked_by_added", **each(LINKED, labels=LABELS)},
        [CREATED, CREATED, ("link.added", MS[2])],
    ),
    "an issue with gaps in its lists": (
        "issues",
        issue("unassigned", issue={"labels": LABELS, "assignees": [None]}),
        [CREATED, ("ticket.updated", MS[2])],
    ),
    "an issue that came from one of which little is left": (
        "issues",
        issue("opened", changes={"old_issue": {}, "old_repository": REPOSITORY}),
        [CREATED, ("ticket.assigned", MS[2])],
    ),
    "a job with gaps in its lists": (
        "workflow_job",
        job(
            status="completed",
            conclusion="failure",
            completed_at=T[2],
            labels=[None],
            steps=[None],
        ),
        [("run.queued", MS[0]), ("run.started", MS[1]), ("run.finished", MS[2])],
    ),
    "jobs that were let go, without their ids": (
        "deployment_review",
        {"action": "approved", **GATE, "workflow_job_runs": [{"environment": "live"}]},
        [("deploy.approval_decided", MS[2])],
    ),
    "a deployment by a check without its id": (
        "deployment_status",
        {
            "deployment": {"id": 4, "created_at": T[0]},
            "deployment_status": {"state": "success", "created_at": T[2]},
            "check_run": {},
        },
        [("deploy.ready", MS[0]), ("deploy.finished", MS[2])],
    ),
}


@pytest.mark.parametrize(("event", "body", "told"), ALLOWED.values(), ids=ALLOWED)
def test_what_the_schemas_allow_is_read(
    event: str, body: dict[str, Any], told: list[tuple[str, int]]
) -> None:
    assert stages(facts(event, body)) == told


def test_without_the_repository_both_issues_are_named_by_their_addresses() -> None:
    other = {**ISSUE, "number": 1, "html_url": "https://github.com/acme/lib/issues/1"}
    body = {
        "action": "parent_issue_added",
        "repository": None,
        "sub_issue": {**ISSUE, "repository_url": AT},
        "parent_issue": other,
        "parent_issue_repo": {"id": 88, "full_name": "acme/lib"},
    }
    child, parent, joined = facts("sub_issues", body)
    assert (child.entity, child.fields["repo"]) == ("acme/shop#2", "acme/shop")
    assert (parent.entity, parent.fields["repo"]) == ("github.com:88#1", "acme/lib")
    assert joined.fields["parent"] == parent.entity


def test_a_pair_of_which_nothing_tells_the_place_is_refused() -> None:
    body = {"action": "parent_issue_added", "repository": None, **PAIR}
    assert {r.where for r in of("sub_issues", body).reasons} == {"repository"}


def test_a_label_that_is_a_name_gives_the_class_of_the_work() -> None:
    body = {"action": "sub_issue_added", **each(PAIR, labels=["bug"])}
    assert facts("sub_issues", body)[0].fields["class_shown"] == "defect"


def test_a_request_that_names_nobody_at_all_was_cut_off() -> None:
    found = of("pull_request", pull("review_requested"))
    assert [reason.where for reason in found.reasons] == ["requested_reviewer"]


@pytest.mark.parametrize("action", [None, "blocked_by_paused", "added", "_added"])
@pytest.mark.parametrize(
    ("event", "pair"), [("sub_issues", PAIR), ("issue_dependencies", LINKED)]
)
def test_what_is_not_known_to_join_two_issues_tells_their_lives_alone(
    event: str, pair: dict[str, Any], action: str | None
) -> None:
    found = facts(event, {"action": action, **pair})
    assert stages(found) == [CREATED, CREATED]
    assert {fact.entity for fact in found} == {"github.com:77#1", "github.com:77#2"}
