"""A repository that is renamed while CDviz tells of it is one, as in GitHub's bodies.

Expected is by formats 4 ("repos by full path and numeric id (renames)").
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decode.records import cdevent
from tests.unit.pipeline.renamed_repositories import (
    HOUR,
    NEW_SHOP,
    SHOP,
    STORE,
    Repository,
    Told,
    at,
    kept_with,
    merged,
    native,
    orders,
    spent,
)

BOTH = pytest.mark.parametrize("later", [SHOP, STORE], ids=["kept", "renamed"])
BY_ID = "github.com:11#7"
DEV_A, DEV_B = ({"login": one, "type": "User"} for one in ("dev-a", "dev-b"))


def told(kind: str, home: Repository, time: str, **github: Any) -> Told:
    """What CDviz makes of a body of GitHub's when the repository is called so."""
    api = f"https://api.github.com/repos/{home['full_name']}"
    is_change = kind.startswith("change.")
    event: dict[str, Any] = cdevent(
        kind, customData={"github": {"repository": home, **github}}
    )
    event["context"]["timestamp"] = time
    event["subject"] = {
        "id": f"{api}/pulls/7" if is_change else f"{api}/issues/7",
        "content": {"repository": {"id": api}} if is_change else {},
    }
    return None, event


def change(
    predicate: str,
    home: Repository,
    clock: str,
    action: str = "",
    author: Repository = DEV_A,
    **github: Any,
) -> Told:
    pull = {"number": 7, "user": author, "head": {"sha": "a" * 40}}
    told_of = {"action": action, "pull_request": pull, **github}
    return told(f"change.{predicate}", home, at(clock), **told_of)


def asked(action: str, home: Repository, clock: str) -> Told:
    return change("updated", home, clock, action, requested_reviewer=DEV_B)


def ended(home: Repository, clock: str, sha: str, branch: str, outcome: str) -> Told:
    """A run that tells neither a number nor a pull request, only its commit."""
    run = {"head_sha": sha, "head_branch": branch, "conclusion": outcome}
    _, event = told("pipelinerun.finished", home, at(clock), workflow_run=run)
    name = home["full_name"].title()
    page = f"https://api.github.com/repos/{name}/actions/runs/{clock[:2]}/attempts/1"
    event["subject"] = {"id": page, "content": {"pipelineName": f"{name}/CI"}}
    return None, event


@BOTH
def test_a_change_is_one_under_both_names(later: Repository) -> None:
    """Open from nine to twelve; a member of pay is asked from ten to eleven."""
    bodies = [
        change("created", SHOP, "09:00"),
        asked("review_requested", SHOP, "10:00"),
        asked("review_request_removed", later, "11:00"),
        change("merged", later, "12:00"),
    ]
    for order in orders(bodies):
        assert spent(order) == {
            BY_ID: {
                ("shop", "pay", "review_wait"): HOUR,
                ("shop", "", "feature"): 2 * HOUR,
            }
        }


@BOTH
def test_an_issue_is_one_under_both_names(later: Repository) -> None:
    """Begun at nine, by its first name; closed at twelve under the second."""
    bodies = [
        told("ticket.created", SHOP, at("08:00"), issue={"number": 7}),
        native("ticket.started", at("09:00"), "acme/shop#7"),
        told("ticket.closed", later, at("12:00"), issue={"number": 7}),
    ]
    for order in orders(bodies):
        assert spent(order) == {BY_ID: {("shop", "", "feature"): 3 * HOUR}}


def test_a_change_is_kept_as_in_githubs_own_bodies_whatever_is_read_first() -> None:
    """What names it by either name, and GitHub's own body, mean the same."""
    bodies = [
        change("created", SHOP, "09:00"),
        change("updated", STORE, "10:00", "synchronize"),
        native("change.pushed", at("10:30"), "acme/store#7"),
        merged(STORE, at("12:00")),
    ]
    for order in orders(bodies):
        assert set(kept_with(order).values()) == {BY_ID}


@BOTH
def test_a_red_default_branch_explains_a_failure_under_both_names(
    later: Repository,
) -> None:
    """Of pay's change, until its next success: from 10:10 to 12:10."""
    bodies = [
        ended(SHOP, "09:00", "c" * 40, "main", "failure"),
        change("created", SHOP, "09:00", author=DEV_B),
        ended(later, "10:10", "a" * 40, "feat", "failure"),
        ended(later, "12:10", "a" * 40, "feat", "success"),
        change("merged", later, "15:00", author=DEV_B),
    ]
    for order in orders(bodies):
        assert spent(order) == {
            BY_ID: {
                ("pay", "shop", "ci_shared_failure"): 2 * HOUR,
                ("pay", "", "feature"): 4 * HOUR,
            }
        }


def test_another_repository_of_the_first_name_has_changes_of_its_own() -> None:
    """The renamed one's is merged at twelve, and the other's opened at one."""
    bodies = [
        change("created", SHOP, "09:00"),
        change("merged", STORE, "12:00"),
        change("created", NEW_SHOP, "13:00"),
        change("merged", NEW_SHOP, "15:00"),
    ]
    for order in orders(bodies):
        assert spent(order) == {
            BY_ID: {("shop", "", "feature"): 3 * HOUR},
            "github.com:44#7": {("shop", "", "feature"): 2 * HOUR},
        }


def of_collector(repo: str, number: str) -> Told:
    """A change by its bare number, told by a collector whose address has a port."""
    event: dict[str, Any] = cdevent("change.created")
    event["context"]["source"] = "http://ci.example:8080"
    home = {"repository": {"id": f"https://github.com/{repo}"}}
    event["subject"] = {"id": number, "content": home}
    return None, event


def test_a_port_is_no_id_of_a_repository() -> None:
    """What a collector tells of two repositories is not of one that had both names."""
    bodies = [
        of_collector("acme/shop", "12"),
        of_collector("acme/pay", "13"),
        native("change.pushed", at("11:00"), "acme/pay#12"),
    ]
    for order in orders(bodies):
        assert set(kept_with(order)) == {"acme/shop#12", "acme/pay#13", "acme/pay#12"}
