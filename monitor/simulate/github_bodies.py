"""GitHub's webhook bodies of the things a plan tells about, as large as real ones."""

from __future__ import annotations

from monitor.simulate.github_ci_bodies import deployment_body, job_body
from monitor.simulate.github_parts import (
    API,
    WEB,
    Json,
    envelope,
    iso,
    node_id,
    repository,
    user,
)
from monitor.simulate.github_pull_bodies import pull_request, review_submitted
from monitor.simulate.things import (
    Comment,
    Dependency,
    Deployment,
    GithubThing,
    Issue,
    Job,
    Pull,
    Push,
    Review,
)


def body_of(action: str, thing: GithubThing) -> Json:  # noqa: PLR0911 - one a thing
    """The body GitHub sends when ``action`` was done to the thing."""
    match thing:
        case Pull():
            return pull_request(action, thing)
        case Review():
            return review_submitted(action, thing)
        case Push():
            return _push(thing)
        case Issue():
            return _issues(action, thing)
        case Comment():
            return _comment(action, thing)
        case Dependency():
            return _dependency(action, thing)
        case Job():
            return job_body(action, thing)
        case Deployment():
            return deployment_body(action, thing)


def _push(push: Push) -> Json:
    commit: Json = {
        "id": push.after,
        "tree_id": push.after[::-1],
        "distinct": True,
        "message": "next step",
        "timestamp": iso(push.time),
        "url": f"{WEB}/{push.repo}/commit/{push.after}",
        "author": {"name": push.author, "username": push.author},
        "committer": {"name": push.author, "username": push.author},
        "added": [],
        "removed": [],
        "modified": ["src/main.py", "tests/test_main.py"],
    }
    body: Json = {
        "ref": f"refs/heads/{push.branch}",
        "before": push.before,
        "after": push.after,
        "created": False,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": f"{WEB}/{push.repo}/compare/{push.before}...{push.after}",
        "commits": [commit],
        "head_commit": commit,
        "pusher": {"name": push.author},
    }
    pushed = repository(push.repo) | {"pushed_at": push.time // 1_000}
    return body | envelope(push.repo, push.author) | {"repository": pushed}


def _issue(issue: Issue, *, pull: bool = False) -> Json:
    url = f"{API}/repos/{issue.repo}"
    web = f"{WEB}/{issue.repo}/{'pull' if pull else 'issues'}/{issue.number}"
    api = f"{url}/issues/{issue.number}"
    kind = {"id": 7, "name": issue.type_name} if issue.type_name else None
    shown: Json = {
        "url": api,
        "repository_url": url,
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "html_url": web,
        "id": issue.id,
        "node_id": node_id("I", issue.id),
        "number": issue.number,
        "title": issue.title,
        "user": user(issue.author),
        "labels": [_label(issue.repo, name) for name in issue.labels],
        "state": "closed" if issue.closed else "open",
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": 0,
        "created_at": iso(issue.created),
        "updated_at": iso(issue.updated or issue.created),
        "closed_at": iso(issue.closed),
        "author_association": "MEMBER",
        "type": kind,
        "active_lock_reason": None,
        "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
        "body": issue.text,
        "timeline_url": f"{api}/timeline",
        "state_reason": issue.reason or None,
    }
    if pull:
        shown |= {"draft": False, "pull_request": _links_of_pull(issue)}
    return shown


def _links_of_pull(issue: Issue) -> Json:
    """What tells that an issue is a pull request: where that is."""
    web = f"{WEB}/{issue.repo}/pull/{issue.number}"
    return {
        "url": f"{API}/repos/{issue.repo}/pulls/{issue.number}",
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "merged_at": None,
    }


def _label(repo: str, name: str) -> Json:
    return {
        "id": 5_000_000,
        "node_id": node_id("LA", 5_000_000),
        "url": f"{API}/repos/{repo}/labels/{name.replace(' ', '%20')}",
        "name": name,
        "color": "ededed",
        "default": False,
        "description": None,
    }


def _issues(action: str, issue: Issue) -> Json:
    body: Json = {"action": action, "issue": _issue(issue)}
    if issue.label:
        body["label"] = _label(issue.repo, issue.label)
    return body | envelope(issue.repo, issue.author)


def _comment(action: str, comment: Comment) -> Json:
    issue = comment.issue
    api = f"{API}/repos/{issue.repo}/issues"
    said: Json = {
        "url": f"{api}/comments/{comment.id}",
        "html_url": f"{WEB}/{issue.repo}/issues/{issue.number}",
        "issue_url": f"{api}/{issue.number}",
        "id": comment.id,
        "node_id": node_id("IC", comment.id),
        "user": user(comment.author),
        "created_at": iso(comment.time),
        "updated_at": iso(comment.time),
        "author_association": "MEMBER",
        "body": "Still on it.",
        "performed_via_github_app": None,
    }
    shown = _issue(issue, pull=comment.pull)
    body: Json = {"action": action, "issue": shown, "comment": said}
    return body | envelope(issue.repo, comment.author)


def _dependency(action: str, both: Dependency) -> Json:
    blocked, blocking = both
    to_blocked = action.startswith("blocked_by")
    body: Json = {
        "action": action,
        "blocked_issue_id": blocked.id,
        "blocked_issue": _issue(blocked),
        "blocking_issue_id": blocking.id,
        "blocking_issue": _issue(blocking),
    }
    if to_blocked:
        body["blocking_issue_repo"] = repository(blocking.repo)
        return body | envelope(blocked.repo, blocked.author)
    body["blocked_issue_repo"] = repository(blocked.repo)
    return body | envelope(blocking.repo, blocked.author)
