"""Signal 3: on, off again, and off for a new service or one with many users."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.domain.marks import Sort
from monitor.domain.signal_rules import Signal
from tests.harness.driving import directory_of
from tests.unit.indicators.signals.story import (
    STREAMS,
    TEAMS,
    Story,
    exempt,
    instant,
    weekdays,
)

SIGNAL = Signal.HARD_INTERFACES


def ask(story: Story, team: str, day: int, project: str = "plt") -> str:
    key = story.ticket(project)
    fields = {"by_team": team, "labels": ["how-to"]}
    story.tell("ticket.created", day, "09:00", key, **fields)
    return key


def three_who_ask(**more: object) -> Story:
    """Three consumers with two questions each on day 0."""
    story = Story(**more)  # type: ignore[arg-type]
    for team in STREAMS[:3]:
        for _ in range(2):
            ask(story, team, 0)
    ask(story, "search", 0)
    return story


def test_it_turns_on_after_two_weeks_and_off_when_the_questions_are_old() -> None:
    """They leave the 28 days with day 28; fourteen days without end with day 41."""
    story = three_who_ask()
    assert story.reading(SIGNAL, 0).ratio == 2
    assert story.reading(SIGNAL, 28).ratio == 0
    assert story.on_days(SIGNAL, 60) == list(range(13, 41))
    found = story.standing(SIGNAL, 20)
    assert found.since == instant(14)
    (evidence,) = found.reading.evidence
    assert (evidence.what, evidence.number) == ("using platform", 7)
    assert evidence.teams == STREAMS


def test_the_worst_provider_counts() -> None:
    story = three_who_ask()
    for team in STREAMS[:3]:
        ask(story, team, 0, project="data")
    assert story.reading(SIGNAL, 0).ratio == 2
    found = {one.what: one.value for one in story.reading(SIGNAL, 0).evidence}
    assert found == {"using data": 1, "using platform": 2}


def test_a_provider_with_few_consumers_is_no_evidence() -> None:
    story = three_who_ask()
    ask(story, "basket", 0, project="data")
    whats = [one.what for one in story.reading(SIGNAL, 0).evidence]
    assert whats == ["using platform"]


def test_a_popular_service_is_counted_per_consumer() -> None:
    """Forty questions, of which thirty-eight are of one team."""
    story = Story()
    for _ in range(38):
        ask(story, "basket", 0)
    for team in ("checkout", "search"):
        ask(story, team, 0)
    assert story.reading(SIGNAL, 0).ratio == 1
    assert story.on_days(SIGNAL, 40) == []


def test_a_new_service_may_raise_questions_until_its_date() -> None:
    story = three_who_ask(exemptions=(exempt(SIGNAL, 0, 27, subject="platform"),))
    assert story.on_days(SIGNAL, 60) == []


def test_questions_about_ones_own_things_are_none() -> None:
    story = Story()
    for team in STREAMS:
        for _ in range(2):
            ask(story, team, 0, project=team)
    assert story.marks() == []


@pytest.mark.parametrize("how", ["reopen", "ci", "deploy", "incident"])
def test_what_a_provider_broke_counts(how: str) -> None:
    story = Story()
    for team in STREAMS[:3]:
        for _ in range(2):
            broken(story, team, how)
    assert story.reading(SIGNAL, 0).ratio == 2
    (evidence,) = story.reading(SIGNAL, 0).evidence
    assert (evidence.what, evidence.number) == ("using platform", 6)


def broken(story: Story, team: str, how: str) -> None:
    cause = {"cause_team": "platform"}
    if how == "incident":
        key = story.ticket("inc")
        story.tell("incident.opened", 0, "10:00", key, team=team, **cause)
        story.tell("incident.mitigated", 0, "11:00", key)
        return
    key = story.ticket(team)
    story.tell("ticket.started", 0, "09:00", key, team=team)
    if how == "reopen":
        story.tell("ticket.done", 0, "10:00", key)
        story.tell("ticket.reopened", 0, "11:00", key, **cause)
    else:
        kind = "run.finished" if how == "ci" else "deploy.finished"
        failed = {"item": key, "outcome": "failure", "service": key, **cause}
        story.tell(kind, 0, "10:00", f"{how}-{key}", **failed)


def test_a_deploy_that_stays_broken_after_its_ticket_is_done_is_one_trouble() -> None:
    story = Story()
    key = story.ticket("basket")
    deploy = {"item": key, "service": key, "environment": "production"}
    story.tell("ticket.started", 0, "09:00", key, team="basket")
    failed = deploy | {"outcome": "failure", "cause_team": "platform"}
    story.tell("deploy.finished", 0, "10:00", "d", **failed)
    story.tell("ticket.done", 0, "11:00", key)
    story.tell("deploy.finished", 0, "12:00", "d", **deploy, outcome="success")
    found = [mark for mark in story.marks() if mark.sort is Sort.TROUBLE]
    assert [mark.start for mark in found] == [instant(0, "10:00")]


def test_ones_own_failures_do_not_count() -> None:
    story = Story()
    key = story.ticket("basket")
    story.tell("ticket.started", 0, "09:00", key, team="basket")
    story.tell("ticket.done", 0, "10:00", key)
    story.tell("ticket.reopened", 0, "11:00", key, cause_team=["basket", "unknown"])
    story.tell("run.finished", 0, "12:00", "r", item=key, outcome="failure")
    assert story.marks() == []


def test_waiting_breaks_nothing_and_what_nobody_of_ours_broke_is_no_interface() -> None:
    story = Story()
    story.waited("basket", "platform", 0, "09:00", "17:00")
    for cause in ("external", "unknown"):
        key = story.ticket("inc")
        story.tell("incident.opened", 0, "10:00", key, team="basket", cause_team=cause)
        story.tell("incident.mitigated", 0, "11:00", key)
    assert Sort.TROUBLE not in {mark.sort for mark in story.marks()}


def test_waiting_for_what_is_offered_as_a_service() -> None:
    """`search` is served by `data`, `basket` is not: 3 of 5 equal waits.

    Two days of `search` cost over four hours, one does not: known from day 1 to 28.
    """
    story = Story()
    for day in weekdays(0, 4):
        team = "search" if day < 3 else "basket"
        story.waited(team, "data", day, "09:00", "17:00")
    reading = story.reading(SIGNAL, 4)
    assert reading.parts[1].value == Fraction(3, 5)
    assert reading.evidence[0].what == "waiting for data as a service"
    assert story.on_days(SIGNAL, 60) == list(range(1 + 13, 29 + 13))


def test_of_providers_that_are_waited_for_the_worst_counts() -> None:
    """`basket` is served by `platform`, of `data` only `search`: 1 and 1/2."""
    served = "headcount: 5, as_a_service_to: [{team: basket, from: 2026-01-01}],"
    story = Story(directory=directory_of(TEAMS.replace("headcount: 5,", served)))
    for day in range(2):
        story.waited("basket", "platform", day, "09:00", "17:00")
        story.waited("search", "data", day, "09:00", "17:00")
        story.waited("checkout", "data", day, "09:00", "17:00")
    assert story.reading(SIGNAL, 1).parts[1].value == 1


def test_of_the_cost_that_names_a_provider_no_teams_is_left_out() -> None:
    """`search` is served by `data`; `platform`, which builds no features, is not."""
    story = Story()
    for day in range(2):
        story.waited("search", "data", day, "09:00", "17:00")
        story.waited("platform", "data", day, "09:00", "17:00")
    assert story.reading(SIGNAL, 1).parts[1].value == Fraction(1, 2)


def test_before_the_first_trouble_nothing_is_known() -> None:
    story = three_who_ask()
    ratios = [story.reading(SIGNAL, day).ratio for day in (-1, 0)]
    assert ratios[0] is None
    assert ratios[1] is not None


def test_less_than_four_hours_of_cost_is_no_broken_promise() -> None:
    """One day's wait costs 7,875 s, two days' 15,750 s."""
    story = Story()
    story.waited("search", "data", 0, "09:00", "17:00")
    story.waited("search", "data", 1, "09:00", "17:00")
    assert story.reading(SIGNAL, 0).parts[1].value is None
    assert story.reading(SIGNAL, 1).parts[1].value == 1


def test_a_new_provider_may_be_waited_for_too() -> None:
    story = Story(exemptions=(exempt(SIGNAL, 0, 0, subject="data"),))
    for _ in range(2):
        story.waited("search", "data", 0, "09:00", "17:00")
    shares = [story.reading(SIGNAL, day).parts[1].value for day in range(2)]
    assert shares == [None, 1]


def test_a_declaration_holds_from_its_first_to_its_last_day() -> None:
    """Up to day 1: half of the equal waits of two days were promised away."""
    served = '{team: "*", to: 2026-01-06}'
    text = TEAMS.replace("{team: search, from: 2026-01-01}", served)
    story = Story(directory=directory_of(text))
    for day in range(3):
        story.waited("basket", "data", day, "09:00", "17:00")
        story.waited("basket", "data", day, "09:00", "17:00")
    shares = [story.reading(SIGNAL, day).parts[1].value for day in range(2)]
    assert shares == [1, Fraction(1, 2)]
