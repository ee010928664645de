"""GitHub deployments and their approvals to facts.

A deployment has an id of its own; the approval before it knows only the job that
waits. The two meet by an alias: the job's key, which a deployment's statuses and
the job itself carry as well. While its deployment waits the job waits for no runner:
its own bodies do not tell when that ended, so it is told here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from monitor.decode.github.asked import request_key
from monitor.decode.github.ci_models import (
    Approver,
    Deployment,
    DeploymentBody,
    DeploymentReviewBody,
    DeploymentStatusBody,
)
from monitor.decode.github.reading import (
    Ignored,
    Moment,
    Read,
    Reading,
    newest,
)
from monitor.decode.github.versions import say_version
from monitor.domain.facts import Fact, Fields, Kind, People
from monitor.domain.opaque import environment_word
from monitor.domain.refused_deploys import LET_GO

# States that end a deployment; the others (waiting, queued, pending, inactive)
# are seen in the job and its approval, or change nothing.
_FINISHED: Final = frozenset({"success", "failure", "error"})
_DECISIONS: Final = frozenset({"approved", "rejected"})
# What a state of the deployment, or a review of it, says of its job's wait.
_OF_JOB: Final = {
    "waiting": Kind.RUN_HELD,
    "requested": Kind.RUN_HELD,
    "queued": Kind.RUN_QUEUED,
    "approved": Kind.RUN_QUEUED,
}
# The state in which no gate holds it any more; ``pending`` may stand before one.
_LET_GO: Final = "queued"
# Of this one GitHub says unasked that it is production: its name says it already.
_BY_DEFAULT: Final = "production"
_NO_DECISION: Final = Ignored("a deployment review neither requested nor decided")
_NO_GATE: Final = Ignored("a deployment review that names neither job nor run")


class _Gate(NamedTuple):
    """A deploy that waits, by its key, and the job that would do it."""

    deploy: str
    environment: str | None
    job: int | None


def read_deployment(body: DeploymentBody, reading: Reading) -> Read:
    """Ready at its creation."""
    reading.home()
    deployment = body["deployment"]
    created, updated = _times(deployment, reading)
    moment = reading.told("deployment.created_at", created, updated)
    return [] if moment is None else [_ready(deployment, moment, reading, None)]


def read_deployment_status(body: DeploymentStatusBody, reading: Reading) -> Read:
    """Ready, and let go, started or finished when the status says so."""
    reading.home()
    deployment, status = body["deployment"], body["deployment_status"]
    check = body.get("check_run")
    job = check.get("id") if check is not None else None
    facts = deployment_of_job(deployment, job, reading)
    moment = _status_moment(body, reading)
    if moment is None:
        return facts
    state = status["state"]
    if job is not None and state in _OF_JOB:
        facts.append(_of_job(_OF_JOB[state], moment, job, reading))
    kind = _stage(state, job)
    if kind is None:
        return facts
    fields = _described(deployment, reading, job)
    if kind is Kind.DEPLOY_APPROVAL_DECIDED:
        fields["decision"] = LET_GO
    elif kind is Kind.DEPLOY_FINISHED:
        fields["outcome"] = state
        say_version(fields, body)
    entity = _deploy_key(reading, deployment["id"])
    revision = moment.time
    return [*facts, reading.fact(kind, moment, entity, fields, revision=revision)]


def _stage(state: str, job: int | None) -> Kind | None:
    """To which stage of the deployment the state belongs; a gate is that of a job."""
    if state in _FINISHED:
        return Kind.DEPLOY_FINISHED
    if state == "in_progress":
        return Kind.DEPLOY_STARTED
    is_let_go = state == _LET_GO and job is not None
    return Kind.DEPLOY_APPROVAL_DECIDED if is_let_go else None


def deployment_of_job(
    deployment: Deployment, job: int | None, reading: Reading
) -> list[Fact]:
    """The deployment that another's body carries: ready when that was created."""
    created, _ = _times(deployment, reading)
    if created is None:
        return []
    return [_ready(deployment, Moment(created), reading, job)]


def given_up(
    deployment: Deployment, job: int, time: int, reading: Reading
) -> list[Fact]:
    """A job that ended without having run: nothing is deployed, or waited for.

    Whoever rejected it was heard before; whatever its conclusion, nothing failed.
    """
    decided: Fields = {"decision": "cancelled"}
    ended = _described(deployment, reading, job)
    ended["outcome"] = "cancelled"
    deploy, gate = _deploy_key(reading, deployment["id"]), _deploy_of_job(reading, job)
    return [
        reading.stated(Kind.DEPLOY_APPROVAL_DECIDED, time, gate, decided),
        reading.stated(Kind.DEPLOY_FINISHED, time, deploy, ended, revision=time),
    ]


def begun(deployment: Deployment, job: int, time: int, reading: Reading) -> Fact:
    """A runner took the job: its deployment began, and waits for nobody any more."""
    fields = _described(deployment, reading, job)
    deploy = _deploy_key(reading, deployment["id"])
    return reading.stated(Kind.DEPLOY_STARTED, time, deploy, fields, revision=time)


def job_key(reading: Reading, job: int) -> str:
    """The key of a job as a run."""
    return f"{reading.host}:job/{job}"


