"""What CDviz tells of GitLab, Gitea, Forgejo, Bitbucket and Jira beside its CDEvents.

As of GitHub, all that happens but an opening, an end and a review is ``updated``. What
it was is in the tool's own body, which ``customData`` has whole; of Jira without the
fields of the issue. An update of which it says nothing is an activity, and no push:
where a tool tells what was done, only what it calls new commits are some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from monitor.decode.cdviz.body import Custom, part, text_in
from monitor.domain.facts import Kind

# How titles mark a draft: GitLab's way, and what it and Gitea had before.
_MARKED: Final = re.compile(
    r"\s*(?:(?:draft|wip):|\[(?:draft|wip)\]|\(draft\))", re.IGNORECASE
)
_MERGE_REQUEST: Final[Mapping[str, Kind]] = {
    "reopen": Kind.CHANGE_OPENED,
    # One approval of several. CDviz calls only the last one a review.
    "approval": Kind.CHANGE_REVIEWED,
}
_PULL_REQUEST: Final[Mapping[str, Kind]] = {
    "synchronized": Kind.CHANGE_PUSHED,
    "reopened": Kind.CHANGE_OPENED,
}
# Where Bitbucket's issues are over.
_OVER: Final = frozenset({"resolved", "closed", "invalid", "duplicate", "wontfix"})
_Reader = Callable[[Custom], Kind | None]


class _Tool(NamedTuple):
    change: _Reader
    issue: _Reader


def tool_of(custom: Custom) -> str | None:
    """Whose body it is, if one of these tools'; ``None`` for GitHub's and for none."""
    if isinstance(custom.get("github"), dict):
        return None
    return next((name for name in _TOOLS if isinstance(custom.get(name), dict)), None)


def change_updated(tool: str, custom: Custom) -> Kind | None:
    """What ``change.updated`` is of; ``None`` for what says nothing of the work."""
    return _TOOLS[tool].change(part(custom, tool))


def issue_updated(tool: str, custom: Custom) -> Kind | None:
    """What ``ticket.updated`` is of; ``None`` for what says nothing of the work."""
    return _TOOLS[tool].issue(part(custom, tool))


def not_reviewed(tool: str, custom: Custom) -> Kind | None:
    """What ``change.reviewed`` is of, if it is of no review; ``None`` if it is of one.

    Gitea's body of any pull request has a ``review``, empty where there was none. For
    CDviz that is one.
    """
    body = part(custom, tool)
    if "review" not in body or isinstance(body["review"], dict):
        return None
    match text_in(body, "action"):
        case "opened":
            return Kind.CHANGE_OPENED
        case "closed":
            is_merged = part(body, "pull_request").get("merged") is True
            return Kind.CHANGE_MERGED if is_merged else Kind.CHANGE_CLOSED
        case _:
            return _pull_request(body) or Kind.TICKET_UPDATED


def is_deleted(tool: str, custom: Custom) -> bool:
    """Whether the issue was deleted, and no comment on it."""
    body = part(custom, tool)
    if tool == "jira":
        return text_in(body, "webhookEvent") == "jira:issue_deleted"
    told = isinstance(body.get("issue"), dict) and "comment" not in body
    return told and text_in(body, "action") == "deleted"


def is_draft_of(tool: str, custom: Custom) -> bool:
    """Whether it was a draft when the body was made; of Bitbucket's none is.

    Bitbucket does not tell when one is ready.
    """
    body = part(custom, tool)
    if tool == "gitlab":
        about = part(body, "object_attributes")
        # Before GitLab 14 it had the other name alone.
        return True in (about.get("draft"), about.get("work_in_progress"))
    return tool != "bitbucket" and part(body, "pull_request").get("draft") is True


def _merge_request(body: Custom) -> Kind:
    about = part(body, "object_attributes")
    action = text_in(about, "action") or ""
    if action != "update":
        return _MERGE_REQUEST.get(action, Kind.TICKET_UPDATED)
    if text_in(about, "oldrev") is not None:
        return Kind.CHANGE_PUSHED
    changes = part(body, "changes")
    draft, title = part(changes, "draft"), part(changes, "title")
    if draft:
        before, after = draft.get("previous") is True, draft.get("current") is True
    else:
        before, after = _is_marked(title, "previous"), _is_marked(title, "current")
    return _turned(before=before, after=after)


def _pull_request(body: Custom) -> Kind | None:
    """Gitea's and Forgejo's; a comment is told as of an issue."""
    action = text_in(body, "action") or ""
    if "comment" in body:
        return Kind.TICKET_COMMENTED if action == "created" else None
    title = part(part(body, "changes"), "title")
    if action == "edited" and title:
        after = part(body, "pull_request").get("draft") is True
        return _turned(before=_is_marked(title, "from"), after=after)
    return _PULL_REQUEST.get(action, Kind.TICKET_UPDATED)


def _is_marked(title: Custom, when: str) -> bool:
    return _MARKED.match(text_in(title, when) or "") is not None


def _turned(*, before: bool, after: bool) -> Kind:
    if before == after:
        return Kind.TICKET_UPDATED
    return Kind.CHANGE_READY if before else Kind.CHANGE_DRAFTED


def _issue_of_gitlab(body: Custom) -> Kind:
    action = text_in(part(body, "object_attributes"), "action")
    return Kind.TICKET_REOPENED if action == "reopen" else Kind.TICKET_UPDATED


def _issue_of_gitea(body: Custom) -> Kind | None:
    action = text_in(body, "action")
    if "comment" in body:
        return Kind.TICKET_UPDATED if action == "created" else None
    return Kind.TICKET_REOPENED if action == "reopened" else Kind.TICKET_UPDATED


def _issue_of_bitbucket(body: Custom) -> Kind:
    """What is over is told as closed; what was over until now is open again."""
    changes = part(body, "changes")
    state = part(changes, "state") or part(changes, "status")
    was_over = (text_in(state, "old") or "").lower() in _OVER
    return Kind.TICKET_REOPENED if was_over else Kind.TICKET_UPDATED


def _touched(_: Custom) -> Kind:
    """Bitbucket does not tell new commits from a new title, nor Jira what it means."""
    return Kind.TICKET_UPDATED


_TOOLS: Final[Mapping[str, _Tool]] = {
    "gitlab": _Tool(_merge_request, _issue_of_gitlab),
    "gitea": _Tool(_pull_request, _issue_of_gitea),
    "forgejo": _Tool(_pull_request, _issue_of_gitea),
    "bitbucket": _Tool(_touched, _issue_of_bitbucket),
    "jira": _Tool(_touched, _touched),
}
