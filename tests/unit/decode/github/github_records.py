"""Small bodies of GitHub, and what becomes of them."""

from __future__ import annotations

import json
from typing import Any

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.facts import Fact
from monitor.domain.outcomes import Decoded, Record

SETTINGS = DecodeSettings(projects=frozenset({"CHK"}), bots=frozenset({"ci-account"}))
REPOSITORY = {
    "id": 77,
    "full_name": "Acme/Shop",
    "html_url": "https://github.com/Acme/Shop",
    "default_branch": "main",
}
T = [f"2026-03-02T1{hour}:00:00Z" for hour in range(10)]
MS = [1_772_445_600_000 + hour * 3_600_000 for hour in range(10)]
RECEIPT = MS[9]


def of(event: str, body: dict[str, Any]) -> Decoded:
    whole = {"repository": REPOSITORY, **body}
    headers = (("X-GitHub-Event", event.encode()),)
    value = json.dumps(whole).encode()
    return decode(Record("t", 0, 0, RECEIPT, None, headers, value), NO_HINT, SETTINGS)


def facts(event: str, body: dict[str, Any]) -> list[Fact]:
    found = of(event, body)
    assert not found.reasons
    return list(found.facts)


def stages(found: list[Fact]) -> list[tuple[str, int]]:
    return [(fact.kind, fact.time) for fact in found]


def job(**fields: Any) -> dict[str, Any]:
    shown = {
        "id": 5,
        "name": "unit",
        "workflow_name": "CI",
        "created_at": T[0],
        "started_at": T[1],
        "head_sha": "ab",
        "head_branch": "CHK-1-x",
        "labels": ["self-hosted", "large"],
        "run_attempt": 1,
        **fields,
    }
    return {"action": fields.get("status", "queued"), "workflow_job": shown}


def user(login: str, kind: str = "User") -> dict[str, str]:
    return {"login": login, "type": kind}


def pull(action: str, **fields: Any) -> dict[str, Any]:
    shown = {
        "number": 7,
        "created_at": T[0],
        "updated_at": T[3],
        "node_id": "PR_7",
        "title": "Move the till",
        "user": user("ada"),
        "head": {"ref": "topic", "sha": "ab"},
        **{name: value for name, value in fields.items() if name in PULL},
    }
    rest = {name: value for name, value in fields.items() if name not in PULL}
    return {"action": action, "pull_request": shown, "sender": user("ada"), **rest}


PULL = {
    "draft",
    "title",
    "body",
    "user",
    "head",
    "base",
    "merged_at",
    "closed_at",
    "labels",
    "merge_commit_sha",
    "merged_by",
    "created_at",
}


def issue(action: str, **fields: Any) -> dict[str, Any]:
    shown = {
        "number": 12,
        "created_at": T[0],
        "updated_at": T[2],
        "node_id": "I_12",
        "title": "Till is slow",
        "user": user("ada"),
        **fields.pop("issue", {}),
    }
    return {"action": action, "issue": shown, "sender": user("ada"), **fields}
