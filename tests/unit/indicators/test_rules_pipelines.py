"""Design 2, "relate: code": a pipeline is one of a repository, (repo, pipeline)."""

from itertools import permutations
from typing import Any

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
from tests.unit.indicators.history import Case, fact, rule_of, started

SHOP, FIND = "acme/shop", "acme/find"


def begun(when: str, run: str, **fields: Any) -> Fact:
    return fact("run.started", when, run, **fields)


def opened(when: str, **fields: Any) -> Fact:
    return fact("change.opened", when, "PR-1", **fields)


CASES = [
    Case(
        "another repository's success does not repair it",
        (
            started(),
            failed("Mon 10:00", "platform", repo=SHOP),
            passed("Mon 11:00", repo=FIND),
            passed("Mon 12:00", repo=SHOP),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "another repository's sha does not settle it",
        (
            started(),
            failed("Mon 10:00", sha="a", repo=SHOP, on_team="platform"),
            passed("Mon 11:00", sha="b", repo=FIND),
            passed("Mon 12:00", sha="a", repo=SHOP),
        ),
        waited(FLAKY, 7_200),
    ),
    Case(
        "each repository's failure is a wait of its own",
        (
            started(),
            failed("Mon 10:00", "platform", repo=SHOP),
            failed("Mon 11:00", "platform", repo=FIND),
            passed("Mon 11:30", repo=SHOP),
            passed("Mon 12:00", repo=FIND),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a success that does not tell its repository repairs the only one told",
        (
            started(),
            failed("Mon 10:00", "platform", repo=SHOP),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "and each where several are told",
        (
            started(),
            failed("Mon 10:00", "platform", repo=SHOP),
            failed("Mon 10:00", "platform", entity="find-1", repo=FIND),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a failure that does not tell its repository is repaired by any",
        (
            started(),
            failed("Mon 10:00", "platform"),
            passed("Mon 12:00", repo=FIND),
            passed("Mon 13:00", repo=SHOP),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "it is counted once: the repaired one is no other repository's failure",
        (
            started(),
            failed("Mon 10:00", "checkout"),
            passed("Mon 12:00", repo=FIND),
            passed("Mon 13:00", repo=SHOP),
        ),
        own(7_200),
    ),
    Case(
        "with the only one told it is one failure",
        (
            started(),
            failed("Mon 10:00", "platform"),
            failed("Mon 10:30", "search", repo=SHOP),
            passed("Mon 12:00", repo=SHOP),
        ),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 900,
            "checkout>search ci_shared_failure chronic": 5_400,
            "checkout feature": 28_800 - 7_200,
        },
    ),
    Case(
        "what one fact of a run tells holds for all of it",
        (
            started(),
            failed("Mon 10:00", "platform", repo=SHOP),
            fact("run.started", "Mon 10:50", "find-1", pipeline="build", repo=FIND),
            passed("Mon 11:00", entity="find-1"),
            passed("Mon 12:00", repo=SHOP),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a name that only the start tells is the failure's",
        (
            started(),
            begun("Mon 09:40", "r-1", pipeline="build"),
            failed("Mon 10:00", "platform", entity="r-1", pipeline=None),
            begun("Mon 11:40", "r-2", pipeline="build"),
            passed("Mon 12:00", entity="r-2", pipeline=None),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "so is one that another source tells of the run",
        (
            started(),
            failed("Mon 10:00", entity="r-1"),
            failed("Mon 10:00", "platform", entity="r-1", pipeline=None),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "of two names of a run the latest counts, for all that is told of it",
        (
            started(),
            failed("Mon 10:00", "platform", entity="r-1", pipeline="old name"),
            fact("run.started", "Mon 10:00:10", "r-1", pipeline="build"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a sha that only the start tells makes a retry flaky",
        (
            started(),
            begun("Mon 09:40", "r-1", sha="a"),
            failed("Mon 10:00", entity="r-1", on_team="platform"),
            begun("Mon 11:40", "r-2", sha="a"),
            passed("Mon 12:00", entity="r-2"),
        ),
        waited(FLAKY, 7_200),
    ),
    Case(
        "a sha is its attempt's: another attempt may be of another",
        (
            started(),
            begun("Mon 09:40", "r-1", sha="a", attempt=1),
            failed("Mon 10:00", entity="r-1", attempt=1, on_team="platform"),
            passed("Mon 12:00", entity="r-2", sha="a"),
            begun("Mon 13:00", "r-1", sha="b", attempt=2),
        ),
        waited(FLAKY, 7_200),
    ),
    Case(
        "and that of a retry which tells none is that of the first",
        (
            started(),
            begun("Mon 09:40", "r-1", sha="a", attempt=1),
            failed("Mon 10:00", entity="r-1", attempt=1, on_team="platform"),
            passed("Mon 12:00", entity="r-1", attempt=2),
        ),
        waited(FLAKY, 7_200),
    ),
    Case(
        "what broke is the pipeline's owner's by the repository the start tells",
        (
            started(),
            begun("Mon 09:40", "r-1", repo="acme/base"),
            result("Mon 10:00", "error", "r-1"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "or by the owner whom another event of its end names",
        (
            started(),
            result("Mon 10:00", "error", "r-1"),
            result("Mon 10:00:10", "error", "r-1", on_team="platform"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "else by the repository of the change that it runs for",
        (
            started(),
            opened("Mon 09:30", repo="acme/base"),
            result("Mon 10:00", "error", change="PR-1"),
            passed("Mon 12:00", change="PR-1"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "which is one's own, mostly",
        (
            started(),
            opened("Mon 09:30", repo=SHOP),
            result("Mon 10:00", "error", change="PR-1"),
            passed("Mon 12:00", change="PR-1"),
        ),
        own(7_200),
    ),
    Case(
        "a retry that passes is that repository's owner's, too",
        (
            started(),
            opened("Mon 09:30", repo="acme/base"),
            failed("Mon 10:00", change="PR-1", sha="a"),
            passed("Mon 12:00", change="PR-1", sha="a"),
        ),
        waited(FLAKY, 7_200),
    ),
    Case(
        "its own repository counts before the change's",
        (
            started(),
            opened("Mon 09:30", repo=SHOP),
            result("Mon 10:00", "error", change="PR-1", repo="acme/base"),
            passed("Mon 12:00", change="PR-1"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "its own repository counts, also where nobody claims that",
        (
            started(),
            opened("Mon 09:30", repo="acme/base"),
            result("Mon 10:00", "error", change="PR-1", repo="acme/nobodys"),
            passed("Mon 12:00", change="PR-1"),
        ),
        waited("checkout>unknown ci_shared_failure", 7_200),
    ),
    Case(
        "whose runners it waited for does not own it",
        (
            started(),
            begun("Mon 10:00", "r-1", on_team="search"),
            result("Mon 10:00", "error", "r-1", repo="acme/base"),
            passed("Mon 12:00"),
        ),
        waited(SHARED, 7_200),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_pipelines(case: Case) -> None:
    assert case.found() == case.expected


def test_the_order_of_reading_does_not_matter() -> None:
    facts = CASES[0].facts
    for order in permutations(facts):
        assert Case("", order, {}).found() == CASES[0].expected
