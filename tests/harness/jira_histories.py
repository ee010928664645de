"""Real histories of Jira as the bodies a poller or a webhook would have sent.

A history's file holds issues with their changelogs. Each is given as it is (a
poller's body), or taken apart into the webhooks of its life. Taking apart reads the
raw JSON by itself: it undoes the changes one by one.
"""

from __future__ import annotations

import copy
import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.decode.jira.rules import JiraRules, StatusClass
from monitor.decode.settings import DecodeSettings
from tests.harness.reference_data import payloads_dir

Raw = dict[str, Any]
# Who has which project of the histories.
TEAMS = """
version: 1
organisation: {name: Example}
teams:
  - {id: storage, owns: [{jira: FCREPO}, {jira: GORA}]}
  - {id: pages, owns: [{jira: DS}, {jira: EE}, {group: "jira:component:VIVO/*"}]}
  - {id: search, owns: [{jira: VIVO}]}
"""
MEANING: dict[str, StatusClass] = {
    "new": "todo",
    "indeterminate": "in_progress",
    "done": "done",
}
_LARGEST_CELL = 100_000_000
# What no change of a history tells, so that no webhook of the past can show it.
_UNTOLD = ("comment", "issuelinks", "resolutiondate", "statuscategorychangedate")


def history_dir() -> Path:
    """The folder of histories."""
    return payloads_dir() / "jira" / "history"


def issues_of(name: str) -> list[Raw]:
    """The issues of one history's file, each with its changelog."""
    path = history_dir() / name
    if path.suffix == ".csv":
        csv.field_size_limit(_LARGEST_CELL)
        with path.open(encoding="utf-8", newline="") as rows:
            return [json.loads(row["data"]) for row in csv.DictReader(rows)]
    opened = gzip.open if path.suffix == ".gz" else Path.open
    with opened(path, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    # A harvester wraps each issue.
    return [row.get("data", row) for row in read]


def categories_of(issues: Iterable[Raw]) -> dict[str, str]:
    """The category of each status that some issue of the history has now.

    Names that mean two things in two projects are left out.
    """
    seen: dict[str, set[str]] = {"Patch Available": {"indeterminate"}}
    for issue in issues:
        status = issue["fields"]["status"]
        seen.setdefault(status["name"], set()).add(status["statusCategory"]["key"])
    return {name: found.pop() for name, found in seen.items() if len(found) == 1}


def settings_of(issues: Iterable[Raw]) -> DecodeSettings:
    """How the statuses of a history are to be read."""
    found = categories_of(issues).items()
    statuses = {status.lower(): MEANING[category] for status, category in found}
    return DecodeSettings(jira=JiraRules(statuses=statuses))


def ms(text: str) -> int:
    """A time of Jira in milliseconds."""
    whole = datetime.fromisoformat(text)
    return round(whole.timestamp() * 1_000)


def changes_of(issue: Raw) -> list[Raw]:
    """The changes of an issue, oldest first."""
    histories = issue.get("changelog", {}).get("histories", [])
    return sorted(histories, key=lambda one: (ms(one["created"]), int(one["id"])))


def untold(issue: Raw) -> Raw:
    """The issue without what no webhook of the past could show."""
    fields = {k: v for k, v in issue["fields"].items() if k not in _UNTOLD}
    return {**issue, "fields": fields}


def webhooks_of(issue: Raw, categories: Mapping[str, str]) -> Iterator[Raw]:
    """The webhooks of an issue's life: created, then one a change.

    ``categories`` gives the category of a status by its name, as a webhook does.
    """
    fields = copy.deepcopy(untold(issue)["fields"])
    shown = [fields]
    changes = changes_of(issue)
    for change in reversed(changes):
        shown.insert(0, _before(shown[0], change["items"], categories))
    about = {name: issue[name] for name in ("id", "key", "self")}
    created = {**shown[0], "updated": fields["created"]}
    yield {
        "webhookEvent": "jira:issue_created",
        "timestamp": ms(fields["created"]),
        "user": fields.get("creator"),
        "issue": {**about, "fields": created},
    }
    for change, after in zip(changes, shown[1:], strict=True):
        yield {
            "webhookEvent": "jira:issue_updated",
            "timestamp": ms(change["created"]),
            "user": change.get("author"),
            "issue": {**about, "fields": {**after, "updated": change["created"]}},
            "changelog": {"id": change["id"], "items": change["items"]},
        }


def _before(after: Raw, items: list[Raw], categories: Mapping[str, str]) -> Raw:
    before = copy.deepcopy(after)
    for item in items:
        old, number = item.get("fromString") or "", item.get("from")
        match (item.get("fieldId") or item["field"]).lower():
            case "status":
                category = {"key": categories.get(old)}
                status = {"id": number, "name": old, "statusCategory": category}
                before["status"] = status
            case "issuetype" | "issue type":
                # Being a sub-task is not told of the past: only the name changes.
                before["issuetype"] = {**before["issuetype"], "name": old}
            case "resolution":
                before["resolution"] = {"name": old} if old else None
            case "key":
                project = {**before["project"], "key": old.rpartition("-")[0]}
                before["project"] = project
            case "labels":
                before["labels"] = old.split()
            case "component" | "components":
                before["components"] = [
                    one
                    for one in before.get("components") or []
                    if one["name"] != item.get("toString")
                ] + ([{"name": old}] if old else [])
    return before
