"""CI that is not GitHub's own: checks of an application, and commit statuses."""

from __future__ import annotations

from monitor.simulate.bodies.things import Check, Pull, Status, pull_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import CI_CAP, Failure, Wait
from monitor.simulate.steps import ci_steps


def checked(draft: Draft, pull: Pull) -> None:
    """An application's check, which is queued on the machines of a platform team."""
    team = draft.chance.choice(draft.organisation.by_kind("platform"))
    check = Check(
        repo=pull.repo,
        id=8_000_000_000 + draft.fresh(),
        name="scan",
        app=team.pool,
        sha=pull.sha,
        branch=pull.branch,
        number=pull.number,
        started=draft.now,
    )
    queued = draft.now
    _tell(draft, "check_run.queued", check)
    draft.now += ci_steps.queue_length(draft) * SECOND
    key = pull_key(pull)
    draft.wait(Wait("ci_queue", team.id, queued, draft.now, key, CI_CAP))
    check = check._replace(started=draft.now)
    _tell(draft, "check_run.in_progress", check)
    draft.now += draft.chance.randint(30, 900) * SECOND
    ended = check._replace(completed=draft.now, conclusion="success")
    _tell(draft, "check_run.completed", ended)


def reported(draft: Draft, pull: Pull) -> None:
    """Statuses of one context: it fails, and passes on the same commit."""
    failed = _reported(draft, pull, "failure")
    draft.now += draft.chance.randint(60, 2_400) * SECOND
    passed = _reported(draft, pull, "success")
    owner = draft.organisation.pipeline_owner.id
    draft.fail(Failure(failed, passed, owner, pull_key(pull)))


def _reported(draft: Draft, pull: Pull, state: str) -> int:
    for told in ("pending", state):
        number = 9_000_000_000 + draft.fresh()
        status = Status(
            pull.repo, number, "jenkins/e2e", pull.sha, pull.branch, told, draft.now
        )
        _tell(draft, "status.", status)
        if told == "pending":
            draft.now += draft.chance.randint(40, 1_500) * SECOND
    return draft.now


def _tell(draft: Draft, kind: str, thing: Check | Status) -> None:
    draft.tell(kind, voice="github", thing=thing)
