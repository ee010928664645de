"""Every real GitHub body ends as facts, a rejection with reasons, or a stated ignore.

Expected values are read from the payload's own JSON, field by field.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.facts import Fact, Kind
from monitor.domain.opaque import branch_word, environment_word
from monitor.domain.outcomes import Decoded, Record
from tests.harness.reference_data import payloads_dir

FACTS, IGNORED, EITHER = "facts", "ignored", "either"
RECEIPT = 1_790_000_000_000
ENDS = {
    "check_run": EITHER,  # those of GitHub Actions are told by workflow_job
    "check_suite": IGNORED,
    "create": IGNORED,
    "delete": IGNORED,
    "deployment": FACTS,
    "deployment_review": FACTS,
    "deployment_status": FACTS,
    "issue_comment": FACTS,
    "issue_dependencies": FACTS,
    "issues": FACTS,
    "label": IGNORED,
    "membership": IGNORED,
    "merge_group": IGNORED,
    "milestone": IGNORED,
    "ping": IGNORED,
    "projects_v2_item": EITHER,
    "projects_v2_status_update": IGNORED,
    "pull_request": FACTS,
    "pull_request_review": FACTS,
    "pull_request_review_comment": FACTS,
    "pull_request_review_thread": FACTS,
    "push": EITHER,  # tags and deleted branches are no work
    "release": IGNORED,
    "repository": IGNORED,
    "status": FACTS,
    "sub_issues": FACTS,
    "team": IGNORED,
    "team_add": IGNORED,
    "workflow_dispatch": IGNORED,
    "workflow_job": FACTS,
    "workflow_run": IGNORED,
}
# A body that holds another event's object besides its own.
AMBIGUOUS = {"pac--check_suite_rerequest_push.json"}


def bodies() -> list[Path]:
    """Every webhook body; histories are no bodies, headers stand beside theirs."""
    root = payloads_dir() / "github"
    return sorted(
        path
        for path in root.glob("*/*")
        if path.parent.name in ENDS and ".headers." not in path.name
    )


def decoded(path: Path, *, header: bool) -> Decoded:
    name = (("X-GitHub-Event", path.parent.name.encode()),) if header else ()
    record = Record("t", 0, 0, RECEIPT, None, name, path.read_bytes())
    return decode(record, NO_HINT, DecodeSettings())


def ending(found: Decoded) -> str:
    if found.reasons:
        return "rejected"
    return FACTS if found.facts else IGNORED


def test_the_reference_data_are_there() -> None:
    assert len(bodies()) > 250
    assert {path.parent.name for path in bodies()} == set(ENDS)


@pytest.mark.parametrize("header", [True, False], ids=["header", "body alone"])
@pytest.mark.parametrize("kind", sorted(ENDS))
def test_every_body_ends_as_its_kind_does(kind: str, header: bool) -> None:
    for path in bodies():
        if path.parent.name != kind or (path.name in AMBIGUOUS and not header):
            continue
        found = decoded(path, header=header)
        assert found.provider == "github"
        assert ending(found) in (
            {FACTS, IGNORED} if ENDS[kind] == EITHER else {ENDS[kind]}
        )
        assert found.facts or found.ignored


def test_with_and_without_its_header_a_body_gives_the_same_facts() -> None:
    for path in bodies():
        if path.name not in AMBIGUOUS:
            assert decoded(path, header=False).facts == decoded(path, header=True).facts


def test_rest_snapshots_are_rejected_with_what_to_do() -> None:
    root = payloads_dir() / "github"
    paths = [p for p in root.glob("api-*/*") if p.is_file()]
    assert paths
    for path in paths:
        found = decoded(path, header=False)
        assert found.facts == ()
        assert all("native events" in reason.text for reason in found.reasons)


def load(name: str) -> tuple[Any, dict[str, Fact]]:
    """A payload's JSON, and its facts by kind."""
    path = payloads_dir() / "github" / name
    found = decoded(path, header=True)
    return json.loads(path.read_bytes()), {fact.kind: fact for fact in found.facts}


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1_000)


def place(raw: Any) -> str:
    return f"github.com:{raw['repository']['id']}"


def test_a_completed_job_tells_all_three_stages() -> None:
    raw, facts = load(
        "workflow_job/octokit--completed.failure.with-organization.payload.json"
    )
    job = raw["workflow_job"]
    assert set(facts) == {Kind.RUN_QUEUED, Kind.RUN_STARTED, Kind.RUN_FINISHED}
    assert facts[Kind.RUN_QUEUED].time == ms(job["created_at"])
    assert facts[Kind.RUN_STARTED].time == ms(job["started_at"])
    finished = facts[Kind.RUN_FINISHED]
    assert finished.time == ms(job["completed_at"])
    assert finished.entity == f"github.com:job/{job['id']}"
    names = (raw["repository"]["full_name"], job["workflow_name"], job["name"])
    assert finished.fields == {
        "outcome": job["conclusion"],
        "pipeline": "/".join(names).lower(),
        "sha": job["head_sha"],
        "branch": branch_word(job["head_branch"]),
        "attempt": job["run_attempt"],
        "default_branch": job["head_branch"] == raw["repository"]["default_branch"],
        "pool": [job["runner_group_name"], *job["labels"]],
        "hosted": True,
        "repo": raw["repository"]["full_name"].lower(),
        "repo_id": f"github.com:{raw['repository']['id']}",
    }
    assert finished.people == {}


