"""GitHub bodies that lack something, or are told by their shape alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.github.github_records import REPOSITORY, T, job, of, pull, user
from tests.unit.decode.records import codes


def test_every_missing_part_is_told_at_once() -> None:
    found = of("status", {})
    assert [r.where for r in found.reasons] == ["sha", "context", "state"]


@pytest.mark.parametrize("shown", [pull("opened"), {"action": "opened"}])
def test_a_body_of_a_tool_that_copies_github_is_not_read(shown: Any) -> None:
    found = of("pull_request", {**shown, "sender": {"login": "a", "username": "a"}})
    assert codes(found) == [("unsupported", "sender.username")]


@pytest.mark.parametrize("event", ["delete", "release", "workflow_run", "unheard_of"])
def test_nor_is_it_ignored_as_one_of_githubs(event: str) -> None:
    shown = {"ref": "topic", "sender": {"login": "a", "username": "a"}}
    assert codes(of(event, shown)) == [("unsupported", "sender.username")]
    others = {"sender": user("a"), "author": {"username": "a"}}
    assert of(event, others).ignored.startswith("GitHub's ")


def test_a_wrong_time_is_told_with_its_place() -> None:
    found = of("pull_request", pull("opened", created_at="yesterday"))
    assert [(r.code, r.where) for r in found.reasons] == [
        ("bad_time", "pull_request.created_at")
    ]


def test_a_body_without_repository_cannot_be_placed() -> None:
    found = of("workflow_job", {**job(status="queued"), "repository": None})
    assert [reason.where for reason in found.reasons] == ["repository"]


@pytest.mark.parametrize(
    ("event", "own"),
    [
        ("fork", {"forkee": {"id": 78}}),
        ("gollum", {"pages": []}),
        ("page_build", {"id": 5, "build": {"status": "built"}}),
        ("public", {}),
        ("repository_import", {"status": "success"}),
        ("security_and_analysis", {"changes": {"from": {}}}),
    ],
)
def test_what_names_no_action_is_known_by_having_nothing_else(
    event: str, own: dict[str, Any]
) -> None:
    body = {**own, "sender": user("ada"), "organization": user("acme")}
    by_name, alone = of(event, body), of("", body)
    assert (by_name.raw_kind, bool(by_name.ignored)) == (event, True)
    assert alone == by_name
    assert of("", {**body, "token": "x"}).reasons


@pytest.mark.parametrize("own", [{"master_branch": "main"}, {"description": None}])
def test_a_branch_is_told_to_be_created_by_what_only_that_tells(
    own: dict[str, Any],
) -> None:
    named = {"ref": "x", "ref_type": "branch", "pusher_type": "user"}
    assert of("", {**named, "sender": user("ada")}).raw_kind == "delete"
    assert of("", {**named, **own, "sender": user("ada")}).raw_kind == "create"


@pytest.mark.parametrize("own", [{"deployment_callback_url": "x"}, {"event": "push"}])
def test_a_gate_that_asks_a_program_is_no_deployment(own: dict[str, Any]) -> None:
    deployment = {"id": 4, "created_at": T[0], "sha": "cd"}
    body = {"action": "requested", "environment": "x", "deployment": deployment}
    body |= {"sender": user("ada"), "repository": REPOSITORY, **own}
    alone = of("", body)
    assert alone.raw_kind == "deployment_protection_rule"
    assert alone == of("deployment_protection_rule", body)
    assert alone.ignored


def test_an_event_nobody_knows_is_ignored_under_one_name() -> None:
    found = of("sponsorship_of_the_moon", {"action": "x"})
    assert (found.raw_kind, bool(found.ignored)) == ("other", True)
