"""Records as tools send them that were told less: whose, by whom, of what class.

What happened, to what and when stays. A team that has to be said is one that no
directory lists; what may be left out is left out. Nothing is rejected for it.
"""

from __future__ import annotations

import json
from typing import Any, Final

from monitor.decode.native.rules import REQUIRED
from monitor.decode.settings import LabelRules
from monitor.domain.facts import Kind
from monitor.domain.outcomes import Record
from monitor.simulate.bodies.jira_things import TEAM_FIELD

NOBODY: Final = "nobody-knows"
_TOLD: Final = (
    "team",
    "on_team",
    "to_team",
    "by_team",
    "cause_team",
    "requester_team",
    "work_class",
    "labels",
)
_LABELS: Final = LabelRules()
_OF_TEAMS: Final = frozenset({TEAM_FIELD, "assignee"})
_ISSUES: Final = frozenset(
    {
        *("issue", "pull_request", "blocked_issue", "blocking_issue"),
        *("sub_issue", "parent_issue", "old_issue", "new_issue"),
    }
)
_ASKED: Final = {"requested_team": "slug", "requested_reviewer": "login"}


def unlabelled(record: Record) -> Record:
    """The record without owner, cause, asked team, assignee, label and class."""
    if record.value is None:
        return record
    body = json.loads(record.value)
    if any(name == "X-GitHub-Event" for name, _ in record.headers):
        _github(body)
    elif "webhookEvent" in body:
        _jira(body)
    elif "context" in body:
        friction = body["customData"]["friction"]
        body["customData"]["friction"] = {
            name: value for name, value in friction.items() if name not in _TOLD
        }
    else:
        body = _native(body)
    return record._replace(value=json.dumps(body).encode())


def _native(body: dict[str, Any]) -> dict[str, Any]:
    needed = REQUIRED.get(Kind(body["kind"]), ())
    return {
        name: value if name not in _TOLD else NOBODY
        for name, value in body.items()
        if name not in _TOLD or name in needed
    }


def _github(body: dict[str, Any]) -> None:
    for shown in (body, body.get("changes", {})):
        for name in _ISSUES & shown.keys():
            _nameless(shown[name])
    if "label" in body:
        body["label"] = _kept([body["label"]])[0]
    for name, key in _ASKED.items():
        if name in body:
            body[name] = {**body[name], key: NOBODY, "id": 1, "node_id": NOBODY}
    for approver in body.get("reviewers") or ():
        approver["reviewer"] = {**approver["reviewer"], "slug": NOBODY}
    job = body.get("workflow_job")
    if job is not None:
        job |= {"labels": [], "runner_group_name": None, "runner_name": None}
    app = body.get("check_run", {}).get("app")
    if app is not None:
        app |= {"slug": NOBODY, "name": NOBODY}


def _nameless(thing: dict[str, Any]) -> None:
    """An issue or pull request: no type, no prefix, no label but of its state."""
    thing["labels"] = _kept(thing["labels"])
    thing["title"] = thing["title"].rpartition(": ")[2]
    if "type" in thing:
        thing["type"] = None


def _kept(labels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Labels of a state stay, without the team they name; others become ``misc``."""
    found = []
    for label in labels:
        meaning = _LABELS.meaning(label["name"])
        name = "misc" if meaning is None else label["name"]
        if meaning is not None and meaning.state == "blocked":
            name = "blocked"
        found.append({**label, "name": name})
    return found


def _jira(body: dict[str, Any]) -> None:
    fields = body.get("issue", {}).get("fields")
    if fields is not None:
        fields |= {"labels": [], "components": [], TEAM_FIELD: None, "assignee": None}
        if not fields["issuetype"].get("subtask"):
            fields["issuetype"] = {**fields["issuetype"], "name": "Thing"}
    changes = body.get("changelog", {}).get("items", [])
    kept = [i for i in changes if not _OF_TEAMS & {i.get("fieldId"), i["field"]}]
    if len(kept) < len(changes):
        body["changelog"]["items"] = kept
