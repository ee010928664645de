"""Every body asserts every stage time it carries, and only those."""

from __future__ import annotations

import pytest

from tests.unit.decode.github_records import MS, T, facts, job, of, pull, stages
from tests.unit.decode.jira_bodies import SHIPPED, facts_of, issue, updated
from tests.unit.decode.records import codes

PLACEHOLDERS = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59Z",
)
NOTHING = (None, *PLACEHOLDERS)


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_stage_that_has_not_happened_says_nothing(nothing: str | None) -> None:
    queued = job(status="queued", completed_at=nothing, started_at=nothing)
    assert stages(facts("workflow_job", queued)) == [("run.queued", MS[0])]
    opened = pull("edited", closed_at=nothing, merged_at=nothing)
    assert stages(facts("pull_request", opened)) == [
        ("change.opened", MS[0]),
        ("ticket.updated", MS[3]),
    ]


@pytest.mark.parametrize("nothing", NOTHING)
def test_nor_does_a_resolution_of_jiras_that_is_none(nothing: str | None) -> None:
    shown = issue(SHIPPED, resolutiondate=nothing)
    assert [fact.kind for fact in facts_of(updated(shown))] == [
        "ticket.created",
        "ticket.updated",
    ]


@pytest.mark.parametrize("wrong", ["yesterday", "1969-12-31T23:59:59Z", T[0][:-1]])
def test_a_wrong_time_of_a_stage_is_refused_as_ever(wrong: str) -> None:
    found = of("workflow_job", job(status="queued", completed_at=wrong))
    assert codes(found) == [("bad_time", "workflow_job.completed_at")]
