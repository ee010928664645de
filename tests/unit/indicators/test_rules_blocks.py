"""Indicators 1.3, row `ticket_blocked`: what opens, closes, and who is named."""

from typing import Any

import pytest

from monitor.domain.facts import LABELLED, ON_CARD, Fact
from monitor.domain.flags import on_card
from monitor.domain.model import Model
from monitor.domain.opaque import blocked_on
from tests.unit.indicators.history import Case, done, fact, rule_of, started

TO_PLATFORM = "checkout>platform ticket_blocked"
TO_SEARCH = "checkout>search ticket_blocked"
TO_UNKNOWN = "checkout>unknown ticket_blocked"
LINK = "checkout>platform dependency_link"


def blocked(when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact("ticket.blocked", when, entity, **fields)


def unblocked(when: str, entity: str = "CHK-1", **fields: Any) -> Fact:
    return fact("ticket.unblocked", when, entity, **fields)


# A day is 28,800 s, the first 900 s of an episode are acute.
CASES = [
    Case(
        "a flag opens and its removal closes",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            unblocked("Mon 12:00", on_team="platform"),
        ),
        # 7,200 = 900 + 6,300; 28,800 - 7,200 = 21,600
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "tools spell a team in several ways",
        (
            started(),
            blocked("Mon 10:00", on_team="Platform"),
            blocked("Mon 11:00", on_team="platform"),
            unblocked("Mon 12:00", on_team="PLATFORM"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "what is kept of a label's word is the team that goes by it",
        (
            started(),
            blocked("Mon 10:00", on_team=blocked_on("Platform")),
            unblocked("Mon 12:00", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a label that names a person is lifted although they changed teams meanwhile",
        (
            started(),
            blocked("Mon 10:00", on_team="platform", request=blocked_on("ada")),
            unblocked("Mon 11:00", on_team="search", request=blocked_on("ada")),
            blocked("Mon 12:00", on_team="search", request=blocked_on("ada")),
            unblocked("Mon 13:00", on_team="search", request=blocked_on("ada")),
        ),
        # An hour on each: 900 + 2,700, and 28,800 - 7,200.
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            f"{TO_SEARCH} acute": 900,
            f"{TO_SEARCH} chronic": 2_700,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a label that was stored as it is written is lifted by what is kept of it",
        (
            started(),
            blocked("Mon 10:00", on_team="ghosts"),
            unblocked("Mon 11:00", on_team=blocked_on("ghosts")),
        ),
        {
            f"{TO_UNKNOWN} acute": 900,
            f"{TO_UNKNOWN} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a removal that names nobody lifts every flag",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            blocked("Mon 10:00", on_team="search"),
            unblocked("Mon 11:00"),
        ),
        # 3,600 = 900 + 2,700, halved
        {
            f"{TO_PLATFORM} acute": 450,
            f"{TO_PLATFORM} chronic": 1_350,
            f"{TO_SEARCH} acute": 450,
            f"{TO_SEARCH} chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a removal that names a team lifts that team's flag alone",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            blocked("Mon 10:00", on_team="search"),
            unblocked("Mon 11:00", on_team="platform"),
            unblocked("Mon 12:00", on_team="search"),
        ),
        # 10-11 halved, 11-12 search alone: 1,350 + 3,600
        {
            f"{TO_PLATFORM} acute": 450,
            f"{TO_PLATFORM} chronic": 1_350,
            f"{TO_SEARCH} acute": 450,
            f"{TO_SEARCH} chronic": 4_950,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a label and a card that name one team each block by themselves",
        (
            started(),
            blocked("Mon 10:00", on_team="platform", how=LABELLED),
            blocked("Mon 10:30", on_team="platform", how=ON_CARD),
            unblocked("Mon 11:00", on_team="platform", how=LABELLED),
            unblocked("Mon 12:00", on_team="platform", how=ON_CARD),
        ),
        # One wait: 7,200 = 900 + 6,300.
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "what tells of neither label nor card lifts both",
        (
            started(),
            blocked("Mon 10:00", on_team="platform", how=LABELLED),
            blocked("Mon 10:30", on_team="platform", how=ON_CARD),
            unblocked("Mon 11:00", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a card lifts its flag that was stored before it was told whose it is",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            unblocked("Mon 11:00", on_team="platform", how=ON_CARD),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a lift by a card whose board was not stored ends what all cards tell",
        (
            started(),
            blocked("Mon 10:00", on_team="platform", how=on_card("first")),
            unblocked("Mon 11:00", on_team="platform", how=ON_CARD),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a card's block whose board was not stored ends with any card's lift",
        (
            started(),
            blocked("Mon 10:00", on_team="platform", how=ON_CARD),
            unblocked("Mon 11:00", on_team="platform", how=on_card("first")),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a flag that names nobody waits on unknown",
        (started(), blocked("Mon 10:00"), unblocked("Mon 11:00")),
        {
            f"{TO_UNKNOWN} acute": 900,
            f"{TO_UNKNOWN} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a team no directory knows is unknown",
        (
            started(),
            blocked("Mon 10:00", on_team="ghosts"),
            unblocked("Mon 11:00", on_team="ghosts"),
        ),
        {
            f"{TO_UNKNOWN} acute": 900,
            f"{TO_UNKNOWN} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a flag that names nobody says nothing while a link is open",
        (
            started(),
            blocked("Mon 10:00"),
            fact("link.added", "Mon 10:30", "CHK-1", blocker="PLT-1"),
            fact("link.removed", "Mon 11:30", "CHK-1", blocker="PLT-1"),
            unblocked("Mon 12:00"),
        ),
        # 10:00 unknown 1,800 (900 + 900), 10:30 link 3,600, 11:30 unknown 1,800
        {
            f"{TO_UNKNOWN} acute": 900,
            f"{TO_UNKNOWN} chronic": 2_700,
            f"{LINK} chronic": 3_600,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a flag that names nobody says nothing beside a link to one's own ticket",
        (
            started(),
            fact("link.added", "Mon 09:30", "CHK-1", blocker="CHK-9"),
            blocked("Mon 10:00"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "nor beside a link that is exposure only: it names the blocker all the same",
        (
            started(),
            fact("link.added", "Mon 09:30", "CHK-1", blocker="PLT-1"),
            blocked("Mon 10:00"),
            fact("link.removed", "Mon 16:00", "CHK-1", blocker="PLT-1"),
        ),
        # From 16:00 on nothing names anybody: 3,600 = 900 + 2,700
        {
            f"{TO_UNKNOWN} acute": 900,
            f"{TO_UNKNOWN} chronic": 2_700,
            "checkout feature": 25_200,
        },
        model=Model(link_blocks=False),
    ),
    Case(
        "a flag that names nobody speaks again between two links",
        (
            started(),
            fact("link.added", "Mon 09:30", "CHK-1", blocker="PLT-1"),
            blocked("Mon 10:00"),
            fact("link.removed", "Mon 11:00", "CHK-1", blocker="PLT-1"),
            fact("link.added", "Mon 12:00", "CHK-1", blocker="PLT-2"),
            fact("link.added", "Mon 16:00", "CHK-1", blocker="PLT-3"),
            unblocked("Mon 13:00"),
            fact("link.removed", "Mon 13:00", "CHK-1", blocker="PLT-2"),
            fact("link.removed", "Mon 16:30", "CHK-1", blocker="PLT-3"),
        ),
        # 9:30-11 link 5,400 (900 + 4,500), 11-12 unknown, 12-13 link, 16-16:30
        # a new episode (900 + 900): link chronic 4,500 + 3,600 + 900
        {
            f"{LINK} acute": 1_800,
            f"{LINK} chronic": 9_000,
            f"{TO_UNKNOWN} chronic": 3_600,
            "checkout feature": 28_800 - 12_600 - 1_800,
        },
    ),
    Case(
        "a flag that names a team counts beside a link",
        (
            started(),
            blocked("Mon 10:00", on_team="search"),
            fact("link.added", "Mon 10:00", "CHK-1", blocker="PLT-1"),
            unblocked("Mon 11:00", on_team="search"),
            fact("link.removed", "Mon 11:00", "CHK-1", blocker="PLT-1"),
        ),
        {
            f"{TO_SEARCH} acute": 450,
            f"{TO_SEARCH} chronic": 1_350,
            f"{LINK} acute": 450,
            f"{LINK} chronic": 1_350,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a flag on the owner is no wait",
        (started(), blocked("Mon 10:00", on_team="checkout")),
        {"checkout feature": 28_800},
    ),
    Case(
        "a flag of a sub-task halts the item (design 11.18)",
        (
            started(),
            fact("ticket.started", "Mon 09:30", "CHK-2", parent="CHK-1"),
            blocked("Mon 10:00", "CHK-2", on_team="platform"),
            unblocked("Mon 11:00", "CHK-2", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a wait opened before flight counts from entry",
        (
            fact("ticket.created", "Mon 09:00", "CHK-1", team="checkout"),
            blocked("Mon 09:00", on_team="platform"),
            started("Mon 10:00"),
            unblocked("Mon 11:00", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "done closes a flag for good",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            done("Mon 12:00"),
            fact("ticket.reopened", "Mon 14:00", "CHK-1"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 3_600,
            "checkout rework": 10_800,
        },
    ),
    Case(
        "cancelled closes a flag for good and keeps what it accrued",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            fact("ticket.cancelled", "Mon 12:00", "CHK-1"),
            fact("ticket.started", "Mon 14:00", "CHK-1"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 3_600,
            "checkout rework": 10_800,
        },
    ),
    Case(
        "parked suspends a flag, and leaving flight ends the episode",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            fact("ticket.parked", "Mon 11:00", "CHK-1"),
            fact("ticket.started", "Mon 13:00", "CHK-1"),
            unblocked("Mon 14:00", on_team="platform"),
        ),
        # 10-11 and 13-14, each 900 + 2,700; active 9-10 and 14-17
        {
            f"{TO_PLATFORM} acute": 1_800,
            f"{TO_PLATFORM} chronic": 5_400,
            "checkout feature": 14_400,
        },
    ),
    Case(
        "so does its last change merged, if it is in flight through changes only",
        (
            fact("ticket.created", "Mon 09:00", "CHK-1", work_class="feature"),
            fact("change.opened", "Mon 09:00", "shop#7"),
            blocked("Mon 10:00", on_team="platform"),
            fact("change.merged", "Mon 11:00", "shop#7"),
            fact("change.opened", "Mon 13:00", "shop#8"),
            unblocked("Mon 14:00", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 1_800,
            f"{TO_PLATFORM} chronic": 5_400,
            "checkout feature": 14_400,
        },
    ),
    Case(
        "a second flag of the same team changes nothing: the earliest wins",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            blocked("Mon 11:00", on_team="platform"),
            unblocked("Mon 12:00", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "of two removals the first after the flag wins",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            unblocked("Mon 11:00", on_team="platform"),
            unblocked("Mon 12:00", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "a removal without a flag has no effect",
        (started(), unblocked("Mon 11:00", on_team="platform")),
        {"checkout feature": 28_800},
    ),
    Case(
        "a removal before the flag does not close it",
        (
            started(),
            unblocked("Mon 10:00", on_team="platform"),
            blocked("Mon 16:00", on_team="platform"),
        ),
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 2_700,
            "checkout feature": 25_200,
        },
    ),
    Case(
        "flag and removal at one instant have zero length when none was open",
        (
            started(),
            unblocked("Mon 10:00", on_team="platform"),
            blocked("Mon 10:00", on_team="platform"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "an open flag closes first and opens again at one instant",
        (
            started(),
            blocked("Mon 10:00", on_team="platform"),
            unblocked("Mon 11:00", on_team="platform"),
            blocked("Mon 11:00", on_team="platform"),
            unblocked("Mon 12:00", on_team="platform"),
        ),
        # One episode: no working second lies between.
        {
            f"{TO_PLATFORM} acute": 900,
            f"{TO_PLATFORM} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_ticket_blocked(case: Case) -> None:
    assert case.found() == case.expected


def test_a_wait_is_open_until_its_limit_when_nothing_closes_it() -> None:
    case = Case("", (started(), blocked("Mon 16:00", on_team="platform")), {})
    assert case.found() == {
        f"{TO_PLATFORM} acute": 900,
        f"{TO_PLATFORM} chronic": 2_700,
        "checkout feature": 25_200,
    }
