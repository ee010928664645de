"""Turns that the life of a pull request may take: pushes, closings, the queue."""

from __future__ import annotations

from typing import Final

from monitor.simulate.bodies.things import Pull, Push, pull_key
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Failure
from monitor.simulate.red_mains import UNIT
from monitor.simulate.steps import ci_steps
from monitor.simulate.words import sha

HOUR: Final = 3_600


def tell(draft: Draft, pull: Pull, action: str) -> Pull:
    """GitHub tells what was done to it just now; whom that named is forgotten."""
    pull = pull._replace(updated=draft.now)
    draft.tell(
        f"pull_request.{action}", voice="github", entity=pull_key(pull), thing=pull
    )
    return pull._replace(asked_team="", asked_person="")


def pushed(draft: Draft, pull: Pull) -> Pull:
    """A new commit on the branch: GitHub tells of it twice."""
    after = sha(draft.chance)
    push = Push(pull.repo, pull.branch, pull.sha, after, pull.author, draft.now)
    draft.tell("push", voice="github", entity=pull_key(pull), thing=push)
    changed = pull._replace(sha=after, commits=pull.commits + 1)
    return tell(draft, changed, "synchronize")


def closing(draft: Draft) -> str:
    """What names the draft's issue in a text, if it has one."""
    return f"Closes #{draft.issue.number}." if draft.issue else ""


def named(draft: Draft, pull: Pull) -> Pull:
    """A minute later somebody writes into it which ticket it is for: it always was."""
    draft.now += draft.chance.randint(20, 90) * SECOND
    if draft.issue is None:
        pull = pull._replace(title=f"{draft.item}: {pull.title}")
    return tell(draft, pull._replace(text=closing(draft) + pull.text), "edited")


def given_up(draft: Draft, pull: Pull) -> Pull:
    """Closed unmerged, and taken up again after a while."""
    key = pull_key(pull)
    pull = tell(draft, pull._replace(closed=draft.now), "closed")
    draft.close_change(key)
    if draft.by_change:
        draft.leave()
    draft.between(600, draft.chance.choice((HOUR, 20 * HOUR)))
    pull = tell(draft, pull._replace(closed=0), "reopened")
    draft.open_change(key)
    if draft.by_change:
        draft.enter(draft.team, draft.work_class)
    return pull


def queued_to_merge(draft: Draft, pull: Pull) -> Pull:
    """The merge queue builds it on top of main, perhaps a second time."""
    if draft.chance.random() < 0.3:
        queued = _thrown_out(draft, pull)
    else:
        queued = _enqueued(draft, pull)
        ci_steps.green(draft, queued)
    draft.now += SECOND
    return pull._replace(merge_sha=queued.sha)


def _thrown_out(draft: Draft, pull: Pull) -> Pull:
    """Its unit tests fail in the queue, and pass when it is there a second time."""
    queued, key = _enqueued(draft, pull), pull_key(pull)
    failed = ci_steps.red(draft, queued, ci_steps.workflow_run(draft))
    cause = ci_steps.blamed(draft, pull.repo, UNIT)
    tell(draft, pull, "dequeued")
    draft.between(300, 4 * HOUR)
    queued = _enqueued(draft, pull)
    again = draft.now + ci_steps.DELAY
    passed = ci_steps.green(draft, queued)
    if cause:
        draft.wait(ci_steps.shared(cause, failed, passed, key))
    else:
        # The same jobs on another commit: what failed was its own.
        draft.fail(Failure(failed, again, "", key))
    return queued


def _enqueued(draft: Draft, pull: Pull) -> Pull:
    """The commit that would be merged, on a branch of the queue's own."""
    tell(draft, pull, "enqueued")
    after = sha(draft.chance)
    branch = f"gh-readonly-queue/main/pr-{pull.number}-{pull.sha}"
    return pull._replace(branch=branch, sha=after)
