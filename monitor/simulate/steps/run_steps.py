"""Changes and runs told natively or as CDEvents, which can say who caused a failure."""

from __future__ import annotations

from typing import Final

from monitor.simulate.draft import SECOND, Draft
from monitor.simulate.life import CI_CAP, SHARED, SHARED_CAP, Failure, Said, Wait
from monitor.simulate.red_mains import CHECK
from monitor.simulate.steps import noting
from monitor.simulate.steps.ci_steps import blamed, shared
from monitor.simulate.words import sha, slug

HOUR: Final = 3_600
DAY: Final = 8 * HOUR


def shared_failure(draft: Draft) -> None:
    """A run fails because of another team, and passes again later."""
    if draft.chance.random() < 0.5:
        _cdevents_failure(draft)
    else:
        _native_failure(draft)


def _native_failure(draft: Draft) -> None:
    on_team, pipeline = draft.other_team(platform=0.8), f"{draft.team.id}/verify"
    fields: Said = {"item": draft.item, "pipeline": pipeline, "sha": sha(draft.chance)}
    failed = _run(draft, fields, *_broken_by(draft, on_team.id))
    noting.trouble(draft, on_team.id, SHARED)
    draft.between(300, draft.chance.choice((HOUR, 5 * HOUR, 2 * DAY)))
    passed = _run(draft, fields | {"sha": sha(draft.chance)}, "success", {})
    draft.wait(Wait(SHARED, on_team.id, failed, passed, cap=SHARED_CAP, loose=True))


def _broken_by(draft: Draft, on_team: str) -> tuple[str, Said]:
    """An outcome of a run, and what says that it is another team's doing.

    An error is no failure of what was tested: it is the pipeline's owner's.
    """
    if draft.chance.random() < 0.3:
        return "error", {"on_team": on_team}
    return "failure", {"cause_team": on_team}


def _run(
    draft: Draft, fields: Said, outcome: str, more: Said, *, attempt: int = 1
) -> int:
    """One native run: queued, started, finished; returns when it finished."""
    entity = f"run-{draft.fresh()}"
    fields = fields | {"attempt": attempt}
    pool = draft.chance.choice(draft.organisation.by_kind("platform")).id
    queued = draft.now
    draft.tell("run.queued", fields | {"on_team": pool}, entity=entity)
    draft.now += draft.chance.choice((5, 40, 600, 1_900)) * SECOND
    draft.tell("run.started", fields | {"on_team": pool}, entity=entity)
    change = str(fields.get("change", ""))
    draft.wait(
        Wait("ci_queue", pool, queued, draft.now, change, CI_CAP, loose=not change)
    )
    draft.now += draft.chance.randint(30, 1_200) * SECOND
    said = fields | {"outcome": outcome} | more
    draft.tell("run.finished", said, entity=entity)
    return draft.now


def _cdevents_failure(draft: Draft) -> None:
    """CDEvents, with the cause in their custom data."""
    on_team = draft.other_team(platform=0.8).id
    pipeline = f"{draft.team.service}-verify"
    failed = _pipelinerun(draft, pipeline, *_broken_by(draft, on_team))
    noting.trouble(draft, on_team, SHARED)
    draft.between(300, draft.chance.choice((HOUR, 5 * HOUR, DAY)))
    passed = _pipelinerun(draft, pipeline, "success", {})
    draft.wait(Wait(SHARED, on_team, failed, passed, cap=SHARED_CAP, loose=True))


def _pipelinerun(draft: Draft, pipeline: str, outcome: str, more: Said) -> int:
    entity = f"pipelinerun-{draft.fresh()}"
    pool = draft.chance.choice(draft.organisation.by_kind("platform")).id
    queued = draft.now
    content: Said = {"pipelineName": pipeline}

    def told(predicate: str, content: Said, friction: Said) -> None:
        said: Said = {"content": content, "friction": friction | {"item": draft.item}}
        draft.tell(f"pipelinerun.{predicate}", said, voice="cdevents", entity=entity)

    told("queued", content, {"on_team": pool})
    draft.now += draft.chance.choice((5, 40, 600)) * SECOND
    told("started", content, {"on_team": pool})
    draft.wait(Wait("ci_queue", pool, queued, draft.now, "", CI_CAP, loose=True))
    draft.now += draft.chance.randint(30, 1_200) * SECOND
    told("finished", content | {"outcome": outcome}, more)
    return draft.now


def native_change(draft: Draft) -> None:
    """A change told natively: runs, perhaps a flaky one, a review, the merge."""
    repo = draft.chance.choice(draft.team.repos)
    number = draft.fresh()
    change = f"{repo}!{number}"
    draft.open_change(change)
    fields: Said = {"item": draft.item, "repo": repo}
    commit = sha(draft.chance)
    said = fields | {"branch": slug(draft.chance), "sha": commit}
    draft.tell("change.opened", said | {"by_team": draft.team.id}, entity=change)
    draft.now += 10 * SECOND
    runs: Said = {"repo": repo, "change": change, "sha": commit}
    runs |= {"pipeline": pipeline_of(repo)}
    if draft.chance.random() < 0.25:
        _flaky(draft, runs, repo, change)
    elif draft.organisation.broken_by(repo, CHECK, draft.now):
        _mended(draft, runs, repo, change)
    else:
        _run(draft, runs, "success", {})
    _native_review(draft, fields, change)
    draft.tell("change.merged", fields, entity=change)
    draft.close_change(change)


def pipeline_of(repo: str) -> str:
    """The pipeline that is told natively of a repository."""
    return f"{repo}/{CHECK}"


def _flaky(draft: Draft, runs: Said, repo: str, change: str) -> None:
    owner = draft.organisation.pipeline_owner.id
    more: Said = {"on_team": owner}
    failed = _run(draft, runs, "failure", more)
    cause = blamed(draft, repo, CHECK)
    draft.now += draft.chance.randint(60, 2_400) * SECOND
    passed = _run(draft, runs, "success", more, attempt=2)
    if cause:
        draft.wait(shared(cause, failed, passed, change))
    else:
        draft.fail(Failure(failed, passed, owner, change))


def _mended(draft: Draft, runs: Said, repo: str, change: str) -> None:
    """It fails, as main does, and passes on another commit."""
    failed = _run(draft, runs, "failure", {})
    cause = blamed(draft, repo, CHECK)
    draft.between(300, draft.chance.choice((HOUR, DAY)))
    again = draft.now
    passed = _run(draft, runs | {"sha": sha(draft.chance)}, "success", {})
    if cause:
        draft.wait(shared(cause, failed, passed, change))
    else:
        draft.fail(Failure(failed, again, "", change))


def _native_review(draft: Draft, fields: Said, change: str) -> None:
    draft.between(60, HOUR)
    on_team, start = draft.other_team(platform=0.3), draft.now
    asked = fields | {"on_team": on_team.id}
    draft.tell("change.review_requested", asked, entity=change)
    draft.between(300, draft.chance.choice((HOUR, DAY, 2 * DAY)))
    draft.tell("change.reviewed", fields | {"team": on_team.id}, entity=change)
    draft.wait(Wait("review_wait", on_team.id, start, draft.now, change))
    draft.between(60, 2 * HOUR)
