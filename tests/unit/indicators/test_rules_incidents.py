"""Indicators 1.3, row `incident`: response by the wall clock, a root of its own."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.timeline import Component, Wait
from tests.unit.indicators.history import HOUR, Case, at, fact, rule_of

ON_PLATFORM = "checkout>platform incident response"
ON_SEARCH = "checkout>search incident response"


def incident(stage: str, when: str, *causes: str, **fields: Any) -> Fact:
    if causes:
        fields["cause_teams"] = list(causes)
    return fact(f"incident.{stage}", when, "INC-1", **fields)


def opened(when: str, *causes: str, team: str = "checkout", **fields: Any) -> Fact:
    return incident("opened", when, *causes, team=team, **fields)


def row(rule: str, *facts: Fact, until: str = "Fri 17:00", **expected: float) -> Case:
    named = {f"checkout>{team} incident response": v for team, v in expected.items()}
    return Case(rule, facts, named, until, key="INC-1")


CASES = [
    row(
        "mitigation closes it, nights count",
        opened("Mon 20:00", "platform"),
        incident("mitigated", "Mon 21:30"),
        platform=5_400,
    ),
    row(
        "resolved without mitigated is both",
        opened("Sat 03:00", "platform"),
        incident("resolved", "Sat 04:00"),
        until="Sun 00:00",
        platform=3_600,
    ),
    row(
        "resolved after mitigated changes nothing",
        opened("Mon 20:00", "platform"),
        incident("mitigated", "Mon 21:00"),
        incident("resolved", "Mon 23:00"),
        platform=3_600,
    ),
    row(
        "it is capped 24 hours after it opened, by the wall",
        opened("Mon 20:00", "platform"),
        platform=86_400,
    ),
    row(
        "open, it accrues on every look",
        opened("Mon 20:00", "platform"),
        until="Mon 21:00",
        platform=3_600,
    ),
    row(
        "without a cause it accrues nothing",
        opened("Mon 20:00"),
        incident("mitigated", "Mon 21:00"),
    ),
    row(
        "an own cause accrues nothing",
        opened("Mon 20:00", "checkout"),
        incident("mitigated", "Mon 21:00"),
    ),
    row(
        "a cause stated last holds for the whole incident",
        opened("Mon 20:00", "platform"),
        incident("mitigated", "Mon 21:00"),
        incident("resolved", "Mon 22:00", "search"),
        search=3_600,
    ),
    row(
        "any of its facts may state the cause (design 11.19)",
        opened("Mon 20:00"),
        incident("mitigated", "Mon 21:00", "platform"),
        platform=3_600,
    ),
    row(
        "an empty list of causes states none",
        opened("Mon 20:00", "platform"),
        incident("mitigated", "Mon 21:00", cause_teams=[]),
        platform=3_600,
    ),
    row(
        "several causes split it equally",
        opened("Mon 20:00", "platform", "search"),
        incident("mitigated", "Mon 21:00"),
        platform=1_800,
        search=1_800,
    ),
    row(
        "an own share of several accrues nothing",
        opened("Mon 20:00", "checkout", "platform", "search"),
        incident("mitigated", "Mon 21:00"),
        platform=1_200,
        search=1_200,
    ),
    row(
        "a cause no directory knows is unknown",
        opened("Mon 20:00", "ghosts"),
        incident("mitigated", "Mon 21:00"),
        unknown=3_600,
    ),
    row(
        "responders weigh it",
        opened("Mon 20:00", "platform", responders=3),
        incident("mitigated", "Mon 21:00"),
        platform=10_800,
    ),
    row(
        "responders count from the fact that states them",
        # 1 until 20:30, 4 from then: 1,800 + 7,200
        opened("Mon 20:00", "platform"),
        incident("opened", "Mon 20:30", responders=4),
        incident("mitigated", "Mon 21:00"),
        platform=9_000,
    ),
    row(
        "no responders, no response",
        opened("Mon 20:00", "platform", responders=0),
        incident("mitigated", "Mon 21:00"),
    ),
    row(
        "opened again after mitigation it is a new one with a new cap",
        opened("Mon 20:00", "platform"),
        incident("mitigated", "Mon 21:00"),
        incident("opened", "Tue 20:00"),
        incident("mitigated", "Thu 20:00"),
        platform=3_600 + 86_400,
    ),
    row(
        "opened and mitigated at one instant it has no length",
        opened("Mon 20:00", "platform"),
        incident("mitigated", "Mon 20:00"),
    ),
    row("mitigation without an opening is nothing", incident("mitigated", "Mon 20:00")),
    row(
        "the service's owner is charged",
        incident("opened", "Mon 20:00", "platform", service="till"),
        incident("mitigated", "Mon 21:00"),
        platform=3_600,
    ),
    row(
        "a deploy that mends it says not whose it is, nor why, nor how many respond",
        incident("opened", "Mon 20:00", "platform", service="till"),
        fact(
            "deploy.finished",
            "Mon 20:30",
            "D-1",
            item="INC-1",
            team="search",
            cause_teams=["checkout"],
            responders=3,
            outcome="success",
        ),
        incident("mitigated", "Mon 21:00"),
        platform=3_600,
    ),
    Case(
        "opened again by another team it is that team's from then on (design 11.9)",
        (
            opened("Mon 20:00", "platform"),
            opened("Mon 21:00", team="search"),
            opened("Mon 22:00", team="platform"),
            incident("mitigated", "Mon 23:00"),
        ),
        {ON_PLATFORM: 3_600, "search>platform incident response": 3_600},
        "Fri 17:00",
        key="INC-1",
    ),
    Case(
        "the owner of its service has it until a team is named",
        (
            incident("opened", "Mon 20:00", "platform", service="till"),
            opened("Mon 21:00", team="search"),
            incident("mitigated", "Mon 22:00"),
        ),
        {ON_PLATFORM: 3_600, "search>platform incident response": 3_600},
        "Fri 17:00",
        key="INC-1",
    ),
    Case(
        "a team named elsewhere fills the owner that nobody named",
        (
            incident("opened", "Mon 20:00", "platform"),
            incident("mitigated", "Mon 21:00", team="search"),
        ),
        {"search>platform incident response": 3_600},
        "Fri 17:00",
        key="INC-1",
    ),
    Case(
        "an incident nobody owns is unknown's",
        (
            incident("opened", "Mon 20:00", "platform"),
            incident("mitigated", "Mon 21:00"),
        ),
        {"unknown>platform incident response": 3_600},
        "Fri 17:00",
        key="INC-1",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_incident(case: Case) -> None:
    assert case.found() == case.expected


def test_it_is_counted_and_timed_once_for_each_foreign_cause() -> None:
    facts = (opened("Mon 20:00", "checkout", "platform", "search"),)
    (timeline,) = Case("", facts, {}, key="INC-1").timelines()
    start, end = at("Mon 20:00"), at("Tue 20:00")
    assert timeline.waits == tuple(
        Wait("checkout", team, Component.INCIDENT, start, end, 24 * HOUR)
        for team in ("platform", "search")
    )


def test_it_counts_from_when_its_cause_is_first_another_team() -> None:
    """Its own from 21:00 to 22:00: of three hours two are another team's."""
    facts = (
        opened("Mon 20:00", "platform", team="platform"),
        opened("Mon 20:30"),
        opened("Mon 21:00", team="platform"),
        opened("Mon 22:00", team="search"),
        incident("mitigated", "Mon 23:30"),
    )
    (timeline,) = Case("", facts, {}, key="INC-1").timelines()
    begin, end = at("Mon 20:30"), at("Mon 23:30")
    spans = (2 * HOUR, HOUR // 2)
    wait = Wait("checkout", "platform", Component.INCIDENT, begin, end, *spans)
    assert timeline.waits == (wait,)
