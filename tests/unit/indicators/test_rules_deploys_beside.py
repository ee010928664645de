"""Deploys of what is no work: their waits are their service's owner's (1.2)."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.timeline import Measured
from monitor.indicators.evaluate import evaluate
from tests.unit.indicators.history import DIRECTORY, Case, fact, item_of, rule_of

RESPONSE = "checkout>platform incident response"
# 10:30-10:50: 1,200 = 900 + 300
APPROVAL = {
    "checkout>data deploy_approval acute": 900,
    "checkout>data deploy_approval chronic": 300,
}
INCIDENT = (
    fact("incident.opened", "Mon 10:00", "X-1", team="checkout", cause_teams=["data"]),
    fact("incident.resolved", "Mon 12:00", "X-1"),
)
# It belongs to nobody: who owns a deploy's service owns what the deploy waits for.
ROBOTS = (fact("change.opened", "Mon 09:00", "X-1", bot=True, team="search"),)
MISTAKE = (fact("ticket.created", "Mon 09:00", "X-1", deleted=True),)


def deploy(kind: str, when: str, **said: Any) -> Fact:
    fields = {"item": "X-1", "service": "till", **said}
    return fact(f"deploy.{kind}", when, "D-1", **fields)


ASKED = (
    deploy("approval_requested", "Mon 10:30", on_team="data"),
    deploy("approval_decided", "Mon 10:50", decision="approved"),
)
FAILED = (deploy("finished", "Mon 10:30", outcome="failure", cause_teams=["data"]),)
MENDED = (deploy("finished", "Mon 10:50", outcome="success"),)
FAILURE = {key.replace("approval", "failure"): s for key, s in APPROVAL.items()}
CASES = [
    Case(
        "an incident's: beside its response",
        (*INCIDENT, *ASKED),
        {"checkout>data incident response": 7_200, **APPROVAL},
        key="X-1",
    ),
    Case(
        "one that names no service: of the owner of the incident as of then",
        (
            *INCIDENT,
            fact("incident.opened", "Mon 10:40", "X-1", team="search"),
            *(one._replace(fields={**one.fields, "service": "?"}) for one in ASKED),
        ),
        {
            "checkout>data incident response": 2_400,
            "search>data incident response": 4_800,
            "checkout>data deploy_approval acute": 600,
            "search>data deploy_approval acute": 300,
            "search>data deploy_approval chronic": 300,
        },
        key="X-1",
    ),
    Case(
        "one that names its team: that team's, and the incident stays whose it is",
        (*INCIDENT, deploy("ready", "Mon 10:30", team="search"), *ASKED),
        {
            "checkout>data incident response": 7_200,
            "search>data deploy_approval acute": 900,
            "search>data deploy_approval chronic": 300,
        },
        key="X-1",
    ),
    Case("of a robot's change: approval", (*ROBOTS, *ASKED), APPROVAL, key="X-1"),
    Case(
        "of a robot's change: failure, also while the change is open",
        (*ROBOTS, *FAILED, *MENDED),
        FAILURE,
        key="X-1",
    ),
    Case("of a ticket that was a mistake", (*MISTAKE, *ASKED), APPROVAL, key="X-1"),
    Case(
        "what is a deploy by its key alone is what it is besides",
        (*INCIDENT, *(one._replace(entity="X-1") for one in ASKED)),
        {"checkout>data incident response": 7_200},
        key="X-1",
    ),
    Case(
        "a deploy that was a mistake waits nowhere",
        (*ASKED, deploy("ready", "Mon 10:00", deleted=True)),
        {},
        key="D-1",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_deploys_beside(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("root", [INCIDENT, ROBOTS, MISTAKE])
def test_they_count_as_often_as_before(root: tuple[Fact, ...]) -> None:
    """A deploy is counted once, however many timelines tell of it."""
    item = item_of((*root, *FAILED, *MENDED), "X-1")
    timelines = evaluate(item, DIRECTORY, DEFAULT_MODEL)
    counted = [one.name for timeline in timelines for one in timeline.measures]
    assert counted.count(Measured.DEPLOYS) == 2
