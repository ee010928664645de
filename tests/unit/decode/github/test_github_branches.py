"""Which tickets the name of a branch on GitHub tells, whatever body names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monitor.decode.ticket_keys import keys_on_branch
from monitor.domain.opaque import environment_word
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


QUEUED = "gh-readonly-queue/main/pr-31-0123abc"


@pytest.mark.parametrize("tell", [by_job, by_check, by_status])
def test_what_runs_on_it_is_of_the_change_that_the_queue_tries(tell: Any) -> None:
    (fact,) = facts(*tell(QUEUED))
    assert fact.fields["changes"] == ["github.com:77#31"]


def test_a_check_names_it_beside_the_pull_requests_of_its_own() -> None:
    event, body = by_check(QUEUED)
    pulls = [{"number": one, "base": {"repo": {"id": 77}}} for one in (30, 31)]
    (fact,) = facts(event, {"check_run": {**body["check_run"], "pull_requests": pulls}})
    assert fact.fields["changes"] == ["github.com:77#30", "github.com:77#31"]


def test_a_status_of_what_the_queue_merged_since_is_of_that_change() -> None:
    assert changes_of_tips("main", QUEUED) == ["github.com:77#31"]
    assert changes_of_tips("main", "topic") is None


def test_of_several_in_the_queue_a_status_is_of_none() -> None:
    assert changes_of_tips(QUEUED, QUEUED.replace("31", "32")) is None


def changes_of_tips(*branches: str) -> list[str] | None:
    event, body = by_status("")
    tips = [{"name": name, "commit": {"sha": "ab"}} for name in branches]
    (fact,) = facts(event, {**body, "branches": tips})
    return fact.fields.get("changes")


NAMED = "dev-a-patch-1"


@pytest.mark.parametrize(
    ("event", "thing", "name"),
    [
        (by_job, "workflow_job", "name"),
        (by_check, "check_run", "name"),
        (by_status, None, "context"),
    ],
)
def test_a_job_whose_name_holds_its_branch_is_called_without(
    event: Callable[[str], Told], thing: str | None, name: str
) -> None:
    """Jobs may be called by what they run on: ``Deploy ${{ github.head_ref }}``."""
    kind, body = event(NAMED)
    (body[thing] if thing is not None else body)[name] = f"Deploy {NAMED}"

    (fact,) = facts(kind, body)

    words = fact.fields["pipeline"].lower()
    assert NAMED not in words
    assert words.endswith(f"/deploy {environment_word(NAMED)}")


@pytest.mark.parametrize(
    ("event", "thing", "name"),
    [
        (by_job, "workflow_job", "name"),
        (by_check, "check_run", "name"),
        (by_status, None, "context"),
    ],
)
def test_a_job_called_like_the_default_branch_is_one_on_all_branches(
    event: Callable[[str], Told], thing: str | None, name: str
) -> None:
    called: list[str] = []
    for branch in ("trunk", "topic"):
        kind, body = event(branch)
        (body[thing] if thing is not None else body)[name] = "Trunk check"
        home = {**body.get("repository", REPOSITORY), "default_branch": "trunk"}
        (fact,) = facts(kind, {**body, "repository": home})
        called.append(fact.fields["pipeline"])

    assert called[0] == called[1]
    assert called[0].endswith("/trunk check")
