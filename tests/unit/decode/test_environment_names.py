"""Environments that are called like a branch, which may be like a person."""

from __future__ import annotations

import pytest

from monitor.domain.facts import Fact
from monitor.domain.opaque import environment_word
from tests.unit.decode.github.github_records import T, facts, user
from tests.unit.decode.records import cdevent, of, only_fact

PREVIEW = "review/jane.doe/CHK-1-till"
WORD = environment_word(PREVIEW)


def test_a_deploy_that_cdevents_tell_is_not_called_like_one() -> None:
    about: dict[str, object] = {"environment": {"id": PREVIEW}}
    fact = only_fact(of(cdevent("service.deployed", about)))
    assert fact.fields["environment"] == WORD
    assert fact.entity == f"https://ci.example#12/{WORD}/2026-03-02T10:00:00Z"
    assert "jane" not in repr(fact)


def test_a_gate_on_github_is_not_called_like_one() -> None:
    run = {"id": 3, "head_sha": "cd"}
    reviewers = [{"type": "User", "reviewer": user("Eve")}]
    body = {"since": T[1], "environment": PREVIEW, "workflow_run": run}
    asked = facts(
        "deployment_review", {"action": "requested", "reviewers": reviewers, **body}
    )
    decided = facts(
        "deployment_review", {"action": "approved", "approver": user("Eve"), **body}
    )
    assert "jane" not in repr(asked + decided)
    assert {fact.entity for fact in asked} == {fact.entity for fact in decided}
    assert asked[0].entity == f"github.com:deploy/run/3/{WORD}"


def _deployment() -> list[Fact]:
    deployment = {"id": 4, "created_at": T[0], "sha": "cd", "environment": PREVIEW}
    status = {"state": "success", "created_at": T[2]}
    body = {"deployment": deployment, "deployment_status": status}
    return list(facts("deployment_status", body))


def _native() -> list[Fact]:
    body = {
        "schema": "friction.event.v1",
        "id": "1",
        "source": "deployer.example",
        "kind": "deploy.finished",
        "time": "2026-03-02T10:00:00Z",
        "entity": "D-1",
        "outcome": "success",
        "environment": PREVIEW,
    }
    return list(of(body).facts)


@pytest.mark.parametrize("told", [_deployment(), _native()], ids=["github", "native"])
def test_a_deploy_keeps_the_word(told: list[Fact]) -> None:
    assert {fact.fields["environment"] for fact in told} == {WORD}
    assert "jane" not in repr(told)
