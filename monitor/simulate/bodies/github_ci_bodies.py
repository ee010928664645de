"""GitHub's webhook bodies of jobs and deployments, as large as real ones."""

from __future__ import annotations

from monitor.simulate.bodies.github_parts import (
    API,
    WEB,
    Json,
    envelope,
    iso,
    node_id,
    repository,
    team,
    user,
)
from monitor.simulate.bodies.things import Check, Deployment, Job, Status, repository_id


def job_body(action: str, job: Job) -> Json:
    """The body of ``workflow_job``; the status is the action."""
    url, web = f"{API}/repos/{job.repo}", f"{WEB}/{job.repo}/actions/runs/{job.run}"
    taken = bool(job.started)
    steps = [
        {"name": name, "status": "completed", "conclusion": "success", "number": place}
        for place, name in enumerate(("Set up job", "Check out", "Run"), start=1)
    ]
    shown: Json = {
        "id": job.id,
        "run_id": job.run,
        "workflow_name": job.workflow,
        "head_branch": job.branch,
        "run_url": f"{url}/actions/runs/{job.run}",
        "run_attempt": job.attempt,
        "node_id": node_id("CR", job.id),
        "head_sha": job.sha,
        "url": f"{url}/actions/jobs/{job.id}",
        "html_url": f"{web}/job/{job.id}",
        "status": action,
        "conclusion": job.conclusion or None,
        "created_at": iso(job.created),
        "started_at": iso(job.started or job.created),
        "completed_at": iso(job.completed),
        "name": job.name,
        "steps": steps if taken else [],
        "check_run_url": f"{url}/check-runs/{job.id}",
        "labels": list(job.labels),
        "runner_id": 21 if taken else None,
        "runner_name": f"{job.group} 21" if taken else None,
        "runner_group_id": 2 if taken else None,
        "runner_group_name": job.group if taken else None,
    }
    body: Json = {"action": action, "workflow_job": shown}
    if job.deployment is not None:
        body["deployment"] = _deployment(job.deployment)
    return body | envelope(job.repo, job.actor)


def check_body(action: str, check: Check) -> Json:
    """The body of ``check_run``; a check is queued until its application begins."""
    url = f"{API}/repos/{check.repo}"
    status = "completed" if check.completed else action
    shown: Json = {
        "id": check.id,
        "node_id": node_id("CR", check.id),
        "name": check.name,
        "head_sha": check.sha,
        "external_id": str(check.id),
        "url": f"{url}/check-runs/{check.id}",
        "html_url": f"{WEB}/{check.repo}/runs/{check.id}",
        "status": status,
        "conclusion": check.conclusion or None,
        "started_at": iso(check.started),
        "completed_at": iso(check.completed),
        "output": {"title": None, "summary": None, "annotations_count": 0},
        "check_suite": {
            "id": check.id + 1,
            "head_branch": check.branch,
            "head_sha": check.sha,
            "status": status,
        },
        "app": {"id": 77, "slug": check.app, "name": check.app.title()},
        "pull_requests": [
            {
                "number": check.number,
                "base": {"ref": "main", "repo": {"id": repository_id(check.repo)}},
            }
        ],
    }
    told = "completed" if check.completed else "created"
    body: Json = {"action": told, "check_run": shown}
    return body | envelope(check.repo, f"{check.app}[bot]")


def status_body(status: Status) -> Json:
    """The body of ``status``."""
    url = f"{API}/repos/{status.repo}"
    body: Json = {
        "id": status.id,
        "sha": status.sha,
        "name": status.repo,
        "target_url": f"https://ci.acme.example/{status.id}",
        "context": status.context,
        "description": None,
        "state": status.state,
        "commit": {"sha": status.sha, "url": f"{url}/commits/{status.sha}"},
        "branches": [
            {
                "name": status.branch,
                "commit": {"sha": status.sha, "url": f"{url}/commits/{status.sha}"},
                "protected": False,
            }
        ],
        "created_at": iso(status.time),
        "updated_at": iso(status.time),
    }
    return body | envelope(status.repo, "ci-bridge[bot]")


def deployment_body(action: str, thing: Deployment) -> Json:
    """A deployment, one of its states, or a review of its environment."""
    run: Json = {
        "id": thing.run,
        "name": "Deploy",
        "head_branch": thing.branch,
        "head_sha": thing.sha,
        "run_number": 7,
        "event": "push" if thing.branch == "main" else "pull_request",
        "created_at": iso(thing.created),
        "updated_at": iso(thing.time),
        "run_attempt": 1,
        "repository": repository(thing.repo),
    }
    if action in ("requested", "approved", "rejected"):
        return _deployment_review(action, thing, run)
    body: Json = {
        "action": action,
        "deployment": _deployment(thing),
        "workflow_run": run,
    }
    if thing.state:
        body["deployment_status"] = {
            "id": thing.id + 1,
            "state": thing.state,
            "creator": user(thing.actor),
            "environment": thing.environment,
            "created_at": iso(thing.time),
            "updated_at": iso(thing.time),
        }
        body["check_run"] = {"id": thing.job, "name": "deploy", "head_sha": thing.sha}
    return body | envelope(thing.repo, thing.actor)


def _deployment(thing: Deployment) -> Json:
    url = f"{API}/repos/{thing.repo}"
    return {
        "url": f"{url}/deployments/{thing.id}",
        "id": thing.id,
        "node_id": node_id("DE", thing.id),
        "task": "deploy",
        "original_environment": thing.environment,
        "environment": thing.environment,
        "description": None,
        "created_at": iso(thing.created),
        "updated_at": iso(thing.time),
        "sha": thing.sha,
        "ref": thing.branch,
        "payload": {},
        "creator": user(thing.actor),
    }


def _deployment_review(action: str, thing: Deployment, run: Json) -> Json:
    job: Json = {"id": thing.job, "name": "deploy", "environment": thing.environment}
    body: Json = {
        "action": action,
        "workflow_run": run,
        "since": iso(thing.time),
        "workflow_job_run": job,
    }
    if action == "requested":
        body["environment"] = thing.environment
        body["requestor"] = user(thing.actor)
        body["reviewers"] = [{"type": "Team", "reviewer": team(thing.team)}]
        return body | envelope(thing.repo, thing.actor)
    body["approver"] = user(thing.approver)
    body["workflow_job_runs"] = [job]
    return body | envelope(thing.repo, thing.approver)
