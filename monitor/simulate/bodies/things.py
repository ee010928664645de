"""What GitHub's bodies show: pull requests, issues, jobs and deployments at an instant.

Every value is a snapshot: a body is told from it without knowing the plan.
Instants are in milliseconds; 0 stands for not yet.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

from monitor.simulate.bodies.jira_things import Told


class Pull(NamedTuple):
    """A pull request as one delivery shows it. ``asked`` is who the action names."""

    repo: str
    number: int
    id: int
    author: str
    branch: str
    title: str
    text: str
    created: int
    sha: str
    updated: int = 0
    draft: bool = False
    teams: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    asked_team: str = ""
    asked_person: str = ""
    merged: int = 0
    closed: int = 0
    commits: int = 1
    merge_sha: str = ""


class Review(NamedTuple):
    """A submitted review."""

    pull: Pull
    id: int
    reviewer: str
    state: str
    submitted: int


class Push(NamedTuple):
    """Commits pushed to a branch."""

    repo: str
    branch: str
    before: str
    after: str
    author: str
    time: int


class Issue(NamedTuple):
    """An issue as one delivery shows it.

    ``label`` and ``assignee`` are what the action names; ``by`` is who did it, where it
    was not the author.
    """

    repo: str
    number: int
    id: int
    author: str
    title: str
    type_name: str
    created: int
    text: str = ""
    updated: int = 0
    labels: tuple[str, ...] = ()
    label: str = ""
    closed: int = 0
    reason: str = ""
    parent: int = 0
    assignees: tuple[str, ...] = ()
    assignee: str = ""
    by: str = ""


class Comment(NamedTuple):
    """A comment on an issue or, with ``pull``, on a pull request."""

    issue: Issue
    id: int
    author: str
    time: int
    pull: bool = False


class Dependency(NamedTuple):
    """One issue is blocked by another."""

    blocked: Issue
    blocking: Issue


class Check(NamedTuple):
    """A check of a commit by other CI, as its application reports it."""

    repo: str
    id: int
    name: str
    app: str
    sha: str
    branch: str
    number: int
    started: int
    completed: int = 0
    conclusion: str = ""


class Status(NamedTuple):
    """A commit status, of the older interface."""

    repo: str
    id: int
    context: str
    sha: str
    branch: str
    state: str
    time: int


class SubIssue(NamedTuple):
    """One issue is a part of another, in one repository."""

    child: Issue
    parent: Issue


class Transfer(NamedTuple):
    """An issue before and after it went to another repository."""

    old: Issue
    new: Issue


class Card(NamedTuple):
    """An issue's card is moved on a board; an empty name is no status."""

    issue: Issue
    before: str
    after: str
    time: int
    by: str


class Deployment(NamedTuple):
    """A deployment, one of its states, or the review of its environment."""

    repo: str
    id: int
    run: int
    job: int
    sha: str
    environment: str
    actor: str
    created: int
    state: str = ""
    time: int = 0
    team: str = ""
    approver: str = ""
    branch: str = "main"


class Job(NamedTuple):
    """One attempt of a job of a workflow run; ``deployment`` is what it is for."""

    repo: str
    run: int
    id: int
    attempt: int
    workflow: str
    name: str
    sha: str
    branch: str
    labels: tuple[str, ...]
    group: str
    created: int
    actor: str
    started: int = 0
    completed: int = 0
    conclusion: str = ""
    deployment: Deployment | None = None


OfIssue = Issue | Comment | Dependency | SubIssue | Transfer | Card
GithubThing = Pull | Review | Push | OfIssue | Job | Deployment | Check | Status
Thing = GithubThing | Told


def repository_id(repo: str) -> int:
    """GitHub's number of a repository, made from its name."""
    return 100_000_000 + zlib.crc32(repo.encode()) % 800_000_000


def pull_key(pull: Pull) -> str:
    """The entity key of a pull request."""
    return f"github.com:{repository_id(pull.repo)}#{pull.number}"


def merge_commit(pull: Pull) -> str:
    """The commit it is, or would be, merged with."""
    return pull.merge_sha or pull.sha[::-1]


def issue_key(issue: Issue) -> str:
    """The entity key of an issue."""
    return f"github.com:{repository_id(issue.repo)}#{issue.number}"


def repository_of(thing: Thing) -> str:
    """Where it happens: a dependency, in that of the blocked; Jira's, in none.

    A transfer happens in the repository that the issue leaves, a board in none.
    """
    match thing:
        case (
            Review(pull=shown)
            | Comment(issue=shown)
            | Dependency(blocked=shown)
            | SubIssue(child=shown)
            | Transfer(old=shown)
        ):
            return shown.repo
        case Told() | Card():
            return ""
        case Pull() | Push() | Issue() | Job() | Deployment() | Check() | Status():
            return thing.repo
