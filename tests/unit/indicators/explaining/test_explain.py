"""The segments behind a number sum to it exactly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from monitor.domain.timeline import Timeline
from monitor.indicators.explaining.explain import Question, lines_of
from monitor.indicators.totals.instant import seconds, totals_of
from tests.unit.indicators.history import DIRECTORY, Case, at, fact, started

HISTORY = (
    started(work_class="defect"),
    fact("ticket.blocked", "Mon 10:00", "CHK-1", on_team="platform"),
    fact("ticket.blocked", "Mon 10:30", "CHK-1", on_team="search"),
    fact("ticket.blocked", "Mon 10:40", "CHK-1", on_team="data"),
    fact("ticket.unblocked", "Mon 12:00", "CHK-1"),
    fact("run.finished", "Mon 13:00", "r", outcome="failure", pipeline="b", sha="a"),
    fact("change.pushed", "Mon 14:00", "shop#7"),
    fact("run.finished", "Mon 15:00", "s", outcome="success", pipeline="b", sha="b"),
)


def timelines() -> tuple[Timeline, ...]:
    return Case("", HISTORY, {}).timelines()


def asked(
    on_team: str | None = None,
    component: str | None = None,
    since: str = "Mon 09:00",
    until: str = "Mon 17:00",
) -> Question:
    return Question("checkout", on_team, component, at(since), at(until))


def total(question: Question) -> Fraction:
    lines = lines_of(timelines(), question, DIRECTORY)
    return sum((line.seconds for line in lines), Fraction(0))


@pytest.mark.parametrize("since", ["Mon 09:00", "Mon 10:10", "Mon 10:35"])
@pytest.mark.parametrize("until", ["Mon 10:50", "Mon 17:00"])
@pytest.mark.parametrize("on_team", ["platform", "search", "data"])
def test_lines_sum_to_the_number_exactly(since: str, until: str, on_team: str) -> None:
    totals = totals_of(timelines(), DIRECTORY, at(since), at(until))
    number = sum(v for (_, named, _, _), v in totals.waits.items() if named == on_team)
    question = asked(on_team, "ticket_blocked", since, until)
    assert total(question) == seconds(number)


def test_everything_asked_is_one_second_per_second() -> None:
    assert total(asked()) == 28_800


def test_active_and_what_stands_beside_it_is_asked_for_by_name() -> None:
    # Waited 10-12; own failure 13-15.
    assert total(asked(component="active")) == 28_800 - 7_200
    assert total(asked(component="own_failure")) == 7_200
    assert total(asked(component="unaccrued")) == 0


def test_lines_are_clipped_and_in_order_of_time() -> None:
    found = lines_of(
        timelines(), asked(since="Mon 09:30", until="Mon 10:05"), DIRECTORY
    )
    assert [(line.what, line.start, line.end) for line in found] == [
        ("active", at("Mon 09:30"), at("Mon 10:00")),
        ("ticket_blocked", at("Mon 10:00"), at("Mon 10:05")),
    ]
    assert [line.seconds for line in found] == [1_800, 300]
    assert {line.share for line in found} == {Fraction(1)}


def test_another_team_has_no_lines() -> None:
    question = Question("search", None, None, at("Mon 09:00"), at("Mon 17:00"))
    assert lines_of(timelines(), question, DIRECTORY) == []


def test_a_name_that_stands_for_several_teams_asks_about_all_of_them() -> None:
    """10:00 to 12:00 waits on all three: 10:00 platform, 10:30 search, 10:40 data."""
    merged = {"platform": "domain:base", "data": "domain:base", "always": "domain:x"}
    whole, of_search = asked(component="ticket_blocked"), asked("search")
    label = replace(asked("domain:base", "ticket_blocked"), merged=merged)
    assert total(label) == total(whole) - total(of_search) > 0
    one = replace(label, on_team="data")
    assert 0 < total(one) < total(label)
    charged = replace(whole, team="domain:x", merged={"checkout": "domain:x"})
    assert total(charged) == total(whole)
    assert total(replace(charged, merged=merged)) == 0


def test_other_asks_about_whoever_is_in_it_and_about_no_active_time() -> None:
    """10:00 to 12:00 waits on all three; the rest of eight hours waits on nobody."""

    def is_other(team: str, on_team: str) -> bool:
        return team == "checkout" and on_team != "search"

    of_search = total(asked("search", "ticket_blocked"))
    other = replace(asked("other"), is_other=is_other)
    assert total(other) == 7_200 - of_search > 0
    assert total(asked("other")) == 0
    assert total(replace(asked("platform"), is_other=is_other)) < total(other)
