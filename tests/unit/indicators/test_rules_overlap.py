"""Indicators 1.4, O1-O5: overlapping waits, and what an episode is."""

from itertools import pairwise
from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.timeline import UNIT, Sort
from tests.unit.indicators.history import (
    DIRECTORY,
    Case,
    at,
    fact,
    rule_of,
    seconds_by_key,
    started,
)

BLOCK = "checkout>platform ticket_blocked"


def ticket(kind: str, when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact(f"ticket.{kind}", when, entity, **fields)


def blocked(when: str, on_team: str = "platform") -> Fact:
    return ticket("blocked", when, on_team=on_team)


def unblocked(when: str) -> Fact:
    return ticket("unblocked", when)


def change(kind: str, when: str, number: int, **fields: Any) -> Fact:
    return fact(f"change.{kind}", when, f"c-{number}", **fields)


def linked(when: str, *, added: bool = True) -> Fact:
    kind = "link.added" if added else "link.removed"
    return fact(kind, when, "CHK-1", blocker="PLT-1")


FORTY = range(40)

SPLITS = [
    Case(
        "forty changes of one ticket halt it until the first of them is reviewed",
        (
            started(),
            *(change("opened", "Mon 09:00", n) for n in FORTY),
            *(
                change("review_requested", "Mon 10:00", n, on_team="platform")
                for n in FORTY
            ),
            change("reviewed", "Mon 12:00", 7, reviewed_by=["platform"]),
        ),
        {
            "checkout>platform review_wait acute": 900,
            "checkout>platform review_wait chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "O1: equally over the named teams, then over each team's components",
        # 900 acute and 2,700 chronic: half to each team, platform's halved again
        (
            started(),
            blocked("Mon 10:00"),
            linked("Mon 10:00"),
            blocked("Mon 10:00", "search"),
            unblocked("Mon 11:00"),
            linked("Mon 11:00", added=False),
        ),
        {
            f"{BLOCK} acute": 225,
            f"{BLOCK} chronic": 675,
            "checkout>platform dependency_link acute": 225,
            "checkout>platform dependency_link chronic": 675,
            "checkout>search ticket_blocked acute": 450,
            "checkout>search ticket_blocked chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "O1: three teams have a third each",
        (
            started(),
            blocked("Mon 10:00"),
            blocked("Mon 10:00", "search"),
            blocked("Mon 10:00", "data"),
            unblocked("Mon 11:00"),
        ),
        {
            f"{key} {phase}": spent
            for key in (
                BLOCK,
                "checkout>search ticket_blocked",
                "checkout>data ticket_blocked",
            )
            for phase, spent in (("acute", 300), ("chronic", 900))
        }
        | {"checkout feature": 25_200},
    ),
    Case(
        "O2: external and unknown take part in the split",
        (
            started(),
            blocked("Mon 10:00"),
            blocked("Mon 10:00", "external"),
            blocked("Mon 10:00", "ghosts"),
            unblocked("Mon 11:00"),
        ),
        {
            f"{key} {phase}": spent
            for key in (
                BLOCK,
                "checkout>external ticket_blocked",
                "checkout>unknown ticket_blocked",
            )
            for phase, spent in (("acute", 300), ("chronic", 900))
        }
        | {"checkout feature": 25_200},
    ),
]

EPISODES = [
    Case(
        "O5: a night continues the episode",
        # Mon 16:50-17:00 and Tue 9:00-9:10
        (started(), blocked("Mon 16:50"), unblocked("Tue 09:10")),
        {
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 300,
            "checkout feature": 57_600 - 1_200,
        },
        until="Tue 17:00",
    ),
    Case(
        "O5: a weekend does, also when nothing is waited for in it",
        (
            started("Fri 09:00"),
            blocked("Fri 16:50"),
            unblocked("Fri 17:00"),
            blocked("Mon+1 09:00", "search"),
            unblocked("Mon+1 09:10"),
        ),
        {
            f"{BLOCK} acute": 600,
            "checkout>search ticket_blocked acute": 300,
            "checkout>search ticket_blocked chronic": 300,
            "checkout feature": 57_600 - 1_200,
        },
        until="Mon+1 17:00",
    ),
    Case(
        "O5: a night continues it though another team is charged in the morning",
        # Charged to checkout until 17:00, to Berlin (from 08:00 UTC) on Tuesday.
        (
            started(),
            blocked("Mon 16:50"),
            ticket("accepted", "Tue 03:00", team="berlin"),
            unblocked("Tue 08:10"),
        ),
        {
            "checkout feature": 28_200,
            f"{BLOCK} acute": 600,
            "berlin>platform ticket_blocked acute": 300,
            "berlin>platform ticket_blocked chronic": 300,
            "berlin request": 3_000,
        },
        until="Tue 09:00",
    ),
    Case(
        "a working second between two waits ends the episode",
        (
            started(),
            blocked("Mon 10:00"),
            unblocked("Mon 11:00"),
            blocked("Mon 11:00:01"),
            unblocked("Mon 12:00:01"),
        ),
        {
            f"{BLOCK} acute": 1_800,
            f"{BLOCK} chronic": 5_400,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "so it does when it is a night for the team charged next",
        # Active Mon 16:30-17:00 for checkout, after Berlin's 16:00 UTC.
        (
            started(),
            blocked("Mon 15:00"),
            unblocked("Mon 16:30"),
            ticket("accepted", "Tue 07:00", team="berlin"),
            blocked("Tue 07:30"),
        ),
        {
            "checkout feature": 21_600 + 1_800,
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 4_500,
            "berlin>platform ticket_blocked acute": 900,
            "berlin>platform ticket_blocked chronic": 2_700,
        },
        until="Tue 09:00",
    ),
    Case(
        "the episode goes on, whoever is waited for",
        (
            started(),
            blocked("Mon 10:00"),
            ticket("unblocked", "Mon 11:00", on_team="platform"),
            blocked("Mon 11:00", "search"),
            unblocked("Mon 12:00"),
        ),
        {
            f"{BLOCK} acute": 900,
            f"{BLOCK} chronic": 2_700,
            "checkout>search ticket_blocked chronic": 3_600,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "leaving flight ends the episode, though only a night lies between",
        (
            started(),
            blocked("Mon 16:50"),
            ticket("parked", "Mon 17:00"),
            ticket("started", "Tue 09:00", team="checkout"),
            unblocked("Tue 09:10"),
        ),
        {f"{BLOCK} acute": 1_200, "checkout feature": 57_600 - 1_200},
        until="Tue 17:00",
    ),
    Case(
        "an episode shorter than the acute phase is all acute",
        (started(), blocked("Mon 10:00"), unblocked("Mon 10:15")),
        {f"{BLOCK} acute": 900, "checkout feature": 27_900},
    ),
]


@pytest.mark.parametrize("case", SPLITS, ids=rule_of)
def test_split(case: Case) -> None:
    assert case.found() == case.expected


@pytest.mark.parametrize("case", EPISODES, ids=rule_of)
def test_episode(case: Case) -> None:
    assert case.found() == case.expected


def test_o4_several_items_that_wait_for_one_cause_count_each() -> None:
    waits = [
        Case(
            "",
            (
                started(entity=key),
                ticket("blocked", "Mon 10:00", key, on_team="platform"),
                ticket("unblocked", "Mon 11:00", key),
            ),
            {},
            key=key,
        ).timelines()
        for key in ("CHK-1", "CHK-2")
    ]
    found = seconds_by_key([t for timelines in waits for t in timelines], "Mon 17:00")
    assert found == {
        f"{BLOCK} acute": 1_800,
        f"{BLOCK} chronic": 5_400,
        "checkout feature": 50_400,
    }


@pytest.mark.parametrize("case", [*SPLITS, *EPISODES], ids=rule_of)
def test_an_item_has_one_second_per_second_and_never_two(case: Case) -> None:
    (timeline,) = case.timelines()
    counted = (Sort.WAIT, Sort.ACTIVE, Sort.UNACCRUED)
    segments = [s for s in timeline.segments if s.sort in counted]
    edges = sorted({edge for s in segments for edge in (s.start, s.end)})
    for left, right in pairwise(edges):
        covering = [s for s in segments if s.start <= left and right <= s.end]
        (team,) = {s.team for s in covering} or {""}
        if team and DIRECTORY.calendar(team).between(
            left, min(right, at("Fri+3 17:00"))
        ):
            assert sum(s.share for s in covering) == UNIT
