"""Indicators 4: what a gate held and nobody let go has not failed."""

from __future__ import annotations

from itertools import combinations, permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.refused_deploys import without_refused
from monitor.domain.timeline import Component
from monitor.indicators.evaluate import evaluate
from monitor.indicators.timelines.closing import is_unrepaired
from tests.harness.plain_deploys import begun
from tests.harness.plain_events import Event
from tests.unit.indicators.history import DIRECTORY, fact, item_of
from tests.unit.indicators.test_rules_shipping import (
    Found,
    counted,
    deploy,
    ended,
    recovery,
)
from tests.unit.indicators.test_rules_shipping import rolled_back as undone


def said(kind: str, when: str, **fields: Any) -> Fact:
    return fact(f"deploy.{kind}", f"Mon {when}", "D-1", environment="prod", **fields)


def asked(when: str, on_team: str = "platform") -> Fact:
    return said("approval_requested", when, service="till", on_team=on_team)


def decided(when: str, decision: str) -> Fact:
    return said("approval_decided", when, service="till", decision=decision)


def started(when: str) -> Fact:
    return said("started", when, service="till")


def failed(when: str, **fields: Any) -> Fact:
    return ended(f"Mon {when}", "failure", **fields)


# Asked at 10, failed at 12 on Monday, unless said otherwise: what that comes to.
FAILED = [deploy("own", "12:00")]
CASES: dict[str, tuple[list[Fact], Found]] = {
    "rejected": ([asked("10:00"), decided("12:00", "rejected"), failed("12:00")], []),
    "rejected, and told a second later": (
        [asked("10:00"), decided("12:00", "rejected"), failed("12:00:01")],
        [],
    ),
    "rejected a second after it is said to have failed": (
        [asked("10:00"), failed("12:00"), decided("12:00:01", "rejected")],
        [],
    ),
    "the request was lost": ([decided("12:00", "rejected"), failed("12:00")], []),
    "the request was lost, and the rejection is later": (
        [failed("12:00"), decided("12:00:01", "rejected")],
        [],
    ),
    "the rejection was lost": ([asked("10:00"), failed("12:00")], []),
    "both were lost": ([failed("12:00")], FAILED),
    "let go, and given up before it began": (
        [
            asked("10:00"),
            decided("11:00", "approved"),
            failed("12:00"),
            decided("12:00:02", "cancelled"),
            said("finished", "12:00:02", outcome="cancelled"),
        ],
        [],
    ),
    "what was given up says twice that it failed": (
        [
            asked("10:00"),
            decided("12:00", "cancelled"),
            said("finished", "12:00", outcome="cancelled"),
            failed("12:00:01"),
            ended("Mon 12:00:02", "error"),
        ],
        [],
    ),
    "let go and begun": (
        [
            asked("10:00"),
            decided("11:00", "approved"),
            started("11:05"),
            failed("12:00"),
        ],
        FAILED,
    ),
    "let go: that it began was lost": (
        [asked("10:00"), decided("11:00", "approved"), failed("12:00")],
        FAILED,
    ),
    "begun: that it was let go was lost": (
        [asked("10:00"), started("11:00"), failed("12:00")],
        FAILED,
    ),
    "begun in the instant in which it failed": (
        [asked("10:00"), started("12:00"), failed("12:00")],
        FAILED,
    ),
    "a gate on its way that stays shut makes it fail": (
        [
            started("10:00"),
            asked("11:00"),
            decided("11:30", "rejected"),
            failed("12:00"),
        ],
        FAILED,
    ),
    "another attempt is refused after it failed": (
        [
            started("10:00"),
            failed("12:00"),
            asked("13:00"),
            decided("14:00", "rejected"),
            failed("14:00"),
        ],
        FAILED,
    ),
    "another attempt, of a deploy that never says that it begins": (
        [failed("12:00"), asked("13:00"), decided("14:00", "rejected")],
        FAILED,
    ),
    "another attempt fails after one was refused": (
        [
            asked("09:00"),
            decided("10:00", "rejected"),
            failed("10:00"),
            asked("10:30"),
            decided("11:00", "approved"),
            failed("12:00"),
        ],
        FAILED,
    ),
    "refused after a success": (
        [
            ended("Mon 11:00", "success"),
            failed("12:00"),
            decided("13:00", "rejected"),
        ],
        [deploy("none", "11:00"), *FAILED],
    ),
    "taken back, then refused": (
        [
            ended("Mon 11:00", "success"),
            undone("Mon 12:00"),
            asked("13:00"),
            decided("14:00", "rejected"),
            failed("14:00"),
        ],
        [deploy("own", "11:00"), recovery("12:00", 3_600_000)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_never_began_has_not_failed(name: str) -> None:
    facts, expected = CASES[name]
    assert counted(*facts) == expected


def test_in_whatever_order_it_is_told() -> None:
    rejected = CASES["rejected, and told a second later"][0]
    for facts in permutations(rejected):
        assert without_refused(facts) == [
            one for one in facts if one.kind != "deploy.finished"
        ]


def test_any_word_of_the_refusal_is_enough() -> None:
    """Of a gate, its decision and the job that was given up two may be lost."""
    words = [
        asked("10:00"),
        decided("12:00", "rejected"),
        decided("12:00:02", "cancelled"),
    ]
    for many in (1, 2, 3):
        for known in combinations(words, many):
            assert counted(*known, failed("12:00")) == []


@pytest.mark.parametrize("began", [True, False])
def test_what_never_began_holds_no_lane(began: bool) -> None:
    """Another team is named, but there is nothing that it broke."""
    facts = [
        asked("10:00"),
        decided("12:00", "approved" if began else "rejected"),
        failed("12:00", cause_teams=["search"]),
    ]
    timelines = evaluate(item_of(facts, "D-1"), DIRECTORY, DEFAULT_MODEL)
    waits = {wait.component for timeline in timelines for wait in timeline.waits}
    assert (Component.DEPLOY_FAILURE in waits) is began
    assert is_unrepaired(item_of(facts, "D-1")) is began


WORDS = st.sampled_from(
    [
        ("approval_requested", {"on_team": "platform"}),
        *(
            ("approval_decided", {"decision": decision})
            for decision in ("approved", "rejected", "cancelled")
        ),
        ("started", {}),
        ("rolled_back", {}),
        *(
            ("finished", {"outcome": outcome})
            for outcome in ("failure", "failure", "error", "success", "cancelled")
        ),
    ]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 9), WORDS), max_size=9), st.randoms())
def test_the_second_opinion_counts_the_same(
    told: list[tuple[int, tuple[str, dict[str, Any]]]], chance: Random
) -> None:
    """Several at one instant, too, and in whatever order they are told."""
    words = [said(kind, f"1{hour}:00", **more) for hour, (kind, more) in told]
    facts = {fact.identity: fact for fact in words}.values()
    events = [
        Event(fact.time, str(fact.kind), fact.entity, {**fact.fields}) for fact in facts
    ]
    shuffled = sorted(facts, key=lambda _: chance.random())
    found = {
        (one.time, str(one.kind), one.fields.get("outcome"), one.fields.get("decision"))
        for one in without_refused(shuffled)
    }
    assert found == {
        (one.time, one.kind, one.get("outcome"), one.get("decision"))
        for one in begun(events)
    }
