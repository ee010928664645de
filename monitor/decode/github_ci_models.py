"""GitHub's bodies about what runs: jobs, checks, statuses, pushes, deployments, boards.

Lean like those of ``github_models``: only the fields that are read.
"""

from __future__ import annotations

from pydantic import Field

from monitor.decode.github_models import Body, BranchEnd, Lean, Named, User


class Job(Lean):
    """A job of a workflow run; a new attempt has a new id."""

    id: int
    name: str | None = None
    workflow_name: str | None = None
    status: str | None = None
    conclusion: str | None = None
    head_sha: str | None = None
    head_branch: str | None = None
    run_attempt: int | None = None
    created_at: str | None = None
    started_at: str | None = None
    completed_at: str | None = None
    labels: list[str] | None = None
    runner_id: int | None = None
    runner_name: str | None = None
    runner_group_name: str | None = None
    steps: list[Lean] | None = None


class Deployment(Lean):
    """A request to deploy one commit to one environment."""

    id: int
    created_at: str
    updated_at: str | None = None
    sha: str | None = None
    environment: str | None = None
    creator: User | None = None


class WorkflowJobBody(Body):
    """``workflow_job``; ``deployment`` when the job has an environment."""

    workflow_job: Job
    deployment: Deployment | None = None


class CiApp(Lean):
    """The application that runs a check."""

    slug: str | None = None
    name: str | None = None


class Suite(Lean):
    """The suite a check belongs to, for its branch."""

    head_branch: str | None = None


class PullRequestReference(Lean):
    """A pull request named by a run or check."""

    number: int
    base: BranchEnd | None = None


class Check(Lean):
    """A run of a check. It has no creation time of its own."""

    id: int
    name: str | None = None
    head_sha: str | None = None
    status: str | None = None
    conclusion: str | None = None
    started_at: str | None = None
    completed_at: str | None = None
    app: CiApp | None = None
    check_suite: Suite | None = None
    pull_requests: list[PullRequestReference] | None = None


class CheckRunBody(Body):
    """``check_run``."""

    check_run: Check


class BranchTip(Lean):
    """A branch that contains a commit, with the branch's last commit."""

    name: str | None = None
    commit: BranchEnd | None = None


class StatusBody(Body):
    """``status``: a commit status of the older interface."""

    sha: str
    context: str
    state: str
    created_at: str
    branches: list[BranchTip] | None = None


class Commit(Lean):
    """A pushed commit and the files it touched."""

    timestamp: str | None = None
    distinct: bool | None = None
    added: list[str] | None = None
    modified: list[str] | None = None
    removed: list[str] | None = None


class PushBody(Body):
    """``push``."""

    ref: str
    after: str | None = None
    deleted: bool | None = None
    commits: list[Commit] | None = None
    head_commit: Commit | None = None


class JobReference(Lean):
    """The job that waits for an environment, or a check that deploys."""

    id: int
    environment: str | None = None


class WorkflowRun(Lean):
    """The run a deployment belongs to."""

    id: int
    head_sha: str | None = None
    updated_at: str | None = None


class DeploymentBody(Body):
    """``deployment``."""

    deployment: Deployment


class DeploymentStatus(Lean):
    """One step in the life of a deployment."""

    state: str
    created_at: str


class DeploymentStatusBody(DeploymentBody):
    """``deployment_status``; ``check_run`` is the job that deploys."""

    deployment_status: DeploymentStatus
    check_run: JobReference | None = None


class Account(User):
    """A reviewer of a deployment: a user has a login, a team a slug."""

    slug: str | None = None
    html_url: str | None = None


class Approver(Lean):
    """One who may approve: a team or a user."""

    type: str | None = None
    reviewer: Account | None = None


class DeploymentReviewBody(Body):
    """``deployment_review``: one gate, with every team or user that may open it."""

    since: str | None = None
    environment: str | None = None
    workflow_run: WorkflowRun | None = None
    workflow_job_run: JobReference | None = None
    workflow_job_runs: list[JobReference] | None = None
    reviewers: list[Approver] | None = None
    approver: User | None = None


class FieldChange(Lean):
    """A project field's change; old bodies have neither ``from`` nor ``to``.

    Of a text or number field the ends are no options, so they are not read.
    """

    field_name: str | None = None
    field_type: str | None = None
    before: Named | str | float | None = Field(default=None, alias="from")
    after: Named | str | float | None = Field(default=None, alias="to")


class ItemChanges(Lean):
    """What was changed of a project's item."""

    field_value: FieldChange | None = None


class ProjectItem(Lean):
    """A card of a project; its content is an issue, a pull request or a draft."""

    content_node_id: str | None = None
    content_type: str | None = None
    updated_at: str | None = None


class ProjectItemBody(Body):
    """``projects_v2_item``, sent by organisations only, without a repository."""

    projects_v2_item: ProjectItem
    changes: ItemChanges | None = None
