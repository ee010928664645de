"""Indicators 1.6 of the attempts of one run: each opens once, whoever numbers it."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, fact, rule_of, started

TO_PLATFORM = "checkout>platform ci_queue"


def run(stage: str, when: str, attempt: int | None = None, **fields: Any) -> Fact:
    numbered = {} if attempt is None else {"attempt": attempt}
    return fact(f"run.{stage}", when, "run-1", **numbered, **fields)


def queued(when: str, attempt: int | None = None) -> Fact:
    return run("queued", when, attempt, on_team="platform")


def cancelled(when: str, attempt: int | None = None) -> Fact:
    return run("finished", when, attempt, outcome="cancelled")


def waited(*lengths: int) -> dict[str, float]:
    """One episode each on Monday, all else feature."""
    return {
        f"{TO_PLATFORM} acute": sum(min(length, 900) for length in lengths),
        f"{TO_PLATFORM} chronic": sum(max(length - 900, 0) for length in lengths),
        "checkout feature": 28_800 - sum(lengths),
    }


CASES = [
    Case(
        "a queue that names no attempt is of the first, also where there is a second",
        (
            started(),
            queued("Mon 10:00"),
            run("started", "Mon 10:20", 1),
            queued("Mon 11:00", 2),
            run("started", "Mon 11:30", 2),
        ),
        waited(1_200, 1_800),
    ),
    Case(
        "only the second attempt is numbered: what was over before is the first",
        (
            started(),
            queued("Mon 10:00"),
            run("started", "Mon 10:20"),
            cancelled("Mon 10:40"),
            queued("Mon 11:00", 2),
            run("started", "Mon 11:30", 2),
        ),
        waited(1_200, 1_800),
    ),
    Case(
        "of the second attempt only the start is numbered",
        (started(), queued("Mon 10:00"), run("started", "Mon 10:20", 2)),
        waited(1_200),
    ),
    Case(
        "a start that names no attempt is of the one that waits",
        (
            started(),
            queued("Mon 10:00", 1),
            run("started", "Mon 10:20"),
            queued("Mon 11:00", 2),
            run("started", "Mon 11:30"),
        ),
        waited(1_200, 1_800),
    ),
    Case(
        "a queue after the first attempt began is the second's",
        (
            started(),
            queued("Mon 10:00", 1),
            run("started", "Mon 10:20", 1),
            queued("Mon 11:00"),
            run("started", "Mon 11:30", 2),
        ),
        waited(1_200, 1_800),
    ),
    Case(
        "only the ends are numbered",
        (
            started(),
            queued("Mon 10:00"),
            run("started", "Mon 10:20"),
            cancelled("Mon 10:40", 1),
            queued("Mon 11:00"),
            run("started", "Mon 11:30"),
            cancelled("Mon 11:40", 2),
        ),
        waited(1_200, 1_800),
    ),
    Case(
        "an end that names no attempt does not end the next one's queue",
        (
            started(),
            queued("Mon 10:00", 1),
            run("started", "Mon 10:20", 1),
            cancelled("Mon 10:40"),
            queued("Mon 11:00"),
            run("started", "Mon 11:30", 2),
        ),
        waited(1_200, 1_800),
    ),
    Case(
        "a gate that holds the second attempt names none",
        (
            started(),
            queued("Mon 10:00", 1),
            run("started", "Mon 10:20", 1),
            queued("Mon 10:30", 2),
            run("held", "Mon 10:31"),
            queued("Mon 14:00"),
            run("started", "Mon 14:30", 2),
        ),
        waited(1_200, 1_800),
    ),
    Case(
        "a gate that holds the only attempt that is known, a later one",
        (
            started(),
            queued("Mon 10:00", 3),
            run("held", "Mon 10:01"),
            queued("Mon 14:00"),
            run("started", "Mon 14:30", 3),
        ),
        waited(1_800),
    ),
    Case(
        "a start before the queue of the only attempt closes it (1.6)",
        (started(), run("started", "Mon 09:50"), queued("Mon 10:00", 2)),
        {"checkout feature": 28_800},
    ),
    Case(
        "queued a moment after it began, by another clock: still the first attempt",
        (
            started(),
            run("started", "Mon 10:00", 1),
            queued("Mon 10:01"),
            queued("Mon 11:00", 2),
            run("started", "Mon 11:20", 2),
        ),
        waited(1_200),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_attempts(case: Case) -> None:
    assert case.found() == case.expected