def test_a_queued_job_has_not_started_whatever_its_started_at_says() -> None:
    raw, facts = load("workflow_job/octokit--queued.payload.json")
    assert raw["workflow_job"]["started_at"]
    assert set(facts) == {Kind.RUN_QUEUED}


def test_a_request_to_a_team_names_its_group_at_the_newest_time() -> None:
    raw, facts = load(
        "pull_request/zulip--pull_request__review_requested_team_reviewer.json"
    )
    pull, team = raw["pull_request"], raw["requested_team"]
    asked = facts[Kind.CHANGE_REVIEW_REQUESTED]
    group = f"@{raw['repository']['owner']['login']}/{team['slug']}".lower()
    assert asked.time == ms(pull["updated_at"])
    assert asked.entity == f"{place(raw)}#{pull['number']}"
    assert asked.fields["group"] == asked.fields["request"] == group
    opened = facts[Kind.CHANGE_OPENED]
    assert opened.time == ms(pull["created_at"])
    assert opened.revision == ms(pull["updated_at"])
    assert opened.people["author"] == f"github:{pull['user']['login'].lower()}"
    assert opened.fields["branch"] == branch_word(pull["head"]["ref"])
    assert opened.fields["sha"] == pull["head"]["sha"]
    assert opened.fields["aliases"] == [pull["node_id"]]


def test_a_request_to_a_person_keeps_an_opaque_key_and_the_person_apart() -> None:
    raw, facts = load("pull_request/octokit--review_requested.payload.json")
    asked = facts[Kind.CHANGE_REVIEW_REQUESTED]
    login = raw["requested_reviewer"]["login"].lower()
    assert asked.people == {"asked": f"github:{login}", **owner_of(raw)}
    assert len(asked.fields["request"]) == 8
    assert login not in json.dumps(asked.fields)


def test_a_closed_pull_request_was_opened_and_closed() -> None:
    raw, facts = load("pull_request/hephaestus--pull_request.closed.json")
    pull = raw["pull_request"]
    assert not pull["merged"]
    assert facts[Kind.CHANGE_CLOSED].time == ms(pull["closed_at"])
    assert set(facts) == {Kind.CHANGE_OPENED, Kind.CHANGE_CLOSED}


def owner_of(raw: dict[str, Any]) -> dict[str, str]:
    """The person whose repository it is, if it is a person's."""
    owner = raw["repository"]["owner"]
    is_person = owner["type"] == "User"
    return {"owner": f"github:{owner['login'].lower()}"} if is_person else {}


def test_a_review_is_at_its_submission_by_its_reviewer() -> None:
    raw, facts = load("pull_request_review/drone-go-scm--pr_review_edited.json")
    reviewed = facts[Kind.CHANGE_REVIEWED]
    assert reviewed.time == ms(raw["review"]["submitted_at"])
    login = raw["review"]["user"]["login"].lower()
    assert reviewed.people == {"reviewer": f"github:{login}", **owner_of(raw)}


def test_a_comment_is_an_activity_of_its_issue() -> None:
    raw, facts = load("issue_comment/hephaestus--issue_comment.created.json")
    said = facts[Kind.TICKET_COMMENTED]
    assert said.time == ms(raw["comment"]["created_at"])
    assert said.entity == f"{place(raw)}#{raw['issue']['number']}"
    assert facts[Kind.TICKET_CREATED].time == ms(raw["issue"]["created_at"])


def test_a_transferred_issue_has_its_old_keys_as_aliases() -> None:
    raw, facts = load("issues/hephaestus--issues.transferred.json")
    new = raw["changes"]["new_issue"]
    created = facts[Kind.TICKET_CREATED]
    assert created.fields["number"] == new["number"]
    old = f"{place(raw)}#{raw['issue']['number']}"
    assert {old, raw["issue"]["node_id"]} <= set(created.fields["aliases"])
    handed = facts[Kind.TICKET_ASSIGNED]
    assert handed.entity == created.entity
    assert handed.time == ms(new["updated_at"])
    assert (
        handed.fields["repo"] == raw["changes"]["new_repository"]["full_name"].lower()
    )
    assert handed.fields["repo_before"] == raw["repository"]["full_name"].lower()
    assert handed.fields["aliases"] == [old]


def test_what_opens_a_transferred_issue_tells_where_it_was_by_name_and_key() -> None:
    raw, facts = load("issues/octokit--opened.with-transfer.payload.json")
    changes = raw["changes"]
    old = changes["old_repository"]
    handed = facts[Kind.TICKET_ASSIGNED]
    assert handed.entity == f"{place(raw)}#{raw['issue']['number']}"
    assert handed.fields["repo_before"] == old["full_name"].lower()
    former = f"github.com:{old['id']}#{changes['old_issue']['number']}"
    assert handed.fields["aliases"] == [former]


