"""Deploys of several things: of one item where all of these are, whoever says it last.

Specification 1.2: "An event of a deploy attaches to an item only if the deploy names
exactly one", and an item is a root: two changes of one ticket are one item.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import Fact, Kind
from monitor.domain.timeline import Measured
from monitor.pipeline.relating import placing
from monitor.pipeline.working_set import WorkingSet
from tests.harness.driving import directory_of, facts_of
from tests.unit.pipeline.test_relating import (
    TEAMS,
    body,
    drive,
    github,
    timelines_of,
    waits_of,
)

Body = dict[str, Any]


def change(entity: str, sha: str, **said: Any) -> Body:
    return body(
        "change.opened", "09:30", entity, repo="acme/shop", sha=sha, branch=sha, **said
    )


def approval(deploy: str, **said: Any) -> list[Body]:
    """Asked at ten in the morning of the platform team, given at noon."""
    fields = {"environment": "prod", "on_team": "platform", **said}
    return [
        body("deploy.approval_requested", "10:00", deploy, **fields),
        body(
            "deploy.approval_decided",
            "12:00",
            deploy,
            environment="prod",
            team="platform",
            decision="approved",
        ),
    ]


TICKETS = [
    body("ticket.started", "09:00", "CHK-1", team="checkout"),
    body("ticket.started", "09:00", "CHK-2", team="checkout"),
]
ONE_TICKET = [change("PR-1", "aa", item="CHK-1"), change("PR-2", "bb", item="CHK-1")]
TWO_TICKETS = [change("PR-1", "aa", item="CHK-1"), change("PR-2", "bb", item="CHK-2")]
SUB_TASKS = [
    body("ticket.created", "09:00", "CHK-3", item="CHK-1"),
    body("ticket.created", "09:00", "CHK-4", item="CHK-3"),
    change("PR-1", "aa", item="CHK-4"),
]
LIVE = {"environment": "production", "items": ["CHK-1", "SRCH-1"], "service": "till"}
BY_SHA = approval("D-1", shas=["aa", "bb"], service="shop")


# Native events have no aliases; a transferred issue has.
TWO_KEYS = github(Kind.TICKET_COMMENTED, "09:45", "CHK-1", aliases=["OLD-1"])


def facts_in(told: Iterable[Body | Fact]) -> list[Fact]:
    directory = directory_of(TEAMS)
    found: list[Fact] = []
    for one in told:
        found += [one] if isinstance(one, Fact) else facts_of([one], directory)
    return found


def blocked(item: str) -> set[tuple[str, str, str, str]]:
    return {(item, "checkout", "platform", "deploy_approval")}


CASES: dict[str, tuple[list[Body | Fact], set[tuple[str, str, str, str]]]] = {
    "two changes of one ticket": (
        [*TICKETS, *ONE_TICKET, *BY_SHA],
        blocked("CHK-1"),
    ),
    "two changes of two tickets": (
        [*TICKETS, *TWO_TICKETS, *approval("D-1", shas=["aa", "bb"], team="checkout")],
        blocked("D-1"),
    ),
    "a change that names no ticket beside one that does": (
        [
            *TICKETS,
            change("PR-1", "aa", item="CHK-1"),
            change("PR-2", "bb"),
            *approval("D-1", shas=["aa", "bb"], team="checkout"),
        ],
        blocked("D-1"),
    ),
    "sub-tasks of one ticket, by name": (
        [*TICKETS, *SUB_TASKS, *approval("D-1", items=["CHK-3", "CHK-4", "PR-1"])],
        blocked("CHK-1"),
    ),
    "a ticket and its change, by name": (
        [*TICKETS, *ONE_TICKET, *approval("D-1", items=["CHK-1", "PR-2"])],
        blocked("CHK-1"),
    ),
    "a sub-task that became another ticket's": (
        [
            *TICKETS,
            *SUB_TASKS,
            body("ticket.commented", "09:45", "CHK-4", item="CHK-2"),
            *approval("D-1", items=["CHK-3", "PR-1"], team="checkout"),
        ],
        blocked("D-1"),
    ),
    "two keys of one ticket": (
        [
            *TICKETS,
            TWO_KEYS,
            *approval("D-1", items=["OLD-1", "CHK-1"]),
        ],
        blocked("CHK-1"),
    ),
    "a change of a ticket of two keys": (
        [
            *TICKETS,
            TWO_KEYS,
            change("PR-1", "aa", item="CHK-1"),
            *approval("D-1", items=["OLD-1", "PR-1"]),
        ],
        blocked("CHK-1"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_deploy_belongs_to_the_one_item_of_all_that_it_carries(case: str) -> None:
    events, expected = CASES[case]
    facts = facts_in(events)
    assert waits_of(timelines_of(facts)) == expected


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(CASES)).flatmap(
        lambda case: st.tuples(st.just(case), st.permutations(CASES[case][0]))
    ),
    st.randoms(use_true_random=False),
)
def test_so_it_does_whatever_becomes_known_last(
    drawn: tuple[str, list[Body | Fact]], sizes: random.Random
) -> None:
    case, events = drawn
    found = timelines_of(facts_in(events), sizes)
    assert waits_of(found) == CASES[case][1]


@pytest.mark.slow
def test_who_is_named_alone_keeps_what_a_deploy_told_whatever_leaves_it() -> None:
    """SRCH-1 is known by its changes only; the first turns out to be another's.

    The second was opened at 9:20, and was in what was deployed at noon.
    """
    where = {"repo": "acme/shop", "sha": "aa"}
    told = [
        body("deploy.finished", "12:00", "D-8", outcome="success", **LIVE),
        body("change.opened", "09:00", "PR-0", branch="srch-1-a", **where),
        body("change.merged", "09:10", "PR-0", branch="chk-1-a", **where),
        body("change.opened", "09:20", "PR-9", branch="srch-1-b", **where),
        body("change.merged", "09:30", "PR-9", branch="srch-1-b", **where),
    ]
    for order in permutations(facts_in(told)):
        driven = drive()
        for fact in order:
            driven.take([fact])
        lead = {
            timeline.item: measure.value // 60_000
            for timeline in driven.timelines()
            for measure in timeline.measures
            if measure.name is Measured.LEAD_TIME
        }
        assert lead == {"CHK-1": 180, "SRCH-1": 160}


@pytest.mark.timeout(60)
def test_deploys_that_followed_each_other_would_not_hold_up_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds = count()

    def always_moved(working: WorkingSet) -> Iterator[str]:
        working.take_moved()
        next(rounds)
        yield "d-1"

    monkeypatch.setattr(placing, "carriers_of_moved", always_moved)
    driven = drive()
    told = [body("deploy.ready", "09:20", "d-1", items=["CHK-1", "CHK-2"])]
    driven.take(facts_of(told, driven.directory))
    assert 1 < next(rounds) <= 1_000
