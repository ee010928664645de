"""GitHub's CI to facts: jobs of workflows, checks of other CI, commit statuses.

The status of a job decides, not the body's action: bodies are snapshots taken at
delivery, and the two disagree. A job's times are taken with these exceptions:

- a queued job's ``started_at`` is a copy of ``created_at``: no start;
- a job held for an approval (``waiting``) is not in a runner's queue;
- a skipped job never waited: only its end counts;
- a job that ended without a runner never started, whatever ``started_at`` says;
- a job that ended before it was created is the copy of an earlier attempt's.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from monitor.decode.github_ci_models import (
    Check,
    CheckRunBody,
    Job,
    StatusBody,
    WorkflowJobBody,
)
from monitor.decode.github_deploys import deployment_of_job
from monitor.decode.github_reading import (
    Ignored,
    Place,
    Read,
    Reading,
    newest,
)
from monitor.domain.facts import Fact, Fields, Kind

# An unknown conclusion must not count as a failure.
_OUTCOMES: Final = {
    "success": "success",
    "failure": "failure",
    "error": "error",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "timed_out": "timed_out",
    "startup_failure": "error",
    "stale": "cancelled",
}
_NOT_STARTED: Final = frozenset({"queued", "pending", "requested", "waiting"})
_HELD: Final = Ignored("a job held for an approval is not in a runner's queue")
_COPY: Final = Ignored("a job of an earlier attempt, copied by a re-run")
_ACTIONS: Final = Ignored("a check of GitHub Actions; workflow_job says the same")

_ACTIONS_APP: Final = "github-actions"
_VENDOR_GROUP: Final = "github actions"
_VENDOR_LABEL: Final = re.compile(
    r"(ubuntu|windows|macos)-(latest|\d[\w.-]*)", re.ASCII
)
_QUEUE_PREFIX: Final = "gh-readonly-queue/"
_MERGE_QUEUE: Final = re.compile(r"gh-readonly-queue/.+/pr-(\d{1,9})-[0-9a-f]+")


# A member of an enumeration costs ten times a global name.
_QUEUED: Final = Kind.RUN_QUEUED
_STARTED: Final = Kind.RUN_STARTED
_FINISHED: Final = Kind.RUN_FINISHED


class Stages(NamedTuple):
    """When a run was queued, started and finished, in milliseconds; and how."""

    queued: int | None
    started: int | None
    finished: int | None
    outcome: str


def outcome_of(conclusion: str | None) -> str:
    """Our outcome of a conclusion or state; what we do not know is neutral."""
    return _OUTCOMES.get(conclusion or "", "neutral")


def read_workflow_job(body: WorkflowJobBody, reading: Reading) -> Read:
    """Queued, started and finished, as far as the job has come."""
    job, place = body["workflow_job"], reading.home()
    stages = _job_stages(body, reading)
    deployment = body.get("deployment")
    facts: list[Fact] = []
    if deployment is not None:
        facts = deployment_of_job(deployment, job["id"], reading)
    if isinstance(stages, Ignored):
        return facts or stages
    entity = f"{reading.host}:job/{job['id']}"
    return [*facts, *_run_facts(reading, entity, _job_fields(job, place), stages)]


def _job_stages(body: WorkflowJobBody, reading: Reading) -> Stages | Ignored:
    job = body["workflow_job"]
    created = reading.instant("workflow_job.created_at", job.get("created_at"))
    started = reading.instant("workflow_job.started_at", job.get("started_at"))
    completed = reading.instant("workflow_job.completed_at", job.get("completed_at"))
    outcome = outcome_of(job.get("conclusion"))
    status = job.get("status") or body.get("action")
    if status == "waiting":
        return _HELD
    if status in _NOT_STARTED:
        # Before 2022 there was no created_at; the copy has the same time.
        return Stages(started if created is None else created, None, None, outcome)
    if status != "completed" or completed is None:
        return Stages(created, started, None, outcome)
    if created is not None and completed < created:
        return _COPY
    if outcome == "skipped":
        return Stages(None, None, completed, outcome)
    if _never_ran(job) or (started is not None and started > completed):
        started = None
    return Stages(created, started, completed, outcome)


def _never_ran(job: Job) -> bool:
    """Whether the body says that no runner ever took the job.

    Old bodies say nothing of runners and steps; then the times are believed.
    """
    if job.get("conclusion") == "success" or job.get("steps"):
        return False
    if job.get("runner_id") or job.get("runner_name"):
        return False
    return job.get("steps") is not None or "runner_id" in job


def _job_fields(job: Job, place: Place) -> Fields:
    fields: Fields = {
        "pipeline": _pipeline(place.repo, job.get("workflow_name"), job.get("name"))
    }
    sha, attempt, branch = (
        job.get("head_sha"),
        job.get("run_attempt"),
        job.get("head_branch"),
    )
    if sha:
        fields["sha"] = sha
    if attempt is not None:
        fields["attempt"] = attempt
    if branch:
        fields["branch"] = branch
        if place.default_branch:
            fields["default_branch"] = branch == place.default_branch
        in_queue = branch.startswith(_QUEUE_PREFIX)
        queued = _MERGE_QUEUE.fullmatch(branch) if in_queue else None
        if queued is not None:
            fields["changes"] = [f"{place.prefix}#{int(queued[1])}"]
    group, labels = job.get("runner_group_name"), job.get("labels") or []
    if group or labels:
        fields["pool"] = [*([group] if group else []), *labels]
    if _hosted(group, labels):
        fields["hosted"] = True
    return fields


def _pipeline(repo: str, workflow: str | None, name: str | None) -> str:
    return f"{repo}/{(workflow or '').strip()}/{(name or '').strip()}".lower()


def _hosted(group: str | None, labels: list[str]) -> bool:
    """Whether the vendor's own runners took, or will take, the job.

    The group is known once a runner took it; until then the labels tell.
    """
    if group:
        return group.lower() == _VENDOR_GROUP
    lowered = [label.lower() for label in labels]
    return "self-hosted" not in lowered and any(
        _VENDOR_LABEL.fullmatch(label) for label in lowered
    )


def read_check_run(body: CheckRunBody, reading: Reading) -> Read:
    """A check of other CI; it has no creation time, so a queue only while queued."""
    check, place = body["check_run"], reading.home()
    if _is_actions(check):
        return _ACTIONS
    started = reading.instant("check_run.started_at", check.get("started_at"))
    completed = reading.instant("check_run.completed_at", check.get("completed_at"))
    outcome = outcome_of(check.get("conclusion"))
    status = check.get("status")
    if status in _NOT_STARTED:
        stages = Stages(started, None, None, outcome)
    elif status != "completed" or completed is None:
        stages = Stages(None, started, None, outcome)
    elif outcome == "skipped" or (started is not None and started > completed):
        stages = Stages(None, None, completed, outcome)
    else:
        stages = Stages(None, started, completed, outcome)
    entity = f"{reading.host}:check/{check['id']}"
    fields = _check_fields(check, place, reading.host)
    return _run_facts(reading, entity, fields, stages)


def _is_actions(check: Check) -> bool:
    app = check.get("app")
    if app is None:
        return False
    slug, name = app.get("slug"), app.get("name")
    return slug == _ACTIONS_APP or (
        slug is None and (name or "").lower() == _VENDOR_GROUP
    )


def _check_fields(check: Check, place: Place, host: str) -> Fields:
    app, suite, sha = check.get("app"), check.get("check_suite"), check.get("head_sha")
    slug = (app.get("slug") or app.get("name") or "") if app is not None else ""
    slug = slug.strip()
    fields: Fields = {"pipeline": _pipeline(place.repo, slug, check.get("name"))}
    if slug:
        fields["pool"] = [slug]
    if sha:
        fields["sha"] = sha
    branch = suite.get("head_branch") if suite is not None else None
    if branch:
        fields["branch"] = branch
        if place.default_branch:
            fields["default_branch"] = branch == place.default_branch
    changes = _changes_of(check, host)
    if changes:
        fields["changes"] = changes
    return fields


def _changes_of(check: Check, host: str) -> list[str]:
    """The pull requests a check names, by the repositories they belong to."""
    found: list[str] = []
    for pull in check.get("pull_requests") or ():
        base = pull.get("base")
        repository = base.get("repo") if base is not None else None
        scope = repository.get("id") if repository is not None else None
        if scope is not None:
            found.append(f"{host}:{scope}#{pull['number']}")
    return found


def read_status(body: StatusBody, reading: Reading) -> Read:
    """A commit status: started while pending, then finished.

    ``pending`` says nothing of a queue, so no queue is made of it.
    """
    place = reading.home()
    created = reading.instant("created_at", body["created_at"])
    pending = body["state"] == "pending"
    stages = Stages(
        None,
        created if pending else None,
        None if pending else created,
        outcome_of(body["state"]),
    )
    scope = place.prefix.partition(":")[2]
    entity = f"{reading.host}:status/{scope}/{body['sha']}/{body['context']}"
    fields = _status_fields(body, place)
    return _run_facts(reading, entity, fields, stages)


def _status_fields(body: StatusBody, place: Place) -> Fields:
    context, sha = body["context"].strip(), body["sha"]
    fields: Fields = {
        "pipeline": f"{place.repo}/{context}".lower(),
        "sha": sha,
    }
    # Branches that merely contain the commit say nothing about what was built.
    tips: list[str] = []
    for branch in body.get("branches") or ():
        name, tip = branch.get("name"), branch.get("commit")
        if name and tip is not None and tip.get("sha") == sha:
            tips.append(name)
    if len(tips) == 1:
        fields["branch"] = tips[0]
    if place.default_branch in tips:
        fields["default_branch"] = True
    return fields


def _run_facts(
    reading: Reading, entity: str, described: Fields, stages: Stages
) -> list[Fact]:
    """The stages of a run, each with everything that is known of it now."""
    queued, started, finished, outcome = stages
    revision = newest(queued, started, finished)
    if queued is not None and started is not None and started < queued:
        # Runners' clocks run early, and a start before the queue opens would
        # leave the queue open for ever.
        started = queued
    facts: list[Fact] = []
    for kind, time in ((_QUEUED, queued), (_STARTED, started), (_FINISHED, finished)):
        if time is None:
            continue
        fields = described.copy()
        if kind is _FINISHED:
            fields["outcome"] = outcome
        facts.append(reading.stated(kind, time, entity, fields, None, revision))
    return facts
