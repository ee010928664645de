"""What a push to a pull request sets off: jobs and checks, and what fails in them."""

from __future__ import annotations

from typing import Final

from monitor.simulate.bodies.things import Pull, pull_key
from monitor.simulate.draft import Draft
from monitor.simulate.life import Failure
from monitor.simulate.red_mains import E2E, UNIT
from monitor.simulate.steps import check_steps, ci_steps, pull_turns

HOUR: Final = 3_600


def checked(draft: Draft, pull: Pull) -> Pull:
    """The jobs of the push; they mostly fail as well where they do on main."""
    luck = draft.chance.random()
    if luck < (0.7 if _is_red(draft, pull, E2E) else 0.10):
        ci_steps.flaky(draft, pull)
    elif luck < (0.9 if _is_red(draft, pull, UNIT) else 0.20):
        pull = _mended(draft, pull)
    ci_steps.green(draft, pull)
    if draft.chance.random() < 0.1:
        draft.chance.choice((check_steps.checked, check_steps.reported))(draft, pull)
    return pull


def _is_red(draft: Draft, pull: Pull, job: str) -> bool:
    return bool(draft.organisation.broken_by(pull.repo, job, draft.now))


def _mended(draft: Draft, pull: Pull) -> Pull:
    """The unit tests fail: by the change's own fault, or by who broke main.

    What is its own gets a fix; else the same commit may do a while later.
    """
    run, key = ci_steps.workflow_run(draft), pull_key(pull)
    failed = ci_steps.red(draft, pull, run)
    cause = ci_steps.blamed(draft, pull.repo, UNIT)
    draft.between(300, draft.chance.choice((HOUR, 6 * HOUR, 16 * HOUR)))
    if not cause:
        draft.fail(Failure(failed, draft.now, "", key))
        return pull_turns.pushed(draft, pull)
    if draft.chance.random() < 0.5:
        passed = ci_steps.run_again(draft, pull, run)
    else:
        pull = pull_turns.pushed(draft, pull)
        passed = ci_steps.green(draft, pull)
    draft.wait(ci_steps.shared(cause, failed, passed, key))
    return pull
