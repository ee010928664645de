"""Indicators 1.2 and design 11.9: the class of active time."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import Model
from tests.unit.indicators.history import Case, done, fact, rule_of


def ticket(kind: str, when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, entity, **fields)


def begun(when: str = "Mon 09:00", **fields: Any) -> Fact:
    return ticket("started", when, **{"team": "checkout", **fields})


CASES = [
    *(
        Case(
            f"active time has the class the event states: {work_class}",
            (begun(work_class=work_class),),
            {f"checkout {work_class}": 28_800},
        )
        for work_class in ("feature", "defect", "debt", "risk", "request")
    ),
    Case(
        "a class holds as of event time",
        (
            begun(work_class="feature"),
            ticket("updated", "Mon 12:00", work_class="debt"),
        ),
        {"checkout feature": 10_800, "checkout debt": 18_000},
    ),
    Case(
        "earlier time belongs to the first class stated",
        (begun(), ticket("updated", "Mon 12:00", work_class="debt")),
        {"checkout debt": 28_800},
    ),
    Case(
        "the ticket's own word comes before its change's",
        (
            begun(work_class="risk"),
            fact("change.opened", "Mon 10:00", "shop#7", work_class="debt"),
        ),
        {"checkout risk": 28_800},
    ),
    Case(
        "a ticket that states none has the class of what hangs on it",
        (begun(), fact("change.opened", "Mon 10:00", "shop#7", work_class="debt")),
        {"checkout debt": 28_800},
    ),
    Case(
        "unclassified time of a stream team is feature, and counted apart",
        (begun(),),
        {"checkout feature": 28_800, "checkout unclassified part": 28_800},
    ),
    Case(
        "configured otherwise it stays unclassified",
        (begun(),),
        {"checkout unclassified": 28_800, "checkout unclassified part": 28_800},
        model=Model(unclassified_as_feature=False),
    ),
    Case(
        "unclassified time of a platform team stays unclassified",
        (begun(team="platform"),),
        {"platform unclassified": 28_800, "platform unclassified part": 28_800},
    ),
    Case(
        "unclassified time of unknown stays unclassified",
        (begun(team="ghosts"),),
        {"unknown unclassified": 28_800, "unknown unclassified part": 28_800},
    ),
    Case(
        "rework of an unclassified item is rework",
        (begun(), done("Mon 10:00"), ticket("reopened", "Mon 16:00")),
        {
            "checkout feature": 3_600,
            "checkout unclassified part": 3_600,
            "checkout rework": 3_600,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_class(case: Case) -> None:
    assert case.found() == case.expected
