"""GitHub's bodies about what runs: jobs, checks, statuses, pushes, deployments, boards.

Lean like those of ``models``: only the fields that are read.
"""

from __future__ import annotations

from typing import Required, TypedDict

from monitor.decode.github.models import Base, Body, Named, Team, User


class Step(TypedDict, total=False):
    """A step of a job; only that there is one is read."""


class Job(TypedDict, total=False):
    """A job of a workflow run; a new attempt has a new id."""

    id: Required[int]
    name: str | None
    workflow_name: str | None
    status: str | None
    conclusion: str | None
    head_sha: str | None
    head_branch: str | None
    run_attempt: int | None
    created_at: str | None
    started_at: str | None
    completed_at: str | None
    labels: list[str | None] | None
    runner_id: int | None
    runner_name: str | None
    runner_group_name: str | None
    steps: list[Step | None] | None


class Deployment(TypedDict, total=False):
    """A request to deploy one commit to one environment."""

    id: Required[int]
    created_at: str | None
    updated_at: str | None
    sha: str | None
    environment: str | None
    production_environment: bool | None
    creator: User | None


class WorkflowJobBody(Body, total=False):
    """``workflow_job``; ``deployment`` when the job has an environment."""

    workflow_job: Required[Job]
    deployment: Deployment | None


class CiApp(TypedDict, total=False):
    """The application that runs a check."""

    slug: str | None
    name: str | None


class Suite(TypedDict, total=False):
    """The suite a check belongs to, for its branch."""

    head_branch: str | None


class PullRequestReference(TypedDict, total=False):
    """A pull request named by a run or check."""

    number: Required[int]
    base: Base | None


class Check(TypedDict, total=False):
    """A run of a check. It has no creation time of its own."""

    id: Required[int]
    name: str | None
    head_sha: str | None
    status: str | None
    conclusion: str | None
    started_at: str | None
    completed_at: str | None
    app: CiApp | None
    check_suite: Suite | None
    pull_requests: list[PullRequestReference] | None


class CheckRunBody(Body, total=False):
    """``check_run``."""

    check_run: Required[Check]


class Tip(TypedDict, total=False):
    """The last commit of a branch."""

    sha: str | None


class BranchTip(TypedDict, total=False):
    """A branch that contains a commit, with the branch's last commit."""

    name: str | None
    commit: Tip | None


class StatusBody(Body, total=False):
    """``status``: a commit status of the older interface."""

    sha: Required[str]
    context: Required[str]
    state: Required[str]
    created_at: str | None
    updated_at: str | None
    branches: list[BranchTip] | None


class Commit(TypedDict, total=False):
    """A pushed commit and the files it touched."""

    timestamp: str | None
    distinct: bool | None
    added: list[str] | None
    modified: list[str] | None
    removed: list[str] | None


class PushBody(Body, total=False):
    """``push``."""

    ref: Required[str]
    after: str | None
    deleted: bool | None
    commits: list[Commit] | None
    head_commit: Commit | None


class JobReference(TypedDict, total=False):
    """The job that waits for an environment, or a check that deploys."""

    id: int | None
    environment: str | None


class WorkflowRun(TypedDict, total=False):
    """The run a deployment belongs to."""

    id: Required[int]
    run_attempt: int | None
    head_sha: str | None
    updated_at: str | None


class DeploymentBody(Body, total=False):
    """``deployment``."""

    deployment: Required[Deployment]


class DeploymentStatus(TypedDict, total=False):
    """One step in the life of a deployment."""

    state: Required[str]
    created_at: str | None
    updated_at: str | None


class DeploymentStatusBody(DeploymentBody, total=False):
    """``deployment_status``; ``check_run`` is the job that deploys, of a run."""

    deployment_status: Required[DeploymentStatus]
    check_run: JobReference | None
    workflow_run: WorkflowRun | None


class Account(User, Team, total=False):
    """A reviewer of a deployment: a user has a login, a team a slug."""


class Approver(TypedDict, total=False):
    """One who may approve: a team or a user."""

    reviewer: Account | None


class DeploymentReviewBody(Body, total=False):
    """``deployment_review``: one gate, with every team or user that may open it."""

    since: str | None
    environment: str | None
    workflow_run: WorkflowRun | None
    workflow_job_run: JobReference | None
    workflow_job_runs: list[JobReference] | None
    reviewers: list[Approver] | None
    approver: User | None


# Old bodies have neither ``from`` nor ``to``. Of a text or number field the ends are
# no options, so they are not read.
FieldChange = TypedDict(
    "FieldChange",
    {
        "field_name": str | None,
        "from": Named | str | float | None,
        "to": Named | str | float | None,
    },
    total=False,
)


class ItemChanges(TypedDict, total=False):
    """What was changed of a project's item."""

    field_value: FieldChange | None


class ProjectItem(TypedDict, total=False):
    """A card of a project; its content is an issue, a pull request or a draft."""

    content_node_id: str | None
    content_type: str | None
    project_node_id: str | None
    created_at: str | None
    updated_at: str | None


class ProjectItemBody(Body, total=False):
    """``projects_v2_item``, sent by organisations only, without a repository."""

    projects_v2_item: Required[ProjectItem]
    changes: ItemChanges | None
