"""Jira webhooks, and issues as its interface shows them: which body is which.

``webhookEvent`` names the event, in what a Forge app passes on ``eventType``. Old
servers write neither, and a poller's issue and what an automation rule sends have none:
those are known by their other keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Final, TypeVar, cast

from pydantic_core import from_json

from monitor.decode.jira import models
from monitor.decode.jira.issues import (
    read_automation,
    read_comment,
    read_created,
    read_deleted,
    read_issue,
    read_updated,
)
from monitor.decode.jira.links import read_app_link, read_link
from monitor.decode.jira.reading import NAME, Reading, host_of, place_of
from monitor.decode.lean import read_or_refuse
from monitor.decode.provider import Context, Provider
from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Decoded

OTHER: Final = "other"
_ISSUE: Final = "issue"
_AUTOMATION: Final = "automation"
# An event of a Forge app: what was done, and to what.
_OF_APP: Final = re.compile(r"avi:jira[a-z-]*:([a-z]+):([a-z]+)", re.ASCII)
# The things whose events webhooks mark as Jira's.
_MARKED: Final = ("issue", "version")
_TRANSITION: Final = "transition"

_Body = TypeVar("_Body")
_Reader = Callable[[bytes, Context], tuple[list[Fact], Reading]]


def _reader(
    described: type[_Body], read: Callable[[_Body, Reading], list[Fact]]
) -> _Reader:
    """Bytes straight into the few fields that are read, and those into facts."""

    def of_bytes(body: bytes, context: Context) -> tuple[list[Fact], Reading]:
        custom_fields = context.settings.jira.custom_fields
        validator = models.validator_of(cast("Hashable", described), custom_fields)
        parsed: _Body = validator.validate_json(body)
        found = cast("Mapping[str, object]", parsed)
        place = place_of(_address(found), context.settings.jira.sites)
        reading = Reading(body, context, place.host, place.site)
        return read(parsed, reading), reading

    return of_bytes


def _comment(kind: Kind) -> _Reader:
    return _reader(models.CommentBody, lambda body, at: read_comment(body, kind, at))


def _link(kind: Kind) -> _Reader:
    return _reader(models.LinkBody, lambda body, at: read_link(body, kind, at))


def _app_link(kind: Kind) -> _Reader:
    return _reader(models.AppLinkBody, lambda body, at: read_app_link(body, kind, at))


def _address(body: Mapping[str, object]) -> str:
    """The first address in the body that is the site's own; empty without one."""
    parts = [body, *(body.get(name) for name in ("issue", "comment", "user"))]
    for part in (*parts, _project(body)):
        link = part.get("self") if isinstance(part, dict) else None
        if isinstance(link, str) and host_of(link):
            return link
    return ""


def _project(body: Mapping[str, object]) -> object:
    """The project of an issue; an app's event has no address but there."""
    issue = body.get("issue")
    fields = issue.get("fields") if isinstance(issue, dict) else None
    return fields.get("project") if isinstance(fields, dict) else None


