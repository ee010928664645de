"""No body that GitHub's published schemas allow is refused."""

from __future__ import annotations

import json

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.domain.outcomes import Record
from tests.harness.schema_bodies import schema_bodies

RECEIPT = 1_790_000_000_000
READ = frozenset(
    {
        "check_run",
        "deployment",
        "deployment_review",
        "deployment_status",
        "issue_comment",
        "issue_dependencies",
        "issues",
        "projects_v2_item",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "pull_request_review_thread",
        "push",
        "status",
        "sub_issues",
        "workflow_job",
    }
)


def test_whatever_the_schemas_allow_is_read() -> None:
    refused: list[str] = []
    seen: set[str] = set()
    for event, name, body in schema_bodies(READ):
        seen.add(event)
        headers = (("X-GitHub-Event", event.encode()),)
        value = json.dumps(body).encode()
        record = Record("t", 0, 0, RECEIPT, None, headers, value)
        found = decode(record, NO_HINT, DecodeSettings())
        refused += (f"{name}: {one.code} {one.where}" for one in found.reasons)
        assert found.facts or found.ignored or found.reasons
    assert refused == []
    assert seen == READ
