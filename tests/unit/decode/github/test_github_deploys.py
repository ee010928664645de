"""GitHub's deployments, the jobs that make them, and who lets them go."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.github.github_records import MS, T, facts, job, user

JOB_9 = "github.com:job/9"
# A runner's clock runs early.
EARLY = "2026-03-02T09:59:59Z"


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
        told = facts("deployment_status", body | {"check_run": {"id": 9}})
        ready, of_job, *let_go = told
        assert ready.kind == "deploy.ready"
        # The gate is open: a deployment that none holds says so, too.
        assert [(fact.kind, fact.time, fact.entity) for fact in let_go] == (
            [("deploy.approval_decided", MS[2], ready.entity)]
            if state == "queued"
            else []
        )
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

    @pytest.mark.parametrize(
        "told",
        [
            {"status": "in_progress"},
            {"status": "completed", "conclusion": "success"},
            {"status": "completed", "conclusion": "failure", "runner_name": "r"},
            {"status": "completed", "conclusion": "cancelled", "steps": [{}]},
        ],
    )
    @pytest.mark.parametrize(("started_at", "hour"), [(T[1], 1), (EARLY, 0)])
    def test_a_job_that_a_runner_took_began_its_deployment(
        self, told: dict[str, Any], started_at: str, hour: int
    ) -> None:
        ended = {"completed_at": T[3]} if told["status"] == "completed" else {}
        body = job(id=9, started_at=started_at, **told, **ended)
        assert "deploy.started" not in {one.kind for one in facts("workflow_job", body)}
        body["deployment"] = {"id": 4, "created_at": T[0], "sha": "cd"}
        ready, started, *run = facts("workflow_job", body)
        assert (started.kind, started.time) == ("deploy.started", MS[hour])
        assert started.entity == ready.entity
        assert started.fields["aliases"] == ["github.com:deploy/job/9"]
        assert [fact.time for fact in run if fact.kind == "run.started"] == [MS[hour]]

    @pytest.mark.parametrize("status", ["queued", "waiting"])
    def test_a_job_that_waits_began_nothing(self, status: str) -> None:
        body = job(id=9, status=status)
        body["deployment"] = {"id": 4, "created_at": T[0], "sha": "cd"}
        assert "deploy.started" not in {one.kind for one in facts("workflow_job", body)}

    @pytest.mark.parametrize(
        ("environment", "flag", "told"),
        [
            ("prod-eu", True, True),
            (None, True, True),
            ("prod-eu", False, False),
            ("prod-eu", None, False),
            # So GitHub calls this one unasked.
            ("production", True, False),
        ],
    )
    def test_an_environment_is_called_production(
        self, environment: str | None, flag: bool | None, told: bool
    ) -> None:
        deployment = {"id": 4, "created_at": T[0], "production_environment": flag}
        deployment["environment"] = environment
        status = {"state": "success", "created_at": T[2]}
        bodies = {
            "deployment": {},
            "deployment_status": {"deployment_status": status},
            "workflow_job": job(id=9, status="in_progress"),
        }
        for event, body in bodies.items():
            found = facts(event, body | {"deployment": deployment})
            deploys = [one for one in found if one.kind.startswith("deploy.")]
            assert deploys
            for one in deploys:
                assert one.fields.get("production", False) is told
                assert one.fields.get("environment") == environment
