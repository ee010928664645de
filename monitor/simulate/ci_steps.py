"""Runs of a pull request's jobs on GitHub: queues, failures, retries."""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.domain.working_time import DAY
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import CI_CAP, Failure, Wait
from monitor.simulate.things import Job, Pull, merge_commit, pull_key

HOSTED: Final = "external"
# After a push its jobs are made.
DELAY: Final = 3 * SECOND
_MAIN: Final = "main"
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


def green(draft: Draft, pull: Pull, workflow: str = WORKFLOW) -> None:
    """Every job of one push succeeds; the cursor is at the end of the last."""
    run = 3_000_000_000 + draft.fresh()
    ends = [
        _attempt(
            draft, pull, run, name, hosted, 1, "success", draft.now + DELAY, workflow
        )
        for name, hosted in _jobs(draft)
    ]
    draft.now = max(ends)


def flaky(draft: Draft, pull: Pull) -> None:
    """The end-to-end job fails, and passes on the same sha when run again."""
    run = 3_000_000_000 + draft.fresh()
    start = draft.now + DELAY
    failed = _attempt(draft, pull, run, "e2e", False, 1, "failure", start)
    again = failed + draft.chance.randint(60, 2_400) * SECOND
    passed = _attempt(draft, pull, run, "e2e", False, 2, "success", again)
    owner = draft.organisation.pipeline_owner.id
    draft.fail(Failure(failed, passed, owner, pull_key(pull)))
    draft.now = passed


def red(draft: Draft, pull: Pull) -> int:
    """The unit tests fail by the change's own fault; returns when they did."""
    run = 3_000_000_000 + draft.fresh()
    start = draft.now + DELAY
    failed = _attempt(draft, pull, run, "unit", True, 1, "failure", start)
    draft.now = failed
    return failed


def after_the_merge(draft: Draft, pull: Pull) -> None:
    """The jobs of the merged commit, on main, perhaps day after day.

    Nobody works for them, or waits until they have ended. They are workflows of their
    own: another commit's run of a job that failed says that the failure was its own.
    """
    now, on_main = draft.now, pull._replace(branch=_MAIN, sha=merge_commit(pull))
    with draft.unattended():
        green(draft, on_main, "Release")
        if draft.chance.random() < 0.2:
            for day in range(draft.chance.randint(1, 9)):
                draft.now = now + (day + 1) * DAY
                green(draft, on_main, "Nightly")
    draft.now = now


def _jobs(draft: Draft) -> list[tuple[str, bool]]:
    jobs = [("unit", draft.chance.random() < 0.5)]
    if draft.chance.random() < 0.5:
        jobs.append(("lint", True))
    if draft.chance.random() < 0.4:
        jobs.append(("e2e", False))
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
    told = (
        ("queued", created, job),
        ("in_progress", started, job._replace(started=started)),
        (
            "completed",
            completed,
            job._replace(started=started, completed=completed, conclusion=conclusion),
        ),
    )
    for action, at, body in told:
        draft.tell(f"workflow_job.{action}", voice="github", thing=body, at=at)
    key = pull_key(pull)
    draft.wait(Wait("ci_queue", where.owner, created, started, key, CI_CAP))
    return completed
