"""Indicators 1.3, the foreign-cause rule: whose doing a failed run is at once."""

from collections.abc import Mapping
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.items import RedSince
from monitor.indicators.timelines.profile import Telling
from tests.harness.driving import directory_of
from tests.unit.indicators.failed_runs import (
    FLAKY,
    SHARED,
    failed,
    own,
    passed,
    result,
    waited,
)
from tests.unit.indicators.history import (
    DIRECTORY,
    TEAMS,
    Case,
    fact,
    item_of,
    rule_of,
    started,
)

SHARED_PIPELINE = "acme/shop/ci/shared"
# Data had the base repository until Monday noon; since then it is platform's.
MOVED = directory_of(
    TEAMS.replace(
        "- {repo: acme/base}", '- {repo: acme/base, from: "2026-03-02T12:00:00Z"}'
    ).replace(
        'owns: [{group: "@acme/data"}',
        'owns: [{repo: acme/base, to: "2026-03-02T12:00:00Z"}, {group: "@acme/data"}',
    )
)

ERROR_CASES = [
    Case(
        "an error is the pipeline owner's at once: nothing is pending",
        (
            started(),
            result("Mon 10:00", "error", sha="a", on_team="platform"),
            passed("Mon 12:00", sha="b"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "while nothing else happens the owner is waited for, not pending",
        (started(), result("Mon 10:00", "error", sha="a", on_team="platform")),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 2_700,
            "checkout feature": 3_600,
        },
        until="Mon 11:00",
    ),
    Case(
        "a success on the same sha ends it, and does not make it flaky",
        (
            started(),
            result("Mon 10:00", "error", sha="a", on_team="platform"),
            passed("Mon 16:00", sha="a"),
        ),
        # Flaky it would be capped after four hours.
        waited(SHARED, 21_600),
    ),
    Case(
        "neither a push nor another sha ends it",
        (
            started(),
            result("Mon 10:00", "error", sha="a", on_team="platform"),
            failed("Mon 11:00", sha="b"),
            passed("Mon 12:00", sha="b"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a stated cause comes first",
        (
            started(),
            result("Mon 10:00", "error", cause_teams=["search"], on_team="platform"),
            passed("Mon 12:00"),
        ),
        waited("checkout>search ci_shared_failure", 7_200),
    ),
    Case(
        "a cause stated later names it from then on: until then it was the owner's",
        (
            started(),
            result("Mon 10:00", "error", on_team="platform"),
            failed("Mon 11:00", "search"),
            passed("Mon 12:00"),
        ),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 2_700,
            "checkout>search ci_shared_failure chronic": 3_600,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "an own cause stated later closes it",
        (
            started(),
            result("Mon 10:00", "error", on_team="platform"),
            failed("Mon 11:00", "checkout"),
            passed("Mon 12:00"),
        ),
        {**waited(SHARED, 3_600), "checkout own failure": 3_600},
    ),
    Case(
        "the claim on the pipeline names it",
        (
            started(),
            result("Mon 10:00", "error", pipeline=SHARED_PIPELINE, repo="acme/shop"),
            passed("Mon 12:00", pipeline=SHARED_PIPELINE),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "else the repository's owner",
        (
            started(),
            result("Mon 10:00", "error", repo="acme/find"),
            passed("Mon 12:00"),
        ),
        waited("checkout>search ci_shared_failure", 7_200),
    ),
    Case(
        "of the repository whoever had it when it failed",
        (
            started(),
            result("Mon 11:00", "error", repo="acme/base"),
            passed("Mon 13:00"),
        ),
        waited("checkout>data ci_shared_failure", 7_200),
        directory=MOVED,
    ),
    Case(
        "and whoever has it since, of one that failed since",
        (
            started(),
            result("Mon 13:00", "error", repo="acme/base"),
            passed("Mon 15:00"),
        ),
        waited(SHARED, 7_200),
        directory=MOVED,
    ),
    Case(
        "a pipeline nobody claims is unknown's",
        (started(), result("Mon 10:00", "error"), passed("Mon 12:00")),
        waited("checkout>unknown ci_shared_failure", 7_200),
    ),
    Case(
        "a vendor's pipeline is external's",
        (
            started(),
            result("Mon 10:00", "error", on_team="external"),
            passed("Mon 12:00"),
        ),
        waited("checkout>external ci_shared_failure", 7_200),
    ),
    Case(
        "on one's own pipeline it is own from the first on: never pending",
        (
            started(),
            result("Mon 10:00", "error", sha="a", repo="acme/shop"),
            passed("Mon 12:00", sha="a"),
        ),
        own(7_200),
    ),
    Case(
        "it is capped 10 working days after it opened",
        (started(), result("Mon 10:00", "error", on_team="platform")),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 287_100,
            "checkout feature": 3_600,
            "checkout (idle)": 140_400,
        },
        until="Fri+2 17:00",
    ),
    Case(
        "an error changes nothing while a failure is pending",
        # The same sha passes in the end, so the failure was flaky from the first on.
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="search"),
            result("Mon 11:00", "error", sha="a", on_team="platform"),
            passed("Mon 12:00", sha="a"),
        ),
        waited("checkout>search ci_flaky", 7_200),
    ),
    Case(
        "on another sha than the pending failure it is the next failure",
        (
            started(),
            failed("Mon 10:00", sha="a"),
            result("Mon 11:00", "error", sha="b", on_team="platform"),
            passed("Mon 12:00", sha="b"),
        ),
        {**waited(SHARED, 3_600), "checkout own failure": 3_600},
    ),
    Case(
        "a failure after an error without a cause changes nothing",
        (
            started(),
            result("Mon 10:00", "error", sha="a", on_team="platform"),
            failed("Mon 11:00", sha="a", on_team="search"),
            passed("Mon 12:00", sha="a"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a timeout is a failure like any other (design 11.17)",
        (
            started(),
            result("Mon 10:00", "timed_out", sha="a", on_team="platform"),
            passed("Mon 11:00", sha="a"),
        ),
        waited(FLAKY, 3_600),
    ),
]


@pytest.mark.parametrize("case", ERROR_CASES, ids=rule_of)
def test_an_error(case: Case) -> None:
    assert case.found() == case.expected


UNIT = ("acme/shop", "acme/shop/ci/unit")
JOB = dict(zip(("repo", "pipeline"), UNIT, strict=True))


def on_main(when: str, outcome: str = "failure", **said: Any) -> Fact:
    """A run of the job on the default branch."""
    return result(when, outcome, "main", default_branch=True, **JOB, **said)


def red_case(
    rule: str,
    *facts: Fact,
    expected: Mapping[str, float],
    red: tuple[Fact, ...],
    key: str = "SRCH-1",
    until: str = "Mon 17:00",
) -> Case:
    """Main was red by a run of another item when the runs of this one failed."""
    (since,) = [fact.time for fact in red if fact.entity == "main"]
    told = Telling(item_of(red, key), DIRECTORY).profile("main")
    failures = [fact for fact in facts if fact.fields.get("repo") == UNIT[0]]
    reds = {(run.entity, run.time, UNIT): RedSince(since, "main") for run in failures}
    blockers = {"main": told}
    whole = (started(), *facts)
    return Case(rule, whole, expected, until, blockers=blockers, reds=reds)


OF_A_FORK = (
    fact("change.opened", "Mon 09:00", "PR-9", sha="f", fork=True),
    fact("change.merged", "Mon 09:20", "PR-9", sha="m"),
)
SEARCH = started("Mon 08:00", "SRCH-1", "search")
PENDING = {"checkout feature": 3_600, "checkout (pending)": 3_600}

RED_CASES = [
    red_case(
        "by another owner's commit it is waited for, until the item's own success",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30")),
        expected=waited("checkout>search ci_shared_failure", 7_200),
    ),
    red_case(
        "at once, nothing is pending",
        failed("Mon 10:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30")),
        expected={
            "checkout>search ci_shared_failure acute": 900,
            "checkout>search ci_shared_failure chronic": 2_700,
            "checkout feature": 3_600,
        },
        until="Mon 11:00",
    ),
    red_case(
        "another job is not red",
        failed("Mon 10:00", sha="a", repo="acme/shop", pipeline="acme/shop/ci/lint"),
        red=(SEARCH, on_main("Mon 09:30")),
        expected=PENDING,
        until="Mon 11:00",
    ),
    red_case(
        "a run that does not tell its repository is of no job",
        failed("Mon 10:00", sha="a", pipeline=UNIT[1]),
        red=(SEARCH, on_main("Mon 09:30")),
        expected=PENDING,
        until="Mon 11:00",
    ),
    red_case(
        "by one's own team's commit the own rule goes on",
        failed("Mon 10:00", sha="a", **JOB),
        red=(started("Mon 08:00", "CHK-2"), on_main("Mon 09:30")),
        key="CHK-2",
        expected=PENDING,
        until="Mon 11:00",
    ),
    red_case(
        "by nobody known it goes on, too",
        failed("Mon 10:00", sha="a", **JOB),
        red=(started("Mon 08:00", "X-1", "ghosts"), on_main("Mon 09:30")),
        key="X-1",
        expected=PENDING,
        until="Mon 11:00",
    ),
    red_case(
        "a cause the red run states comes before its commit's owner",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30", cause_teams=["platform"])),
        expected=waited(SHARED, 7_200),
    ),
    red_case(
        "a red run that broke is the pipeline owner's, not its commit's",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30", "error", on_team="platform")),
        expected=waited(SHARED, 7_200),
    ),
    red_case(
        "several causes of the red share it",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 11:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30", cause_teams=["search", "platform"])),
        expected={
            f"{SHARED} acute": 450,
            f"{SHARED} chronic": 1_350,
            "checkout>search ci_shared_failure acute": 450,
            "checkout>search ci_shared_failure chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
    red_case(
        "a cause stated for the failure itself comes first",
        failed("Mon 10:00", "platform", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30")),
        expected=waited(SHARED, 7_200),
    ),
    red_case(
        "an own cause stated for the failure itself, too",
        failed("Mon 10:00", "checkout", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30")),
        expected=own(7_200),
    ),
    red_case(
        "an error on a red branch is by who turned it red, not the pipeline's owner",
        result("Mon 10:00", "error", sha="a", on_team="platform", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30")),
        expected=waited("checkout>search ci_shared_failure", 7_200),
    ),
    red_case(
        "an error on a branch red by one's own commit is the pipeline owner's",
        result("Mon 10:00", "error", sha="a", on_team="platform", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(started("Mon 08:00", "CHK-2"), on_main("Mon 09:30")),
        key="CHK-2",
        expected=waited(SHARED, 7_200),
    ),
    red_case(
        "the commit is whose it was when main turned red",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(
            SEARCH,
            on_main("Mon 09:30"),
            fact("ticket.accepted", "Mon 09:45", "SRCH-1", team="platform"),
        ),
        expected=waited("checkout>search ci_shared_failure", 7_200),
    ),
    red_case(
        "of a run without an item it is the team's that the run names",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(on_main("Mon 09:30", team="search"),),
        key="main",
        expected=waited("checkout>search ci_shared_failure", 7_200),
    ),
    red_case(
        "else the repository's owner's: here one's own",
        failed("Mon 10:00", sha="a", **JOB),
        red=(on_main("Mon 09:30"),),
        key="main",
        expected=PENDING,
        until="Mon 11:00",
    ),
    red_case(
        "a failure while another is pending changes nothing, though main is red now",
        failed("Mon 10:00", sha="a", pipeline=UNIT[1]),
        failed("Mon 11:00", sha="a", **JOB),
        passed("Mon 12:00", sha="b", **JOB),
        red=(SEARCH, on_main("Mon 10:30")),
        expected=own(7_200),
    ),
    red_case(
        "a run of a change still open is on no default branch: it may be a fork's",
        failed("Mon 10:00", sha="a", **JOB),
        red=(
            SEARCH,
            fact("change.opened", "Mon 09:00", "PR-9"),
            on_main("Mon 09:30", change="PR-9"),
            fact("change.merged", "Mon 10:30", "PR-9"),
        ),
        expected=PENDING,
        until="Mon 11:00",
    ),
    red_case(
        "of one that was merged it is",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(
            SEARCH,
            fact("change.opened", "Mon 09:00", "PR-9"),
            on_main("Mon 09:30", change="PR-9"),
            fact("change.merged", "Mon 09:30", "PR-9"),
        ),
        expected=waited("checkout>search ci_shared_failure", 7_200),
    ),
    red_case(
        "a fork's commit is on no default branch, merged or not",
        failed("Mon 10:00", sha="a", **JOB),
        red=(SEARCH, *OF_A_FORK, on_main("Mon 09:30", change="PR-9", sha="f")),
        expected=PENDING,
        until="Mon 11:00",
    ),
    red_case(
        "what a fork's change was merged as is",
        failed("Mon 10:00", sha="a", **JOB),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, *OF_A_FORK, on_main("Mon 09:30", change="PR-9", sha="m")),
        expected=waited("checkout>search ci_shared_failure", 7_200),
    ),
    red_case(
        "an owner that changes in mid-interval splits it: of the new one it is no wait",
        failed("Mon 10:00", sha="a", **JOB),
        fact("ticket.accepted", "Mon 11:00", "CHK-1", team="search"),
        passed("Mon 12:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 09:30")),
        expected={
            "checkout>search ci_shared_failure acute": 900,
            "checkout>search ci_shared_failure chronic": 2_700,
            "checkout feature": 3_600,
            "search request": 21_600,
        },
    ),
    red_case(
        "for ten working days",
        # Red since Mon 10:00, so until Mon two weeks on, 10:00.
        fact("ticket.commented", "Fri+1 16:00", "CHK-1"),
        failed("Mon+2 09:59", sha="a", **JOB),
        passed("Mon+2 11:00", sha="a", **JOB),
        red=(SEARCH, on_main("Mon 10:00")),
        expected={
            # Idle from Mon+1 09:00, five days after the start, until the comment.
            "checkout feature": 144_000 + 3_600 + 3_540,
            "checkout (idle)": 4 * 28_800 + 25_200,
            "checkout>search ci_shared_failure acute": 900,
            "checkout>search ci_shared_failure chronic": 2_760,
        },
        until="Mon+2 11:00",
    ),
    red_case(
        "after ten working days it explains nothing any more",
        fact("ticket.commented", "Fri+1 16:00", "CHK-1"),
        failed("Mon+2 10:00", sha="a", **JOB),
        passed("Mon+2 11:00", sha="b", **JOB),
        red=(SEARCH, on_main("Mon 10:00")),
        expected={
            "checkout feature": 144_000 + 3_600 + 7_200,
            "checkout (idle)": 4 * 28_800 + 25_200,
            "checkout own failure": 3_600,
        },
        until="Mon+2 11:00",
    ),
]


@pytest.mark.parametrize("case", RED_CASES, ids=rule_of)
def test_a_default_branch_that_was_red(case: Case) -> None:
    assert case.found() == case.expected
