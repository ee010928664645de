"""Teams that GitHub asks no longer, as its reviews show.

What is expected is by the specification of the hours told, 1.3: a wait for a review
ends with it, or when its request is taken back; asked again it begins anew.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.pipeline.test_github_items import HOUR, Told, asked, pull, spent, user
from tests.unit.pipeline.test_github_items import time as at
from tests.unit.pipeline.test_github_lost import merged, opened, orders

Team = dict[str, Any]
SEARCH: Team = {"slug": "search", "id": 5}
PLATFORM: Team = {"slug": "platform", "id": 6}


def asks(clock: str, team: Team, *left: Team, action: str = "review_requested") -> Told:
    shown = {"requested_teams": [*left]}
    return pull(action, clock, draft=False, requested_team=team, shown=shown)


def review(
    clock: str, login: str, *left: Team, action: str = "submitted", **shown: Any
) -> Told:
    """By somebody; ``zed`` is in no team of the teams file."""
    submitted = shown.pop("submitted", clock)
    told = {"requested_teams": [*left], **shown}
    _, body = pull(action, clock, draft=False, shown=told)
    said = {"user": user(login), "submitted_at": at(submitted)}
    return "pull_request_review", {**body, "review": said}


OVER: dict[str, tuple[list[Told], int]] = {
    "a member whom no teams file has": (
        [asks("10:00", SEARCH, SEARCH), review("12:00", "zed")],
        2,
    ),
    "the next review, where that one is lost": (
        [asks("10:00", SEARCH, SEARCH), review("13:00", "pete")],
        3,
    ),
    "a team by its name alone": (
        [asks("10:00", {"slug": "search"}), review("12:00", "zed", PLATFORM)],
        2,
    ),
    "asked again later": (
        [
            asks("10:00", SEARCH, SEARCH),
            review("12:00", "zed"),
            asks("13:00", SEARCH, SEARCH),
        ],
        3,
    ),
}


@pytest.mark.parametrize("case", OVER)
def test_a_team_that_a_review_no_longer_shows_is_waited_for_no_more(case: str) -> None:
    told, hours = OVER[case]
    for order in orders([opened(), *told, merged()]):
        assert spent(order) == {
            ("shop", "wait", "review_wait"): hours * HOUR,
            ("shop", "active", "feature"): (5 - hours) * HOUR,
        }


ASKED: dict[str, list[Told]] = {
    "shown": [asks("10:00", SEARCH, SEARCH), review("12:00", "zed", SEARCH)],
    "shown by another name": [
        asks("10:00", SEARCH, SEARCH),
        review("12:00", "zed", {"slug": "find", "id": 5}),
    ],
    "asked by name alone": [
        asks("10:00", {"slug": "Search"}),
        review("12:00", "zed", SEARCH),
    ],
    "the other of two": [
        asks("10:00", SEARCH, SEARCH),
        asks("10:00", PLATFORM, SEARCH, PLATFORM),
        review("12:00", "zed", PLATFORM),
    ],
    "asked in that second": [
        review("10:00", "zed"),
        asks("10:00", SEARCH, SEARCH),
    ],
    "a person": [asked("10:00", draft=False), review("12:00", "zed")],
    "by a body that shows none": [
        asks("10:00", SEARCH, SEARCH),
        review("12:00", "zed", requested_teams=None),
    ],
    "by a body of before": [
        asks("10:00", SEARCH, SEARCH),
        review("12:00", "zed", updated_at=at("11:59")),
    ],
    "by a body of later": [
        asks("10:00", SEARCH, SEARCH),
        review("13:00", "zed", action="dismissed", submitted="10:30"),
    ],
    "by the author": [asks("10:00", SEARCH, SEARCH), review("12:00", "ada")],
}


@pytest.mark.parametrize("case", ASKED)
def test_a_team_is_still_asked(case: str) -> None:
    for order in orders([opened(), *ASKED[case], merged()]):
        assert spent(order) == {
            ("shop", "wait", "review_wait"): 4 * HOUR,
            ("shop", "active", "feature"): HOUR,
        }
