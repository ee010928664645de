"""Indicators 1.2: what ends flight where nobody told that a change was opened."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from tests.unit.indicators.history import Case, fact, rule_of, started

TEAM: dict[str, Any] = {"team": "checkout", "work_class": "feature"}
BACKLOG = fact("ticket.created", "Mon 09:00", "CHK-1", **TEAM)


def change(kind: str, when: str, entity: str = "shop#7", **fields: Any) -> Fact:
    return fact(f"change.{kind}", when, entity, **fields)


UNTOLD = [
    *(
        Case(
            f"{kind} ends {what} whose opening nobody told, in flight by its run",
            (
                *told,
                fact("run.started", "Mon 10:00", "run-1", change="shop#7"),
                change(kind, "Mon 11:00"),
                fact("run.started", "Mon 12:00", "run-2", change="shop#7"),
            ),
            {"checkout feature": 3_600},
            key=key,
        )
        for kind in ("merged", "closed")
        for what, key, told in (
            ("a change", "shop#7", (change("pushed", "Mon 09:30", **TEAM),)),
            ("a ticket's change", "CHK-1", (BACKLOG,)),
        )
    ),
    *(
        Case(
            f"a change whose opening nobody told ends nothing {how}",
            (
                BACKLOG,
                *before,
                fact("run.started", "Mon 10:00", "run-1", change="shop#7"),
                change("closed", "Mon 11:00"),
            ),
            {"checkout feature": seconds},
        )
        for how, seconds, before in (
            ("of a ticket in progress", 28_800, (started(),)),
            (
                "while another is open",
                25_200,
                (change("opened", "Mon 10:00", "shop#8"),),
            ),
        )
    ),
    *(
        Case(
            f"of two changes of which runs alone told {how}",
            (
                BACKLOG,
                fact("run.started", "Mon 10:00", "run-1", change="shop#7"),
                fact("run.started", "Mon 10:30", "run-2", change="shop#8"),
                *ends,
            ),
            {"checkout feature": seconds},
        )
        for how, seconds, ends in (
            (
                "the last one to merge ends flight",
                18_000,
                (
                    change("merged", "Mon 11:00"),
                    change("pushed", "Mon 12:00", "shop#8"),
                    change("merged", "Mon 15:00", "shop#8"),
                ),
            ),
            (
                "the one that ran first may be the last to close",
                3_600,
                (
                    change("closed", "Mon 10:45", "shop#8"),
                    change("closed", "Mon 11:00"),
                ),
            ),
            (
                "both may merge at one instant",
                3_600,
                (
                    change("merged", "Mon 11:00"),
                    change("merged", "Mon 11:00", "shop#8"),
                ),
            ),
            (
                "one alone ends nothing, as the other is open by the same evidence",
                25_200,
                (change("merged", "Mon 15:00", "shop#8"),),
            ),
        )
    ),
    Case(
        "nor where nothing ran for it: it may be long over",
        (
            BACKLOG,
            fact("run.started", "Mon 10:00", "run-1"),
            change("closed", "Mon 11:00"),
        ),
        {"checkout feature": 25_200},
    ),
    Case(
        "it ends once: a second close, of what runs told of later, changes nothing",
        (
            BACKLOG,
            change("closed", "Mon 09:30"),
            fact("run.started", "Mon 10:00", "run-1"),
            fact("run.started", "Mon 10:30", "run-2", change="shop#7"),
            change("closed", "Mon 11:00"),
        ),
        {"checkout feature": 25_200},
    ),
    Case(
        "ready opens it after its close, as nobody told that it was opened before",
        (BACKLOG, change("closed", "Mon 11:00"), change("ready", "Mon 16:00")),
        {"checkout feature": 3_600},
    ),
    Case(
        "opened and closed at one instant it has been open with zero length",
        (
            BACKLOG,
            fact("run.started", "Mon 10:00", "run-1", change="shop#7"),
            change("opened", "Mon 11:00"),
            change("closed", "Mon 11:00"),
        ),
        {"checkout feature": 3_600},
    ),
]


@pytest.mark.parametrize("case", UNTOLD, ids=rule_of)
def test_flight(case: Case) -> None:
    assert case.found() == case.expected
