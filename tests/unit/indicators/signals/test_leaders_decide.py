"""Signal 4: on, off again, and off where few decide or roles are not mapped."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from monitor.domain.marks import Sort
from monitor.domain.signal_rules import Signal
from tests.unit.indicators.signals.story import Story, exempt, instant

SIGNAL = Signal.LEADERS_DECIDE


def decide(story: Story, number: int, role: str, day: int = 0) -> None:
    """Decisions, each two hours after the question."""
    for _ in range(number):
        key = story.ticket("plt")
        story.tell("ticket.created", day, "09:00", key)
        said = {"decision": "approved", "actor_role": role}
        story.tell("ticket.decided", day, "11:00", key, **said)


def test_half_of_twenty_decisions() -> None:
    """They leave the 84 days with day 84; fourteen days without end with day 97."""
    story = Story()
    decide(story, 6, "manager")
    decide(story, 4, "Architect")
    decide(story, 10, "product-manager")
    reading = story.reading(SIGNAL, 0)
    assert reading.ratio == Fraction(1, 2)
    assert story.on_days(SIGNAL, 110) == list(range(13, 97))
    assert story.standing(SIGNAL, 30).since == instant(14)
    found = {one.what: one for one in reading.evidence}
    manager = found["decisions by manager (median hours waited)"]
    assert manager.number == 6
    assert manager.value == 2
    # Not said as it was: it may be a name.
    assert "decisions by another role (median hours waited)" in found
    assert {one.teams for one in reading.evidence} == {("platform",)}


def test_a_small_organisation_may_decide_that_way() -> None:
    story = Story()
    decide(story, 19, "manager")
    assert story.reading(SIGNAL, 0).ratio is None
    assert story.on_days(SIGNAL, 40) == []


def test_a_pm_who_cannot_edit_the_tracker_is_declared() -> None:
    story = Story(exemptions=(exempt(SIGNAL, 0, 200),))
    decide(story, 20, "director")
    reading = story.reading(SIGNAL, 0)
    assert reading.ratio == 1
    assert reading.exempt == "said"
    assert story.on_days(SIGNAL, 110) == []


def unblocked(story: Story, number: int, **more: Any) -> None:
    for _ in range(number):
        key = story.ticket("plt")
        story.tell("ticket.blocked", 0, "09:00", key, on_team="basket")
        story.tell("ticket.unblocked", 0, "10:30", key, **more)


def test_without_roles_nobody_knows_who_decides() -> None:
    story = Story()
    unblocked(story, 20)
    assert story.reading(SIGNAL, 0).ratio is None


def test_whoever_has_no_role_is_no_leader() -> None:
    story = Story()
    unblocked(story, 15)
    unblocked(story, 5, actor_role="staff")
    assert story.reading(SIGNAL, 0).ratio == Fraction(1, 4)
    values = {one.value for one in story.reading(SIGNAL, 0).evidence}
    assert values == {Fraction(3, 2)}


@pytest.mark.parametrize(
    ("kind", "fields", "word"),
    [
        ("ticket.decided", {"decision": "Prioritised", "actor_role": "staff"}, "prior"),
        ("ticket.decided", {"decision": "go", "actor_role": "staff"}, None),
        ("ticket.postponed", {"how": "rank"}, "prioritise"),
        ("ticket.cancelled", {}, "reject"),
        ("ticket.unblocked", {}, "unblock"),
        ("ticket.unblocked", {"automation": True}, None),
        ("ticket.commented", {"actor_role": "staff"}, None),
    ],
)
def test_what_is_a_decision(
    kind: str, fields: dict[str, Any], word: str | None
) -> None:
    story = Story()
    story.tell(kind, 0, "09:00", "PLT-1", **fields)
    found = [mark.word for mark in story.marks() if mark.sort is Sort.DECISION]
    assert found == [] if word is None else found[0].startswith(word)


def test_approvals_of_the_platforms_own_deploys_count() -> None:
    story = Story()
    said = {"team": "platform", "on_team": "search"}
    story.tell("deploy.approval_requested", 0, "09:00", "d-1", **said)
    decided = {"decision": "approved", "actor_role": "Director"}
    story.tell("deploy.approval_decided", 0, "11:00", "d-1", **decided)
    (mark,) = [mark for mark in story.marks() if mark.sort is Sort.DECISION]
    assert (mark.team, mark.detail, mark.amount) == ("platform", "director", 7_200_000)


def test_only_platform_items_count_also_those_labelled_so() -> None:
    story = Story()
    story.tell("ticket.unblocked", 0, "09:00", "BASKET-1")
    story.tell("ticket.unblocked", 0, "09:00", "BASKET-2", labels=["Platform"])
    found = [mark.item for mark in story.marks() if mark.sort is Sort.DECISION]
    assert found == ["BASKET-2"]