def read_deployment_review(body: DeploymentReviewBody, reading: Reading) -> Read:
    """An approval asked of each team and user that may give it, or decided."""
    reading.home()
    action = body.get("action")
    if action != "requested" and action not in _DECISIONS:
        return _NO_DECISION
    gates = _gates(body, reading)
    if not gates:
        return _NO_GATE
    run = body.get("workflow_run")
    since = reading.instant("since", body.get("since"))
    updated = None
    if since is None and run is not None:
        updated = reading.instant("workflow_run.updated_at", run.get("updated_at"))
    moment = reading.moment("since", since, updated)
    if moment is None:
        return []
    facts: list[Fact] = []
    for gate in gates:
        fields: Fields = {}
        if gate.environment:
            fields["environment"] = gate.environment
        sha = run.get("head_sha") if run is not None else None
        if sha:
            fields["shas"] = [sha]
        if action == "requested":
            asked = body.get("reviewers") or []
            facts += _requested(asked, gate.deploy, moment, fields, reading)
        else:
            facts.append(_decided(body, gate.deploy, moment, fields, reading))
        if gate.job is not None and action in _OF_JOB:
            facts.append(_of_job(_OF_JOB[action], moment, gate.job, reading))
    return facts


def _status_moment(body: DeploymentStatusBody, reading: Reading) -> Moment | None:
    """When the deployment came into the state."""
    where, status = "deployment_status.created_at", body["deployment_status"]
    created = reading.instant(where, status.get("created_at"))
    updated = reading.instant("deployment_status.updated_at", status.get("updated_at"))
    return reading.told(where, created, updated, *_times(body["deployment"], reading))


def _times(deployment: Deployment, reading: Reading) -> tuple[int | None, int | None]:
    """When it was created, and last changed."""
    return (
        reading.instant("deployment.created_at", deployment.get("created_at")),
        reading.instant("deployment.updated_at", deployment.get("updated_at")),
    )


def _ready(
    deployment: Deployment, moment: Moment, reading: Reading, job: int | None
) -> Fact:
    fields = _described(deployment, reading, job)
    people = reading.acted(fields, deployment.get("creator"))
    return reading.fact(
        Kind.DEPLOY_READY,
        moment,
        _deploy_key(reading, deployment["id"]),
        fields,
        people,
        revision=newest(moment.time, *_times(deployment, reading)),
    )


def _described(deployment: Deployment, reading: Reading, job: int | None) -> Fields:
    fields: Fields = {}
    environment, sha = deployment.get("environment"), deployment.get("sha")
    if environment:
        fields["environment"] = environment
    if deployment.get("production_environment") and environment != _BY_DEFAULT:
        fields["production"] = True
    if sha:
        fields["shas"] = [sha]
    if job is not None:
        fields["aliases"] = [_deploy_of_job(reading, job)]
    return fields


def _deploy_key(reading: Reading, deployment: int) -> str:
    return f"{reading.host}:deploy/{deployment}"


def _of_job(kind: Kind, moment: Moment, job: int, reading: Reading) -> Fact:
    return reading.fact(kind, moment, job_key(reading, job), {}, revision=moment.time)


def _deploy_of_job(reading: Reading, job: int) -> str:
    return f"{reading.host}:deploy/job/{job}"


def _gates(body: DeploymentReviewBody, reading: Reading) -> list[_Gate]:
    """The deploys that wait. A request names one job; a decision may open several."""
    jobs = [*(body.get("workflow_job_runs") or ())]
    job, run = body.get("workflow_job_run"), body.get("workflow_run")
    environment = body.get("environment")
    if job is not None:
        jobs.append(job)
    named = {
        id_: one.get("environment") or environment
        for one in jobs
        if (id_ := one.get("id")) is not None
    }
    if named:
        return [
            _Gate(_deploy_of_job(reading, id_), where, id_)
            for id_, where in named.items()
        ]
    if run is None:
        return []
    if jobs and not environment:
        environment = jobs[0].get("environment")
    key = f"{reading.host}:deploy/run/{run['id']}/{environment_word(environment or '')}"
    return [_Gate(key, environment, None)]


def _requested(
    reviewers: list[Approver],
    entity: str,
    moment: Moment,
    described: Fields,
    reading: Reading,
) -> list[Fact]:
    facts = []
    for approver in reviewers:
        account = approver.get("reviewer")
        if account is None:
            continue
        fields, people = described.copy(), People()
        asked = reading.person(account)
        group = reading.group(account)
        if asked is not None:
            people["asked"] = asked
            fields["request"] = request_key(entity, asked)
        elif group is not None:
            fields["group"] = fields["request"] = group
        else:
            continue
        kind = Kind.DEPLOY_APPROVAL_REQUESTED
        facts.append(reading.fact(kind, moment, entity, fields, people))
    return facts


def _decided(
    body: DeploymentReviewBody,
    entity: str,
    moment: Moment,
    fields: Fields,
    reading: Reading,
) -> Fact:
    """One decision opens or shuts the gate for every reviewer that was asked."""
    fields["decision"] = body.get("action") or ""
    people = reading.acted(fields, body.get("approver"))
    kind = Kind.DEPLOY_APPROVAL_DECIDED
    return reading.fact(kind, moment, entity, fields, people)
