"""Deployments that an environment's reviewers hold up, and the jobs that make them.

Such a job waits for a runner only when it was let go.
"""

from __future__ import annotations

from typing import Final

from monitor.simulate.bodies.things import Deployment, Job, Pull, merge_commit, pull_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import CI_CAP, Wait
from monitor.simulate.steps import ci_steps, deploy_steps, noting
from monitor.simulate.steps.tracker import person

HOUR: Final = 3_600
# GitHub's deployments name an environment and no service.
_NO_SERVICE: Final = ""
# Nothing that is deployed there is delivered.
_ENVIRONMENT: Final = "preview"


def previewed(draft: Draft, pull: Pull) -> None:
    """A job deploys the pull request to an environment that another team guards.

    Some organisations take in deployments beside reviews, others do not.
    """
    draft.now += ci_steps.DELAY
    thing = _guarded(draft, pull.repo, pull.sha, _ENVIRONMENT, pull.author)
    thing = thing._replace(branch=pull.branch)
    where = ci_steps.runners(draft, hosted=draft.chance.random() < 0.5)
    job = _job(draft, pull, thing, where)
    has_deployments = job.deployment is not None
    start = draft.now
    if has_deployments:
        _tell_deployment(draft, "deployment.created", thing)
        _tell_status(draft, thing, "waiting")
    draft.tell("workflow_job.waiting", voice="github", thing=job)
    _tell_deployment(draft, "deployment_review.requested", thing)
    draft.between(120, draft.chance.choice((900, 2 * HOUR, 10 * HOUR)))
    draft.wait(Wait("deploy_approval", thing.team, start, draft.now))
    if has_deployments and draft.chance.random() < 0.2:
        _cancelled(draft, job)
        return
    _tell_deployment(draft, "deployment_review.approved", thing)
    noting.decided(draft, "approved")
    key, queued = pull_key(pull), draft.now
    _ran(draft, job, thing, Wait("ci_queue", where.owner, queued, queued, key, CI_CAP))


def released(draft: Draft, pull: Pull) -> None:
    """What was merged waits to be deployed: its item is done, the repository's is not.

    What a deploy waits for then is charged to whoever owns the repository.
    """
    teams = draft.organisation.teams
    owner = next(team for team in teams if pull.repo in team.repos)
    # What it names gets numbers that no other story's come to.
    number = draft.fresh() * 10_000
    rest = Draft(draft.organisation, owner, draft.chance, number, draft.now)
    # What is decided is decided on the item, whose it still is.
    rest.item, rest.owner = draft.item, draft.owner
    rest.now += draft.chance.randint(30, 900) * SECOND
    deployed(rest, to_production(rest, pull.repo, merge_commit(pull)))
    draft.others.append(rest.finish())


def to_production(draft: Draft, repo: str, commit: str) -> Deployment:
    """A deployment of the main branch, which another team's reviewers hold up."""
    return _guarded(draft, repo, commit, deploy_steps.PRODUCTION)


def deployed(draft: Draft, thing: Deployment) -> None:
    """It waits for the reviewers, and for a thaw; in flight is what it waits."""
    _tell_deployment(draft, "deployment.created", thing)
    _tell_status(draft, thing, "waiting")
    start = draft.now
    _tell_deployment(draft, "deployment_review.requested", thing)
    draft.between(120, draft.chance.choice((900, 2 * HOUR, 10 * HOUR)))
    _tell_deployment(draft, "deployment_review.approved", thing)
    noting.decided(draft, "approved")
    draft.wait(Wait("deploy_approval", thing.team, start, draft.now))
    _tell_status(draft, thing, "queued")
    deploy_steps.begin(draft, start, _NO_SERVICE)
    draft.fly_while_waiting()
    for state in ("in_progress", "success"):
        _tell_status(draft, thing, state)
        if state == "success":
            noting.deployed(draft, ok=True)
        draft.now += draft.chance.randint(10, 300) * SECOND


def _tell_deployment(draft: Draft, kind: str, thing: Deployment) -> None:
    """GitHub tells of a deployment, or of its review, as it is now."""
    draft.tell(kind, voice="github", thing=thing._replace(time=draft.now))


def _tell_status(draft: Draft, thing: Deployment, state: str) -> None:
    _tell_deployment(draft, "deployment_status.created", thing._replace(state=state))


def _guarded(
    draft: Draft, repo: str, commit: str, environment: str, actor: str = ""
) -> Deployment:
    on_team, number = draft.other_team(platform=0.8), draft.fresh()
    return Deployment(
        repo=repo,
        id=7_000_000_000 + number,
        run=3_000_000_000 + number,
        job=4_000_000_000 + number,
        sha=commit,
        environment=environment,
        actor=actor or person(draft, draft.team),
        created=draft.now,
        time=draft.now,
        team=on_team.id,
        approver=draft.chance.choice(on_team.members),
    )


def _job(draft: Draft, pull: Pull, thing: Deployment, where: ci_steps.Runners) -> Job:
    return Job(
        repo=pull.repo,
        run=thing.run,
        id=thing.job,
        attempt=1,
        workflow="Preview",
        name="deploy",
        sha=pull.sha,
        branch=pull.branch,
        labels=where.labels,
        group=where.group,
        created=draft.now,
        actor=pull.author,
        deployment=thing if draft.chance.random() < 0.7 else None,
    )


def _cancelled(draft: Draft, job: Job) -> None:
    """Its author needs it no longer: it never waited for a runner."""
    ended = job._replace(completed=draft.now, conclusion="cancelled")
    draft.tell("workflow_job.completed", voice="github", thing=ended)
    deploy_steps.note_freezes(draft, job.created, _NO_SERVICE)
    draft.now += SECOND


def _ran(draft: Draft, job: Job, thing: Deployment, wait: Wait) -> None:
    """From now on it waits for a runner, and for a thaw; then it deploys."""
    has_deployments = job.deployment is not None

    def told(action: str, job: Job, now: str) -> None:
        draft.tell(f"workflow_job.{action}", voice="github", thing=job)
        if has_deployments:
            _tell_status(draft, thing, now)

    told("queued", job, "queued")
    draft.now += ci_steps.queue_length(draft) * SECOND
    if has_deployments:
        deploy_steps.begin(draft, job.created, _NO_SERVICE)
    draft.wait(wait._replace(end=draft.now))
    job = job._replace(started=draft.now)
    told("in_progress", job, "in_progress")
    draft.now += draft.chance.randint(40, 600) * SECOND
    told(
        "completed", job._replace(completed=draft.now, conclusion="success"), "success"
    )
