"""What the signals read: order of arrival, windows, daily sums, joined conditions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from monitor.domain.marks import Mark, Sort
from monitor.domain.model import DEFAULT_MODEL
from monitor.domain.signal_rules import USUAL_RULES, Signal
from monitor.domain.timeline import UNIT
from monitor.domain.working_time import DAY
from monitor.indicators.signals.daily import Wait, daily_of
from monitor.indicators.signals.history import History, Window, history_of, window
from monitor.indicators.signals.judging import Judged, both, either
from monitor.indicators.signals.report import Judging, signals_report
from monitor.indicators.signals.standings import last_day
from tests.unit.indicators.signals.story import (
    DIRECTORY,
    STREAMS,
    Story,
    exempt,
    instant,
    marks_in,
    shuffled,
)

YES = Judged(above=True, below=False)
SOME = Judged(above=False, below=False)
NO = Judged(above=False, below=True)


def many_things() -> Story:
    """Something of every sort of mark."""
    story = Story(exemptions=(exempt(Signal.DIFFERENT_WAYS, 0, 9, team="search"),))
    for day, team in enumerate(STREAMS):
        story.waited(team, "platform", day, "09:00", "17:00")
        key = story.worked(team, day, "09:00", "11:00", "debt")
        story.tell("ticket.reopened", day, "12:00", key, cause_team="data")
        asked = story.ticket("plt")
        labels = ["platform", "area/ci", "how-to", "tooling", f"uses:ci/{team}"]
        story.tell("ticket.created", day, "09:00", asked, by_team=team, labels=labels)
        said = {"decision": "approve", "actor_role": "staff"}
        story.tell("ticket.decided", day, "10:00", asked, **said)
        story.tell("ticket.postponed", day, "11:00", asked, how="sprint")
        story.tell(
            "finding.opened", day, "09:00", f"f-{day}", team=team, **{"class": "x"}
        )
        story.tell("finding.closed", day + 1, "09:00", f"f-{day}")
        ended = {"outcome": "success", "team": team, "service": "s"}
        story.tell("deploy.finished", day, "13:00", f"d-{day}", **ended)
    return story


def test_marks_do_not_depend_on_the_order_of_arrival() -> None:
    story = many_things()
    expected = story.marks()
    assert {mark.sort for mark in expected} == set(Sort)
    for seed in range(5):
        assert marks_in(story.batch(shuffled(story, seed))) == expected


def test_the_document_does_not_either() -> None:
    story = many_things()

    def document(seed: int | None) -> object:
        batch = story.batch(None if seed is None else shuffled(story, seed))
        by = Judging(batch.directory, batch.model, batch.rules)
        marks = marks_in(batch)
        return signals_report(batch.timelines(), marks, by, instant(20))

    assert document(None) == document(1)


def test_no_mark_names_a_role_that_is_not_mapped_nor_any_person() -> None:
    """Roles are a coarse enum of the event; nothing else tells one from another."""
    details = {m.detail for m in many_things().marks() if m.sort is Sort.DECISION}
    assert details == {"", "staff"}


def history(*marks: Mark) -> History:
    nothing = daily_of([], DIRECTORY, DEFAULT_MODEL, 0)
    return history_of(marks, nothing, DIRECTORY, USUAL_RULES)


def mark(start: int, end: int) -> Mark:
    return Mark(Sort.FINDING, start, end, f"{start}", "basket")


def test_a_window_has_its_first_instant_and_not_its_last() -> None:
    span = Window(10, 11)
    inside = [mark(10 * DAY, 10 * DAY), mark(12 * DAY - 1, 12 * DAY)]
    found = history(mark(10 * DAY - 1, 10 * DAY), *inside, mark(12 * DAY, 13 * DAY))
    assert list(found.began(Sort.FINDING, span)) == inside
    # What ended as the window began was not open in it.
    assert list(found.open_in(Sort.FINDING, span)) == inside
    older = mark(0, 10 * DAY + 1)
    assert list(history(older).open_in(Sort.FINDING, span)) == [older]


def test_history_begins_with_the_first_thing_known() -> None:
    found = history(mark(5 * DAY + 1, 6 * DAY))
    assert found.first == 5
    assert found.covers(window(32, 28))
    assert not found.covers(window(31, 28))
    assert history().first is None
    assert not history().covers(window(31, 28))


def test_the_newest_day_is_one_that_has_ended() -> None:
    midnight = instant(1)
    assert last_day(midnight) == instant(0) // DAY
    assert last_day(midnight - 1) == instant(0) // DAY - 1


def test_days_are_cut_at_midnight_utc_and_weighed() -> None:
    """Ten hours on Monday and Tuesday: 8 h = 900 s + 27,900 s / 4; 2 h all chronic."""
    story = Story()
    key = story.ticket("basket")
    story.tell("ticket.started", 0, "09:00", key, team="basket")
    story.tell("ticket.blocked", 0, "09:00", key, on_team="platform")
    story.tell("ticket.unblocked", 1, "11:00", key)
    story.tell("ticket.done", 1, "12:00", key)
    daily = story.history.daily
    days = sorted(daily.days)
    named = Wait("basket", "platform", "ticket_blocked")
    costs = [daily.cost_seconds(daily.days[day].waited[named]) for day in days]
    assert costs == [900 + Fraction(27_900, 4), Fraction(7_200, 4)]
    assert days == [instant(0) // DAY, instant(1) // DAY]
    assert daily.days[days[1]].worked == {"feature": 3_600_000 * UNIT}


def test_what_nobody_of_ours_is_waited_for_costs_nothing() -> None:
    story = Story()
    for team in ("external", "unknown"):
        story.waited("basket", team, 0, "09:00", "17:00")
    assert story.history.daily.days == {}


@pytest.mark.parametrize(
    ("conditions", "all_of", "any_of"),
    [
        ([YES, YES], YES, YES),
        ([YES, SOME], SOME, YES),
        ([YES, NO], NO, YES),
        ([SOME, NO], NO, SOME),
        ([NO, NO], NO, NO),
        ([YES, None], None, YES),
        ([NO, None], NO, NO),
        ([None, None], None, None),
    ],
)
def test_conditions_are_joined_and_unknown_stays_unknown(
    conditions: list[Judged | None], all_of: Judged | None, any_of: Judged | None
) -> None:
    assert both(*conditions) == all_of
    assert either(*conditions) == any_of


def test_an_exemption_ends_with_its_last_day() -> None:
    rules = many_things().history.rules
    first = instant(0) // DAY
    signal = Signal.DIFFERENT_WAYS
    days = [
        d for d in (-1, 0, 9, 10) if rules.is_exempt(signal, first + d, team="search")
    ]
    assert days == [0, 9]
    assert not rules.is_exempt(signal, first, team="basket")
    assert not rules.is_exempt(Signal.SLOW_TOOLING, first, team="search")
    assert rules.why_not_judged(signal, first) == ""
