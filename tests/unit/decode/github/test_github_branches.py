"""Which tickets the name of a branch on GitHub tells, whatever body names it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.decode.ticket_keys import keys_on_branch
from tests.unit.decode.github.github_records import REPOSITORY, T, facts, job

Told = tuple[str, dict[str, Any]]


def by_job(branch: str) -> Told:
    return "workflow_job", job(status="queued", head_branch=branch)


def by_push(branch: str) -> Told:
    return "push", {
        "ref": f"refs/heads/{branch}",
        "after": "ab",
        "commits": [],
        "repository": {**REPOSITORY, "pushed_at": T[1]},
    }


def by_check(branch: str) -> Told:
    return "check_run", {
        "action": "created",
        "check_run": {
            "id": 9,
            "name": "e2e",
            "status": "in_progress",
            "head_sha": "ab",
            "started_at": T[1],
            "app": {"slug": "jenkins"},
            "check_suite": {"head_branch": branch},
        },
    }


def by_status(branch: str) -> Told:
    return "status", {
        "sha": "ab",
        "state": "success",
        "context": "ci/e2e",
        "created_at": T[1],
        "branches": [{"name": branch, "commit": {"sha": "ab"}}],
    }


QUEUE = "gh-readonly-queue/CHK-1-base/pr-31-0123abc"
TOLD = pytest.mark.parametrize("tell", [by_job, by_push, by_check, by_status])


def tickets_by(told: Told) -> list[str] | None:
    (fact,) = facts(*told)
    return fact.fields.get("tickets")


@TOLD
def test_a_branch_names_its_tickets(tell: Any) -> None:
    assert tickets_by(tell("fix/chk-7_and_CHK-8")) == ["CHK-7", "CHK-8"]


@TOLD
def test_keys_of_unknown_projects_are_none(tell: Any) -> None:
    assert tickets_by(tell("CVE-2026-utf-8")) is None


@TOLD
def test_the_default_branch_is_of_no_ticket(tell: Any) -> None:
    event, body = tell("CHK-1")
    home = {**body.get("repository", REPOSITORY), "default_branch": "CHK-1"}
    assert tickets_by((event, {**body, "repository": home})) is None


@pytest.mark.parametrize("tell", [by_job, by_check, by_status])
def test_a_branch_of_the_merge_queue_is_of_its_pull_request(tell: Any) -> None:
    """It is called after the branch merged into, which may be any ticket's."""
    assert tickets_by(tell(QUEUE)) is None


def test_that_branch_is_of_no_ticket_whoever_tells_it() -> None:
    assert keys_on_branch(QUEUE, frozenset({"CHK"})) == ()
    assert keys_on_branch("CHK-1-base", frozenset({"CHK"})) == ("CHK-1",)
