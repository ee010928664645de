"""A repository that is renamed midway is one: what comes is as without the rename.

Expected is by the specification, 1.2, 1.3 and 4, of the hours told, and design 2
("renamed repositories ... one entity").
"""

from __future__ import annotations

import pytest

from tests.unit.pipeline.renamed_repositories import (
    HOUR,
    SHOP,
    STORE,
    Repository,
    Told,
    at,
    job,
    kept_with,
    merged,
    native,
    orders,
    pull,
    spent,
)

BOTH = pytest.mark.parametrize("later", [SHOP, STORE], ids=["kept", "renamed"])
SECOND_SHA = "b" * 40
NAMED = {"repo": "acme/shop", "branch": "feat"}


def red(home: Repository) -> Told:
    """The owners' own commit broke it."""
    return job(
        home,
        at("09:00"),
        at("09:10"),
        "failure",
        head_branch="main",
        head_sha="c" * 40,
    )


@BOTH
def test_a_failure_that_passes_on_the_same_commit_was_flaky(later: Repository) -> None:
    told = [
        pull(SHOP, at("09:00")),
        job(SHOP, at("10:00"), at("10:10"), "failure"),
        job(later, at("11:00"), at("11:10"), "success"),
        merged(later, at("15:00")),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("shop", "platform", "ci_flaky"): HOUR,
            ("shop", "", "feature"): 5 * HOUR,
        }


@BOTH
def test_a_red_default_branch_explains_a_failure(later: Repository) -> None:
    """Until the job succeeds on the item: from 10:10 to 12:10."""
    told = [
        red(SHOP),
        pull(SHOP, at("09:00"), "dev-b"),
        job(later, at("10:00"), at("10:10"), "failure"),
        job(later, at("12:00"), at("12:10"), "success", head_sha=SECOND_SHA),
        merged(later, at("15:00"), "dev-b"),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("pay", "shop", "ci_shared_failure"): 2 * HOUR,
            ("pay", "", "feature"): 4 * HOUR,
        }


@BOTH
def test_a_wait_for_a_shared_failure_ends_with_the_next_success(
    later: Repository,
) -> None:
    told = [
        red(SHOP),
        pull(SHOP, at("09:00"), "dev-b"),
        job(SHOP, at("10:00"), at("10:10"), "failure"),
        job(later, at("12:00"), at("12:10"), "success", head_sha=SECOND_SHA),
        merged(later, at("15:00"), "dev-b"),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("pay", "shop", "ci_shared_failure"): 2 * HOUR,
            ("pay", "", "feature"): 4 * HOUR,
        }


@BOTH
def test_a_success_of_the_default_branch_ends_what_explains(later: Repository) -> None:
    """It was green again, so the failure is the team's own."""
    told = [
        red(SHOP),
        job(
            later,
            at("09:20"),
            at("09:30"),
            "success",
            head_branch="main",
            head_sha="d" * 40,
        ),
        pull(SHOP, at("09:00"), "dev-b"),
        job(later, at("10:00"), at("10:10"), "failure"),
        merged(later, at("15:00"), "dev-b"),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {("pay", "", "feature"): 6 * HOUR}


@BOTH
def test_who_tells_only_the_name_tells_of_the_repository(later: Repository) -> None:
    """The retry of another source names the pipeline as GitHub did by then."""
    name = later["full_name"]
    told = [
        pull(SHOP, at("09:00")),
        job(SHOP, at("10:00"), at("10:10"), "failure"),
        job(later, at("10:30"), at("10:40"), "failure"),
        native(
            "run.finished",
            at("11:10"),
            "R-2",
            outcome="success",
            repo=name,
            pipeline=f"{name}/ci/unit",
            sha="a" * 40,
        ),
        merged(later, at("15:00")),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("shop", "platform", "ci_flaky"): HOUR,
            ("shop", "", "feature"): 5 * HOUR,
        }


def test_a_red_branch_explains_no_run_that_tells_its_name_only() -> None:
    """The job is another's word, so its failure is the team's own."""
    told = [
        red(SHOP),
        pull(SHOP, at("09:00"), "dev-b"),
        native(
            "run.finished",
            at("10:10"),
            "R-1",
            outcome="failure",
            repo="acme/shop",
            pipeline="acme/shop/ci/unit",
            sha="a" * 40,
        ),
        merged(SHOP, at("15:00"), "dev-b"),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {("pay", "", "feature"): 6 * HOUR}


@BOTH
def test_a_job_finds_the_pull_request_by_its_branch(later: Repository) -> None:
    """Queued for the platform's runner from ten to eleven, on a commit of its own."""
    told = [
        pull(SHOP, at("09:00")),
        job(
            later,
            at("10:00"),
            at("11:10"),
            "success",
            head_sha=SECOND_SHA,
            started_at=at("11:00"),
            labels=["self-hosted"],
        ),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("shop", "platform", "ci_queue"): HOUR,
            ("shop", "", "feature"): 7 * HOUR,
        }


@BOTH
def test_a_job_is_of_no_pull_request_that_was_over_when_it_began(
    later: Repository,
) -> None:
    told = [
        merged(SHOP, at("09:30")),
        job(later, at("10:00"), at("11:10"), "success", head_sha=SECOND_SHA),
        pull(later, at("12:00"), number=8, created_at=at("12:00")),
    ]
    for order in orders(told):
        homes = kept_with(order)
        assert homes["github.com:job/21000"] == "github.com:job/21000"


@BOTH
def test_other_sources_find_it_by_the_name_it_had(later: Repository) -> None:
    told = [
        pull(SHOP, at("09:00")),
        native("run.queued", at("10:00"), "R-1", on_team="platform", **NAMED),
        native("run.finished", at("11:00"), "R-1", outcome="success", **NAMED),
        merged(later, at("15:00")),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("shop", "platform", "ci_queue"): HOUR,
            ("shop", "", "feature"): 5 * HOUR,
        }


def test_a_job_finds_the_change_of_another_source_by_the_name_it_has() -> None:
    told = [
        pull(STORE, at("08:30"), number=9, head={"ref": "other", "sha": "c" * 40}),
        native("change.opened", at("09:00"), "PR-7", team="shop", **NAMED),
        job(SHOP, at("10:00"), at("10:10"), "success"),
        job(STORE, at("11:00"), at("11:10"), "success"),
    ]
    for order in orders(told):
        homes = kept_with(order)
        assert homes["github.com:job/21000"] == "PR-7"
        assert homes["github.com:job/21100"] == "github.com:job/21100"


@BOTH
def test_any_body_tells_a_name_of_the_repository(later: Repository) -> None:
    """An issue does, which has no branch."""
    issue = {"number": 3, "created_at": at("08:00"), "updated_at": at("08:00")}
    told: list[Told] = [
        ("issues", {"action": "opened", "issue": issue, "repository": SHOP}),
        native("change.opened", at("09:00"), "acme/shop#7", team="shop", **NAMED),
        job(later, at("10:00"), at("10:10"), "failure", id=5, head_sha=SECOND_SHA),
    ]
    for order in orders(told):
        assert kept_with(order)["github.com:job/5"] == "github.com:11#7"
