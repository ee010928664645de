"""GitHub's webhook bodies of issues and of what stands beside them."""

from __future__ import annotations

from monitor.simulate.bodies.github_parts import (
    API,
    WEB,
    Json,
    envelope,
    iso,
    node_id,
    organisation,
    repository,
    user,
)
from monitor.simulate.bodies.things import (
    Card,
    Comment,
    Dependency,
    Issue,
    OfIssue,
    SubIssue,
    Transfer,
)


def body_about_issue(action: str, thing: OfIssue) -> Json:
    """The body GitHub sends when ``action`` was done to an issue, or beside it."""
    match thing:
        case Issue():
            return _issue_body(action, thing)
        case Comment():
            return _comment_body(action, thing)
        case Dependency():
            return _dependency_body(action, thing)
        case SubIssue():
            return _sub_issue_body(action, thing)
        case Transfer():
            return _transfer_body(action, thing)
        case Card():
            return _card_body(action, thing)


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
        "assignee": user(issue.assignees[0]) if issue.assignees else None,
        "assignees": [user(login) for login in issue.assignees],
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
    if issue.parent:
        shown["parent_issue_url"] = f"{url}/issues/{issue.parent}"
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


def _issue_body(action: str, issue: Issue) -> Json:
    body: Json = {"action": action, "issue": _issue(issue)}
    if issue.label:
        body["label"] = _label(issue.repo, issue.label)
    if issue.assignee:
        body["assignee"] = user(issue.assignee)
    return body | envelope(issue.repo, issue.by or issue.author)


def _comment_body(action: str, comment: Comment) -> Json:
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


def _dependency_body(action: str, both: Dependency) -> Json:
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


def _sub_issue_body(action: str, both: SubIssue) -> Json:
    """The body of ``sub_issues``: two are sent, here to one repository."""
    child, parent = both
    body: Json = {
        "action": action,
        "sub_issue_id": child.id,
        "sub_issue": _issue(child),
        "parent_issue_id": parent.id,
        "parent_issue": _issue(parent),
        "parent_issue_repo": repository(parent.repo),
    }
    if action.startswith("sub_issue"):
        del body["parent_issue_repo"]
        body["sub_issue_repo"] = repository(child.repo)
    return body | envelope(child.repo, child.author)


def _transfer_body(action: str, both: Transfer) -> Json:
    """The body of ``issues`` where one goes to another repository, or came there."""
    old, new = both
    if action == "transferred":
        there: Json = {"new_issue": _issue(new), "new_repository": repository(new.repo)}
        return {"changes": there} | _issue_body(action, old)
    here: Json = {"old_issue": _issue(old), "old_repository": repository(old.repo)}
    return {"changes": here} | _issue_body(action, new)


def _card_body(action: str, card: Card) -> Json:
    """The body of ``projects_v2_item``: of an organisation, without a repository."""
    ends = {
        end: {"id": name.lower()[:8], "name": name, "color": "GRAY"} if name else None
        for end, name in (("from", card.before), ("to", card.after))
    }
    item: Json = {
        "id": card.issue.id,
        "node_id": node_id("PVTI", card.issue.id),
        "project_node_id": node_id("PVT", 1),
        "content_node_id": node_id("I", card.issue.id),
        "content_type": "Issue",
        "creator": user(card.issue.author),
        "created_at": iso(card.issue.created),
        "updated_at": iso(card.time),
        "archived_at": None,
    }
    field: Json = {
        "field_node_id": node_id("PVTSSF", 1),
        "field_type": "single_select",
        "field_name": "Status",
        **ends,
    }
    return {
        "action": action,
        "projects_v2_item": item,
        "changes": {"field_value": field},
        "organization": organisation(),
        "sender": user(card.by),
    }
