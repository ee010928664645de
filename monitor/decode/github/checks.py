"""GitHub's checks of other CI, and its commit statuses, to facts."""

from __future__ import annotations

from typing import Final

from monitor.decode.github.branches import queued_changes, say_tickets
from monitor.decode.github.ci_models import Check, CheckRunBody, StatusBody
from monitor.decode.github.places import Place
from monitor.decode.github.reading import Ignored, Read, Reading
from monitor.decode.github.runs import (
    NOT_STARTED,
    Stages,
    outcome_of,
    pipeline_name,
    run_facts,
)
from monitor.domain.facts import Fields

_ACTIONS: Final = Ignored("a check of GitHub Actions; workflow_job says the same")
_ACTIONS_APP: Final = "github-actions"
_ACTIONS_NAME: Final = "github actions"


def read_check_run(body: CheckRunBody, reading: Reading) -> Read:
    """A check of other CI; it has no creation time, so a queue only while queued.

    One that was skipped never waited for a runner, though it may have been told to be
    queued: it was held since it was made, which is what its ``started_at`` says.
    """
    check, place = body["check_run"], reading.home()
    if _is_actions(check):
        return _ACTIONS
    started = reading.instant("check_run.started_at", check.get("started_at"))
    completed = reading.instant("check_run.completed_at", check.get("completed_at"))
    outcome = outcome_of(check.get("conclusion"))
    status = check.get("status")
    if status in NOT_STARTED:
        stages = Stages(started, None, None, outcome)
    elif status != "completed" or completed is None:
        stages = Stages(None, started, None, outcome)
    elif started is not None and started > completed:
        stages = Stages(None, None, completed, outcome)
    elif outcome == "skipped":
        held = None if started == completed else started
        stages = Stages(None, None, completed, outcome, held)
    else:
        stages = Stages(None, started, completed, outcome)
    entity = f"{reading.host}:check/{check['id']}"
    fields = _check_fields(check, place, reading)
    return run_facts(reading, entity, fields, stages)


def _is_actions(check: Check) -> bool:
    app = check.get("app")
    if app is None:
        return False
    slug, name = app.get("slug"), app.get("name")
    return slug == _ACTIONS_APP or (
        slug is None and (name or "").lower() == _ACTIONS_NAME
    )


def _check_fields(check: Check, place: Place, reading: Reading) -> Fields:
    app, suite, sha = check.get("app"), check.get("check_suite"), check.get("head_sha")
    slug = (app.get("slug") or app.get("name") or "") if app is not None else ""
    slug = slug.strip()
    fields: Fields = {"pipeline": pipeline_name(place.repo, slug, check.get("name"))}
    if slug:
        fields["pool"] = [slug]
    if sha:
        fields["sha"] = sha
    branch = suite.get("head_branch") if suite is not None else None
    if branch:
        fields["branch"] = branch
        if place.default_branch:
            fields["default_branch"] = branch == place.default_branch
        say_tickets(fields, branch, place, reading.settings.projects)
    changes = _changes_of(check, reading.host)
    # The queue tries a commit of its own, which no pull request has.
    queued = queued_changes([branch] if branch else [], place)
    changes += [change for change in queued if change not in changes]
    if changes:
        fields["changes"] = changes
    return fields


def _changes_of(check: Check, host: str) -> list[str]:
    """The pull requests a check names, by the repositories they belong to."""
    found: list[str] = []
    for pull in check.get("pull_requests") or ():
        base = pull.get("base")
        repository = base.get("repo") if base is not None else None
        scope = repository.get("id") if repository is not None else None
        if scope is not None:
            found.append(f"{host}:{scope}#{pull['number']}")
    return found


def read_status(body: StatusBody, reading: Reading) -> Read:
    """A commit status: started while pending, then finished.

    ``pending`` says nothing of a queue, so no queue is made of it.
    """
    place = reading.home()
    created = reading.instant("created_at", body.get("created_at"))
    updated = reading.instant("updated_at", body.get("updated_at"))
    moment = reading.told("created_at", created, updated)
    if moment is None:
        return []
    pending, at = body["state"] == "pending", moment.time
    stages = Stages(
        None,
        at if pending else None,
        None if pending else at,
        outcome_of(body["state"]),
        body_hash=moment.body_hash,
    )
    scope = place.prefix.partition(":")[2]
    entity = f"{reading.host}:status/{scope}/{body['sha']}/{body['context']}"
    fields = _status_fields(body, place, reading.settings.projects)
    return run_facts(reading, entity, fields, stages)


def _status_fields(body: StatusBody, place: Place, projects: frozenset[str]) -> Fields:
    context, sha = body["context"].strip(), body["sha"]
    fields: Fields = {
        "pipeline": f"{place.repo}/{context}".lower(),
        "sha": sha,
    }
    # Branches that merely contain the commit say nothing about what was built.
    tips: list[str] = []
    for branch in body.get("branches") or ():
        name, tip = branch.get("name"), branch.get("commit")
        if name and tip is not None and tip.get("sha") == sha:
            tips.append(name)
    if len(tips) == 1:
        fields["branch"] = tips[0]
        say_tickets(fields, tips[0], place, projects)
    queued = queued_changes(tips, place)
    if queued:
        fields["changes"] = queued
    if tips and place.default_branch:
        # The same commit may be on the default branch later: then this was not there.
        fields["default_branch"] = place.default_branch in tips
    return fields
