"""A review that was asked under one name is taken back or given under another.

The body names by number whom it asks (design 11.15: a removal ends the one it names);
the wait is from 10:00 until 11:00 (specification 1.3, row `review_wait`).
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.unit.pipeline.test_github_items import (
    HOUR,
    Body,
    Told,
    pull,
    spent,
    time,
    user,
)

MERGED: Body = {"merged_at": time("13:00"), "closed_at": time("13:00")}
WAIT = ("shop", "wait", "review_wait")


def team(slug: str, organisation: str = "acme", number: int = 900) -> Body:
    page = f"https://github.com/orgs/{organisation}/teams/{slug}"
    return {"requested_team": {"id": number, "slug": slug, "html_url": page}}


def person(login: str, number: int = 77) -> Body:
    return {"requested_reviewer": {**user(login), "id": number}}


def asking(action: str, clock: str, whom: Body) -> Told:
    more: dict[str, Any] = dict(whom)
    return pull(f"review_{action}", clock, draft=False, **more)


def hours(told: list[Told]) -> set[float]:
    life = [*told, pull("closed", "13:00", draft=False, shown=MERGED)]
    return {spent(list(order)).get(WAIT, 0) / HOUR for order in permutations(life)}


@pytest.mark.parametrize(
    ("asked", "removed"),
    [
        (team("pay"), team("pay")),
        (team("pay"), team("payments")),
        (team("pay"), team("pay", "acme2")),
        (person("sam"), person("samuel")),
    ],
)
def test_a_renamed_ones_request_ends_with_its_removal(
    asked: Body, removed: Body
) -> None:
    told = [asking("requested", "10:00", asked)]
    told.append(asking("request_removed", "11:00", removed))
    assert hours(told) == {1}


def test_another_ones_removal_ends_nothing_under_a_name_it_took_over() -> None:
    told = [asking("requested", "10:00", team("pay"))]
    told.append(asking("request_removed", "11:00", team("pay", number=901)))
    assert hours(told) == {3}


def test_a_review_under_another_name_answers_the_request() -> None:
    """Nobody knows whose the new name is, and nobody of the team has reviewed."""
    review = {"user": {**user("samuel"), "id": 77}, "submitted_at": time("11:00")}
    _, body = pull("submitted", "11:00", draft=False, review=review)
    told = [asking("requested", "10:00", person("sam"))]
    assert hours([*told, ("pull_request_review", body)]) == {1}
