"""GitHub's jobs of workflows to facts.

The status of a job decides, not the body's action: bodies are snapshots taken at
delivery, and the two disagree. A job's times are taken with these exceptions:

- a queued job's ``started_at`` is a copy of ``created_at``: no start;
- a job held for an approval (``waiting``) is not in a runner's queue; its later
  bodies tell the same ``created_at``, so that it was held is a fact of its own;
- a skipped job never waited: only its end counts;
- a job that ended without a runner never started, whatever ``started_at`` says; if it
  was to deploy it was rejected or given up, and failed no more than its deployment;
- a job that ended before it was created is the copy of an earlier attempt's.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.decode.github.branches import queued_changes, say_tickets
from monitor.decode.github.ci_models import Deployment, Job, WorkflowJobBody
from monitor.decode.github.deploys import begun, deployment_of_job, given_up, job_key
from monitor.decode.github.places import Place
from monitor.decode.github.reading import Ignored, Read, Reading, newest
from monitor.decode.github.runs import (
    NOT_STARTED,
    Stages,
    outcome_of,
    pipeline_name,
    run_facts,
)
from monitor.domain.facts import FAILED, Fact, Fields

_COPY: Final = Ignored("a job of an earlier attempt, copied by a re-run")
# What GitHub calls its groups; an organisation's own groups may hold either sort.
_VENDOR_GROUPS: Final = frozenset({"github actions", "default larger runners"})
# An image of GitHub's, and of what sort and size the machine is; its larger runners are
# suggested to be called so. Who sets up runners of their own likes such names, too, so
# any other word behind an image is somebody's own.
_VENDOR_LABEL: Final = re.compile(
    r"(ubuntu-(latest|slim|\d\d\.\d\d)|windows-(latest|\d{2}|\d{4})"
    r"|macos-(latest|\d\d(\.\d\d?)?))"
    r"(-(arm(64)?|x64|intel|vs\d{4}|xl|x?large|\d{1,3}-?cores?)){0,3}",
    re.ASCII,
)
# Only here GitHub has runners; an Enterprise Server is somebody's own.
_VENDOR_HOST: Final = re.compile(r"github\.com|.+\.ghe\.com")


def read_workflow_job(body: WorkflowJobBody, reading: Reading) -> Read:
    """Queued, started and finished, as far as the job has come."""
    job, place = body["workflow_job"], reading.home()
    stages = _job_stages(body, reading)
    deployment = body.get("deployment")
    facts: list[Fact] = []
    if deployment is not None:
        facts = deployment_of_job(deployment, job["id"], reading)
        if not isinstance(stages, Ignored):
            facts += _of_deployment(deployment, job, stages, reading)
            if stages.outcome in FAILED and stages.finished and _never_ran(job):
                stages = stages._replace(outcome="cancelled")
    if isinstance(stages, Ignored):
        return facts or stages
    entity = job_key(reading, job["id"])
    fields = _job_fields(job, place, reading.settings.projects)
    if _VENDOR_HOST.fullmatch(reading.host) and _hosted(job):
        fields["hosted"] = True
    return [*facts, *run_facts(reading, entity, fields, stages)]


def _of_deployment(
    deployment: Deployment, job: Job, stages: Stages, reading: Reading
) -> list[Fact]:
    """What the job tells of its deployment: that it began, or that it never will."""
    _, started, finished, *_ = stages
    if finished is not None and _never_ran(job):
        return given_up(deployment, job["id"], finished, reading)
    if started is None or not (finished is None or _ran(job)):
        return []
    return [begun(deployment, job["id"], newest(stages.queued, started), reading)]


def _job_stages(body: WorkflowJobBody, reading: Reading) -> Stages | Ignored:
    job = body["workflow_job"]
    created = reading.instant("workflow_job.created_at", job.get("created_at"))
    started = reading.instant("workflow_job.started_at", job.get("started_at"))
    completed = reading.instant("workflow_job.completed_at", job.get("completed_at"))
    outcome = outcome_of(job.get("conclusion"))
    status = job.get("status") or body.get("action")
    if status in NOT_STARTED:
        # Before 2022 there was no created_at; the copy has the same time.
        made = started if created is None else created
        if status == "waiting":
            return Stages(None, None, None, outcome, held=made)
        return Stages(made, None, None, outcome)
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
    return not _ran(job) and (job.get("steps") is not None or "runner_id" in job)


def _ran(job: Job) -> bool:
    """Whether the body says that a runner took the job."""
    if job.get("conclusion") == "success" or job.get("steps"):
        return True
    return bool(job.get("runner_id") or job.get("runner_name"))


def _job_fields(job: Job, place: Place, projects: frozenset[str]) -> Fields:
    fields: Fields = {
        "pipeline": pipeline_name(place.repo, job.get("workflow_name"), job.get("name"))
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
        say_tickets(fields, branch, place, projects)
        queued = queued_changes([branch], place)
        if queued:
            fields["changes"] = queued
    pool = [job.get("runner_group_name"), *(job.get("labels") or ())]
    if any(pool):
        fields["pool"] = [name for name in pool if name]
    return fields


def _hosted(job: Job) -> bool:
    """Whether the vendor's own runners took, or will take, the job.

    The group is known once a runner took it; until then the labels tell. Larger
    runners may be in a group that is called like their label.
    """
    group = (job.get("runner_group_name") or "").lower()
    if group in _VENDOR_GROUPS:
        return True
    labels = [label.lower() for label in job.get("labels") or () if label]
    told = [group] if group else labels
    return "self-hosted" not in labels and any(map(_VENDOR_LABEL.fullmatch, told))
