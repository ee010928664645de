"""Exposure, not cost (indicators 1.3): open links, and tickets nobody has begun."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import Model
from monitor.domain.timeline import Measured
from monitor.domain.working_time import FOREVER
from tests.unit.indicators.history import Case, at, blocker, done, fact, started

Moment = tuple[str, str, int, int]

BUSY = started("Mon 08:00", "PLT-1", "platform")


def link(when: str, ticket: str = "PLT-1", *, added: bool = True) -> Fact:
    kind = "link.added" if added else "link.removed"
    return fact(kind, when, "CHK-1", blocker=ticket)


def case_of(
    *facts: Fact, told: tuple[Fact, ...] = (BUSY,), blocks: bool = False
) -> Case:
    model = Model(link_blocks=blocks)
    return Case("", facts, {}, blockers=blocker(*told), model=model)


def links_of(case: Case) -> list[Moment]:
    """Who is exposed to whom, when, and whether by one more or by one less."""
    return [
        (measure.team, measure.label, measure.time, measure.value)
        for timeline in case.timelines()
        for measure in timeline.measures
        if measure.name is Measured.OPEN_LINKS
    ]


def opened(when: str, on_team: str = "platform", team: str = "checkout") -> Moment:
    return (team, on_team, at(when), 1)


def closed(when: str, on_team: str = "platform", team: str = "checkout") -> Moment:
    return (team, on_team, at(when), -1)


def test_a_link_is_open_until_it_is_removed() -> None:
    case = case_of(started(), link("Mon 10:00"), link("Mon 12:00", added=False))
    assert links_of(case) == [opened("Mon 10:00"), closed("Mon 12:00")]


def test_or_until_its_blocker_is_resolved() -> None:
    told = (BUSY, done("Mon 13:00", "PLT-1"))
    case = case_of(started(), link("Mon 10:00"), told=told)
    assert links_of(case) == [opened("Mon 10:00"), closed("Mon 13:00")]


def test_it_is_open_in_flight_only_and_revives() -> None:
    case = case_of(
        link("Mon 08:00"),
        started("Mon 09:00"),
        done("Mon 12:00"),
        fact("ticket.reopened", "Mon 14:00", "CHK-1"),
    )
    expected = [opened("Mon 09:00"), closed("Mon 12:00"), opened("Mon 14:00")]
    assert links_of(case) == expected


def test_a_blocker_of_ones_own_is_none() -> None:
    told = (started("Mon 08:00", "PLT-1", "checkout"),)
    assert links_of(case_of(started(), link("Mon 10:00"), told=told)) == []


def test_two_blockers_of_one_team_are_two_and_two_links_to_one_blocker_are_one() -> (
    None
):
    case = case_of(
        started(),
        link("Mon 10:00"),
        link("Mon 10:30"),
        link("Mon 11:00", "PLT-2"),
    )
    assert links_of(case) == [opened("Mon 10:00"), opened("Mon 11:00")]


def test_the_link_goes_over_to_whom_the_blocker_goes_over() -> None:
    told = (BUSY, fact("ticket.accepted", "Mon 11:00", "PLT-1", team="search"))
    case = case_of(started(), link("Mon 10:00"), told=told)
    expected = {
        opened("Mon 10:00"),
        closed("Mon 11:00"),
        opened("Mon 11:00", "search"),
    }
    assert set(links_of(case)) == expected


def test_a_link_that_is_a_wait_is_counted_as_one_and_not_again() -> None:
    case = case_of(started(), link("Mon 10:00"), blocks=True)
    assert links_of(case) == []
    (wait,) = (wait for timeline in case.timelines() for wait in timeline.waits)
    assert (wait.team, wait.on_team, wait.start) == opened("Mon 10:00")[:3]


def test_the_order_of_the_facts_changes_nothing() -> None:
    facts = (started(), link("Mon 10:00"), link("Mon 12:00", added=False))
    expected = case_of(*facts).timelines()
    assert all(case_of(*one).timelines() == expected for one in permutations(facts))


FILED = fact("ticket.created", "Mon 09:00", "PLT-1", team="platform")


def to_begin(*facts: Fact) -> list[tuple[str, int, int]]:
    """By which team a ticket is to be begun, from when to when."""
    return [
        (measure.team, measure.time, measure.time + measure.value)
        for timeline in Case("", facts, {}, key="PLT-1").timelines()
        for measure in timeline.measures
        if measure.name is Measured.UNSTARTED
    ]


def waits_to_be_begun(since: str, until: str = "", by: str = "platform") -> object:
    return (by, at(since), at(until) if until else FOREVER)


def on_it(kind: str, when: str, **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, "PLT-1", **fields)


def test_a_ticket_waits_to_be_begun_from_when_it_was_filed() -> None:
    spoken_of = on_it("commented", "Mon 10:00")
    assert to_begin(FILED, spoken_of) == [waits_to_be_begun("Mon 09:00")]


def test_what_a_team_files_with_the_platform_does_so_too() -> None:
    filed = on_it(
        "requested",
        "Mon 10:00",
        team="platform",
        requester_team="checkout",
        needed_by="CHK-1",
    )
    assert to_begin(filed) == [waits_to_be_begun("Mon 10:00")]


@pytest.mark.parametrize(
    "end",
    [
        started("Mon 12:00", "PLT-1", "platform"),
        fact("change.opened", "Mon 12:00", "base!1", item="PLT-1"),
        done("Mon 12:00", "PLT-1"),
        on_it("cancelled", "Mon 12:00"),
    ],
    ids=["started", "a change of it opened", "done", "cancelled"],
)
def test_until_it_is_begun_or_closed(end: Fact) -> None:
    assert to_begin(FILED, end) == [waits_to_be_begun("Mon 09:00", "Mon 12:00")]


def test_what_was_begun_once_is_not_unstarted_again() -> None:
    begun = started("Mon 12:00", "PLT-1", "platform")
    expected = [waits_to_be_begun("Mon 09:00", "Mon 12:00")]
    parked = on_it("parked", "Mon 13:00")
    assert to_begin(FILED, begun, parked) == expected
    again = (done("Mon 13:00", "PLT-1"), on_it("reopened", "Mon 15:00"))
    assert to_begin(FILED, begun, *again) == expected


def test_what_is_put_back_to_the_backlog_unbegun_waits_on() -> None:
    parked = on_it("parked", "Mon 13:00")
    assert to_begin(FILED, parked) == [waits_to_be_begun("Mon 09:00")]


def test_tickets_of_other_kinds_of_teams_are_nobodys_exposure() -> None:
    filed = fact("ticket.created", "Mon 09:00", "PLT-1", team="checkout")
    assert to_begin(filed) == []


def test_it_is_to_be_begun_by_whom_it_is_assigned_to_from_then_on() -> None:
    filed = fact("ticket.created", "Mon 09:00", "PLT-1", team="checkout")
    given = on_it("assigned", "Mon 11:00", to_team="platform")
    assert to_begin(filed, given) == [waits_to_be_begun("Mon 11:00")]
    away = on_it("assigned", "Mon 12:00", to_team="search")
    expected = [waits_to_be_begun("Mon 11:00", "Mon 12:00")]
    assert to_begin(filed, given, away) == expected


def test_taken_off_again_it_is_to_be_begun_by_the_giver() -> None:
    filed = fact("ticket.created", "Mon 09:00", "PLT-1", team="checkout")
    given = on_it("assigned", "Mon 11:00", to_team="platform")
    taken_off = on_it("assigned", "Mon 12:00", to_team="platform", how="unassigned")
    expected = [waits_to_be_begun("Mon 11:00", "Mon 12:00")]
    assert to_begin(filed, given, taken_off) == expected


def test_a_ticket_of_which_nobody_tells_when_it_was_filed_has_no_age() -> None:
    assert to_begin(on_it("commented", "Mon 10:00", team="platform")) == []


def test_an_epic_is_none_and_a_part_of_a_ticket_is_begun_with_it() -> None:
    epic: dict[str, Any] = {"team": "platform", "epic": True}
    assert to_begin(fact("ticket.created", "Mon 09:00", "PLT-1", **epic)) == []
    part = fact("ticket.created", "Mon 10:00", "PLT-2", team="platform", item="PLT-1")
    begun = started("Mon 12:00", "PLT-2", "platform", item="PLT-1")
    expected = [waits_to_be_begun("Mon 09:00", "Mon 12:00")]
    assert to_begin(FILED, part, begun) == expected


def test_an_incident_is_none() -> None:
    opened_one = fact("incident.opened", "Mon 08:00", "PLT-1", team="platform")
    assert to_begin(FILED, opened_one) == []


def test_being_begun_costs_nobody_anything() -> None:
    assert Case("", (FILED,), {}, key="PLT-1", until="Fri 17:00").found() == {}


def test_in_any_order_a_ticket_waits_as_long() -> None:
    facts = (
        fact("ticket.created", "Mon 09:00", "PLT-1", team="checkout"),
        on_it("assigned", "Mon 11:00", to_team="platform"),
        started("Mon 15:00", "PLT-1", "platform"),
    )
    expected = [waits_to_be_begun("Mon 11:00", "Mon 15:00")]
    assert all(to_begin(*one) == expected for one in permutations(facts))


def test_a_reopening_is_no_link() -> None:
    case = case_of(
        started(),
        link("Mon 10:00"),
        link("Mon 11:00", added=False),
        done("Mon 12:00"),
        fact("ticket.reopened", "Mon 14:00", "CHK-1", cause_teams=["search"]),
    )
    assert [value for _, _, _, value in links_of(case)] == [1, -1]
