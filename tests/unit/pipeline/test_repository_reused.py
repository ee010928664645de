"""A name that is used again is another repository's: nothing of one goes to the other.

``NEW_SHOP`` has the first name of ``SHOP``, which is called ``STORE`` by then, or is
gone. Expected is by the specification, 1.2 and 1.3, of the hours told.
"""

from __future__ import annotations

from monitor.pipeline.relating.branches import FEW
from tests.unit.pipeline.renamed_repositories import (
    HOUR,
    NEW_SHOP,
    SHOP,
    STORE,
    Told,
    at,
    job,
    kept_with,
    merged,
    native,
    orders,
    pull,
    push,
    spent,
)

THIRD_SHA = "c" * 40


def queued(home: dict[str, object]) -> Told:
    """For the platform's runner from ten to twelve."""
    return job(
        home,
        at("10:00"),
        at("12:10"),
        "success",
        head_sha=THIRD_SHA,
        started_at=at("12:00"),
        labels=["self-hosted"],
    )


def test_a_job_on_a_branch_of_the_same_name_is_not_of_the_other_one() -> None:
    told = [
        pull(SHOP, at("09:00")),
        queued(NEW_SHOP),
        merged(STORE, at("16:00")),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {("shop", "", "feature"): 7 * HOUR}


def test_a_job_is_of_the_pull_request_of_its_own_repository() -> None:
    """The other one was deleted, its pull request never closed, of a lower number."""
    told = [
        pull(SHOP, at("09:00")),
        pull(NEW_SHOP, at("09:00"), number=9),
        queued(NEW_SHOP),
        merged(NEW_SHOP, at("16:00"), number=9),
    ]
    for order in orders(told):
        found = spent(order)
        assert found["github.com:11#7"] == {("shop", "", "feature"): 8 * HOUR}
        assert found["github.com:44#9"] == {
            ("shop", "platform", "ci_queue"): 2 * HOUR,
            ("shop", "", "feature"): 5 * HOUR,
        }


def test_a_push_settles_no_failure_of_the_other_one() -> None:
    told = [
        pull(SHOP, at("09:00")),
        job(STORE, at("10:00"), at("10:05"), "failure"),
        push(NEW_SHOP, at("11:00"), THIRD_SHA),
        job(STORE, at("14:00"), at("14:05"), "success"),
        merged(STORE, at("16:00")),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {
            ("shop", "platform", "ci_flaky"): 4 * HOUR,
            ("shop", "", "feature"): 3 * HOUR,
        }


def test_a_red_default_branch_explains_no_failure_of_the_other_one() -> None:
    told = [
        job(
            NEW_SHOP,
            at("09:00"),
            at("09:10"),
            "failure",
            head_branch="main",
            head_sha=THIRD_SHA,
        ),
        pull(SHOP, at("09:00"), "dev-b"),
        job(SHOP, at("10:00"), at("10:10"), "failure"),
        merged(SHOP, at("15:00"), "dev-b"),
    ]
    for order in orders(told):
        assert spent(order)["github.com:11#7"] == {("pay", "", "feature"): 6 * HOUR}


def test_who_tells_only_the_name_may_mean_either() -> None:
    """Of two that are open the one with the lower number (design 2)."""
    told = [
        pull(SHOP, at("09:00")),
        pull(NEW_SHOP, at("09:00"), number=9),
        native(
            "run.queued",
            at("10:00"),
            "R-1",
            on_team="platform",
            repo="acme/shop",
            branch="feat",
        ),
    ]
    for order in orders(told):
        assert kept_with(order)["R-1"] == "github.com:11#7"


def test_pushes_of_before_an_opening_pass_what_another_had_open() -> None:
    """There are more than lie with the branch: these are looked for by day."""
    early = [
        push(SHOP, at(f"{9 + index // 60:02}:{index % 60:02}"), f"{index + 1:040x}")
        for index in range(FEW + 8)
    ]
    other = pull(
        NEW_SHOP,
        at("09:00", 4),
        number=9,
        created_at=at("09:00", 3),
        merged_at=at("09:00", 4),
    )
    opened = pull(SHOP, at("09:00", 5), created_at=at("09:00", 5))
    for order in (
        [other, *early, opened],
        [*early, other, opened],
        [opened, *early, other],
        [*early, opened, other],
    ):
        kept = kept_with(order, at("17:00", 6))
        pushes = [entity for entity in kept if "@" in entity]
        assert {kept[entity] for entity in pushes} == {"github.com:11#7"}
        assert len(pushes) == len(early)
