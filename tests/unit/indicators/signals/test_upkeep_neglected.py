"""Signal 6: on, off again, and off during a declared push."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.domain.marks import Sort
from monitor.domain.signal_rules import Signal
from tests.harness.driving import directory_of
from tests.unit.indicators.signals.story import TEAMS, Story, exempt, instant

SIGNAL = Signal.UPKEEP_NEGLECTED


def week(story: Story, number: int, debt: int, failed: int = 0) -> None:
    """Ten hours of work on a Monday, so many on debt; 20 deploys, so many failed."""
    day = number * 7
    hours = [f"{9 + hour:02d}:00" for hour in range(6)]
    for hour in range(5):
        work_class = "debt" if hour < debt else "feature"
        story.worked("basket", day, hours[hour], hours[hour + 1], work_class)
    for index in range(4):
        outcome = "failure" if index < failed else "success"
        key = f"d-{number}-{index}"
        said = {"team": "basket", "service": "shop", "outcome": outcome}
        story.tell("deploy.finished", day, "16:00", key, **said)


def neglecting(**more: object) -> Story:
    """No upkeep for 20 weeks, and then ever more failed deploys; then 12 of upkeep."""
    story = Story(**more)  # type: ignore[arg-type]
    for number in range(34):
        if number < 20:
            week(story, number, 0, failed=0 if number < 12 else min(4, number - 11))
        else:
            week(story, number, 3)
    return story


def test_on_when_neglect_begins_to_show_and_off_when_upkeep_is_back() -> None:
    """Day 84 is the first Monday on which a deploy failed: a rising line of 12 weeks.

    No deploy fails from day 140 on: of the twelve Mondays up to day 147 those on
    which deploys failed are still mostly in the later half, up to day 154 in the
    earlier. So the line falls from day 154 on, and 14 such days end with day 167.
    """
    story = neglecting()
    assert story.reading(SIGNAL, 82).ratio is None
    assert story.reading(SIGNAL, 83).ratio == 0
    assert story.standing(SIGNAL, 96).active is False
    assert story.on_days(SIGNAL, 200) == list(range(84 + 13, 154 + 13))
    reading = story.standing(SIGNAL, 105).reading
    # One, two, three failures of four in the last of twelve weeks: the slope of
    # 0 ... 0, 1/4, 2/4, 3/4, 1 by least squares (sum of squares 143).
    known = zip((9, 10, 11), (1, 2, 3), strict=True)
    before = story.reading(SIGNAL, 14 * 7 + 6).parts[2].value
    moved = sum((step - Fraction(11, 2)) * Fraction(part, 4) for step, part in known)
    assert before == moved / 143
    assert [one.what for one in reading.evidence] == ["change fail rate, by week"]
    assert story.standing(SIGNAL, 105).since == instant(98)


def test_a_deliberate_dated_push_is_not_judged() -> None:
    story = neglecting(exemptions=(exempt(SIGNAL, 84, 160),))
    reading = story.reading(SIGNAL, 100)
    assert reading.ratio == 0
    assert reading.exempt == "said"
    assert story.on_days(SIGNAL, 200) == []


def test_velocity_without_any_growing_trouble_is_none() -> None:
    story = Story()
    for number in range(20):
        week(story, number, 0, failed=1)
    reading = story.reading(SIGNAL, 130)
    assert reading.ratio == 0
    assert [part.value for part in reading.parts[1:]] == [0, 0, 0]
    assert story.on_days(SIGNAL, 139) == []


def test_growing_trouble_with_enough_upkeep_is_none() -> None:
    story = Story()
    for number in range(20):
        week(story, number, 1, failed=number // 5)
    assert story.reading(SIGNAL, 130).ratio == Fraction(1, 5)
    assert story.on_days(SIGNAL, 139) == []


def test_rework_that_grows_shows() -> None:
    """In week n of twelve one ticket in n + 2 hours comes back for an hour."""
    story = Story()
    for number in range(12):
        for _ in range(12 - number // 2):
            story.worked("basket", number * 7, "09:00", "10:00")
        key = story.worked("basket", number * 7, "10:00", "11:00")
        story.tell("ticket.reopened", number * 7, "12:00", key)
        story.tell("ticket.done", number * 7, "13:00", key)
    reading = story.reading(SIGNAL, 83)
    value = reading.parts[1].value
    assert value is not None
    assert value > 0
    assert [one.what for one in reading.evidence] == ["rework share, by week"]


def test_flaky_runs_that_cost_more_show() -> None:
    """A run that fails and passes on the same sha after 10, 11, 12 ... minutes."""
    story = Story()
    for number in range(12):
        key, day = story.ticket("basket"), number * 7
        story.tell("ticket.started", day, "09:00", key, work_class="feature")
        said = {"item": key, "sha": f"s{number}", "pipeline": "p", "on_team": "data"}
        story.tell(
            "run.finished", day, "10:00", f"r{number}", outcome="failure", **said
        )
        end = f"10:{10 + number:02d}"
        story.tell(
            "run.finished", day, end, f"q{number}", attempt=2, outcome="success", **said
        )
        story.tell("ticket.done", day, "12:00", key)
    # Acute up to 15 minutes, a quarter of what is beyond.
    costs = [60 * (10 + n) if n <= 5 else 900 + 15 * (n - 5) for n in range(12)]
    moved = sum((n - Fraction(11, 2)) * cost for n, cost in enumerate(costs))
    assert story.reading(SIGNAL, 83).parts[3].value == moved / 143


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([("deploy.finished", {"outcome": "success"})], ["ok"]),
        ([("deploy.finished", {"outcome": "cancelled"})], []),
        (
            [
                ("deploy.finished", {"outcome": "failure"}),
                ("deploy.finished", {"outcome": "success"}),
            ],
            ["failed", "ok"],
        ),
        (
            [
                ("deploy.finished", {"outcome": "success"}),
                ("deploy.finished", {"outcome": "neutral"}),
            ],
            ["ok"],
        ),
        ([("deploy.finished", {"outcome": "timed_out"})], ["failed"]),
        (
            [("deploy.finished", {"outcome": "success"}), ("deploy.rolled_back", {})],
            ["failed"],
        ),
        (
            [("deploy.finished", {"outcome": "failure", "environment": "staging"})],
            [],
        ),
        (
            [("deploy.finished", {"outcome": "success", "environment": "Production"})],
            ["ok"],
        ),
        (
            [("deploy.finished", {"outcome": "success", "environment": "live"})],
            ["ok"],
        ),
    ],
)
def test_what_counts_as_a_failed_deploy(
    told: list[tuple[str, dict[str, str]]], words: list[str]
) -> None:
    story = Story()
    for index, (kind, fields) in enumerate(told):
        said = {"team": "basket", "service": "shop", **fields}
        story.tell(kind, 0, f"1{index}:00", "d", **said)
    found = [mark for mark in story.marks() if mark.sort is Sort.DEPLOY]
    assert [mark.word for mark in found] == words
    assert {mark.team for mark in found} <= {"basket"}


def test_deploys_of_a_platform_team_are_in_no_change_fail_rate_of_streams() -> None:
    """One failed deploy more in each week, none of them of a team of streams."""
    story = Story()
    for number in range(12):
        week(story, number, 0)
        for index in range(number):
            said = {"team": "platform", "service": "base", "outcome": "failure"}
            key = f"p-{number}-{index}"
            story.tell("deploy.finished", number * 7, "16:00", key, **said)
    assert story.reading(SIGNAL, 83).parts[2].value == 0


def test_deploys_that_hang_on_no_work_count_too() -> None:
    """Such as the one that ended an incident."""
    story = Story()
    where = {"team": "basket", "service": "shop", "outcome": "failure"}
    story.tell("incident.opened", 0, "10:00", "inc-1", team="basket")
    story.tell("deploy.finished", 0, "11:00", "d-1", item="inc-1", **where)
    found = [mark for mark in story.marks() if mark.sort is Sort.DEPLOY]
    assert [(mark.item, mark.word) for mark in found] == [("inc-1", "failed")]


def test_where_nobody_worked_there_is_no_share() -> None:
    story = Story()
    story.tell("finding.opened", 0, "09:00", "f", team="basket", **{"class": "x"})
    reading = story.reading(SIGNAL, 100)
    assert [part.value for part in reading.parts] == [None] * 4
    assert reading.judged is None


def test_a_deploy_belongs_to_the_owner_of_its_service() -> None:
    owned = TEAMS.replace("[{jira: SEARCH}]", "[{jira: SEARCH}, {service: till}]")
    story = Story(directory=directory_of(owned))
    key = story.worked("basket", 0, "09:00", "12:00")
    ended = {"outcome": "success", "service": "till", "item": key}
    story.tell("deploy.finished", 0, "10:00", "d", **ended)
    assert [m.team for m in story.marks() if m.sort is Sort.DEPLOY] == ["search"]
