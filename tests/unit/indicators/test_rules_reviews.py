"""Indicators 1.3, row `review_wait`: requests by team, reviews, drafts, closes."""

from typing import Any

import pytest

from monitor.domain.facts import Fact
from monitor.indicators.waits.reviews import taken_back
from tests.unit.indicators.history import Case, done, fact, rule_of, started

TO_SEARCH = "checkout>search review_wait"
TO_PLATFORM = "checkout>platform review_wait"
TO_UNKNOWN = "checkout>unknown review_wait"


def change(kind: str, when: str, entity: str = "shop#7", **fields: Any) -> Fact:
    return fact(f"change.{kind}", when, entity, **fields)


def asked(when: str, on_team: str = "search", **fields: Any) -> Fact:
    return change("review_requested", when, on_team=on_team, **fields)


def unasked(when: str, on_team: str = "search", **fields: Any) -> Fact:
    return change("review_unrequested", when, on_team=on_team, **fields)


def reviewed(when: str, *teams: str) -> Fact:
    return change("reviewed", when, reviewed_by=list(teams))


OPENED = change("opened", "Mon 09:30")


def waited(key: str, length: int) -> dict[str, float]:
    """One episode on Monday, all else feature."""
    return {
        f"{key} acute": 900,
        f"{key} chronic": length - 900,
        "checkout feature": 28_800 - length,
    }


# Of a person in several teams, none of which owns the repository.
OF_A_GUEST: dict[str, Any] = {"inferred": True, "request": "r1", "repo": "acme/find"}
FEATURE: dict[str, Any] = {"team": "checkout", "work_class": "feature"}

