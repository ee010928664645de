"""Exposure, not cost (indicators 1.3): open links where a link is no wait."""

from __future__ import annotations

from itertools import permutations

from monitor.domain.facts import Fact
from monitor.domain.model import Model
from monitor.domain.timeline import Measured
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
