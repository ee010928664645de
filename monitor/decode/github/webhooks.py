"""GitHub webhooks: which body is which, and what is made of it.

The header names the event; without it the body's own keys do, in a fixed order,
because several events carry the keys of others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from pydantic_core import ValidationError

from monitor.decode.envelope import GITHUB_EVENT
from monitor.decode.github import ci_models as ci
from monitor.decode.github import models
from monitor.decode.github.boards import about_card, read_project_item
from monitor.decode.github.changes import read_pull_request
from monitor.decode.github.checks import read_check_run, read_status
from monitor.decode.github.deploys import (
    read_deployment,
    read_deployment_review,
    read_deployment_status,
)
from monitor.decode.github.issues import (
    read_dependency,
    read_issue,
    read_issue_comment,
    read_sub_issue,
)
from monitor.decode.github.jobs import read_workflow_job
from monitor.decode.github.pushes import read_push
from monitor.decode.github.reading import Ignored, Read, Reading, open_reading
from monitor.decode.github.reviews import (
    read_review,
    read_review_comment,
    read_review_thread,
)
from monitor.decode.lean import lean_validator, read_or_refuse
from monitor.decode.provider import Context, Provider
from monitor.domain.outcomes import Decoded, Reason, ReasonCode

NAME: Final = "github"
OTHER: Final = "other"

_Body = TypeVar("_Body", bound=models.Body)
_Reader = Callable[[bytes, Context], tuple[Read, Reading]]

_ANY: Final = lean_validator(models.Body)


def _reader(
    described: type[_Body],
    read: Callable[[_Body, Reading], Read],
    about: Callable[[_Body], models.About] = models.about_body,
) -> _Reader:
    """Bytes straight into the few fields that are read, and those into facts."""
    validate = lean_validator(described).validate_json

    def of_bytes(body: bytes, context: Context) -> tuple[Read, Reading]:
        parsed: _Body = validate(body)
        reading = open_reading(body, context, parsed, about(parsed))
        if _is_lookalike(parsed):
            reading.reasons.append(_LOOKALIKE)
            return [], reading
        return read(parsed, reading), reading

    return of_bytes


def _is_lookalike(parsed: models.Body) -> bool:
    return "username" in (parsed.get("sender") or {})


_MARK: Final = b'"username"'
# Gitea, Forgejo and Gogs send bodies in GitHub's shape, even with its header, but other
# actions and reviews in them: half of what happened would be missing unseen.
_LOOKALIKE: Final = Reason(
    ReasonCode.UNSUPPORTED,
    "sender.username",
    "a body of Gitea, Forgejo or Gogs, which only look like GitHub's: send native"
    " events or CDEvents instead",
)

# The events facts are made of. A new one is a model, a reader and a row.
_READERS: Final[Mapping[str, _Reader]] = {
    "workflow_job": _reader(ci.WorkflowJobBody, read_workflow_job),
    "check_run": _reader(ci.CheckRunBody, read_check_run),
    "status": _reader(ci.StatusBody, read_status),
    "pull_request": _reader(
        models.PullRequestBody, read_pull_request, models.about_pull
    ),
    "pull_request_review": _reader(models.ReviewBody, read_review, models.about_pull),
    "pull_request_review_comment": _reader(
        models.ReviewCommentBody, read_review_comment, models.about_pull
    ),
    "pull_request_review_thread": _reader(
        models.PullRequestBody, read_review_thread, models.about_pull
    ),
    "push": _reader(ci.PushBody, read_push),
    "issues": _reader(models.IssueBody, read_issue, models.about_issue),
    "issue_comment": _reader(
        models.IssueCommentBody, read_issue_comment, models.about_issue
    ),
    "sub_issues": _reader(models.SubIssueBody, read_sub_issue, models.about_sub_issue),
    "issue_dependencies": _reader(
        models.DependencyBody, read_dependency, models.about_dependency
    ),
    "projects_v2_item": _reader(ci.ProjectItemBody, read_project_item, about_card),
    "deployment": _reader(ci.DeploymentBody, read_deployment),
    "deployment_status": _reader(ci.DeploymentStatusBody, read_deployment_status),
    "deployment_review": _reader(ci.DeploymentReviewBody, read_deployment_review),
}
# Events nothing is made of, with the reason. A closed list, because an event's
# name becomes a label.
_NO_WORK: Final = "says nothing of work, waiting or failure"
_IGNORED: Final[Mapping[str, str]] = {
    "workflow_run": "a run's attempts, queue and outcome are told by its jobs",
    "check_suite": "a suite's outcome is told by its checks",
    "deployment_protection_rule": "a program is asked; the job tells for how long",
    "workflow_dispatch": "the jobs it starts tell what happened",
    "merge_group": "the jobs of the merge queue name the change",
    "release": "a release marks what was deployed or not elsewhere",
    "create": "a push or a pull request tells of the branch",
    "delete": "a pull request tells whether it was closed",
    "repository": "things are kept by the repository's id, which outlives its name",
    "ping": "a hook was set up",
    "label": _NO_WORK,
    "milestone": _NO_WORK,
    "membership": "who is in which team is the teams file's to say",
    "team": "who is in which team is the teams file's to say",
    "team_add": "who owns what is the teams file's to say",
    "organization": "who is in which team is the teams file's to say",
    "member": "who is in which team is the teams file's to say",
    "projects_v2": _NO_WORK,
    "projects_v2_status_update": _NO_WORK,
    "commit_comment": _NO_WORK,
    "discussion": _NO_WORK,
    "discussion_comment": _NO_WORK,
    "fork": _NO_WORK,
    "star": _NO_WORK,
    "watch": _NO_WORK,
    "gollum": _NO_WORK,
    "public": _NO_WORK,
    "page_build": _NO_WORK,
    "repository_import": _NO_WORK,
    "security_and_analysis": _NO_WORK,
    "package": _NO_WORK,
    "registry_package": _NO_WORK,
    "installation": _NO_WORK,
    "installation_repositories": _NO_WORK,
    "branch_protection_rule": _NO_WORK,
    "repository_vulnerability_alert": _NO_WORK,
    "dependabot_alert": _NO_WORK,
    "code_scanning_alert": _NO_WORK,
    "secret_scanning_alert": _NO_WORK,
    "security_advisory": _NO_WORK,
    "deploy_key": _NO_WORK,
    "meta": _NO_WORK,
    OTHER: _NO_WORK,
}

# Keys that tell an event from its body alone, the first that fits wins: several
# bodies also carry the run, the deployment or the pull request they are about.
_SIGNATURES: Final[tuple[tuple[str, frozenset[str], frozenset[str]], ...]] = tuple(
    (event, frozenset(present.split()), frozenset(absent.split()))
    for event, present, absent in (
        ("workflow_job", "workflow_job action", "deployment_status"),
        ("deployment_review", "workflow_run since", ""),
        ("deployment_review", "workflow_job_run reviewers", ""),
        ("deployment_status", "deployment_status deployment", ""),
        ("deployment_protection_rule", "deployment_callback_url", ""),
        ("deployment_protection_rule", "deployment environment event", ""),
        ("workflow_run", "workflow_run workflow", "deployment check_run"),
        ("check_run", "check_run", "deployment"),
        ("check_suite", "check_suite", ""),
        ("pull_request_review", "review pull_request", ""),
        ("pull_request_review_thread", "thread pull_request", ""),
        ("pull_request_review_comment", "comment pull_request", ""),
        ("pull_request", "pull_request action", ""),
        ("issue_dependencies", "blocked_issue blocking_issue", ""),
        ("sub_issues", "sub_issue parent_issue", ""),
        ("issue_comment", "comment issue", ""),
        ("issues", "issue action", ""),
        ("deployment", "deployment", "workflow_job"),
        ("release", "release action", ""),
        ("projects_v2_item", "projects_v2_item", ""),
        ("projects_v2_status_update", "projects_v2_status_update", ""),
        ("projects_v2", "projects_v2 action", ""),
        ("merge_group", "merge_group", ""),
        ("push", "ref commits", ""),
        ("status", "sha context state", ""),
        ("create", "ref ref_type master_branch", ""),
        ("create", "ref ref_type description", ""),
        ("delete", "ref ref_type pusher_type", ""),
        ("workflow_dispatch", "workflow ref inputs", ""),
        ("ping", "zen hook_id", ""),
        ("membership", "scope team", ""),
        ("team", "team organization action", ""),
        ("team_add", "team repository", "action"),
        ("milestone", "milestone action", ""),
        ("label", "label action", ""),
    )
)
# Events whose keys other trackers' bodies have too.
_ANYBODYS: Final = frozenset(
    {"issues", "issue_comment", "deployment", "release", "push", "status"}
    | {"create", "delete", "membership", "team", "team_add", "milestone", "label"}
)

# Events without an action, by what they hold beside what every body may: theirs are
# too common words to tell by, unless nothing else is there.
_SENT: Final = frozenset({"repository", "sender"})
_ANY_BODY: Final = _SENT | {"organization", "enterprise", "installation"}
_WITHOUT_ACTION: Final[Mapping[frozenset[str], str]] = {
    frozenset(): "public",
    frozenset({"forkee"}): "fork",
    frozenset({"pages"}): "gollum",
    frozenset({"id", "build"}): "page_build",
    frozenset({"status"}): "repository_import",
    frozenset({"changes"}): "security_and_analysis",
}


def _recognise(keys: frozenset[str], body: Mapping[str, object]) -> str | None:
    """The event of a body without its header, ``None`` when it is not GitHub's."""
    surely = _is_githubs(body)
    for event, present, absent in _SIGNATURES:
        if present <= keys and keys.isdisjoint(absent) and _is_plausible(event, body):
            return event if surely or event not in _ANYBODYS else None
    if not surely:
        return None
    if "action" in keys and "sender" in keys:
        return OTHER
    return _WITHOUT_ACTION.get(keys - _ANY_BODY) if keys >= _SENT else None


