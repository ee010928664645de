"""Runs of a pull request's jobs on GitHub: queues, failures, retries."""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.domain.working_time import DAY
from monitor.simulate.bodies.things import Job, Pull, merge_commit, pull_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import CI_CAP, SHARED, SHARED_CAP, Failure, Wait
from monitor.simulate.red_mains import E2E, UNIT
from monitor.simulate.steps import noting

HOSTED: Final = "external"
# After a push its jobs are made.
DELAY: Final = 3 * SECOND
MAIN: Final = "main"
WORKFLOW: Final = "CI"
# Wall seconds in the queue; the last is a night without runners.
_QUEUES: Final = (4, 9, 25, 70, 200, 700, 2_400)
_LONG_QUEUE: Final = 27 * 3_600


class Runners(NamedTuple):
    """Where a job runs: its labels, its group, and who owns the machines."""

    labels: tuple[str, ...]
    group: str
    owner: str


def runners(draft: Draft, *, hosted: bool) -> Runners:
    """The vendor's runners, or those of one of the platform teams."""
    if hosted:
        return Runners(("ubuntu-latest",), "GitHub Actions", HOSTED)
    team = draft.chance.choice(draft.organisation.by_kind("platform"))
    return Runners(("self-hosted", "linux", team.pool), "Default", team.id)


def green(draft: Draft, pull: Pull, workflow: str = WORKFLOW) -> int:
    """Every job of one push succeeds; the cursor is at the end of the last.

    Returns when the unit tests had passed.
    """
    run = workflow_run(draft)
    ends = [
        _attempt(
            draft, pull, run, name, hosted, 1, "success", draft.now + DELAY, workflow
        )
        for name, hosted in _jobs(draft)
    ]
    draft.now = max(ends)
    return ends[0]


def flaky(draft: Draft, pull: Pull) -> None:
    """The end-to-end job fails, and passes on the same sha when run again."""
    run = workflow_run(draft)
    start = draft.now + DELAY
    failed = _attempt(draft, pull, run, E2E, False, 1, "failure", start)
    draft.now = failed
    cause = blamed(draft, pull.repo, E2E)
    again = failed + draft.chance.randint(60, 2_400) * SECOND
    passed = _attempt(draft, pull, run, E2E, False, 2, "success", again)
    if cause:
        draft.wait(shared(cause, failed, passed, pull_key(pull)))
    else:
        owner = draft.organisation.pipeline_owner.id
        draft.fail(Failure(failed, passed, owner, pull_key(pull)))
    draft.now = passed


def red(draft: Draft, pull: Pull, run: int) -> int:
    """The unit tests fail; returns when they did, where the cursor is."""
    start = draft.now + DELAY
    draft.now = _attempt(draft, pull, run, UNIT, True, 1, "failure", start)
    return draft.now


def run_again(draft: Draft, pull: Pull, run: int) -> int:
    """The unit tests pass on the same sha; returns when, where the cursor is."""
    draft.now = _attempt(draft, pull, run, UNIT, True, 2, "success", draft.now)
    return draft.now


def workflow_run(draft: Draft) -> int:
    """The number of a run that has yet to begin."""
    return 3_000_000_000 + draft.fresh()


def blamed(draft: Draft, repo: str, job: str) -> str:
    """Which other team had broken on main what fails just now; empty for nobody."""
    cause = draft.organisation.broken_by(repo, job, draft.now)
    if not cause or cause == draft.owner.id:
        return ""
    noting.trouble(draft, cause, SHARED)
    return cause


def shared(cause: str, failed: int, passed: int, change: str) -> Wait:
    """What another team broke is waited for until the job passes on the item."""
    return Wait(SHARED, cause, failed, passed, change, SHARED_CAP)


def after_the_merge(draft: Draft, pull: Pull) -> None:
    """The jobs of the merged commit, on main, perhaps day after day.

    Nobody works for them, or waits until they have ended. They are workflows of their
    own: another commit's run of a job that failed says that the failure was its own.
    """
    now, on_main = draft.now, pull._replace(branch=MAIN, sha=merge_commit(pull))
    with draft.unattended():
        green(draft, on_main, "Release")
        if draft.chance.random() < 0.2:
            for day in range(draft.chance.randint(1, 9)):
                draft.now = now + (day + 1) * DAY
                green(draft, on_main, "Nightly")
    draft.now = now


def _jobs(draft: Draft) -> list[tuple[str, bool]]:
    jobs = [(UNIT, draft.chance.random() < 0.5)]
    if draft.chance.random() < 0.5:
        jobs.append(("lint", True))
    if draft.chance.random() < 0.4:
        jobs.append((E2E, False))
    return jobs


def queue_length(draft: Draft) -> int:
    """How many seconds a job waits for a runner."""
    if draft.chance.random() < 0.01:
        return _LONG_QUEUE
    return draft.chance.choice(_QUEUES) + draft.chance.randint(0, 60)


def _attempt(
    draft: Draft,
    pull: Pull,
    run: int,
    name: str,
    hosted: bool,
    attempt: int,
    conclusion: str,
    created: int,
    workflow: str = WORKFLOW,
) -> int:
    """One attempt of one job, told in three bodies; returns when it completed."""
    where = runners(draft, hosted=hosted)
    started = created + queue_length(draft) * SECOND
    completed = started + draft.chance.randint(40, 1_500) * SECOND
    job = Job(
        repo=pull.repo,
        run=run,
        id=4_000_000_000 + draft.fresh(),
        attempt=attempt,
        workflow=workflow,
        name=name,
        sha=pull.sha,
        branch=pull.branch,
        labels=where.labels,
        group=where.group,
        created=created,
        actor=pull.author,
    )
    job = job._replace(started=started, completed=completed, conclusion=conclusion)
    tell_job(draft, job)
    key = pull_key(pull)
    draft.wait(Wait("ci_queue", where.owner, created, started, key, CI_CAP))
    return completed


def tell_job(draft: Draft, job: Job) -> None:
    """GitHub tells of a job three times: queued, begun and ended."""
    begun = job._replace(completed=0, conclusion="")
    told = (
        ("queued", job.created, begun._replace(started=0)),
        ("in_progress", job.started, begun),
        ("completed", job.completed, job),
    )
    for action, at, body in told:
        draft.tell(f"workflow_job.{action}", voice="github", thing=body, at=at)
