"""Indicators 1.3, the foreign-cause rule: whose doing a failed run is at once."""

import pytest

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
from tests.unit.indicators.history import TEAMS, Case, rule_of, started

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
