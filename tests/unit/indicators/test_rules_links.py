"""Indicators 1.3, row `dependency_link`: links to unresolved tickets of others."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.domain.model import Model
from tests.unit.indicators.history import Case, blocker, done, fact, rule_of, started

ON_PLATFORM = "checkout>platform dependency_link"
ON_UNKNOWN = "checkout>unknown dependency_link"


def link(
    when: str, ticket: str = "PLT-1", *, added: bool = True, number: str = ""
) -> Fact:
    kind = "link.added" if added else "link.removed"
    which: dict[str, Any] = {"request": number} if number else {}
    return fact(kind, when, "CHK-1", blocker=ticket, **which)


def unlink(when: str, number: str = "") -> Fact:
    return link(when, added=False, number=number)


BUSY = started("Mon 09:00", "PLT-1", "platform")
INCIDENT = (
    # Its service is platform's; the cause is another matter.
    fact(
        "incident.opened", "Mon 09:00", "INC-5", team="platform", cause_teams=["data"]
    ),
)
# 10:00-12:00: 7,200 = 900 + 6,300
TWO_HOURS = {
    f"{ON_PLATFORM} acute": 900,
    f"{ON_PLATFORM} chronic": 6_300,
    "checkout feature": 21_600,
}


def seen_resolved(when: str) -> Fact:
    said: dict[str, Any] = {"how": "resolved", "automation": True, "request": "5"}
    return fact("link.removed", when, "CHK-1", blocker="PLT-1", **said)


BY_CHANGE = (
    fact("change.opened", "Mon 09:30", "#3", item="PLT-1", author_team="platform"),
    fact("change.merged", "Mon 11:00", "#3", item="PLT-1"),
)
# Two links of one pair, told by their numbers.
PAIR = (link("Mon 10:00", number="5"), link("Mon 10:30", number="6"))

CASES = [
    Case(
        "a blocker that is never read is resolved when it is seen to be",
        (started(), PAIR[0], seen_resolved("Mon 12:00")),
        TWO_HOURS,
    ),
    Case(
        "and one that is read when it says so itself, and again until it is",
        (started(), PAIR[0], seen_resolved("Mon 10:30")),
        TWO_HOURS,
        blockers=blocker(BUSY, done("Mon 12:00", "PLT-1")),
    ),
    Case(
        "of two links to one blocker one is removed: the other one stands",
        (started(), *PAIR, unlink("Mon 11:00", "5"), unlink("Mon 12:00", "6")),
        TWO_HOURS,
        blockers=blocker(BUSY),
    ),
    Case(
        "and a changelog, which tells no number, has told of both, too",
        (
            started(),
            *PAIR,
            link("Mon 10:00"),
            link("Mon 10:30"),
            unlink("Mon 11:00", "5"),
            unlink("Mon 11:00"),
            unlink("Mon 12:00", "6"),
            unlink("Mon 12:00"),
        ),
        TWO_HOURS,
        blockers=blocker(BUSY),
    ),
    Case(
        "a removal told by a changelog alone is that of the link that was shown",
        (
            started(),
            link("Mon 10:00"),
            link("Mon 11:00", number="5"),
            unlink("Mon 12:00"),
        ),
        TWO_HOURS,
        blockers=blocker(BUSY),
    ),
    Case(
        "a link that a changelog told of ends with its number",
        (started(), link("Mon 10:00"), PAIR[0], unlink("Mon 12:00", "5")),
        TWO_HOURS,
        blockers=blocker(BUSY),
    ),
    Case(
        "the blocker's being done closes it",
        (started(), link("Mon 10:00")),
        TWO_HOURS,
        blockers=blocker(BUSY, done("Mon 12:00", "PLT-1")),
    ),
    Case(
        "the blocker's being cancelled closes it",
        (started(), link("Mon 10:00")),
        TWO_HOURS,
        blockers=blocker(BUSY, fact("ticket.cancelled", "Mon 12:00", "PLT-1")),
    ),
    Case(
        "a merged blocker does not come back, opened in that instant or later",
        (started(), link("Mon 10:00", "base#7")),
        TWO_HOURS,
        blockers=blocker(
            fact("change.opened", "Mon 09:00", "base#7", repo="acme/base"),
            fact("change.opened", "Mon 12:00", "base#7"),
            fact("change.merged", "Mon 12:00", "base#7"),
            fact("change.opened", "Mon 14:00", "base#7"),
            key="base#7",
        ),
    ),
    Case(
        "started and done at one instant, in flight through a change: it is reopened",
        (started(), link("Mon 10:00"), link("Mon 14:00", added=False)),
        {
            f"{ON_PLATFORM} acute": 900,
            f"{ON_PLATFORM} chronic": 13_500,
            "checkout feature": 14_400,
        },
        blockers=blocker(
            fact("ticket.created", "Mon 09:00", "PLT-1", team="platform"),
            fact("change.opened", "Mon 09:00", "base#7"),
            fact("ticket.started", "Mon 12:00", "PLT-1"),
            done("Mon 12:00", "PLT-1"),
        ),
    ),
    Case(
        "started and done at one instant, parked before: it is done",
        (started(), link("Mon 10:00")),
        TWO_HOURS,
        blockers=blocker(
            BUSY,
            fact("ticket.parked", "Mon 11:00", "PLT-1"),
            fact("ticket.started", "Mon 12:00", "PLT-1"),
            done("Mon 12:00", "PLT-1"),
        ),
    ),
    Case(
        "the link's removal closes it",
        (started(), link("Mon 10:00"), link("Mon 12:00", added=False)),
        TWO_HOURS,
        blockers=blocker(BUSY),
    ),
    Case(
        "a blocker never heard of is unresolved and its project's owner's",
        (started(), link("Mon 10:00"), link("Mon 12:00", added=False)),
        TWO_HOURS,
    ),
    Case(
        "so is one of a repository its owner's",
        (
            started(),
            link("Mon 10:00", "acme/base#3"),
            link("Mon 12:00", "acme/base#3", added=False),
        ),
        TWO_HOURS,
    ),
    Case(
        "also by the number of a repository that something of the item is in",
        (
            started(),
            fact("change.opened", "Mon 09:00", "github.com:5#8", repo="acme/base"),
            link("Mon 10:00", "github.com:5#3"),
            link("Mon 12:00", "github.com:5#3", added=False),
        ),
        TWO_HOURS,
    ),
    Case(
        "a blocker of no known project is unknown's",
        (started(), link("Mon 10:00", "XX-1"), link("Mon 12:00", "XX-1", added=False)),
        {
            f"{ON_UNKNOWN} acute": 900,
            f"{ON_UNKNOWN} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a blocker whose key names no project is unknown's",
        (
            started(),
            link("Mon 10:00", "seven"),
            link("Mon 12:00", "seven", added=False),
        ),
        {
            f"{ON_UNKNOWN} acute": 900,
            f"{ON_UNKNOWN} chronic": 6_300,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a blocker resolved before the link blocks nothing",
        (started(), link("Mon 13:00")),
        {"checkout feature": 28_800},
        blockers=blocker(BUSY, done("Mon 12:00", "PLT-1")),
    ),
    Case(
        "a blocker reopened blocks again",
        (started(), link("Mon 10:00")),
        # 10-11 and 13-14: two episodes of 900 + 2,700
        {
            f"{ON_PLATFORM} acute": 1_800,
            f"{ON_PLATFORM} chronic": 5_400,
            "checkout feature": 21_600,
        },
        blockers=blocker(
            BUSY,
            done("Mon 11:00", "PLT-1"),
            fact("ticket.reopened", "Mon 13:00", "PLT-1"),
            done("Mon 14:00", "PLT-1"),
        ),
    ),
    Case(
        "an incident blocks until it is resolved, not only mitigated",
        (started(), link("Mon 10:00", "INC-5")),
        TWO_HOURS,
        blockers=blocker(
            *INCIDENT,
            fact("incident.mitigated", "Mon 11:00", "INC-5"),
            fact("incident.resolved", "Mon 12:00", "INC-5"),
            key="INC-5",
        ),
    ),
    Case(
        "opened again it blocks again, at one instant without an end",
        (started(), link("Mon 10:00", "INC-5")),
        # 10-11 and 13-15: two episodes, of 900 + 2,700 and of 900 + 6,300
        {
            f"{ON_PLATFORM} acute": 1_800,
            f"{ON_PLATFORM} chronic": 9_000,
            "checkout feature": 18_000,
        },
        blockers=blocker(
            *INCIDENT,
            fact("incident.resolved", "Mon 11:00", "INC-5"),
            fact("incident.opened", "Mon 13:00", "INC-5"),
            fact("incident.resolved", "Mon 14:00", "INC-5"),
            fact("incident.opened", "Mon 14:00", "INC-5"),
            fact("incident.resolved", "Mon 15:00", "INC-5"),
            key="INC-5",
        ),
    ),
    Case(
        "what mends an incident does not say whose it is",
        (started(), link("Mon 10:00", "INC-5")),
        TWO_HOURS,
        blockers=blocker(
            fact("deploy.ready", "Mon 08:00", "D-1", item="INC-5", team="search"),
            *INCIDENT,
            fact("incident.resolved", "Mon 12:00", "INC-5"),
            key="INC-5",
        ),
    ),
    Case(
        "a blocker of which nothing but its change is told is its author's team's",
        (started(), link("Mon 10:00")),
        {
            f"{ON_PLATFORM} acute": 900,
            f"{ON_PLATFORM} chronic": 24_300,
            "checkout feature": 3_600,
        },
        blockers=blocker(*BY_CHANGE),
    ),
    Case(
        "that its change is merged does not say that it is resolved, who saw it does",
        (started(), PAIR[0], seen_resolved("Mon 12:00")),
        TWO_HOURS,
        blockers=blocker(*BY_CHANGE),
    ),
    Case(
        "the owner of the blocker is named, as of each time",
        (started(), link("Mon 10:00")),
        {
            f"{ON_PLATFORM} acute": 900,
            f"{ON_PLATFORM} chronic": 2_700,
            "checkout>search dependency_link chronic": 3_600,
            "checkout feature": 21_600,
        },
        blockers=blocker(
            BUSY,
            fact("ticket.accepted", "Mon 11:00", "PLT-1", team="search"),
            done("Mon 12:00", "PLT-1"),
        ),
    ),
    Case(
        "a link to a ticket of one's own is no wait",
        (started(), link("Mon 10:00")),
        {"checkout feature": 28_800},
        blockers=blocker(started("Mon 09:00", "PLT-1", "checkout")),
    ),
    Case(
        "link_blocks false makes it exposure only",
        (started(), link("Mon 10:00")),
        {"checkout feature": 28_800},
        blockers=blocker(BUSY),
        model=Model(link_blocks=False),
    ),
    Case(
        "a link is a state and revives after done",
        (
            started(),
            link("Mon 10:00"),
            done("Mon 12:00"),
            fact("ticket.reopened", "Mon 14:00", "CHK-1"),
        ),
        # 7,200 = 900 + 6,300 and, a new episode, 10,800 = 900 + 9,900
        {
            f"{ON_PLATFORM} acute": 1_800,
            f"{ON_PLATFORM} chronic": 16_200,
            "checkout feature": 3_600,
        },
        blockers=blocker(BUSY),
    ),
    Case(
        "no transitive charge (O3): a blocker that waits itself names its owner",
        (started(), link("Mon 10:00")),
        TWO_HOURS,
        blockers=blocker(
            BUSY,
            fact("ticket.blocked", "Mon 09:30", "PLT-1", on_team="search"),
            done("Mon 12:00", "PLT-1"),
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_dependency_link(case: Case) -> None:
    assert case.found() == case.expected


def test_two_tickets_that_block_each_other_are_each_charged_for_the_other() -> None:
    """O3: cycles need nothing special."""
    there = fact("link.added", "Mon 10:00", "PLT-1", blocker="CHK-1")
    here = Case(
        "",
        (started(), link("Mon 10:00")),
        {},
        until="Mon 11:00",
        blockers=blocker(BUSY, there),
    )
    back = Case(
        "",
        (BUSY, there),
        {},
        until="Mon 11:00",
        key="PLT-1",
        blockers=blocker(started(), link("Mon 10:00"), key="CHK-1"),
    )
    hour = {"acute": 900, "chronic": 2_700}
    assert here.found() == {
        **{f"{ON_PLATFORM} {phase}": spent for phase, spent in hour.items()},
        "checkout feature": 3_600,
    }
    assert back.found() == {
        **{
            f"platform>checkout dependency_link {phase}": spent
            for phase, spent in hour.items()
        },
        "platform feature": 3_600,
    }
