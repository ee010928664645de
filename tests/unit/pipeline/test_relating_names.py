"""What is told of a repository's things by its name, and what by its id, is one."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest

from monitor.domain.facts import Fact, Kind
from monitor.domain.making import make_fact
from monitor.domain.timeline import UNIT, Sort, Timeline
from tests.harness.driving import Drive, directory_of, facts_of
from tests.harness.plain_calendar import instant
from tests.unit.pipeline.test_relating import (
    DAY,
    TEAMS,
    body,
    github,
    same_in_a_hundred_orders,
    timelines_of,
    waits_of,
)

PAGE = "https://api.github.com/repos/acme/shop/pulls/7"
ISSUE = "https://api.github.com/repos/acme/shop/issues/5"
CHANGE_OPENED = {"number": 7, "branch": "x", "aliases": ["PR_7"]}


def cdevent(
    kind: Kind, time: str, link: str, source: str = "collector", **fields: Any
) -> Fact:
    """A fact as decoding a CDEvent makes it, whose subject is a link of GitHub's."""
    number = int(link.rpartition("/")[2])
    name = f"acme/shop#{number}"
    known: Any = {"repo": "acme/shop", "number": number, "aliases": [name], **fields}
    at = instant(f"{DAY}T{time}:00Z")
    return make_fact(kind, at, f"{source}#{link}", source, known)


def native(*bodies: dict[str, Any]) -> list[Fact]:
    return facts_of(bodies, directory_of(TEAMS))


def worked(found: list[Timeline]) -> dict[str, float]:
    """The seconds of active time by item."""
    seconds: dict[str, float] = {}
    for timeline in found:
        for one in timeline.segments:
            if one.sort is Sort.ACTIVE:
                length = (one.end - one.start) / 1000 * one.share / UNIT
                seconds[timeline.item] = seconds.get(timeline.item, 0) + length
    return seconds


BY_ID = [
    github(Kind.CHANGE_OPENED, "10:00", "github.com:11#7", **CHANGE_OPENED),
    github(Kind.CHANGE_MERGED, "12:00", "github.com:11#7"),
]
BY_LINK = [
    cdevent(Kind.CHANGE_OPENED, "10:00", PAGE),
    cdevent(Kind.CHANGE_MERGED, "12:00", PAGE),
]
BY_NAME = native(
    body("run.queued", "11:00", "R-1", change="acme/shop#7", on_team="platform"),
    body("run.started", "11:10", "R-1", change="acme/shop#7"),
)
ISSUES = [
    github(Kind.TICKET_CREATED, "08:00", "github.com:11#5", aliases=["I_5"]),
    github(Kind.TICKET_DONE, "12:00", "github.com:11#5"),
    cdevent(Kind.TICKET_CREATED, "08:00", ISSUE),
    cdevent(Kind.TICKET_DONE, "12:00", ISSUE),
    *native(body("ticket.started", "09:00", "acme/shop#5")),
]
# Two collectors send the same change; nobody tells the repository's id.
TWICE = [
    *BY_LINK,
    cdevent(Kind.CHANGE_OPENED, "10:00", PAGE, "another"),
    cdevent(Kind.CHANGE_MERGED, "12:00", PAGE, "another"),
]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([*BY_ID, *BY_LINK], {"github.com:11#7": 7200}),
        (ISSUES, {"github.com:11#5": 10_800}),
        ([*BY_ID, *BY_LINK[:1], *BY_NAME], {"github.com:11#7": 6600}),
        (TWICE, {"acme/shop#7": 7200}),
        ([*TWICE, BY_ID[0]], {"github.com:11#7": 7200}),
    ],
)
@pytest.mark.slow
def test_a_link_a_name_and_an_id_are_one_item_in_any_order(
    facts: list[Fact], expected: dict[str, int]
) -> None:
    at_once = timelines_of(facts)
    assert worked(at_once) == expected
    chance = random.Random(1)
    for order in permutations(facts):
        assert timelines_of(list(order), chance) == at_once, [one[:3] for one in order]


def test_a_run_that_names_the_change_holds_it_up() -> None:
    expected = {("github.com:11#7", "checkout", "platform", "ci_queue")}
    for facts in ([*BY_ID, *BY_LINK, *BY_NAME], [*BY_NAME, *BY_LINK, *BY_ID]):
        assert waits_of(timelines_of(facts)) == expected


def test_a_run_of_an_item_holds_up_the_change_that_it_names_in_any_order() -> None:
    """It names its item as well, so it is kept there before the change's id is known.

    From 10:00 until 12:00 there was work, but the ten minutes that the run waited.
    """
    facts = [
        *(fact._replace(fields={**fact.fields, "item": "CHK-1"}) for fact in BY_ID),
        *(fact._replace(fields={**fact.fields, "item": "CHK-1"}) for fact in BY_NAME),
    ]
    at_once = timelines_of(facts)
    assert worked(at_once) == {"CHK-1": 6600}
    for order in permutations(facts):
        assert timelines_of(list(order), random.Random(1)) == at_once


def test_a_node_id_told_with_a_name_is_of_the_thing_with_the_id() -> None:
    """A body without its `repository` names the issue, and its node id, by name."""
    facts = [
        github(Kind.TICKET_CREATED, "08:00", "github.com:11#5"),
        github(Kind.TICKET_UPDATED, "08:30", "acme/shop#5", aliases=["I_5"]),
        github(Kind.TICKET_STARTED, "09:00", "I_5"),
        github(Kind.TICKET_DONE, "12:00", "github.com:11#5"),
    ]
    at_once = timelines_of(facts)
    assert worked(at_once) == {"github.com:11#5": 10_800}
    chance = random.Random(1)
    for order in permutations(facts):
        assert timelines_of(list(order), chance) == at_once, [one[:3] for one in order]


