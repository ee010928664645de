"""GitHub's deployments, the jobs that make them, and who lets them go."""

from __future__ import annotations

import pytest

from tests.unit.decode.github_records import MS, T, facts, job, user

JOB_9 = "github.com:job/9"


class TestDeploys:
    def test_review_and_status_meet_by_the_job(self) -> None:
        run = {"id": 3, "head_sha": "cd"}
        asked = facts(
            "deployment_review",
            {
                "action": "requested",
                "since": T[1],
                "environment": "production",
                "workflow_run": run,
                "workflow_job_run": {"id": 9},
                "reviewers": [
                    {"type": "Team", "reviewer": {"slug": "ops"}},
                    {"type": "User", "reviewer": user("Eve")},
                ],
            },
        )
        *asked, held = asked
        assert [fact.fields.get("group") for fact in asked] == ["@acme/ops", None]
        assert asked[1].people == {"asked": "github:eve"}
        assert (held.kind, held.time, held.entity) == ("run.held", MS[1], JOB_9)
        status = facts(
            "deployment_status",
            {
                "action": "created",
                "deployment": {"id": 4, "created_at": T[0], "sha": "cd"},
                "deployment_status": {"state": "in_progress", "created_at": T[2]},
                "check_run": {"id": 9},
            },
        )
        assert [fact.kind for fact in status] == ["deploy.ready", "deploy.started"]
        assert asked[0].entity in status[0].fields["aliases"]

    @pytest.mark.parametrize(
        ("state", "kind"), [("waiting", "run.held"), ("queued", "run.queued")]
    )
    def test_a_waiting_deployment_holds_its_job(self, state: str, kind: str) -> None:
        body = {
            "deployment": {"id": 4, "created_at": T[0], "sha": "cd"},
            "deployment_status": {"state": state, "created_at": T[2]},
        }
        ready, of_job = facts("deployment_status", body | {"check_run": {"id": 9}})
        assert ready.kind == "deploy.ready"
        assert (of_job.kind, of_job.time, of_job.entity) == (kind, MS[2], JOB_9)
        of_no_job = facts("deployment_status", body)
        assert [fact.kind for fact in of_no_job] == ["deploy.ready"]

    @pytest.mark.parametrize(
        ("state", "version"), [("success", "cd"), ("failure", None), ("error", None)]
    )
    def test_a_success_tells_its_commit(self, state: str, version: str | None) -> None:
        body = {
            "deployment": {"id": 4, "created_at": T[0], "sha": "cd"},
            "deployment_status": {"state": state, "created_at": T[2]},
        }
        ready, finished = facts("deployment_status", body)
        assert finished.fields.get("version") == version
        assert "version" not in ready.fields

    def test_an_approval_decides(self) -> None:
        decided, queued = facts(
            "deployment_review",
            {
                "action": "approved",
                "since": T[2],
                "workflow_run": {"id": 3},
                "workflow_job_runs": [{"id": 9, "environment": "production"}],
                "approver": user("eve"),
            },
        )
        assert decided.fields["decision"] == "approved"
        assert decided.people == {"actor": "github:eve"}
        assert (queued.kind, queued.time, queued.entity) == ("run.queued", MS[2], JOB_9)

    def test_a_rejection_lets_no_job_go(self) -> None:
        job_run = {"id": 9, "environment": "production"}
        body = {"action": "rejected", "since": T[2], "workflow_job_runs": [job_run]}
        (decided,) = facts("deployment_review", body)
        assert decided.fields["decision"] == "rejected"

    @pytest.mark.parametrize("conclusion", ["cancelled", "failure", "skipped"])
    def test_a_job_that_never_ran_deploys_nothing(self, conclusion: str) -> None:
        ended = {"status": "completed", "conclusion": conclusion, "completed_at": T[3]}
        body = job(**ended, id=9, runner_id=None, steps=[])
        without = facts("workflow_job", body)
        assert {fact.kind for fact in without} <= {"run.queued", "run.finished"}
        deployment = {"id": 4, "created_at": T[0], "sha": "cd"}
        ready, decided, finished, *run = facts(
            "workflow_job", body | {"deployment": deployment}
        )
        assert [fact.time for fact in run] == [fact.time for fact in without]
        # Nothing was deployed, so nothing failed.
        outcome = "skipped" if conclusion == "skipped" else "cancelled"
        assert [fact.fields.get("outcome") for fact in run][-1] == outcome
        assert without[-1].fields["outcome"] == conclusion
        assert (decided.kind, decided.time) == ("deploy.approval_decided", MS[3])
        assert decided.fields["decision"] == "cancelled"
        assert (finished.kind, finished.time) == ("deploy.finished", MS[3])
        assert finished.fields["outcome"] == "cancelled"
        assert ready.entity == finished.entity
        assert decided.entity in ready.fields["aliases"]

    def test_a_job_that_ran_says_nothing_of_how_the_deploy_ended(self) -> None:
        body = job(status="completed", conclusion="failure", completed_at=T[3])
        body["deployment"] = {"id": 4, "created_at": T[0], "sha": "cd"}
        assert [fact.kind for fact in facts("workflow_job", body)] == [
            "deploy.ready",
            "run.queued",
            "run.started",
            "run.finished",
        ]
