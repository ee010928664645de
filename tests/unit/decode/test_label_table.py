"""Which labels are kept, and in which words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.label_table import LabelTable
from monitor.decode.settings import DecodeSettings, TopicHint
from monitor.domain.outcomes import Record
from tests.unit.decode.jira.jira_bodies import issue, updated


@pytest.mark.parametrize(
    ("label", "kept"),
    [
        ("Tooling", ["tooling"]),
        ("type: infrastructure", ["infra"]),
        ("kind/dependency", ["dependency"]),
        ("how to", ["how-to"]),
        ("triage/accepted", ["triaged"]),
        ("uses:CI/Shared-Template", ["uses:ci/shared-template"]),
        ("CWE-79", ["finding:cwe-79"]),
        ("control: AC-2", ["finding:control: ac-2"]),
        ("CVE-2021-44228", ["id:cve-2021-44228"]),
        (f"CVE-2021-{'1' * 19}", [f"id:cve-2021-{'1' * 19}"]),
        # CVE numbers have no more digits.
        (f"CVE-2021-{'1' * 20}", []),
        ("kind \t/\n tooling", ["tooling"]),
        ("GHSA-jfh8-c2jp-5v3q", ["id:ghsa-jfh8-c2jp-5v3q"]),
        # What nobody asks for, and what may be somebody.
        ("dependencies", []),
        ("good first issue", []),
        ("owner:ada", []),
        ("area/ci", []),
        # Who is waited for, which is not what it is about.
        ("blocked-by:platform", []),
        ("Blocked by: infra", []),
        ("waiting-for/tooling", []),
        ("uses:ada@acme.example", []),
        (f"uses:{'x' * 61}", []),
        ("", []),
        (":", []),
    ],
)
def test_a_label_is_kept_in_the_words_of_the_signals(
    label: str, kept: list[str]
) -> None:
    assert LabelTable().known([label]) == kept


@pytest.mark.timeout(60)
def test_no_label_takes_for_ever() -> None:
    """As large as a record may be; looked for at every place, blanks take an hour."""
    blanks = " " * 900_000
    assert LabelTable().known([f"a{blanks}b", f"area/ci{blanks}x"]) == []


def test_components_are_kept_beside_platform_only() -> None:
    table = LabelTable()
    assert table.known(["area/ci"], ["Cache"]) == []
    assert table.known(["platform", "area/ci"], ["Cache"]) == [
        "component:cache",
        "component:ci",
        "platform",
    ]


def test_what_is_kept_is_sorted_and_said_once() -> None:
    assert LabelTable().known(["tools", "infra", "tooling"]) == ["infra", "tooling"]


def labels_of(body: dict[str, Any], provider: str) -> list[list[str] | None]:
    record = Record("t", 0, 0, None, None, (), json.dumps(body).encode())
    decoded = decode(record, TopicHint(provider), DecodeSettings())
    assert not decoded.reasons
    return [fact.fields.get("labels") for fact in decoded.facts]


@pytest.mark.parametrize("kind", ["ticket.created", "run.queued", "finding.closed"])
def test_native_events_of_any_kind_keep_them(kind: str) -> None:
    body = {
        "schema": "friction.event.v1",
        "id": "1",
        "source": "s",
        "kind": kind,
        "time": "2026-03-02T10:00:00Z",
        "entity": "X-1",
        "labels": ["how-to", "ada"],
    }
    assert labels_of(body, "native") == [["how-to"]]


def test_issues_of_github_keep_them() -> None:
    body = {
        "action": "opened",
        "repository": {"id": 1, "full_name": "acme/shop"},
        "issue": {
            "number": 1,
            "created_at": "2026-03-02T10:00:00Z",
            "labels": [{"name": "kind/tooling"}, {"name": "octocat"}],
        },
    }
    assert labels_of(body, "github") == [["tooling"]]


def test_issues_of_jira_keep_them_with_their_components() -> None:
    body = updated(issue(labels=["platform"], components=[{"name": "CI"}]))
    kept = labels_of(body, "jira")
    assert kept[0] == ["component:ci", "platform"]
    assert all(one == kept[0] for one in kept)
