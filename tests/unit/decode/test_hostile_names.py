"""Names as long as a body: read, and none of them is kept once it is read."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.outcomes import Record
from tests.unit.decode.jira.jira_bodies import issue, updated
from tests.unit.decode.records import native

LONG = 100_000
COUNT = 100
Named = tuple[str, dict[str, Any]]
REPOSITORY = {"id": 1, "full_name": "acme/shop"}


def a_branch(name: str) -> Named:
    commit = {"id": "a" * 40, "timestamp": "2026-03-02T10:00:00Z"}
    body = {"ref": f"refs/heads/{name}", "repository": REPOSITORY, "commits": [commit]}
    return "push", {**body, "after": "a" * 40, "head_commit": commit}


def opened(**fields: Any) -> Named:
    told = {"number": 1, "created_at": "2026-03-02T10:00:00Z", **fields}
    return "issues", {"action": "opened", "repository": REPOSITORY, "issue": told}


def a_label(name: str) -> Named:
    return opened(labels=[{"name": name}])


def a_login(name: str) -> Named:
    return opened(user={"login": name, "type": "User"})


def a_host(name: str) -> Named:
    event, body = opened()
    page = f"https://{name}.example/acme/shop"
    return event, {**body, "repository": {**REPOSITORY, "html_url": page}}


def a_repository(name: str) -> Named:
    event, body = opened()
    return event, {**body, "repository": {"id": 1, "full_name": f"acme/{name}"}}


def labels_of_jira(name: str) -> Named:
    return "", updated(issue(labels=[name]))


def a_status_of_jira(name: str) -> Named:
    return "", updated(issue(status={"name": name}))


def labels_of_a_native_event(name: str) -> Named:
    number = name.rstrip("x")
    return "", native(labels=[f"{number}-{one}-{'x' * 980}" for one in range(100)])


@pytest.mark.parametrize(
    "naming",
    [
        a_branch,
        a_label,
        a_login,
        a_host,
        a_repository,
        labels_of_jira,
        a_status_of_jira,
        labels_of_a_native_event,
    ],
)
def test_long_names_are_not_kept(naming: Callable[[str], Named]) -> None:
    settings = DecodeSettings(projects=frozenset({"CHK"}))

    def read(number: int) -> None:
        event, body = naming(f"{number}{'x' * LONG}")
        headers = (("X-GitHub-Event", event.encode()),) if event else ()
        value = json.dumps(body).encode()
        record = Record("t", 0, number, None, None, headers, value)
        found = decode(record, NO_HINT, settings)
        assert found.facts
        assert not found.reasons

    read(COUNT)
    tracemalloc.start()
    try:
        for number in range(COUNT):
            read(number)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Ten megabytes of names were read.
    assert kept < 1_000_000
