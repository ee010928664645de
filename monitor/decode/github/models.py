"""GitHub's bodies, lean: only the fields that are read.

A field that is not named here costs nothing and may be anything; a named one has
its documented type, or the record is rejected with the field's place (see
``lean``). Nearly everything may be absent, because bodies got their fields over
fifteen years and bridges drop some.
"""

from __future__ import annotations

from typing import Required, TypedDict


class User(TypedDict, total=False):
    """An account: a person, a bot or an organisation."""

    login: str | None
    type: str | None


class Asked(User, total=False):
    """An account that is asked for a review, or gives one, with its number."""

    id: int | None


class Sender(User, total=False):
    """Whoever did it; a ``username`` beside the login is not GitHub's to tell."""

    html_url: str | None
    username: str | None


class Team(TypedDict, total=False):
    """A team of an organisation; its address names the organisation."""

    id: int | None
    slug: str | None
    html_url: str | None


class Owner(TypedDict, total=False):
    """The owner of a repository; a push calls the login ``name``."""

    login: str | None
    name: str | None
    type: str | None


class Repository(TypedDict, total=False):
    """A repository. ``pushed_at`` is a number in a push, text elsewhere."""

    id: int | None
    name: str | None
    full_name: str | None
    owner: Owner | None
    html_url: str | None
    default_branch: str | None
    pushed_at: int | str | None


class Label(TypedDict, total=False):
    """A label of an issue or pull request."""

    name: str | None


class Named(TypedDict, total=False):
    """Whatever has a name: an issue type, an option of a project's field."""

    name: str | None


class HeadRepository(TypedDict, total=False):
    """Where the branch of a pull request is: here, or in a fork."""

    id: int | None


class Head(TypedDict, total=False):
    """The branch of a pull request; ``repo`` is null when its fork is gone."""

    ref: str | None
    sha: str | None
    repo: HeadRepository | None


class Base(TypedDict, total=False):
    """The branch a pull request would be merged into."""

    repo: Repository | None


class PullRequest(TypedDict, total=False):
    """A pull request as it was when the body was sent."""

    number: Required[int]
    created_at: str | None
    node_id: str | None
    html_url: str | None
    title: str | None
    body: str | None
    user: User | None
    draft: bool | None
    updated_at: str | None
    closed_at: str | None
    merged_at: str | None
    merged_by: User | None
    merge_commit_sha: str | None
    head: Head | None
    base: Base | None
    labels: list[Label] | None
    requested_teams: list[Team] | None


class PullRequestOfIssue(TypedDict, total=False):
    """What an issue says of itself when it is a pull request.

    In 2013 every issue said it: of one that was none all addresses were ``null``.
    """

    merged_at: str | None
    url: str | None
    html_url: str | None
    diff_url: str | None
    patch_url: str | None


class Issue(TypedDict, total=False):
    """An issue, or a pull request seen as one (``pull_request`` present)."""

    number: Required[int]
    created_at: str | None
    node_id: str | None
    html_url: str | None
    repository_url: str | None
    parent_issue_url: str | None
    title: str | None
    body: str | None
    user: User | None
    updated_at: str | None
    closed_at: str | None
    state_reason: str | None
    assignees: list[User | None] | None
    type: Named | None
    labels: list[Label | str | None] | None
    pull_request: PullRequestOfIssue | None


class FormerIssue(TypedDict, total=False):
    """An issue as it was before it moved: what named it is left of it."""

    number: int | None
    node_id: str | None


class Body(TypedDict, total=False):
    """What every body has: what was done, where, by whom."""

    action: str | None
    repository: Repository | None
    organization: User | None
    sender: Sender | None


class PullRequestBody(Body, total=False):
    """``pull_request``, and what reviews and threads have in common with it."""

    pull_request: Required[PullRequest]
    requested_reviewer: Asked | None
    requested_team: Team | None


class Review(TypedDict, total=False):
    """A submitted review."""

    user: Asked | None
    submitted_at: str | None


class ReviewBody(PullRequestBody, total=False):
    """``pull_request_review``."""

    review: Required[Review]


class Comment(TypedDict, total=False):
    """A comment on an issue, a pull request or a line of one."""

    created_at: str | None
    user: User | None


class ReviewCommentBody(PullRequestBody, total=False):
    """``pull_request_review_comment``."""

    comment: Required[Comment]


class Transfer(TypedDict, total=False):
    """The other end of an issue that moved to another repository."""

    new_issue: Issue | None
    new_repository: Repository | None
    old_issue: FormerIssue | None
    old_repository: Repository | None


class IssueBody(Body, total=False):
    """``issues``."""

    issue: Required[Issue]
    assignee: User | None
    label: Label | None
    changes: Transfer | None


class IssueCommentBody(Body, total=False):
    """``issue_comment``; on a pull request too."""

    issue: Required[Issue]
    comment: Required[Comment]


class SubIssueBody(Body, total=False):
    """``sub_issues``, sent to the repositories of both issues."""

    sub_issue: Required[Issue]
    parent_issue: Required[Issue]
    sub_issue_repo: Repository | None
    parent_issue_repo: Repository | None


class DependencyBody(Body, total=False):
    """``issue_dependencies``, sent to the repositories of both issues."""

    blocked_issue: Required[Issue]
    blocking_issue: Required[Issue]
    blocked_issue_repo: Repository | None
    blocking_issue_repo: Repository | None


# The repository a body is about, and a web address on its host where that has none.
About = tuple[Repository | None, str | None]


def about_body(body: Body) -> About:
    """A body that has an address only in its repository."""
    return body.get("repository"), None


def about_pull(body: PullRequestBody) -> About:
    """The repository, else that of the branch the change would be merged into."""
    pull, repository = body["pull_request"], body.get("repository")
    if repository is None:
        base = pull.get("base")
        repository = base.get("repo") if base is not None else None
    return repository, pull.get("html_url")


def about_issue(body: IssueBody | IssueCommentBody) -> About:
    """The repository and the issue's own address."""
    return body.get("repository"), body["issue"].get("html_url")


def about_sub_issue(body: SubIssueBody) -> About:
    """The repository and the sub-issue's own address."""
    return body.get("repository"), body["sub_issue"].get("html_url")


def about_dependency(body: DependencyBody) -> About:
    """The repository and the blocked issue's own address."""
    return body.get("repository"), body["blocked_issue"].get("html_url")
