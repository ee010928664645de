"""GitHub's approvals of deployments through the pipeline, and when bodies are lost.

What is expected is by the specification, 1.3, 1.6 and 4, of the times told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, permutations
from typing import Any

import pytest

from monitor.domain.timeline import UNIT, Measured, Timeline
from monitor.indicators.totals.instant import amount_between
from tests.harness.driving import Drive, directory_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_github_items import facts_of, time, user

DIRECTORY = directory_of("""
version: 1
organisation: {name: Acme}
teams:
  - {id: shop, owns: [{repo: acme/shop}], members: ['github:ada']}
  - {id: platform, kind: platform, owns: [{group: '@acme/platform'}]}
""")
# A provider's body, by what it says.
Told = dict[str, tuple[str, dict[str, Any]]]
SHA = "a" * 40
RAN = {"runner_id": 4, "runner_name": "r", "started_at": time("12:05")}


def deployment(**more: Any) -> dict[str, Any]:
    made = {"created_at": time("10:00"), "updated_at": time("10:00")}
    return {"id": 50, "sha": SHA, "environment": "production", **made, **more}


def job(status: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """The job that would deploy, made at 10:00."""
    shown = {
        "id": 600,
        "name": "deploy",
        "workflow_name": "D",
        "head_sha": SHA,
        "head_branch": "main",
        "status": status,
        "created_at": time("10:00"),
        "started_at": time("10:00"),
        "steps": [],
        "runner_id": None,
        **more,
    }
    body = {"action": status, "deployment": deployment(), "workflow_job": shown}
    return "workflow_job", body


def review(action: str, clock: str) -> tuple[str, dict[str, Any]]:
    """The gate of the job is asked of the platform, or decided by it."""
    held = {"id": 600, "environment": "production"}
    body: dict[str, Any] = {"action": action, "since": time(clock)}
    if action == "requested":
        team = {"slug": "platform", "html_url": "https://github.com/orgs/acme/teams/x"}
        asked = {"type": "Team", "reviewer": team}
        body |= {"workflow_job_run": held, "reviewers": [asked]}
    else:
        body |= {"workflow_job_runs": [held], "approver": user("pete")}
    return "deployment_review", body


def status(state: str, clock: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """GitHub tells into which state the deployment came."""
    body = {
        "deployment": deployment(**more),
        "deployment_status": {"state": state, "created_at": time(clock)},
        "check_run": {"id": 600},
    }
    return "deployment_status", body


def driven(told: Iterable[tuple[str, dict[str, Any]]]) -> list[Timeline]:
    """One batch for each body, read on Wednesday."""
    drive = Drive(DIRECTORY, instant("2026-03-04T17:00:00Z"))
    for body in told:
        drive.take(facts_of([body]))
    return drive.timelines()


def deploys(timelines: Iterable[Timeline]) -> list[str]:
    """Whose doing the ends of deploys were: nobody's of those that succeeded."""
    return [
        one.label
        for timeline in timelines
        for one in timeline.measures
        if one.name is Measured.DEPLOYS
    ]


def waited(timelines: Iterable[Timeline]) -> int:
    """Seconds of waiting for the platform's approval."""
    found = sum(
        amount_between(one, DIRECTORY, 0, instant("2026-03-04T17:00:00Z"))
        for timeline in timelines
        for one in timeline.segments
        if (one.component, one.on_team) == ("deploy_approval", "platform")
    )
    return found // UNIT // 1_000


def losses(told: Told, *known: str) -> Iterator[Told]:
    """What may be left of the bodies, with at least one of the known ones."""
    for many in range(1, len(told) + 1):
        for names in combinations(told, many):
            if not {*known}.isdisjoint(names):
                yield {name: told[name] for name in names}


REJECTED: Told = {
    "waiting": job("waiting"),
    "requested": review("requested", "10:00"),
    "rejected": review("rejected", "12:00"),
    "failure": status("failure", "12:00"),
    "completed": job("completed", conclusion="failure", completed_at=time("12:00")),
}


@pytest.mark.parametrize("state", ["failure", "error"])
@pytest.mark.parametrize("clock", ["11:59", "12:00", "12:01"])
def test_a_rejected_deployment_has_not_failed(state: str, clock: str) -> None:
    """Nothing was deployed; GitHub's clocks may differ by some seconds."""
    told = REJECTED | {"failure": status(state, clock)}
    for known in losses(told, "requested", "rejected", "completed"):
        assert deploys(driven(known.values())) == [], known.keys()
    assert waited(driven(told.values())) == 2 * 3_600 - 60 * (clock == "11:59")


def test_in_whatever_order_its_bodies_come() -> None:
    for order in permutations(REJECTED.values()):
        assert deploys(driven(order)) == []


def test_what_ran_after_its_approval_has_failed() -> None:
    """Also where the words of the gate or of the start are lost."""
    ended = {"conclusion": "failure", "completed_at": time("12:20")}
    told = {
        "requested": review("requested", "10:00"),
        "approved": review("approved", "12:00"),
        "in_progress": status("in_progress", "12:05"),
        "completed": job("completed", **RAN, **ended),
    }
    failed = {"failure": status("failure", "12:20")}
    for known in losses(told, "approved", "in_progress"):
        assert deploys(driven((known | failed).values())) == ["own"], known.keys()
    assert deploys(driven(failed.values())) == ["own"]


def ended(conclusion: str) -> tuple[str, dict[str, Any]]:
    return job("completed", **RAN, conclusion=conclusion, completed_at=time("12:20"))


APPROVED: Told = {
    "requested": review("requested", "10:00"),
    "approved": review("approved", "12:00"),
    "queued": status("queued", "12:00"),
    "in_progress": status("in_progress", "12:05"),
    "running": job("in_progress", **RAN),
    "completed": ended("success"),
    "success": status("success", "12:20"),
}


def test_any_later_stage_closes_an_approval_whose_word_was_lost() -> None:
    """When it was let go if that is told, else when it began, else when it ended."""
    for known in losses(APPROVED, "requested"):
        if "requested" not in known or len(known) < 2:
            continue
        if "approved" in known or "queued" in known:
            minutes = 120
        elif known.keys() <= {"requested", "success"}:
            minutes = 140
        else:
            minutes = 125
        assert waited(driven(known.values())) == minutes * 60, known.keys()


def test_its_bodies_close_an_approval_in_whatever_order_they_come() -> None:
    names = ("requested", "queued", "running", "completed")
    for order in permutations(names):
        told = [APPROVED[name] for name in order]
        assert waited(driven(told)) == 120 * 60


@pytest.mark.parametrize("state", ["queued", "pending", "waiting"])
@pytest.mark.parametrize("clock", ["09:59", "10:00"])
def test_what_is_said_before_the_gate_opens_none(state: str, clock: str) -> None:
    told = [status(state, clock), APPROVED["requested"], APPROVED["running"]]
    assert waited(driven(told)) == 125 * 60


def test_a_deployment_that_waits_its_turn_may_still_wait_for_its_gate() -> None:
    told = [APPROVED["requested"], status("pending", "11:00"), APPROVED["running"]]
    assert waited(driven(told)) == 125 * 60


def test_another_attempt_waits_for_an_approval_of_its_own() -> None:
    """A re-run has a job of its own, and what the first one did lets no other go."""
    event, again = review("requested", "14:00")
    again = {**again, "workflow_job_run": {"id": 601, "environment": "production"}}
    told = [*APPROVED.values(), (event, again)]
    # Two hours; then from Monday 14:00 to Wednesday 17:00 three, eight and eight.
    assert waited(driven(told)) == (2 + 3 + 8 + 8) * 3_600
