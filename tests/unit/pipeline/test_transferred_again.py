"""An issue that goes on from repository to repository, told by CDviz and by GitHub.

CDviz names the places, GitHub's own bodies number their repositories, and what either
tells of a move the other may not. Whatever was read first it is one item, kept by where
it is now, or, if it went back, by one of its names (specification 0.4: the same events
in any order give the same numbers).
"""

from __future__ import annotations

import json
import random
from itertools import permutations
from typing import Any

import pytest

from monitor.decode.decode import decode
from monitor.decode.settings import NO_HINT, DecodeSettings
from monitor.directory.attribute import attribute
from monitor.domain.facts import Fact, Kind
from monitor.domain.outcomes import Record
from monitor.domain.timeline import Timeline
from tests.harness.driving import Drive, directory_of
from tests.harness.measured import measured
from tests.unit.decode.records import native
from tests.unit.pipeline.test_relating import github
from tests.unit.pipeline.test_taken_on import EVENING, TEAMS, by_cdviz, time

Body = dict[str, Any]
Place = tuple[str, int]
DIRECTORY = directory_of(TEAMS)
NUMBERS = {"acme/shop": 1, "acme/pay": 2, "acme/platform": 3}
FIRST, SECOND, THIRD = ("acme/shop", 5), ("acme/pay", 6), ("acme/platform", 7)


def at_github(repo: str) -> Body:
    return {"id": NUMBERS[repo], "full_name": repo}


def body(place: Place, action: str, clock: str, sender: str, **more: Any) -> Body:
    """GitHub's own body of an issue there."""
    repo, number = place
    one = {
        "number": number,
        "node_id": f"I_{number}",
        "created_at": time("09:00"),
        "updated_at": time(clock),
        "user": {"login": "dev-a"},
    }
    whole = {"action": action, "issue": one, "repository": at_github(repo)}
    return {**whole, "sender": {"login": sender, "type": "User"}, **more}


def left(old: Place, new: Place, clock: str) -> Body:
    """What the old repository's hook tells of a move."""
    one = body(new, "", clock, "dev-a")["issue"]
    changes = {"new_issue": one, "new_repository": at_github(new[0])}
    return body(old, "transferred", clock, "dev-a", changes=changes)


def came(old: Place, new: Place, clock: str) -> Body:
    """What the new repository's hook tells of it."""
    repo, number = old
    changes = {"old_issue": {"number": number}, "old_repository": at_github(repo)}
    return body(new, "opened", clock, "dev-a", changes=changes)


STARTED = native(kind="ticket.started", time=time("09:05"), entity="acme/shop#5")
# Nothing of the item, but of what number the repositories have.
OF_PAY = body(("acme/pay", 3), "opened", "09:00", "dev-b")
OF_SHOP = body(("acme/shop", 2), "opened", "09:00", "dev-b")
COMMENT = {"created_at": time("13:00"), "user": {"login": "dev-c"}}
COMMENTED = body(THIRD, "created", "13:00", "dev-c", comment=COMMENT)
ON_TO_THIRD = [came(SECOND, THIRD, "12:00"), COMMENTED]
MOVED: dict[str, list[Body]] = {
    "first by CDviz, then as the new repository tells it": [
        STARTED,
        by_cdviz(left(FIRST, SECOND, "10:00")),
        *ON_TO_THIRD,
        OF_PAY,
    ],
    "the same, and the number of its first repository": [
        STARTED,
        by_cdviz(left(FIRST, SECOND, "10:00")),
        *ON_TO_THIRD,
        OF_PAY,
        OF_SHOP,
    ],
    "then as the old repository tells it": [
        STARTED,
        by_cdviz(left(FIRST, SECOND, "10:00")),
        left(SECOND, THIRD, "12:00"),
        COMMENTED,
    ],
    "first by GitHub, then by CDviz": [
        STARTED,
        left(FIRST, SECOND, "10:00"),
        by_cdviz(left(SECOND, THIRD, "12:00")),
        COMMENTED,
    ],
    "by both of CDviz's events, and by both of GitHub's": [
        STARTED,
        *map(by_cdviz, (left(FIRST, SECOND, "10:00"), came(FIRST, SECOND, "10:00"))),
        left(SECOND, THIRD, "12:00"),
        *ON_TO_THIRD,
    ],
}