def opened(repo: str, told_at: int) -> Fact:
    """The opening, as a body of that instant tells it; its revision is the instant."""
    key, told = "github.com:11#7", {"repo": repo, "branch": "x"}
    return github(Kind.CHANGE_OPENED, "10:00", key, **told)._replace(revision=told_at)


TEN = instant(f"{DAY}T10:00:00Z")
# Opened under one name, and told again with everything under the next ones.
RENAMED = [
    opened("acme/shop", TEN),
    opened("acme/till", TEN + 1),
    opened("acme/cash", TEN + 2),
    github(Kind.CHANGE_MERGED, "12:00", "github.com:11#7", repo="acme/cash"),
]


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ("acme/shop", "checkout"),
        ("acme/till", "checkout"),
        ("acme/cash", "checkout"),
        ("acme/none", "unknown"),
    ],
)
def test_a_change_has_the_owner_of_a_name_its_repository_had(
    claimed: str, expected: str
) -> None:
    """The body of after the rename tells the opening as if it had been there then."""
    teams = directory_of(TEAMS.replace("acme/shop", claimed))
    for order in permutations(RENAMED):
        for at_once in (True, False):
            driven = Drive(teams, instant(f"{DAY}T20:00:00Z"))
            for batch in [list(order)] if at_once else [[one] for one in order]:
                driven.take(batch)
            assert owners(driven.timelines()) == {expected}


def test_the_name_under_which_a_change_was_opened_comes_first() -> None:
    """Specification 1.2: the owner is that as of event time."""
    for order in permutations(RENAMED[:2] + RENAMED[3:]):
        teams = directory_of(TEAMS.replace("acme/search", "acme/till"))
        driven = Drive(teams, instant(f"{DAY}T20:00:00Z"))
        driven.take(list(order))
        assert owners(driven.timelines()) == {"checkout"}


def test_a_corrected_repository_is_the_only_one() -> None:
    """A native event's revision is a number: nothing says that it was called so."""
    wrong, right = (
        body("change.opened", "10:00", "PR-1", repo=repo, revision=revision)
        for repo, revision in (("acme/shop", 1), ("acme/search", 2))
    )
    for events in ([wrong, right], [right, wrong]):
        assert owners(timelines_of(native(*events))) == {"search"}


def owners(found: list[Timeline]) -> set[str]:
    """Whose active time there is."""
    return {
        one.team
        for timeline in found
        for one in timeline.segments
        if one.sort is Sort.ACTIVE
    }


def closing(time: str, done: str) -> list[Fact]:
    """A change of another repository, on github.com, whose text closes the issue."""
    told: Any = {"repo": "acme/search", "tickets": ["acme/shop#5"]}
    return [
        github(Kind.CHANGE_OPENED, time, "github.com:12#7", **told),
        github(Kind.CHANGE_MERGED, done, "github.com:12#7", repo="acme/search"),
    ]


def issue(entity: str, opened: str, done: str, repo: str = "acme/shop") -> list[Fact]:
    return [
        github(Kind.TICKET_CREATED, opened, entity, repo=repo),
        github(Kind.TICKET_DONE, done, entity, repo=repo),
    ]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # The repository is renamed at eleven, and a new one takes its name at noon.
        (
            [
                github(Kind.TICKET_STARTED, "09:00", "github.com:11#5"),
                *issue("github.com:11#5", "08:00", "10:00"),
                github(
                    Kind.TICKET_COMMENTED, "11:00", "github.com:11#5", repo="acme/till"
                ),
                *issue("github.com:99#5", "12:00", "15:00"),
                *closing("13:00", "15:00"),
            ],
            {"github.com:11#5": 3600, "github.com:99#5": 7200},
        ),
        # What was opened before then names the old one's.
        (
            [
                *issue("github.com:11#5", "08:00", "11:30"),
                *issue("github.com:99#5", "12:00", "15:00"),
                *closing("09:00", "11:30"),
            ],
            {"github.com:11#5": 9000},
        ),
        # A repository of the same name on another host is another one.
        (
            [
                *issue("github.com:11#5", "08:00", "12:00"),
                *issue("ghe.acme.example:511#5", "09:00", "12:00"),
                *closing("10:00", "12:00"),
            ],
            {"github.com:11#5": 7200},
        ),
        # Also while nobody has told of the one on the change's own host.
        (
            [
                *issue("ghe.acme.example:511#5", "09:00", "12:00"),
                *closing("10:00", "12:00"),
            ],
            {"github.com/acme/shop#5": 7200},
        ),
        # An existing repository, with old issues, takes the name at noon.
        (
            [
                *issue("github.com:11#5", "09:30", "11:30"),
                github(Kind.TICKET_CREATED, "08:00", "github.com:99#5")._replace(
                    revision=instant(f"{DAY}T12:00:00Z") // 1000
                ),
                github(Kind.TICKET_DONE, "15:00", "github.com:99#5"),
                *closing("13:00", "15:00"),
            ],
            {"github.com:99#5": 7200},
        ),
    ],
)
@pytest.mark.slow
def test_a_name_means_who_had_it_then_on_that_host_in_any_order(
    facts: list[Fact], expected: dict[str, int]
) -> None:
    assert worked(same_in_a_hundred_orders(facts)) == expected
