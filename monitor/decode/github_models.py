"""GitHub's bodies, lean: only the fields that are read.

The parser fills these straight from bytes. A field that is not named here costs
nothing and may be anything; a named one has its documented type, or the record
is rejected with the field's place. Nearly everything may be absent, because
bodies got their fields over fifteen years and bridges drop some.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Lean(BaseModel):
    """A part of a body: unknown fields ignored, types as in the JSON."""

    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)


class User(Lean):
    """An account: a person, a bot or an organisation."""

    login: str | None = None
    type: str | None = None


class Team(Lean):
    """A team of an organisation; its address names the organisation."""

    slug: str | None = None
    html_url: str | None = None


class Owner(Lean):
    """The owner of a repository; a push calls the login ``name``."""

    login: str | None = None
    name: str | None = None


class Repository(Lean):
    """A repository. ``pushed_at`` is a number in a push, text elsewhere."""

    id: int | None = None
    name: str | None = None
    full_name: str | None = None
    owner: Owner | None = None
    html_url: str | None = None
    default_branch: str | None = None
    pushed_at: int | str | None = None


class Label(Lean):
    """A label of an issue or pull request."""

    name: str | None = None


class Named(Lean):
    """Whatever has a name: an issue type, an option of a project's field."""

    name: str | None = None


class BranchEnd(Lean):
    """The head or base of a pull request."""

    ref: str | None = None
    sha: str | None = None
    repo: Repository | None = None


class PullRequest(Lean):
    """A pull request as it was when the body was sent."""

    number: int
    created_at: str
    node_id: str | None = None
    html_url: str | None = None
    title: str | None = None
    body: str | None = None
    user: User | None = None
    draft: bool | None = None
    updated_at: str | None = None
    closed_at: str | None = None
    merged_at: str | None = None
    merged_by: User | None = None
    merge_commit_sha: str | None = None
    head: BranchEnd | None = None
    base: BranchEnd | None = None
    labels: list[Label] | None = None


class PullRequestOfIssue(Lean):
    """What an issue says of itself when it is a pull request."""

    merged_at: str | None = None


class Issue(Lean):
    """An issue, or a pull request seen as one (``pull_request`` present)."""

    number: int
    created_at: str
    node_id: str | None = None
    html_url: str | None = None
    repository_url: str | None = None
    parent_issue_url: str | None = None
    title: str | None = None
    body: str | None = None
    user: User | None = None
    draft: bool | None = None
    updated_at: str | None = None
    closed_at: str | None = None
    state_reason: str | None = None
    type: Named | None = None
    labels: list[Label] | None = None
    pull_request: PullRequestOfIssue | None = None


class Body(Lean):
    """What every body has: what was done, where, by whom."""

    action: str | None = None
    repository: Repository | None = None
    organization: User | None = None
    sender: User | None = None

    def home(self) -> Repository | None:
        """The repository the body is about."""
        return self.repository

    def link(self) -> str | None:
        """A web address on the body's host, where the repository has none."""
        return None


class PullRequestBody(Body):
    """``pull_request``, and what reviews and threads have in common with it."""

    pull_request: PullRequest
    requested_reviewer: User | None = None
    requested_team: Team | None = None

    def home(self) -> Repository | None:
        """The repository, else that of the branch it would be merged into."""
        base = self.pull_request.base
        return self.repository or (base.repo if base is not None else None)

    def link(self) -> str | None:
        """The pull request's own address."""
        return self.pull_request.html_url


class Review(Lean):
    """A submitted review."""

    user: User | None = None
    submitted_at: str | None = None


class ReviewBody(PullRequestBody):
    """``pull_request_review``."""

    review: Review


class Comment(Lean):
    """A comment on an issue, a pull request or a line of one."""

    created_at: str
    user: User | None = None


class ReviewCommentBody(PullRequestBody):
    """``pull_request_review_comment``."""

    comment: Comment


class Transfer(Lean):
    """The other end of an issue that moved to another repository."""

    new_issue: Issue | None = None
    new_repository: Repository | None = None
    old_issue: Issue | None = None
    old_repository: Repository | None = None


class IssueBody(Body):
    """``issues``."""

    issue: Issue
    assignee: User | None = None
    label: Label | None = None
    changes: Transfer | None = None

    def link(self) -> str | None:
        """The issue's own address."""
        return self.issue.html_url


class IssueCommentBody(Body):
    """``issue_comment``; on a pull request too."""

    issue: Issue
    comment: Comment

    def link(self) -> str | None:
        """The issue's own address."""
        return self.issue.html_url


class SubIssueBody(Body):
    """``sub_issues``, sent to the repositories of both issues."""

    sub_issue: Issue
    parent_issue: Issue
    sub_issue_repo: Repository | None = None
    parent_issue_repo: Repository | None = None

    def link(self) -> str | None:
        """The sub-issue's own address."""
        return self.sub_issue.html_url


class DependencyBody(Body):
    """``issue_dependencies``, sent to the repositories of both issues."""

    blocked_issue: Issue
    blocking_issue: Issue
    blocked_issue_repo: Repository | None = None
    blocking_issue_repo: Repository | None = None

    def link(self) -> str | None:
        """The blocked issue's own address."""
        return self.blocked_issue.html_url
