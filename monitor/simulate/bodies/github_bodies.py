"""GitHub's webhook bodies of the things a plan tells about, as large as real ones."""

from __future__ import annotations

from monitor.simulate.bodies.github_ci_bodies import (
    check_body,
    deployment_body,
    job_body,
    status_body,
)
from monitor.simulate.bodies.github_issue_bodies import body_about_issue
from monitor.simulate.bodies.github_parts import (
    WEB,
    Json,
    envelope,
    iso,
    repository,
)
from monitor.simulate.bodies.github_pull_bodies import pull_request, review_submitted
from monitor.simulate.bodies.things import (
    Check,
    Deployment,
    GithubThing,
    Job,
    Pull,
    Push,
    Review,
    Status,
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
        case Job():
            return job_body(action, thing)
        case Deployment():
            return deployment_body(action, thing)
        case Check():
            return check_body(action, thing)
        case Status():
            return status_body(thing)
        case _:
            return body_about_issue(action, thing)


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
