"""GitHub's bodies of pull requests and reviews, as large as real ones."""

from __future__ import annotations

from monitor.simulate.bodies.github_parts import (
    API,
    WEB,
    Json,
    envelope,
    iso,
    node_id,
    repository,
    team,
    user,
)
from monitor.simulate.bodies.things import Pull, Review, merge_commit


def _end(repo: str, ref: str, sha: str) -> Json:
    owner = repo.partition("/")[0]
    return {
        "label": f"{owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": {**user(owner), "type": "Organization"},
        "repo": repository(repo),
    }


def _pull(pull: Pull) -> Json:
    url, web = f"{API}/repos/{pull.repo}", f"{WEB}/{pull.repo}/pull/{pull.number}"
    api = f"{url}/pulls/{pull.number}"
    paths = ("commits", "comments")
    links: Json = {f"review_{path}_url": f"{api}/{path}" for path in paths[1:]}
    return {
        "url": api,
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "issue_url": f"{url}/issues/{pull.number}",
        "number": pull.number,
        "state": "closed" if pull.closed else "open",
        "locked": False,
        "title": pull.title,
        "user": user(pull.author),
        "body": pull.text,
        "created_at": iso(pull.created),
        "updated_at": iso(pull.updated or pull.created),
        "closed_at": iso(pull.closed),
        "merged_at": iso(pull.merged),
        "merge_commit_sha": merge_commit(pull) if pull.merged else None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [user(login) for login in pull.reviewers],
        "requested_teams": [team(slug) for slug in pull.teams],
        "labels": [],
        "milestone": None,
        "draft": pull.draft,
        "commits_url": f"{api}/commits",
        **links,
        "statuses_url": f"{url}/statuses/{pull.sha}",
        "head": _end(pull.repo, pull.branch, pull.sha),
        "base": _end(pull.repo, "main", pull.sha[::-1]),
        "author_association": "MEMBER",
        "auto_merge": None,
        "merged": bool(pull.merged),
        "mergeable": None,
        "mergeable_state": "unknown",
        "merged_by": user(pull.author) if pull.merged else None,
        "comments": 0,
        "review_comments": 0,
        "commits": pull.commits,
        "additions": 24 * pull.commits,
        "deletions": 7,
        "changed_files": 3,
    }


def pull_request(action: str, pull: Pull) -> Json:
    """The body of ``pull_request``."""
    body: Json = {"action": action, "number": pull.number, "pull_request": _pull(pull)}
    if action.startswith("review_request"):
        if pull.asked_team:
            body["requested_team"] = team(pull.asked_team)
        else:
            body["requested_reviewer"] = user(pull.asked_person)
    if action == "synchronize":
        body |= {"before": pull.sha[::-1], "after": pull.sha}
    return body | envelope(pull.repo, pull.author)


def review_submitted(action: str, review: Review) -> Json:
    """The body of ``pull_request_review``."""
    pull = review.pull
    web = f"{WEB}/{pull.repo}/pull/{pull.number}"
    said: Json = {
        "id": review.id,
        "node_id": node_id("PRR", review.id),
        "user": user(review.reviewer),
        "body": None,
        "commit_id": pull.sha,
        "submitted_at": iso(review.submitted),
        "state": review.state,
        "html_url": f"{web}#pullrequestreview-{review.id}",
        "pull_request_url": f"{API}/repos/{pull.repo}/pulls/{pull.number}",
        "author_association": "MEMBER",
    }
    body: Json = {"action": action, "review": said, "pull_request": _pull(pull)}
    return body | envelope(pull.repo, review.reviewer)
