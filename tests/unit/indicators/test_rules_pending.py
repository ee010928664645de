"""Indicators 1.3 and design 11.17: a failed run before its cause is settled."""

import pytest

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

PENDING_CASES = [
    Case(
        "nothing settles it yet: in neither F nor C",
        (started(), failed("Mon 10:00", sha="a")),
        {"checkout feature": 3_600, "checkout (pending)": 3_600},
        until="Mon 11:00",
    ),
    Case(
        "a timeout is a failure like any other (design 11.17)",
        (
            started(),
            result("Mon 10:00", "failure", sha="a", on_team="platform"),
            result("Mon 11:00", "timed_out", sha="b", on_team="platform"),
        ),
        {
            "checkout feature": 7_200,
            "checkout own failure": 3_600,
            "checkout (pending)": 3_600,
        },
        until="Mon 12:00",
    ),
    Case(
        "another sha on the pipeline makes it own",
        (started(), failed("Mon 10:00", sha="a"), passed("Mon 12:00", sha="b")),
        own(7_200),
    ),
    Case(
        "another sha's queued run makes it own",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            fact("run.started", "Mon 10:30", "r2", sha="b", pipeline="build"),
            passed("Mon 11:00", sha="a"),
        ),
        own(3_600),
    ),
    Case(
        "a push makes it own",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            fact("change.pushed", "Mon 10:30", "shop#7"),
            passed("Mon 11:00", sha="a"),
        ),
        own(3_600),
    ),
    Case(
        "a push to another change of the item does not",
        (
            started(),
            fact("change.opened", "Mon 09:00", "shop#7"),
            fact("change.opened", "Mon 09:00", "shop#8"),
            failed("Mon 10:00", sha="a", on_team="platform", change="shop#7"),
            fact("change.pushed", "Mon 10:30", "shop#8"),
            # Up to here there is the other change to go on with.
            fact("change.merged", "Mon 11:00", "shop#8"),
            passed("Mon 12:00", sha="a", change="shop#7"),
        ),
        waited(FLAKY, 3_600),
    ),
    Case(
        "leaving flight makes it own",
        (started(), failed("Mon 10:00", sha="a"), done("Mon 11:00")),
        {"checkout feature": 7_200, "checkout own failure": 3_600},
    ),
    Case(
        "a failure on another sha makes the first own and is pending itself",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            failed("Mon 11:00", sha="b", on_team="platform"),
            passed("Mon 12:00", sha="b"),
        ),
        {**waited(FLAKY, 3_600), "checkout own failure": 3_600},
    ),
    Case(
        "a failure that does not tell its sha is on no other sha: it settles nothing",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            failed("Mon 11:00"),
            passed("Mon 12:00", sha="a"),
        ),
        waited(FLAKY, 7_200),
    ),
    Case(
        "nor is it pending for a day of its own",
        (started(), failed("Mon 10:00", sha="a"), failed("Mon 11:00")),
        {"checkout feature": 28_800, "checkout (pending)": 28_800},
        until="Tue 17:00",
    ),
    Case(
        "a success that does not tell its sha settles it, whatever comes later",
        (
            started(),
            failed("Mon 10:00", sha="a"),
            passed("Mon 12:00"),
            fact("run.started", "Tue 12:00", "r2", sha="b", pipeline="build"),
        ),
        own(7_200),
    ),
    Case(
        "at one instant a success on the sha wins over another sha and a push",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            fact("change.pushed", "Mon 10:30", "shop#7"),
            fact("run.started", "Mon 10:30", "r2", sha="b", pipeline="build"),
            passed("Mon 10:30", sha="a"),
        ),
        waited(FLAKY, 1_800),
    ),
    Case(
        "pushed at the instant it fails: not open before, so it has no length",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            fact("change.pushed", "Mon 10:00", "shop#7"),
            passed("Mon 11:00", sha="a"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "done at the instant it fails: not open before, so it has no length",
        (
            started(),
            failed("Mon 10:00", sha="a"),
            done("Mon 10:00"),
            fact("ticket.started", "Mon 16:00", "CHK-1"),
        ),
        {"checkout feature": 3_600, "checkout rework": 3_600},
    ),
    Case(
        "before the item's flight it counts from its start",
        (
            fact("ticket.cancelled", "Mon 09:00", "CHK-1"),
            failed("Mon 10:00", sha="a"),
            started("Mon 11:00"),
        ),
        {"checkout (pending)": 21_600},
    ),
    Case(
        "a stated cause names it from the first failure on",
        (
            started(),
            failed("Mon 10:00", sha="a"),
            failed("Mon 11:00", "platform", sha="a"),
            passed("Mon 12:00", sha="a"),
        ),
        waited(SHARED, 7_200),
    ),
    Case(
        "a cause stated after a push names only what followed it",
        (
            started(),
            failed("Mon 10:00", sha="a"),
            fact("change.pushed", "Mon 10:30", "shop#7"),
            failed("Mon 11:00", "platform", sha="b"),
            passed("Mon 12:00", sha="b"),
        ),
        {**waited(SHARED, 3_600), "checkout own failure": 3_600},
    ),
    Case(
        "a working day passes: that day stays pending, the item is active after",
        # Mon 10-17 and Tue 9-10 pending; active Mon 9-10 and Tue 10-17
        (started(), failed("Mon 10:00", sha="a")),
        {"checkout feature": 28_800, "checkout (pending)": 28_800},
        until="Tue 17:00",
    ),
    Case(
        "after that day a success on the sha changes nothing",
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            passed("Tue 12:00", sha="a"),
        ),
        {"checkout feature": 28_800, "checkout (pending)": 28_800},
        until="Tue 17:00",
    ),
    Case(
        "at the very end of that day a success on the sha still settles it",
        # Flaky from Mon 10:00, capped at 14,400; active Mon 9-10, 14-17, Tue 9-17
        (
            started(),
            failed("Mon 10:00", sha="a", on_team="platform"),
            passed("Tue 10:00", sha="a"),
        ),
        {
            f"{FLAKY} acute": 900,
            f"{FLAKY} chronic": 13_500,
            "checkout feature": 3_600 + 10_800 + 28_800,
        },
        until="Tue 17:00",
    ),
    Case(
        "after that day only a stated cause changes it (design 11.17)",
        # Mon 10-17, Tue, Wed 9-13: 25,200 + 28,800 + 14,400 = 68,400
        (
            started(),
            failed("Mon 10:00", sha="a"),
            failed("Wed 12:00", "platform", sha="a"),
            passed("Wed 13:00", sha="a"),
        ),
        {
            f"{SHARED} acute": 900,
            f"{SHARED} chronic": 67_500,
            "checkout feature": 3_600 + 14_400,
        },
        until="Wed 17:00",
    ),
    *(
        Case(
            f"after that day {what} does not end it: a cause still names it all",
            # Mon 10-17, Tue, Wed 9-13: 68,400
            (
                started(),
                failed("Mon 10:00", sha="a"),
                settling,
                failed("Wed 12:00", "platform", sha="a"),
                passed("Wed 13:00", sha="a"),
            ),
            {
                f"{SHARED} acute": 900,
                f"{SHARED} chronic": 67_500,
                "checkout feature": 3_600 + 14_400,
            },
            until="Wed 17:00",
        )
        for what, settling in (
            ("a push", fact("change.pushed", "Wed 10:00", "shop#7")),
            (
                "another sha",
                fact("run.started", "Wed 10:00", "r2", sha="b", pipeline="build"),
            ),
        )
    ),
    Case(
        "after that day an own cause is a correction too",
        (
            started(),
            failed("Mon 10:00", sha="a"),
            failed("Wed 12:00", "checkout", sha="a"),
            passed("Wed 13:00", sha="a"),
        ),
        # Mon 10-17, Tue, Wed 9-13 were own: 68,400
        {"checkout feature": 86_400, "checkout own failure": 68_400},
        until="Wed 17:00",
    ),
    Case(
        "pending yields to a wait (design 11.17)",
        (
            started(),
            failed("Mon 10:00", sha="a"),
            fact("ticket.blocked", "Mon 11:00", "CHK-1", on_team="platform"),
            fact("ticket.unblocked", "Mon 12:00", "CHK-1"),
        ),
        {
            "checkout>platform ticket_blocked acute": 900,
            "checkout>platform ticket_blocked chronic": 2_700,
            "checkout feature": 3_600,
            "checkout (pending)": 21_600,
        },
    ),
    Case(
        "pending yields to response (design 11.17)",
        (
            started(),
            done("Mon 10:00"),
            fact("ticket.reopened", "Mon 11:00", "CHK-1", cause_teams=["platform"]),
            failed("Mon 12:00", sha="a"),
        ),
        {
            "checkout>platform reopen response": 21_600,
            "checkout feature": 3_600,
        },
    ),
    Case(
        "pending halts as a CI wait would: not beside another open change",
        (
            started(),
            fact("change.opened", "Mon 09:30", "shop#7"),
            fact("change.opened", "Mon 09:30", "shop#8"),
            failed("Mon 10:00", sha="a", change="shop#7"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "the only open change's pending failure halts",
        (
            started(),
            fact("change.opened", "Mon 09:30", "shop#7"),
            failed("Mon 10:00", sha="a", change="shop#7"),
        ),
        {"checkout feature": 3_600, "checkout (pending)": 25_200},
    ),
    Case(
        "a success without any failure is nothing",
        (started(), passed("Mon 10:00", sha="a")),
        {"checkout feature": 28_800},
    ),
]


@pytest.mark.parametrize("case", PENDING_CASES, ids=rule_of)
def test_pending_failure(case: Case) -> None:
    assert case.found() == case.expected
