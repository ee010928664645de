"""What each CDEvents subject says, in the words of the native event.

Content is read leniently: real producers leave required fields out, send ``null``
for an enumeration and empty text for an id. What has the wrong type is as if it
were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from monitor.decode.cdevents.called import (
    change_called,
    stated,
    ticket_called,
)
from monitor.decode.cdevents.content import referred, text_of
from monitor.decode.cdevents.jenkins import jenkins_fields, jenkins_run
from monitor.decode.cdviz.body import part
from monitor.decode.cdviz.deployments import deployed
from monitor.decode.cdviz.issues import is_deletion, of_issue, updated_issue
from monitor.decode.cdviz.keys import repository_id
from monitor.decode.cdviz.runs import conclusion_of, github_run, is_gate
from monitor.decode.cdviz.told import (
    branch_named,
    done_by,
    head_of,
    reviewed_change,
    updated_change,
)
from monitor.decode.github.runs import outcome_of
from monitor.decode.native.fields import Said
from monitor.decode.native.model import LONGEST_NAME
from monitor.decode.references import (
    artifact_source,
    attempt_of,
    commit_type,
    repository_around,
)
from monitor.decode.settings import DecodeSettings
from monitor.decode.ticket_keys import ticket_keys
from monitor.domain.facts import Kind


class Subject(NamedTuple):
    """The subject of one event: ``id``, its content, and the producer's own data.

    ``is_by_id``: it is kept by an id of GitHub's. A change or an issue then needs no
    name beside it: that was another's, or will be, and who names it finds it by the
    facts that tell the repository's.
    """

    id: str
    source: str
    predicate: str
    content: Mapping[str, object]
    custom: Mapping[str, object]
    is_by_id: bool = False


Reader = Callable[[Subject, DecodeSettings], Said]

KINDS: Final[Mapping[str, Kind]] = {
    "pipelinerun.queued": Kind.RUN_QUEUED,
    "pipelinerun.started": Kind.RUN_STARTED,
    "pipelinerun.finished": Kind.RUN_FINISHED,
    "change.created": Kind.CHANGE_OPENED,
    "change.updated": Kind.CHANGE_PUSHED,
    "change.reviewed": Kind.CHANGE_REVIEWED,
    "change.merged": Kind.CHANGE_MERGED,
    "change.abandoned": Kind.CHANGE_CLOSED,
    "service.deployed": Kind.DEPLOY_FINISHED,
    "service.upgraded": Kind.DEPLOY_FINISHED,
    "service.rolledback": Kind.DEPLOY_ROLLED_BACK,
    "incident.detected": Kind.INCIDENT_OPENED,
    "incident.reported": Kind.INCIDENT_OPENED,
    "incident.resolved": Kind.INCIDENT_RESOLVED,
    "ticket.created": Kind.TICKET_CREATED,
    "ticket.updated": Kind.TICKET_UPDATED,
    "ticket.closed": Kind.TICKET_DONE,
    "approval.created": Kind.DEPLOY_APPROVAL_REQUESTED,
    "approval.closed": Kind.DEPLOY_APPROVAL_DECIDED,
}
_TESTS: Final = "a test is a part of a run; the run of the pipeline is counted"
IGNORED: Final[Mapping[str, str]] = {
    "taskrun": "a task is a part of a run; the run of the pipeline is counted",
    "build": "a build is a part of a run; the run of the pipeline is counted",
    "testcaserun": _TESTS,
    "testsuiterun": _TESTS,
    "testcase": _TESTS,
    "testsuite": _TESTS,
    "testoutput": _TESTS,
    "environment": "environments do not wait for anybody",
    "branch": "a branch alone is no work; its changes and runs are counted",
    "repository": "repositories are known by name from changes and runs",
    "artifact": "an artifact alone is no work; its deployment is counted",
    "service": "only deployed, upgraded and rolledback end a deployment",
    "approval": "an answer that does not close the approval ends no wait",
}

# CDEvents' own words, and what producers write; the rest is as GitHub's conclusions,
# which CDviz copies.
_OUTCOMES: Final = {
    "cancel": "cancelled",
    "canceled": "cancelled",
    "aborted": "cancelled",
    "timeout": "timed_out",
}
_DROPPED: Final = frozenset(
    {
        "withdrawn",
        "duplicate",
        "cancelled",
        "canceled",
        "not_planned",
        "not planned",
        "wontfix",
        "won't fix",
        "won't do",
        "invalid",
        "rejected",
        "declined",
    }
)
_DECISIONS: Final = {"approved": "approved", "rejected": "rejected"}


def kind_of(raw_kind: str, subject: Subject, settings: DecodeSettings) -> Kind | None:
    """The kind of a raw kind in ``KINDS``; for some the content decides.

    A closed ticket is done unless its resolution says that nobody did it, or its tool
    that it was deleted. CDviz sends nearly everything as ``updated`` and says in its
    own data what it was. ``None`` for what says nothing of the work, such as a
    program's review.
    """
    if raw_kind == "change.updated":
        return updated_change(subject.custom, settings)
    if raw_kind == "change.reviewed":
        return reviewed_change(subject.custom, settings)
    if raw_kind == "ticket.closed":
        resolution = (text_of(subject.content.get("resolution")) or "").lower()
        is_dropped = resolution in _DROPPED or is_deletion(subject.custom)
        return Kind.TICKET_CANCELLED if is_dropped else Kind.TICKET_DONE
    if raw_kind == "ticket.updated":
        return updated_issue(subject.custom)
    if raw_kind == "pipelinerun.queued" and is_gate(subject.custom):
        return Kind.RUN_HELD
    return KINDS[raw_kind]


def _run(subject: Subject, _: DecodeSettings) -> Said:
    uri = text_of(subject.content.get("uri")) or text_of(subject.content.get("url"))
    said = github_run(subject.custom) | stated(
        pipeline=text_of(subject.content.get("pipelineName")),
        url=uri,
        attempt=attempt_of(subject.id),
        repo=repository_around(subject.id),
        repo_id=repository_id(subject.id, subject.custom),
    )
    outcome = subject.content.get("outcome")
    if subject.predicate == "finished":
        word = (conclusion_of(subject.custom) or text_of(outcome) or "").lower()
        # What nobody states or knows is an end, and neither success nor failure.
        said["outcome"] = outcome_of(_OUTCOMES.get(word, word))
    found = jenkins_run(subject.predicate, subject.id, subject.source, subject.custom)
    if found is not None:
        said |= jenkins_fields(found[1], outcome)
    return said


def _change(subject: Subject, settings: DecodeSettings) -> Said:
    description = text_of(subject.content.get("description")) or ""
    title = description.partition("\n")[0]
    said = change_called(subject.id, subject.content)
    if subject.is_by_id:
        said.pop("aliases", None)
    said |= done_by(subject.predicate, subject.custom, settings)
    said |= head_of(subject.predicate, subject.custom)
    texts = branch_named(subject.custom) or "", title
    word = commit_type(title)
    return said | stated(
        tickets=ticket_keys(texts, settings.projects) or None,
        work_class=settings.classes.of_prefix(word) if word else None,
    )


def _ticket(subject: Subject, settings: DecodeSettings) -> Said:
    content = subject.content
    url = text_of(content.get("uri"))
    said = ticket_called(subject.id, settings)
    # What is longer than any name is none of a ticket.
    if url is not None and len(url) <= LONGEST_NAME and "aliases" not in said:
        said |= ticket_called(url, settings)
    if subject.is_by_id:
        said.pop("aliases", None)
    word = commit_type(text_of(content.get("summary")) or "")
    issue_type = text_of(content.get("ticketType"))
    labels = content.get("labels")
    names = (
        [name for name in labels if isinstance(name, str)]
        if isinstance(labels, list)
        else []
    )
    classes = settings.classes
    by = "creator" if subject.predicate == "created" else "updatedBy"
    said |= of_issue(subject.predicate, subject.custom, said, settings)
    return said | stated(
        url=url,
        work_class=(classes.of_type(issue_type) if issue_type else None)
        or classes.of_labels(names)
        or (classes.of_prefix(word) if word else None),
        automation=settings.is_bot(text_of(content.get(by)) or "") or None,
    )


def _service(subject: Subject, _: DecodeSettings) -> Said:
    if subject.is_by_id:
        return deployed(subject.id, subject.custom)
    said = stated(
        service=subject.id,
        environment=referred(subject.content, "environment"),
        outcome=None if subject.predicate == "rolledback" else "success",
    )
    source = artifact_source(text_of(subject.content.get("artifactId")) or "")
    if source is not None:
        repo, sha = source
        said |= stated(repo=repo, shas=[sha] if sha else None)
    return said


def _incident(subject: Subject, settings: DecodeSettings) -> Said:
    if part(subject.custom, "argocd"):
        # CDviz names it by the application, and its service by nothing else.
        said: Said = {"service": subject.id}
    else:
        # A tracker's own incident has the key or the page of its ticket.
        known = ticket_called(subject.id, settings)
        said = stated(aliases=known.get("aliases"))
    return said | stated(
        service=referred(subject.content, "service"),
        environment=referred(subject.content, "environment"),
        url=text_of(subject.content.get("ticketURI")),
    )


def _approval(subject: Subject, _: DecodeSettings) -> Said:
    said = stated(url=text_of(subject.content.get("resourceTargetUrl")))
    if subject.predicate == "closed":
        status = (text_of(subject.content.get("status")) or "").lower()
        said["decision"] = _DECISIONS.get(status, "cancelled")
    return said


READERS: Final[Mapping[str, Reader]] = {
    "pipelinerun": _run,
    "change": _change,
    "service": _service,
    "incident": _incident,
    "ticket": _ticket,
    "approval": _approval,
}
