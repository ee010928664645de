"""How main turns red, and green again: by a change that was merged, or by a push."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from typing import Final

from monitor.domain.working_time import HOUR
from monitor.simulate.bodies.things import Job, merge_commit
from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import Life, Said
from monitor.simulate.organisation import SimOrganisation
from monitor.simulate.red_mains import CHECK, RedMain
from monitor.simulate.settings import Simulation
from monitor.simulate.steps import ci_steps
from monitor.simulate.steps.pull_steps import merged, opened
from monitor.simulate.steps.run_steps import pipeline_of
from monitor.simulate.steps.tracker import person
from monitor.simulate.story import Story
from monitor.simulate.words import sha, slug

# Usual stories never come that far, nor do those of a troubled world.
_FIRST_NUMBER: Final = 900_000
# Its job is made, and begins, so long before it has failed.
_MADE: Final = 900 * SECOND
_BEGAN: Final = 700 * SECOND


def begun(config: Simulation, organisation: SimOrganisation) -> Iterator[Story]:
    """The stories of main turning red; each begins some hours before."""
    for number, red in enumerate(organisation.red_mains, _FIRST_NUMBER):
        chance = random.Random(f"{config.seed}:red main:{number}")
        start = red.start - chance.randint(HOUR, 20 * HOUR)
        team = organisation.named(red.on_team)
        yield Story(start - start % SECOND, number, team, partial(turned_red, red))


def turned_red(red: RedMain, draft: Draft) -> Life:
    """A job fails on main, and passes there again later on another commit."""
    if red.job == CHECK:
        return _told_natively(red, draft)
    commit = sha(draft.chance)
    if red.by_push:
        draft.item = f"main:{red.repo}@{commit}"
    else:
        draft.by_change = True
        draft.enter(draft.team, draft.work_class)
        pull = opened(draft, repo=red.repo)
        draft.now = red.start - _MADE - 5 * SECOND
        merged(draft, pull)
        draft.leave()
        commit = merge_commit(pull)
    with draft.unattended():
        _job(draft, red, commit, red.start, "failure")
        _job(draft, red, sha(draft.chance), red.end, "success")
    return draft.finish()


def _job(draft: Draft, red: RedMain, commit: str, ended: int, conclusion: str) -> None:
    where = ci_steps.runners(draft, hosted=True)
    job = Job(
        repo=red.repo,
        run=ci_steps.workflow_run(draft),
        id=4_000_000_000 + draft.fresh(),
        attempt=1,
        workflow=ci_steps.WORKFLOW,
        name=red.job,
        sha=commit,
        branch=ci_steps.MAIN,
        labels=where.labels,
        group=where.group,
        created=ended - _MADE,
        started=ended - _BEGAN,
        completed=ended,
        conclusion=conclusion,
        actor=person(draft, draft.team),
    )
    ci_steps.tell_job(draft, job)


def _told_natively(red: RedMain, draft: Draft) -> Life:
    """By a change, by a stated cause, or by nobody but who owns the repository."""
    commit, more = sha(draft.chance), Said()
    draft.item = f"{red.repo}!{draft.fresh()}"
    if red.by_push:
        draft.item = f"main:{red.repo}@{commit}"
    elif draft.chance.random() < 0.5:
        more = {"cause_team": red.on_team}
    else:
        _changed(red, draft, commit)
    said: Said = {"repo": red.repo, "pipeline": pipeline_of(red.repo)}
    said |= {"branch": ci_steps.MAIN, "default_branch": True}
    failed = said | {"sha": commit, "outcome": "failure"} | more
    passed = said | {"sha": sha(draft.chance), "outcome": "success"}
    with draft.unattended():
        for time, result in ((red.start, failed), (red.end, passed)):
            run = f"run-{draft.fresh()}"
            draft.tell("run.finished", result, entity=run, at=time)
    return draft.finish()


def _changed(red: RedMain, draft: Draft, commit: str) -> None:
    """A change without a ticket; its label says what kind of work it was."""
    draft.enter(draft.team, "defect")
    draft.open_change(draft.item)
    said: Said = {"repo": red.repo, "branch": slug(draft.chance), "sha": commit}
    said |= {"by_team": red.on_team, "labels": ["bug"]}
    draft.tell("change.opened", said)
    draft.now = red.start - _MADE
    draft.tell("change.merged", {"repo": red.repo})
    draft.close_change(draft.item)
    draft.leave()
