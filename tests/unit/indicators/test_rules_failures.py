"""Indicators 1.3, rows `ci_shared_failure` and `ci_flaky`."""

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.failed_runs import (
    FLAKY,
    SHARED,
    failed,
    own,
    passed,
    result,
    waited,
)
from tests.unit.indicators.history import Case, done, fact, rule_of, started

SHARED_CASES = [
    Case(
        "the next success of that pipeline closes it",
        (started(), failed("Mon 10:00", "platform"), passed("Mon 12:00")),
        waited(SHARED, 7_200),
    ),
    Case(
        "another pipeline's success does not",
        (
            started(),
            failed("Mon 10:00", "platform"),
            passed("Mon 11:00", pipeline="lint"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "an error and a timeout are failures too (design 11.17)",
        (
            started(),
            result("Mon 10:00", "error", cause_teams=["platform"]),
            passed("Mon 11:00"),
            result(
                "Mon 11:00",
                "timed_out",
                "lint-1",
                pipeline="lint",
                cause_teams=["platform"],
            ),
            passed("Mon 12:00", pipeline="lint"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "cancelled, skipped and neutral results neither fail nor repair",
        (
            started(),
            result("Mon 09:30", "cancelled"),
            failed("Mon 10:00", "platform"),
            result("Mon 10:30", "skipped"),
            result("Mon 11:00", "neutral"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "after an own cause one without a cause is the same failure",
        (
            started(),
            failed("Mon 10:00", "checkout", sha="a"),
            failed("Mon 11:00", sha="b"),
            passed("Mon 12:00", sha="b"),
        ),
        own(7_200),
    ),
    Case(
        "a later failure with another cause renames it from then on",
        (
            started(),
            failed("Mon 10:00", "platform"),
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
        "a later failure with the same cause changes nothing",
        (
            started(),
            failed("Mon 10:00", "platform"),
            failed("Mon 11:00", "platform"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a later failure without a cause changes nothing",
        (
            started(),
            failed("Mon 10:00", "platform"),
            failed("Mon 11:00"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a later failure with an own cause closes it",
        (
            started(),
            failed("Mon 10:00", "platform"),
            failed("Mon 11:00", "checkout"),
            passed("Mon 12:00"),
        ),
        {**waited(SHARED, 3_600), "checkout own failure": 3_600},
    ),
    Case(
        "what was the former owner's own is another's once it is stated again",
        (
            started(team="platform"),
            failed("Mon 10:00", "platform"),
            fact("ticket.accepted", "Mon 11:00", "CHK-1", team="checkout"),
            failed("Mon 12:00", "platform"),
            passed("Mon 13:00"),
        ),
        {
            "platform feature": 7_200,
            "platform own failure": 3_600,
            "checkout request": 3_600 + 14_400,
            "checkout own failure": 3_600,
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 2_700,
        },
    ),
    Case(
        "another cause after an own one is a new wait with its own cap",
        # Own until Mon+1 10:00, 5 working days after the last activity; then
        # 288,000 until Mon+3 10:00, and idle.
        (
            started(),
            failed("Mon 10:00", "checkout"),
            failed("Mon+1 10:00", "platform"),
        ),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 287_100,
            "checkout feature": 3_600 + 144_000,
            "checkout own failure": 144_000,
            "checkout (idle)": 7_200,
        },
        until="Mon+3 12:00",
    ),
    Case(
        "an own one is no wait and has no cap: no cause changes nothing",
        # Idle after 5 working days, Mon+1 10:00, until Tue+2 10:00: 172,800.
        (
            started(),
            failed("Mon 10:00", "checkout"),
            failed("Tue+2 10:00", sha="a"),
        ),
        {
            "checkout feature": 3_600 + 144_000 + 25_200,
            "checkout own failure": 144_000 + 25_200,
            "checkout (idle)": 172_800,
        },
        until="Tue+2 17:00",
    ),
    Case(
        "several causes share it equally",
        (started(), failed("Mon 10:00", "search", "platform"), passed("Mon 11:00")),
        {
            f"{SHARED} acute": 450,
            f"{SHARED} chronic": 1_350,
            "checkout>search ci_shared_failure acute": 450,
            "checkout>search ci_shared_failure chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a cause no directory knows is unknown",
        (started(), failed("Mon 10:00", "ghosts"), passed("Mon 11:00")),
        waited("checkout>unknown ci_shared_failure", 3_600),
    ),
    Case(
        "an own cause is no wait: the failure stays in the item's class",
        (started(), failed("Mon 10:00", "checkout"), passed("Mon 12:00")),
        own(7_200),
    ),
    Case(
        "it is capped 10 working days after it opened",
        # Mon 10:00 + 288,000 s = Mon two weeks on, 10:00; without activity since
        # Mon 10:00 the item is idle from there: 7 h + 4 days = 140,400.
        (started(), failed("Mon 10:00", "platform")),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 287_100,
            "checkout feature": 3_600,
            "checkout (idle)": 140_400,
        },
        until="Fri+2 17:00",
    ),
    Case(
        "a renamed one keeps the cap of the first",
        # 144,000 each, until Mon two weeks on, 10:00.
        (started(), failed("Mon 10:00", "platform"), failed("Mon+1 10:00", "search")),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 143_100,
            "checkout>search ci_shared_failure chronic": 144_000,
            "checkout feature": 3_600,
            "checkout (idle)": 140_400,
        },
        until="Fri+2 17:00",
    ),
    Case(
        "the next failure after a cap is a new wait (design 11.16)",
        # 288,000, a day idle, then 7,200: two episodes.
        (started(), failed("Mon 10:00", "platform"), failed("Tue+2 10:00", "platform")),
        {
            f"{SHARED} acute": 1_800,
            f"{SHARED} chronic": 287_100 + 6_300,
            "checkout feature": 3_600,
            "checkout (idle)": 28_800,
        },
        until="Tue+2 12:00",
    ),
    Case(
        "done closes it for good",
        (
            started(),
            failed("Mon 10:00", "platform"),
            done("Mon 11:00"),
            fact("ticket.started", "Mon 16:00", "CHK-1"),
        ),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 2_700,
            "checkout feature": 3_600,
            "checkout rework": 3_600,
        },
    ),
    Case(
        "failure and done at one instant: none was open, so it has no length",
        (
            started(),
            failed("Mon 10:00", "platform"),
            done("Mon 10:00"),
            fact("ticket.started", "Mon 16:00", "CHK-1"),
        ),
        {"checkout feature": 3_600, "checkout rework": 3_600},
    ),
    Case(
        "failure and success at one instant: none was open, so it has no length",
        (
            started(),
            failed("Mon 10:00", "platform"),
            passed("Mon 10:00", entity="run-2"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "failure and success at one instant: the open one closes, a new one opens",
        (
            started(),
            failed("Mon 10:00", "platform"),
            passed("Mon 11:00"),
            failed("Mon 11:00", "platform", entity="run-3"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a failure before the item's flight counts from its start",
        # A parked item is re-entered by a run; this one is only started at 11:00.
        (
            fact("ticket.cancelled", "Mon 09:00", "CHK-1"),
            failed("Mon 10:00", "platform"),
            started("Mon 11:00"),
            passed("Mon 12:00"),
        ),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 2_700,
            "checkout feature": 18_000,
        },
    ),
]

FLAKY_CASES = [
    Case(
        "a success on the same sha and pipeline makes it flaky",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            passed("Mon 10:30", sha="a"),
        ),
        waited(FLAKY, 1_800),
    ),
    Case(
        "the run's own next attempt does so without a pipeline",
        (
            started(),
            failed("Mon 10:00", entity="r", sha="a", on_team="platform", pipeline=None),
            passed("Mon 10:30", entity="r", sha="a", attempt=2, pipeline=None),
        ),
        waited(FLAKY, 1_800),
    ),
    Case(
        "it is capped 4 working hours after it opened",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            passed("Mon 16:00", sha="a"),
        ),
        waited(FLAKY, 14_400),
    ),
    Case(
        "it runs from the first failure (design 11.17)",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            failed("Mon 10:30", sha="a"),
            passed("Mon 11:00", sha="a"),
        ),
        waited(FLAKY, 3_600),
    ),
    Case(
        "the claim on the pipeline names it (design 11.10)",
        (
            started(),
            failed("Mon 10:00", sha="a", pipeline="acme/shop/ci/shared"),
            passed("Mon 10:30", sha="a", pipeline="acme/shop/ci/shared"),
        ),
        waited(FLAKY, 1_800),
    ),
    Case(
        "else the repository's owner is named",
        (
            started(),
            failed("Mon 10:00", sha="a", repo="acme/base"),
            passed("Mon 10:30", sha="a", repo="acme/base"),
        ),
        waited(FLAKY, 1_800),
    ),
    Case(
        "a pipeline nobody claims is unknown's",
        (started(), failed("Mon 10:00", sha="a"), passed("Mon 10:30", sha="a")),
        waited("checkout>unknown ci_flaky", 1_800),
    ),
    Case(
        "the repository's owner as of each time is named, unclaimed ones unknown",
        (
            started(),
            failed("Mon 10:00", sha="a", repo="acme/nobody"),
            passed("Mon 10:30", sha="a"),
        ),
        waited("checkout>unknown ci_flaky", 1_800),
    ),
    Case(
        "a run whose sha is not told is never flaky (design 11.17)",
        (started(), failed("Mon 10:00", on_team="platform"), passed("Mon 10:30")),
        own(1_800),
    ),
    Case(
        "a success that does not tell its sha is no retry",
        (started(), failed("Mon 10:00", sha="a"), passed("Mon 10:30")),
        own(1_800),
    ),
    Case(
        "another pipeline's success on the sha is no retry",
        # Nothing settles it: pending until the day is over.
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            passed("Mon 10:30", sha="a", pipeline="lint"),
        ),
        {"checkout feature": 3_600, "checkout (pending)": 25_200},
    ),
    Case(
        "a run without a pipeline is its own (design 11.17)",
        (
            started(),
            failed("Mon 10:00", entity="r", sha="a", pipeline=None),
            passed("Mon 10:30", entity="s", sha="a", pipeline=None),
        ),
        {"checkout feature": 3_600, "checkout (pending)": 25_200},
    ),
]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (failed("Mon 10:00", "platform"), failed("Mon 10:00", "search", entity="s")),
        (failed("Mon 10:00", sha="a"), failed("Mon 10:00", sha="b", entity="s")),
    ],
    ids=["of two causes", "of two shas"],
)
def test_two_failures_of_one_pipeline_at_one_instant_are_one(
    first: Fact, second: Fact
) -> None:
    repaired = passed("Mon 12:00", sha="b")
    found = Case("", (started(), first, second, repaired), {}).found()
    found.pop("checkout own failure", None)
    assert sum(found.values()) == 28_800
    assert found["checkout feature"] >= 21_600


@pytest.mark.parametrize("case", SHARED_CASES, ids=rule_of)
def test_ci_shared_failure(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("case", FLAKY_CASES, ids=rule_of)
def test_ci_flaky(case: Case) -> None:
    assert case.found() == case.expected