def facts_of(bodies: list[Body]) -> list[list[Fact]]:
    found: list[list[Fact]] = []
    for one in bodies:
        record = Record("t", 0, 0, None, None, (), json.dumps(one).encode())
        decoded = decode(record, NO_HINT, DecodeSettings())
        assert not decoded.reasons, decoded.reasons
        found.append([attribute(fact, DIRECTORY) for fact in decoded.facts])
    return found


def timelines_of(told: list[list[Fact]], chance: random.Random) -> list[Timeline]:
    """After batches of one body to all of them, some evaluated later."""
    driven, rest = Drive(DIRECTORY, EVENING), told
    while rest:
        size = chance.randint(1, len(rest))
        batch = [fact for facts in rest[:size] for fact in facts]
        driven.take(batch, deferring=chance.random() < 0.3)
        rest = rest[size:]
    driven.catch_up()
    return [timeline for timeline in driven.timelines() if any(timeline[1:])]


@pytest.mark.parametrize("case", MOVED)
def test_an_issue_that_went_on_is_one_item(case: str) -> None:
    """The shop's from 9:05 and pay's from ten on, which did not take it on.

    At noon it went to the platform, which did at one; until 17:00 it is theirs.
    """
    for order in (MOVED[case], MOVED[case][::-1]):
        found = measured(order, TEAMS, at=EVENING)
        assert found.waits == {
            ("shop", "pay", "handoff", "acute"): 900,
            ("shop", "pay", "handoff", "chronic"): 6_300,
            ("shop", "plat", "handoff", "chronic"): 3_600,
        }
        assert found.active == {("shop", "feature"): 3_300, ("plat", "request"): 14_400}


@pytest.mark.parametrize("case", MOVED)
@pytest.mark.slow
def test_it_is_the_same_in_any_order(case: str) -> None:
    told, chance = facts_of(MOVED[case]), random.Random(1)
    (at_once,) = timelines_of(told, random.Random(0))
    assert at_once.item == "github.com:3#7"
    for _ in range(100):
        order = chance.sample(told, len(told))
        (timeline,) = timelines_of(order, chance)
        assert timeline == at_once, [one[0][:3] for one in order]


@pytest.mark.parametrize("also", [[], [by_cdviz(body(FIRST, "opened", "09:00", "x"))]])
def test_what_cdviz_alone_tells_is_kept_by_where_it_is_now(also: list[Body]) -> None:
    """Both of its events of one move, and of the next only the second."""
    bodies = [
        STARTED,
        *also,
        by_cdviz(left(FIRST, SECOND, "10:00")),
        by_cdviz(came(FIRST, SECOND, "10:00")),
        by_cdviz(came(SECOND, THIRD, "12:00")),
    ]
    chance = random.Random(1)
    for order in permutations(facts_of(bodies)):
        (timeline,) = timelines_of(list(order), chance)
        assert timeline.item == "github.com:3#7"


def test_a_move_to_a_number_whose_repository_is_named_later_is_the_same() -> None:
    """The number of pay's is told of before its name, by which CDviz tells the move."""
    at_pay = "github.com:2#6"
    facts = [
        github(Kind.TICKET_STARTED, "09:05", "github.com:1#5"),
        github(Kind.TICKET_UPDATED, "10:00", at_pay, aliases=["github.com:1#5"]),
        github(Kind.TICKET_UPDATED, "11:00", at_pay, repo="acme/pay"),
    ]
    del facts[1].fields["repo"]
    told = [
        *([one] for one in facts),
        *facts_of([by_cdviz(left(FIRST, SECOND, "10:00"))]),
    ]
    chance = random.Random(1)
    for order in permutations(told):
        (timeline,) = timelines_of(list(order), chance)
        assert timeline.item == at_pay


def test_an_issue_that_went_back_comes_to_the_same_under_either_name() -> None:
    """The move that is read first names the item."""
    moves = [left(FIRST, SECOND, "10:00"), left(SECOND, FIRST, "12:00")]
    chance, found = random.Random(1), dict[str, set[Timeline]]()
    for order in permutations(facts_of([STARTED, *map(by_cdviz, moves)])):
        (timeline,) = timelines_of(list(order), chance)
        named = found.setdefault(timeline.item, set())
        named.add(timeline._replace(item=""))
    assert len(set.union(*found.values())) == 1
    assert found.keys() <= {"acme/shop#5", "acme/pay#6"}