def test_a_dependency_links_the_blocked_to_the_blocking_issue() -> None:
    raw, facts = load("issue_dependencies/octokit-net--blocked_by_added.payload.json")
    link = facts[Kind.LINK_ADDED]
    assert link.entity == f"{place(raw)}#{raw['blocked_issue']['number']}"
    assert link.fields["blocker"].endswith(f"#{raw['blocking_issue']['number']}")


def test_a_sub_issue_names_its_parent() -> None:
    raw, facts = load("sub_issues/hephaestus--sub_issues.parent_issue_added.json")
    updated = facts[Kind.TICKET_UPDATED]
    assert updated.entity == f"{place(raw)}#{raw['sub_issue']['number']}"
    parent = f"{place(raw)}#{raw['parent_issue']['number']}"
    assert updated.fields["parent"] == parent


def test_a_status_is_a_run_of_its_context() -> None:
    raw, facts = load("status/octokit--payload.json")
    finished = facts[Kind.RUN_FINISHED]
    assert finished.time == ms(raw["created_at"])
    assert finished.fields["sha"] == raw["sha"]
    assert finished.fields["outcome"] == raw["state"]
    assert finished.fields["pipeline"].endswith(raw["context"])


def test_a_deployment_is_ready_and_its_status_finishes_it() -> None:
    raw, facts = load("deployment_status/hephaestus--deployment_status.created.json")
    deployment, status = raw["deployment"], raw["deployment_status"]
    assert facts[Kind.DEPLOY_READY].time == ms(deployment["created_at"])
    finished = facts[Kind.DEPLOY_FINISHED]
    assert finished.time == ms(status["created_at"])
    assert finished.entity == f"github.com:deploy/{deployment['id']}"
    assert finished.fields["outcome"] == status["state"]
    assert finished.fields["environment"] == environment_word(deployment["environment"])
    assert finished.fields["shas"] == [deployment["sha"]]


def test_a_deployment_review_asks_each_reviewing_team() -> None:
    raw, facts = load("deployment_review/octokit--requested.payload.json")
    asked = facts[Kind.DEPLOY_APPROVAL_REQUESTED]
    assert asked.time == ms(raw["since"])
    team = raw["reviewers"][0]["reviewer"]
    assert asked.fields["group"].endswith(f"/{team['slug']}")
    assert asked.fields["shas"] == [raw["workflow_run"]["head_sha"]]
    assert asked.entity == f"github.com:deploy/job/{raw['workflow_job_run']['id']}"


@pytest.mark.parametrize("chosen", [lambda p: p.parent.name == "push"], ids=["push"])
def test_a_push_is_on_its_branch_with_the_files_it_touched(
    chosen: Callable[[Path], bool],
) -> None:
    seen = 0
    for path in filter(chosen, bodies()):
        raw = json.loads(path.read_bytes())
        for fact in decoded(path, header=True).facts:
            seen += 1
            assert fact.kind is Kind.CHANGE_PUSHED
            word = branch_word(raw["ref"].removeprefix("refs/heads/"))
            assert fact.fields["branch"] == word
            assert fact.entity.endswith(f"@{word}")
            assert fact.fields["sha"] == raw["after"]
            touched = {
                f"/{name}"
                for commit in raw["commits"]
                if commit.get("distinct", True)
                for group in ("added", "modified", "removed")
                for name in commit.get(group) or ()
            }
            assert fact.fields.get("paths", []) == sorted(touched)
    assert seen >= 10


def test_a_check_of_other_ci_is_a_run_and_one_of_actions_is_not() -> None:
    for path in bodies():
        if path.parent.name != "check_run":
            continue
        raw, found = json.loads(path.read_bytes()), decoded(path, header=True)
        check = raw["check_run"]
        if (check.get("app") or {}).get("slug") == "github-actions":
            assert "workflow_job" in found.ignored
        for fact in found.facts:
            assert fact.entity.endswith(f":check/{check['id']}")
            assert fact.fields["sha"] == check["head_sha"]


def test_no_person_stays_in_the_fields_of_any_fact() -> None:
    for path in bodies():
        raw = json.loads(path.read_bytes())
        sender = (raw.get("sender") or {}).get("login", "")
        owner = ((raw.get("repository") or {}).get("owner") or {}).get("login", "")
        for fact in decoded(path, header=True).facts:
            said = {k: v for k, v in fact.fields.items() if k not in ("repo", "url")}
            text = json.dumps(said).lower()
            if len(sender) > 5 and sender.lower() != owner.lower():
                assert f'"{sender.lower()}"' not in text


def test_other_trackers_bodies_are_not_taken_for_githubs() -> None:
    for provider in ("jira", "gitlab", "linear", "pagerduty", "azuredevops"):
        paths = [p for p in (payloads_dir() / provider).rglob("*") if p.is_file()]
        assert paths
        for path in paths:
            assert decoded(path, header=False).provider != "github", path.name
