"""Jira's bodies, lean: only the fields that are read (see ``lean``).

Nearly everything may be absent: Cloud embeds a minimal issue in some events, Server
none at all, and old servers do not name the event. Ids are text in issues and
numbers in links. ``timestamp`` is a number of milliseconds, unless something on the
way has written its own; the times of an issue are text, in the bodies of automation
rules milliseconds.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Final, Required, TypedDict, cast

from pydantic_core import SchemaValidator

from monitor.decode.lean import lean_validator

# A time with its offset, or milliseconds.
Time = str | int


class User(TypedDict, total=False):
    """An account of a person or a program; Cloud has ids, Server names."""

    self: str | None
    accountId: str | None
    accountType: str | None
    name: str | None
    key: str | None


class Named(TypedDict, total=False):
    """Whatever has a name, such as a resolution."""

    name: str | None


class Component(Named, total=False):
    """A component of a project."""

    id: str | int | None


class Category(TypedDict, total=False):
    """One of Jira's own classes of statuses: new, indeterminate, done."""

    key: str | None


class Status(TypedDict, total=False):
    """A status of a workflow."""

    id: str | int | None
    name: str | None
    statusCategory: Category | None


class IssueType(TypedDict, total=False):
    """An issue type; its level is told on Cloud only."""

    name: str | None
    subtask: bool | None
    hierarchyLevel: int | None


class Project(TypedDict, total=False):
    """A project."""

    self: str | None
    key: str | None


class StubFields(TypedDict, total=False):
    """What an issue shows of another one."""

    status: Status | None


class Stub(TypedDict, total=False):
    """Another issue, as a link or a sub-task shows it."""

    id: str | int | None
    key: str | None
    fields: StubFields | None


class LinkType(TypedDict, total=False):
    """A type of links; a link's own event calls the words otherwise."""

    name: str | None
    inward: str | None
    outward: str | None
    inwardName: str | None
    outwardName: str | None


class Link(TypedDict, total=False):
    """A link of an issue: one of the two ends is the issue itself."""

    id: str | int | None
    type: LinkType | None
    inwardIssue: Stub | None
    outwardIssue: Stub | None


class Comment(TypedDict, total=False):
    """A comment; its address has the number of its issue."""

    self: str | None
    id: str | int | None
    author: User | None
    updateAuthor: User | None
    created: Time | None
    updated: Time | None


class Comments(TypedDict, total=False):
    """The comments that an issue carries."""

    comments: list[Comment] | None


class IssueFields(TypedDict, total=False):
    """The fields of an issue; custom fields are added by the configuration."""

    created: Time | None
    updated: Time | None
    resolutiondate: Time | None
    statuscategorychangedate: Time | None
    summary: str | None
    status: Status | None
    resolution: Named | str | None
    issuetype: IssueType | None
    project: Project | None
    components: list[Component] | None
    labels: list[str] | None
    parent: Stub | None
    issuelinks: list[Link] | None
    assignee: User | None
    creator: User | None
    reporter: User | None
    comment: Comments | None


Item = TypedDict(
    "Item",
    {
        "field": str | None,
        "fieldId": str | None,
        "fieldtype": str | None,
        "from": str | int | None,
        "fromString": str | None,
        "to": str | int | None,
        "toString": str | None,
        "tmpFromAccountId": str | None,
        "tmpToAccountId": str | None,
    },
    total=False,
)


class History(TypedDict, total=False):
    """One change of an issue; without author and time in a webhook."""

    id: str | int | None
    author: User | None
    created: Time | None
    items: list[Item] | None


class Changelog(History, total=False):
    """A webhook's one change, or all changes of an issue that was asked for."""

    total: int | None
    histories: list[History] | None


class Issue(TypedDict, total=False):
    """An issue; its number never changes, its key does when it is moved."""

    id: str | int | None
    self: str | None
    key: str | None
    fields: IssueFields | None
    changelog: Changelog | None


class Transition(TypedDict, total=False):
    """What old servers' workflow webhooks say instead of a changelog."""

    from_status: str | None
    to_status: str | None


class Body(TypedDict, total=False):
    """What a webhook's body may have; of who did it a Forge app is told the id."""

    timestamp: Time | None
    user: User | None
    atlassianId: str | None
    changelog: Changelog | None
    transition: Transition | None


class IssueLink(TypedDict, total=False):
    """A link by the numbers of its ends."""

    id: str | int | None
    sourceIssueId: Required[str | int]
    destinationIssueId: Required[str | int]
    issueLinkType: Required[LinkType]


class LinkBody(Body, total=False):
    """``issuelink_created``, ``issuelink_deleted``."""

    issueLink: Required[IssueLink]


class AppLinkBody(Body, IssueLink, total=False):
    """The same events, as a Forge app is told of them."""


class IssueBody(Body, total=False):
    """The events of an issue."""

    issue: Required[Issue]
    comment: Comment | str | None


class CommentBody(Body, total=False):
    """The events of a comment."""

    comment: Required[Comment]
    issue: Issue | None


# Sites of one process have few different configurations.
_MOST_KNOWN: Final = 100


@lru_cache(_MOST_KNOWN)
def validator_of(body: Hashable, custom_fields: frozenset[str]) -> SchemaValidator:
    """The validator of a body, with these custom fields of its issue."""
    described = cast("type", body)
    return lean_validator(described, {IssueFields: sorted(custom_fields)})