CASES = [
    Case(
        "who was asked answers for whomever the request is waited for",
        (
            started(),
            OPENED,
            change("review_requested", "Mon 10:00", **OF_A_GUEST),
            change(
                "reviewed", "Mon 11:00", reviewed_by=["platform"], request="another"
            ),
            change(
                "reviewed", "Mon 12:00", reviewed_by=["platform", "data"], request="r1"
            ),
        ),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "a change whose opening nobody told is open from ready, closed before or not",
        (
            fact("ticket.created", "Mon 09:00", "CHK-1", **FEATURE),
            change("closed", "Mon 10:00"),
            change("ready", "Mon 11:00"),
            asked("Mon 12:00"),
            done("Mon 14:00"),
        ),
        {
            "checkout feature": 3_600,
            f"{TO_SEARCH} acute": 900,
            f"{TO_SEARCH} chronic": 6_300,
        },
    ),
    Case(
        "tools spell a team in several ways",
        (
            started(),
            OPENED,
            asked("Mon 10:00", on_team="Search"),
            change("review_unrequested", "Mon 12:00", on_team="search"),
        ),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "also who is in another team by now",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="r1"),
            change("reviewed", "Mon 12:00", reviewed_by=["platform"], request="r1"),
        ),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "but not for others of the team",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="r1"),
            asked("Mon 10:00"),
            change("reviewed", "Mon 12:00", reviewed_by=["platform"], request="r1"),
            reviewed("Mon 14:00", "search"),
        ),
        waited(TO_SEARCH, 14_400),
    ),
    Case(
        "a removal ends the request of its number, whoever was asked is called now",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="r1", request_number="n1"),
            unasked("Mon 12:00", request="r2", request_number="n1"),
        ),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "a removal of another number does not, though that one has its name by now",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="r1", request_number="n1"),
            unasked("Mon 11:00", request="r1", request_number="n2"),
            unasked("Mon 12:00", request="r1", request_number="n1"),
        ),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "what is told by name alone is of the number that was told beside the name",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="r1"),
            asked("Mon 11:00", request="r1", request_number="n1"),
            unasked("Mon 12:00", request="r2", request_number="n1"),
        ),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "a review answers the request of its number",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="r1", request_number="n1"),
            change(
                "reviewed",
                "Mon 12:00",
                reviewed_by=["platform"],
                request="r2",
                request_number="n1",
            ),
        ),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "the asked team's first review closes it",
        (started(), OPENED, asked("Mon 10:00"), reviewed("Mon 12:00", "search")),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "another team's review does not",
        (started(), OPENED, asked("Mon 15:00"), reviewed("Mon 16:00", "platform")),
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "a reviewer of several teams closes the requests of all of them",
        (
            started(),
            OPENED,
            asked("Mon 10:00"),
            asked("Mon 10:00", "platform"),
            reviewed("Mon 12:00", "platform", "search"),
        ),
        # 7,200 halved between two teams
        {
            f"{TO_SEARCH} acute": 450,
            f"{TO_SEARCH} chronic": 3_150,
            f"{TO_PLATFORM} acute": 450,
            f"{TO_PLATFORM} chronic": 3_150,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "the request's removal closes it",
        (
            started(),
            OPENED,
            asked("Mon 10:00"),
            change("review_unrequested", "Mon 11:00", on_team="search"),
        ),
        waited(TO_SEARCH, 3_600),
    ),
    Case(
        "a removal closes only the request it names (design 11.15)",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="aa"),
            asked("Mon 10:30", request="bb"),
            change("review_unrequested", "Mon 11:00", on_team="search", request="aa"),
            change("review_unrequested", "Mon 12:00", on_team="search", request="bb"),
        ),
        # Open while any request to the team stands: 10-12.
        waited(TO_SEARCH, 7_200),
    ),
    Case(
        "a team's review ends every request to it (design 11.15)",
        (
            started(),
            OPENED,
            asked("Mon 10:00", request="aa"),
            asked("Mon 10:30", request="bb"),
            reviewed("Mon 11:00", "search"),
        ),
        waited(TO_SEARCH, 3_600),
    ),
    Case(
        "a removal of a request nobody made changes nothing",
        (
            started(),
            OPENED,
            asked("Mon 16:00"),
            change("review_unrequested", "Mon 16:30", on_team="platform"),
        ),
        waited(TO_SEARCH, 3_600),
    ),
    Case(
        "merging the change closes it",
        (started(), OPENED, asked("Mon 10:00"), change("merged", "Mon 11:00")),
        waited(TO_SEARCH, 3_600),
    ),
    Case(
        "a change opened and merged at one instant was open with zero length",
        (
            started(),
            change("opened", "Mon 10:00"),
            change("merged", "Mon 10:00"),
            asked("Mon 11:00"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "closing the change closes it, opening it again revives the request",
        (
            started(),
            OPENED,
            asked("Mon 10:00"),
            change("closed", "Mon 11:00"),
            change("opened", "Mon 13:00"),
            reviewed("Mon 14:00", "search"),
        ),
        # Two episodes of 3,600.
        {
            f"{TO_SEARCH} acute": 1_800,
            f"{TO_SEARCH} chronic": 5_400,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "of a change that was opened, ready does not open it again after its close",
        (
            started(),
            OPENED,
            asked("Mon 10:00"),
            change("closed", "Mon 11:00"),
            change("ready", "Mon 13:00"),
        ),
        waited(TO_SEARCH, 3_600),
    ),
    *(
        Case(
            f"once it is merged nothing revives the request, not {kind}",
            (
                started(),
                OPENED,
                asked("Mon 10:00"),
                change("merged", "Mon 11:00"),
                change(kind, "Mon 13:00"),
            ),
            waited(TO_SEARCH, 3_600),
        )
        for kind in ("opened", "ready")
    ),
    Case(
        "merged before it was opened it is never open",
        (
            started(),
            change("merged", "Mon 10:00"),
            change("opened", "Mon 11:00"),
            asked("Mon 12:00"),
        ),
        {"checkout feature": 28_800},
    ),
    Case(
        "a draft's requests count from ready",
        (
            started(),
            change("drafted", "Mon 09:30"),
            asked("Mon 10:00"),
            change("ready", "Mon 13:00"),
            reviewed("Mon 14:00", "search"),
        ),
        waited(TO_SEARCH, 3_600),
    ),
    Case(
        "going back to draft suspends it",
        (
            started(),
            OPENED,
            asked("Mon 10:00"),
            change("drafted", "Mon 11:00"),
            change("ready", "Mon 13:00"),
            reviewed("Mon 14:00", "search"),
        ),
        {
            f"{TO_SEARCH} acute": 1_800,
            f"{TO_SEARCH} chronic": 5_400,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a re-request opens anew",
        (
            started(),
            OPENED,
            asked("Mon 10:00"),
            reviewed("Mon 11:00", "search"),
            asked("Mon 13:00"),
            reviewed("Mon 14:00", "search"),
        ),
        {
            f"{TO_SEARCH} acute": 1_800,
            f"{TO_SEARCH} chronic": 5_400,
            "checkout feature": 21_600,
        },
    ),
    Case(
        "a group's request is its team's",
        (
            started(),
            OPENED,
            change(
                "review_requested",
                "Mon 10:00",
                group="@acme/platform",
                request="@acme/platform",
            ),
            reviewed("Mon 11:00", "platform"),
        ),
        waited(TO_PLATFORM, 3_600),
    ),
    Case(
        "a group nobody claims is unknown",
        (
            started(),
            OPENED,
            change("review_requested", "Mon 10:00", group="@acme/ghosts"),
            change("review_unrequested", "Mon 11:00", group="@acme/ghosts"),
        ),
        waited(TO_UNKNOWN, 3_600),
    ),
    Case(
        "an unmapped person counts as the repository's owner (1.2)",
        (
            started(),
            OPENED,
            change(
                "review_requested",
                "Mon 10:00",
                repo="acme/base",
                inferred=True,
                request="aa",
            ),
            change("reviewed", "Mon 11:00", repo="acme/base", inferred=True),
        ),
        waited(TO_PLATFORM, 3_600),
    ),
    Case(
        "an unmapped person in a repository nobody owns is unknown",
        (
            started(),
            OPENED,
            change(
                "review_requested",
                "Mon 10:00",
                repo="acme/nobody",
                inferred=True,
                request="aa",
            ),
            change("reviewed", "Mon 10:30", repo="acme/nobody", inferred=True),
            change("review_unrequested", "Mon 11:00", repo="acme/nobody", request="aa"),
        ),
        waited(TO_UNKNOWN, 3_600),
    ),
    Case(
        "a request that names nobody is unknown's",
        (
            started(),
            OPENED,
            change("review_requested", "Mon 10:00", request="aa"),
            change("review_unrequested", "Mon 11:00", request="aa"),
        ),
        waited(TO_UNKNOWN, 3_600),
    ),
    Case(
        "a review asked of the owner is no wait",
        (started(), OPENED, asked("Mon 10:00", "checkout")),
        {"checkout feature": 28_800},
    ),
    Case(
        "two changes that wait for one team are one component of it",
        (
            started(),
            OPENED,
            change("opened", "Mon 09:30", "shop#8"),
            asked("Mon 10:00"),
            fact("change.review_requested", "Mon 10:00", "shop#8", on_team="search"),
            reviewed("Mon 11:00", "search"),
            fact("change.reviewed", "Mon 11:00", "shop#8", reviewed_by=["search"]),
        ),
        waited(TO_SEARCH, 3_600),
    ),
    Case(
        "review and request at one instant have zero length when none was open",
        (started(), OPENED, asked("Mon 10:00"), reviewed("Mon 10:00", "search")),
        {"checkout feature": 28_800},
    ),
    Case(
        "review facts alone open no change (design 11.15): the wait halts the item",
        (started(), asked("Mon 10:00"), reviewed("Mon 11:00", "search")),
        waited(TO_SEARCH, 3_600),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=rule_of)
def test_review_wait(case: Case) -> None:
    assert case.found() == case.expected


def test_of_many_reviews_the_first_tells_who_is_asked_no_more() -> None:
    """Each of thousands would be looked at for each of them."""
    group = "@acme/ghosts"
    requests = [asked("Mon 10:00", group=group), asked("Mon 13:00", group=group)]
    shown = [change("reviewed", f"Mon {hour}:00", asked=[]) for hour in range(11, 17)]
    facts = sorted([*requests, *shown], key=lambda one: one.time)
    ends = [(key, at) for key, at in taken_back(facts, requests, {})]
    assert [at for _, at in ends] == [shown[0].time, shown[3].time]
    assert shown[2].time == requests[1].time
