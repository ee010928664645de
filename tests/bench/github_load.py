"""GitHub webhooks made from templates, of the sizes real ones have.

A body is mostly repositories and users with all their addresses: a job has one
repository (about 7 kB in all), a pull request three (about 24 kB). A pull request
lives through four bursts further apart than a batch: opened, built, reviewed, merged.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from tests.bench.github_places import API, WEB, Body, repository_body, user
from tests.bench.world import PLATFORMS, team

Webhook = tuple[bytes, dict[str, bytes]]

# Between two bursts of a pull request, in records: more than a batch.
_APART: Final = 26_000
_WITHIN: Final = 200
_STEP_MS: Final = 20_000
_MINUTE: Final = 60_000


def github_records(
    pulls: int, teams: int, until_ms: int, seed: int = 1
) -> Iterator[Webhook]:
    """Bodies with their headers in the order of their times, before ``until_ms``."""
    chance = random.Random(seed)
    told: list[tuple[float, int, int]] = []
    for pull in range(pulls):
        begun = pull * float(len(_LIFE))
        for number, (burst, _, _) in enumerate(_LIFE):
            place = begun + burst * _APART + number * _WITHIN * chance.random()
            told.append((place, pull, number))
    told.sort()
    first = until_ms - round(told[-1][0] + 1) * _STEP_MS
    for place, pull, number in told:
        burst, event, action = _LIFE[number]
        time = first + round(place * _STEP_MS)
        opened = first + round(pull * len(_LIFE) * _STEP_MS)
        began = opened + burst * _APART * _STEP_MS
        body = _BODIES[event](_Scene(pull, burst, action, time, opened, began, teams))
        value = json.dumps(body, separators=(",", ":")).encode()
        yield value, {"X-GitHub-Event": event.encode()}


# Burst, event, action: what happens to a pull request.
_LIFE: Final = (
    (0, "pull_request", "opened"),
    (0, "workflow_job", "queued"),
    (0, "workflow_job", "in_progress"),
    (0, "workflow_job", "completed"),
    (1, "pull_request", "review_requested"),
    (1, "workflow_job", "queued"),
    (1, "workflow_job", "completed"),
    (2, "pull_request_review", "submitted"),
    (2, "workflow_job", "queued"),
    (2, "workflow_job", "completed"),
    (3, "pull_request", "synchronize"),
    (3, "pull_request", "closed"),
)


class _Scene:
    """One moment of one pull request, and of the job of one of its bursts.

    What happened before is told by every body with the same times, as GitHub does.
    """

    def __init__(
        self,
        pull: int,
        burst: int,
        action: str,
        time_ms: int,
        opened_ms: int,
        began_ms: int,
        teams: int,
    ) -> None:
        self.pull, self.burst, self.action = pull, burst, action
        self.opened = _iso(opened_ms)
        self.queued = _iso(began_ms - 10 * _MINUTE)
        self.started = _iso(began_ms - 7 * _MINUTE)
        self.teams = teams
        self.owner = PLATFORMS + pull % (teams - PLATFORMS)
        self.reviewer = PLATFORMS + pull // 7 % (teams - PLATFORMS)
        self.pool = pull % PLATFORMS
        self.sha = f"{pull:040x}"
        self.repo = repository_body(self.owner)
        self.author = user(f"author-{pull % 500}")
        self.now = _iso(time_ms)

    def ago(self, minutes: int) -> str:
        """So many minutes before this moment."""
        moment = datetime.fromisoformat(self.now).timestamp() - 60 * minutes
        return _iso(round(moment * 1_000))


def _iso(time_ms: int) -> str:
    moment = datetime.fromtimestamp(time_ms // 1_000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _pull_request(scene: _Scene) -> Body:
    number, full_name = scene.pull + 1, scene.repo["full_name"]
    address = f"{API}/repos/{full_name}/pulls/{number}"
    merged = scene.action == "closed"
    team_asked = {"slug": team(scene.reviewer), "name": team(scene.reviewer), "id": 5}
    asked = scene.action == "review_requested"
    return {
        "url": address,
        "id": 5_000_000 + number,
        "node_id": f"PR_{number}",
        "html_url": f"{WEB}/{full_name}/pull/{number}",
        "number": number,
        "state": "closed" if merged else "open",
        "locked": False,
        "title": f"feat: part {number} of the work",
        "user": scene.author,
        "body": "What changes, why, and how it was tried. " * 30,
        "created_at": scene.opened,
        "updated_at": scene.now,
        "closed_at": scene.now if merged else None,
        "merged_at": scene.now if merged else None,
        "merged": merged,
        "draft": False,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [team_asked] if asked else [],
        "labels": [{"id": n, "name": f"area-{n}", "color": "ededed"} for n in range(3)],
        "head": _ref(scene, f"part-{number}", scene.sha),
        "base": _ref(scene, "main", "f" * 40),
        "_links": {name: {"href": f"{address}/{name}"} for name in ("self", "commits")},
        "author_association": "MEMBER",
        "commits": 3,
        "additions": 120,
        "deletions": 14,
        "changed_files": 7,
    }


def _ref(scene: _Scene, name: str, sha: str) -> Body:
    return {
        "label": f"acme:{name}",
        "ref": name,
        "sha": sha,
        "user": scene.repo["owner"],
        "repo": scene.repo,
    }


def _about_pull(scene: _Scene) -> Body:
    body: Body = {
        "action": scene.action,
        "number": scene.pull + 1,
        "pull_request": _pull_request(scene),
        "repository": scene.repo,
        "organization": user("acme"),
        "sender": scene.author,
    }
    if scene.action == "review_requested":
        body["requested_team"] = body["pull_request"]["requested_teams"][0]
    return body


def _about_review(scene: _Scene) -> Body:
    reviewer = user(f"reviewer-{scene.pull % 300}")
    review = {
        "id": 7_000_000 + scene.pull,
        "node_id": f"PRR_{scene.pull}",
        "user": reviewer,
        "body": "Looks good.",
        "state": "approved",
        "submitted_at": scene.now,
        "commit_id": scene.sha,
        "html_url": f"{WEB}/{scene.repo['full_name']}/pull/{scene.pull + 1}#review",
    }
    return _about_pull(scene) | {"review": review, "sender": reviewer}


def _about_job(scene: _Scene) -> Body:
    full_name, number = scene.repo["full_name"], scene.pull * 100 + scene.burst
    started = scene.action != "queued"
    done = scene.action == "completed"
    steps = [
        {
            "name": f"Step {step} of the job",
            "status": "completed",
            "conclusion": "success",
            "number": step,
            "started_at": scene.ago(2),
            "completed_at": scene.ago(1),
        }
        for step in range(1, 9 if done else 2)
    ]
    job = {
        "id": 9_000_000 + number,
        "run_id": 8_000_000 + number,
        "workflow_name": "ci",
        "head_branch": f"part-{scene.pull + 1}",
        "run_url": f"{API}/repos/{full_name}/actions/runs/{8_000_000 + number}",
        "run_attempt": 1,
        "node_id": f"CR_{number}",
        "head_sha": scene.sha,
        "url": f"{API}/repos/{full_name}/actions/jobs/{9_000_000 + number}",
        "html_url": f"{WEB}/{full_name}/actions/runs/{8_000_000 + number}/job/1",
        "status": scene.action,
        "conclusion": "success" if done else None,
        "created_at": scene.queued,
        "started_at": scene.started if started else scene.queued,
        "completed_at": scene.now if done else None,
        "name": "unit",
        "steps": steps,
        "check_run_url": f"{API}/repos/{full_name}/check-runs/{9_000_000 + number}",
        "labels": [f"pool-{scene.pool}"],
        "runner_id": 17 if started else None,
        "runner_name": "runner-17" if started else None,
        "runner_group_id": 1 if started else None,
        "runner_group_name": "default" if started else None,
    }
    return {
        "action": scene.action,
        "workflow_job": job,
        "repository": scene.repo,
        "organization": user("acme"),
        "sender": scene.author,
    }


_BODIES: Final = {
    "pull_request": _about_pull,
    "pull_request_review": _about_review,
    "workflow_job": _about_job,
}