# The events facts are made of. A new one is a model, a reader and a row.
_READERS: Final[Mapping[str, _Reader]] = {
    "jira:issue_created": _reader(models.IssueBody, read_created),
    "jira:issue_updated": _reader(models.IssueBody, read_updated),
    "jira:issue_deleted": _reader(models.IssueBody, read_deleted),
    _TRANSITION: _reader(models.IssueBody, read_updated),
    "comment_created": _comment(Kind.TICKET_COMMENTED),
    "comment_updated": _comment(Kind.TICKET_COMMENTED),
    "comment_deleted": _comment(Kind.TICKET_UPDATED),
    "issuelink_created": _link(Kind.LINK_ADDED),
    "issuelink_deleted": _link(Kind.LINK_REMOVED),
    "avi:jira:created:issuelink": _app_link(Kind.LINK_ADDED),
    "avi:jira:deleted:issuelink": _app_link(Kind.LINK_REMOVED),
    _ISSUE: _reader(models.Issue, read_issue),
    _AUTOMATION: _reader(models.IssueBody, read_automation),
}
_SPRINT: Final = "an issue's own changelog tells which sprint it is in"
_OWNERS: Final = "who owns which project is the teams file's to say"
_PEOPLE: Final = "who is in which team is the teams file's to say"
_NO_WORK: Final = "says nothing of work, waiting or failure"
_TWICE: Final = "the update or the comment that it is part of is an event of its own"
_TIMES: Final = "time that somebody booked is no event of the work itself"
# Events nothing is made of, with the reason. A closed list, because an event's
# name becomes a label.
_IGNORED: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("sprint_created", "sprint_updated", "sprint_started", "sprint_closed"), _SPRINT
    ),
    "sprint_deleted": _SPRINT,
    **dict.fromkeys(("worklog_created", "worklog_updated", "worklog_deleted"), _TIMES),
    "jira:worklog_updated": _TIMES,
    **dict.fromkeys(("project_created", "project_updated", "project_deleted"), _OWNERS),
    **dict.fromkeys(
        (
            "project_soft_deleted",
            "project_restored_deleted",
            "project_archived",
            "project_restored_archived",
        ),
        _OWNERS,
    ),
    **dict.fromkeys(("user_created", "user_updated", "user_deleted"), _PEOPLE),
    **dict.fromkeys(
        ("board_created", "board_updated", "board_deleted"),
        "an issue's status says where it stands on any board",
    ),
    "board_configuration_changed": "which column a status is in changes nothing",
    **dict.fromkeys(
        (
            "jira:version_created",
            "jira:version_updated",
            "jira:version_released",
            "jira:version_unreleased",
            "jira:version_deleted",
            "jira:version_moved",
        ),
        "a version marks what was released or not elsewhere",
    ),
    **dict.fromkeys(("issue_property_set", "issue_property_deleted"), _NO_WORK),
    **dict.fromkeys(("attachment_created", "attachment_deleted"), _NO_WORK),
    "jira:issue_assigned": _TWICE,
    "jira:issue_mentioned": _TWICE,
    "comment_mentioned": _TWICE,
    "jira:issue_viewed": _NO_WORK,
    "issuetype_created": _NO_WORK,
    "issuetype_updated": _NO_WORK,
    "issuetype_deleted": _NO_WORK,
    OTHER: "this version knows no such event",
}
_NO_LINK: Final = "a link of a type that blocks nobody"


def _recognise(keys: frozenset[str], body: Mapping[str, object]) -> str | None:
    """The event of a body, ``None`` when it is not Jira's."""
    event = body.get("webhookEvent")
    if isinstance(event, str):
        return event
    event = body.get("eventType")
    of_app = _OF_APP.match(event) if isinstance(event, str) else None
    if of_app is not None:
        return _as_of_webhook(of_app)
    issue = body.get("issue")
    if isinstance(issue, dict) and isinstance(issue.get("fields"), dict):
        if _TRANSITION in keys:
            return _TRANSITION
        if "changelog" in keys:
            return "jira:issue_updated"
        return _AUTOMATION if _is_issue(issue) else None
    return _ISSUE if _is_issue(body) else None


def _as_of_webhook(of_app: re.Match[str]) -> str:
    """An app's event by the name of the webhook with such a body, where one has it."""
    event, (done, thing) = of_app.string, of_app.groups()
    if event in _READERS:
        return event
    if (done, thing) == ("commented", "issue"):
        return "comment_created"
    return f"jira:{thing}_{done}" if thing in _MARKED else f"{thing}_{done}"


def _is_issue(shown: Mapping[str, object]) -> bool:
    """Whether it is an issue as Jira shows it, which its address tells."""
    link = shown.get("self")
    has_address = isinstance(link, str) and "/rest/" in link
    return has_address and "key" in shown and isinstance(shown.get("fields"), dict)


def _decode(body: bytes, kind: str | None, context: Context) -> Decoded:
    event = _event(body, kind)
    reader = _READERS.get(event)
    if reader is None:
        known = event if event in _IGNORED else OTHER
        why = f"Jira's {known} event: {_IGNORED[known]}"
        return Decoded(ignored=why, provider=NAME, raw_kind=known)
    found = read_or_refuse(reader, body, context, NAME, event)
    if isinstance(found, Decoded):
        return found
    facts, reading = found
    if not facts:
        why = f"Jira's {event} event: {_NO_LINK}"
        return Decoded(ignored=why, provider=NAME, raw_kind=event)
    return Decoded(tuple(facts), (), "", NAME, event, reading.unknown)


def _event(body: bytes, kind: str | None) -> str:
    """The event as the tables spell it; an envelope may call it anything else."""
    event = (kind or "").strip().lower()
    if event in _READERS or event in _IGNORED:
        return event
    try:
        parsed = from_json(body)
    except ValueError:
        # What is no JSON says so when it is read as an issue.
        return _ISSUE
    found = _recognise(frozenset(parsed), parsed) if isinstance(parsed, dict) else None
    return (found or OTHER).strip().lower()


PROVIDER: Final = Provider(
    NAME,
    (),
    recognise=_recognise,
    decode=_decode,
    events=frozenset({*_READERS, *_IGNORED} - {OTHER}),
)