def _is_githubs(body: Mapping[str, object]) -> bool:
    """Whether it says where it is from as GitHub does; other trackers' do not."""
    if "zen" in body:
        return True
    for name, mark in (("sender", "login"), ("repository", "full_name")):
        part = body.get(name)
        if isinstance(part, dict) and mark in part:
            # Bitbucket calls a repository's web address otherwise.
            return "links" not in part
    return False


def _is_plausible(event: str, body: Mapping[str, object]) -> bool:
    """Whether the key the event is about holds an object, as GitHub's do."""
    about = body.get(event.removesuffix("s") if event == "issues" else event)
    return about is None or isinstance(about, dict)


def _decode(body: bytes, kind: str | None, context: Context) -> Decoded:
    event = (kind or OTHER).strip().lower()
    reader = _READERS.get(event)
    if reader is None:
        known = event if event in _IGNORED else OTHER
        # Of GitHub's own that are ignored hardly one holds the word.
        reasons = _clearest((), body) if _MARK in body else ()
        if reasons:
            return Decoded(reasons=reasons, provider=NAME, raw_kind=known)
        why = f"GitHub's {known} event: {_IGNORED[known]}"
        return Decoded(ignored=why, provider=NAME, raw_kind=known)
    body = context.settings.hosts.in_links(body)
    found = read_or_refuse(reader, body, context, NAME, event)
    if isinstance(found, Decoded):
        return found._replace(reasons=_clearest(found.reasons, body))
    read, reading = found
    if isinstance(read, Ignored):
        return Decoded(ignored=read.why, provider=NAME, raw_kind=event)
    if not read:
        why = f"GitHub's {event} event: nothing happened that is not known already"
        return Decoded(ignored=why, provider=NAME, raw_kind=event)
    return Decoded(tuple(read), (), "", NAME, event, as_of=reading.newest)


def _clearest(reasons: tuple[Reason, ...], body: bytes) -> tuple[Reason, ...]:
    """What is wrong with a body; of another tool's only that it is that."""
    try:
        parsed: models.Body = _ANY.validate_json(body)
    except ValidationError:
        return reasons
    return (_LOOKALIKE,) if _is_lookalike(parsed) else reasons


PROVIDER: Final = Provider(
    NAME,
    (GITHUB_EVENT,),
    recognise=_recognise,
    decode=_decode,
    events=frozenset({*_READERS, *_IGNORED} - {OTHER}),
)
