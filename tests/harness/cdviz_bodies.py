"""CDEvents as CDviz makes them of webhooks for spec 0.5: one of each reading.

Each says by its ``customData`` what its kind alone does not.
"""

from __future__ import annotations

import json
from typing import Any, Final

from monitor.domain.outcomes import Record

API: Final = "https://api.github.com/repos/acme/shop"
PLACE: Final = {"id": 77, "full_name": "acme/shop", "default_branch": "main"}
AUTHOR: Final = {"login": "dev-a", "id": 1, "type": "User"}
REVIEWER: Final = {"login": "dev-b", "id": 2, "type": "User"}
ROBOT: Final = {"login": "tidy[bot]", "id": 3, "type": "Bot"}
TILLS: Final = {"slug": "tills", "id": 9}
HEAD: Final = {"ref": "CHK-1-till", "sha": "ab12cd3", "repo": {"id": 77}}
PULL: Final = {
    "number": 7,
    "user": AUTHOR,
    "head": HEAD,
    "updated_at": "2026-03-02T10:00:00Z",
}
RUN: Final = {
    "head_sha": "ab12cd3",
    "head_branch": "CHK-1-till",
    "pull_requests": [{"number": 7, "url": f"{API}/pulls/7"}],
}
DEPLOYED: Final = {
    "deployment": {"id": 900, "sha": "ab12cd3", "environment": "production"}
}
BUILD: Final = "https://ci.example/job/shop/job/main/43/"
# Told at the time of all of these, when it began.
ABORTED: Final = {
    "result": "ABORTED",
    "timestamp": 1_772_445_600_000,
    "duration": 1_200_000,
}


def cdviz_bodies() -> list[dict[str, Any]]:
    """GitHub's, in the order of a pull request, an issue and a run; other tools'."""
    return [*_of_pull_requests(), *_of_issues(), *_of_runs(), *_of_other_tools()]


def cdviz_records(receipt: int) -> list[Record]:
    """The same as a topic has them."""
    return [
        Record("t", 0, 0, receipt, None, (), json.dumps(body).encode())
        for body in cdviz_bodies()
    ]


def _of_pull_requests() -> list[dict[str, Any]]:
    def told(
        predicate: str, action: str, pull: dict[str, Any], **github: Any
    ) -> dict[str, Any]:
        return _event(
            f"change.{predicate}",
            f"{API}/pulls/7",
            {"action": action, "pull_request": {**PULL, **pull}, **github},
        )

    review = {"author": "dev-b", "state": "commented"}
    shown = {"requested_teams": [TILLS]}
    return [
        told("created", "opened", {"draft": True}),
        told("created", "opened", {"user": ROBOT}),
        told("updated", "ready_for_review", {}),
        told("updated", "review_requested", {}, requested_team=TILLS),
        told("updated", "review_request_removed", {}, requested_reviewer=REVIEWER),
        told("updated", "labeled", {}),
        told("updated", "locked", {}),
        told("reviewed", "submitted", shown, sender=REVIEWER, review=review),
        told("reviewed", "submitted", {}, review={"author": "dev-a"}),
        told("merged", "closed", {"merge_commit_sha": "cd34ef5"}, sender=REVIEWER),
    ]


def _of_issues() -> list[dict[str, Any]]:
    moved = {
        "new_repository": {"full_name": "acme/till"},
        "new_issue": {"number": 3},
    }
    bodies = (
        {"action": "reopened"},
        {"action": "pinned"},
        {"action": "deleted"},
        {"action": "labeled", "label": {"name": "x"}, "sender": ROBOT},
        {"action": "transferred", "changes": moved},
    )
    return [
        _event("ticket.updated", f"{API}/issues/12", {"issue": {"number": 12}, **body})
        for body in bodies
    ]


def _of_runs() -> list[dict[str, Any]]:
    bodies: tuple[tuple[str, dict[str, Any]], ...] = (
        ("queued", {"since": "2026-03-02T10:00:00Z", "reviewers": []}),
        ("queued", {"workflow_run": {**RUN, "status": "waiting"}}),
        ("started", {"workflow": {"name": "CI"}}),
        ("finished", {"workflow_run": {**RUN, "conclusion": "stale"}}),
    )
    return [
        _event(
            f"pipelinerun.{predicate}",
            f"{API}/actions/runs/55/attempts/2",
            {"workflow_run": RUN, **body},
        )
        for predicate, body in bodies
    ]


def _of_other_tools() -> list[dict[str, Any]]:
    gitlab = "https://gitlab.example/acme/shop/-"
    change, issue = f"{gitlab}/merge_requests/7", f"{gitlab}/work_items/12"
    robot = {"username": "project_7_bot_1"}

    def of_gitlab(action: str, **body: Any) -> dict[str, Any]:
        return {"gitlab": {"object_attributes": {"action": action}, **body}}

    reopened = {"changes": {"state": {"old": "resolved"}}}
    bodies: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("change.updated", change, of_gitlab("reopen")),
        ("change.updated", change, of_gitlab("update")),
        ("change.updated", change, of_gitlab("approval")),
        ("change.updated", change, of_gitlab("update", user=robot)),
        ("ticket.updated", issue, of_gitlab("reopen")),
        (
            "change.updated",
            change,
            {"gitea": {"action": "synchronized", "sender": ROBOT}},
        ),
        ("change.updated", change, {"forgejo": {"action": "reopened"}}),
        ("change.reviewed", change, {"gitea": {"action": "opened", "review": None}}),
        ("change.updated", change, {"bitbucket": {"actor": {"nickname": "dev-a"}}}),
        ("ticket.updated", issue, {"bitbucket": reopened}),
        ("ticket.closed", issue, {"jira": {"webhookEvent": "jira:issue_deleted"}}),
        ("service.deployed", f"{API}/deployments/900", {"github": DEPLOYED}),
        ("pipelinerun.finished", BUILD, {"jenkins": {"build": ABORTED}}),
        ("pipelinerun.finished", BUILD, {"forgejo": {"run": {"status": "cancelled"}}}),
    )
    runs = ({"status": "canceled"}, {"status": "skipped"})
    return [
        *(_made(kind, subject, custom) for kind, subject, custom in bodies),
        *(
            _made(
                "pipelinerun.finished",
                f"{gitlab}/pipelines/5",
                {"gitlab": {"object_attributes": run}},
                {"outcome": "error", "pipelineName": "acme/shop/dev-a-patch-1"},
            )
            for run in runs
        ),
    ]


def _event(kind: str, subject: str, github: dict[str, Any]) -> dict[str, Any]:
    whole = {"repository": PLACE, "sender": AUTHOR, **github}
    content = {"repository": {"id": API}}
    return _made(kind, subject, {"github": whole}, content)


def _made(
    kind: str,
    subject: str,
    custom: dict[str, Any],
    content: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "context": {
            "specversion": "0.5.1",
            "id": "0",
            "source": "https://cdviz.example",
            "type": f"dev.cdevents.{kind}.0.3.0",
            "timestamp": "2026-03-02T10:00:00Z",
        },
        "subject": {"id": subject, "content": content or {}},
        "customData": custom,
    }
